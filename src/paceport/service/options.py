"""How a service runs: where it is reached, how many athletes it takes, what it asks them for."""

from __future__ import annotations

from urllib.parse import urlsplit

from paceport.errors import UsageError
from paceport.http_message import is_loopback, origin_of
from paceport.lazy_dataclass import dataclass
from paceport.scopes import Scopes, preset

# What Strava lets an app have without a review: https://developers.strava.com/docs/getting-started/, read 2026-11-22.
CAPACITY = 10
LARGEST_UPLOAD = 4 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """`base_url` is what browsers and Strava reach the service at: no address is ever made from a request's headers.

    `capacity` is how many athletes the app may have. `scopes` are asked for. `largest_upload` is in bytes. A webhook
    event is answered within `event_answer_s` seconds of arriving here, whatever happens; Strava waits for two.
    """

    base_url: str
    capacity: int = CAPACITY
    scopes: Scopes = preset("runs")
    largest_upload: int = LARGEST_UPLOAD
    event_answer_s: float = 1.5

    @property
    def origin(self) -> str:
        """Scheme, host and port of the base address."""
        return origin_of(self.base_url)

    @property
    def host(self) -> str:
        """What a request to it says in its Host header."""
        return urlsplit(self.base_url).netloc.lower()

    @property
    def is_https(self) -> bool:
        """Whether browsers reach it through TLS."""
        return self.base_url.startswith("https://")

    def address(self, path: str) -> str:
        """The whole address of one of its paths."""
        return self.base_url + path


def check_base_url(text: str) -> str:
    """The base address of a service, checked. Raises UsageError.

    It is https, save on this machine itself, and has no path: a proxy in front may add TLS, but no folder.
    """
    url = text.strip().rstrip("/")
    try:
        origin = origin_of(url)
    except ValueError as error:
        raise _wrong(str(error)) from error
    parts = urlsplit(url)
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise _wrong("it may have only scheme, host and port")
    if parts.scheme != "https" and not is_loopback(url):
        raise _wrong(f"logins would travel unencrypted to {origin}")
    return url


def _wrong(why: str) -> UsageError:
    return UsageError(
        what="The base address of the service cannot be used",
        why=why,
        fix="write it like https://runs.example.org; http is only for 127.0.0.1 and localhost",
    )
