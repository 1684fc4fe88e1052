"""What all adapters share: where the token may be sent, and which refusal is worth another try."""

from __future__ import annotations

from paceport.error_body import read_error_body
from paceport.http_message import origin_of
from paceport.profile.profile import Profile

_SCHEME = "Bearer "


def is_for_api(me: Profile, url: str) -> bool:
    """Whether the token may travel to that address: the API's own origin, and no other."""
    try:
        return origin_of(url) == origin_of(me.settings.api_url)
    except ValueError:
        return False


def header(token: str) -> str:
    """The value of the Authorization header."""
    return f"{_SCHEME}{token}"


def token_in(value: str | None) -> str:
    """The token in an Authorization header, "" where there is none."""
    return value.removeprefix(_SCHEME) if value and value.startswith(_SCHEME) else ""


def is_worth_another_token(status: int, body: bytes) -> bool:
    """Whether an answer refuses this very token.

    A missing scope, now and then with an empty body, and a call kept for the service's own apps are 401 as well. No
    other token would help, and the one in use must not pass for revoked.
    """
    if status != 401:
        return False
    fault = read_error_body(status, body)
    is_about_the_call = fault.has_detail("Application", "internal") or any(
        detail.code == "missing" for detail in fault.details
    )
    return fault.is_from_strava and not is_about_the_call
