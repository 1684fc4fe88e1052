"""HTTP as plain values: what is sent, what came back, and the one function that carries the first to the second."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Protocol
from urllib.parse import urlsplit

from paceport.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request, ready to go. Header names are lower case.

    `largest_answer` is how many bytes of answer the sender is ready for; None leaves it to the transport.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    largest_answer: int | None = None

    def with_headers(self, **more: str) -> "Request":
        """The same request with more headers; an underscore in a name stands for a dash."""
        added = {name.replace("_", "-").lower(): value for name, value in more.items()}
        return replace(self, headers={**self.headers, **added})


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP answer, read to its end. Header names are lower case; the body is decoded from its transfer coding."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")


class Send(Protocol):
    """Carries a request to its server.

    `timeout_s` is how long the server may be silent; the whole exchange takes twice that, and more only as long as
    its bytes keep coming at a sensible speed.
    Raises NotSent when the request surely never reached the server, AnswerLost when it may have.
    Redirects are answers like any other: they are returned, never followed.
    """

    def __call__(self, request: Request, *, timeout_s: float = 30.0) -> Response: ...


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, lower case, default port left out: what a secret is bound to.

    Raises ValueError for a URL without a scheme or host.
    """
    parts = urlsplit(url)
    # A host may end in the dot of the root zone; it is the same host.
    host = (parts.hostname or "").lower().removesuffix(".")
    scheme = parts.scheme.lower()
    if not scheme or not host:
        raise ValueError(f"not an absolute URL: {url!r}")
    host = f"[{host}]" if ":" in host else host
    default_port = {"https": 443, "http": 80}.get(scheme)
    port = "" if parts.port in (None, default_port) else f":{parts.port}"
    return f"{scheme}://{host}{port}"


def is_loopback(url: str) -> bool:
    """Whether a URL points at this machine by a loopback literal or the name localhost."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return host in {"localhost", "::1"} or _is_loopback_v4(host)


def _is_loopback_v4(host: str) -> bool:
    parts = host.split(".")
    return (
        len(parts) == 4
        and parts[0] == "127"
        and all(part.isascii() and part.isdigit() and int(part) < 256 for part in parts)
    )
