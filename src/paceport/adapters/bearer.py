"""What all adapters decide alike: where the token may go, and which refusal is worth another try."""

from __future__ import annotations

from paceport.fault import read_fault
from paceport.message import origin_of
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
    """Whether an answer refuses this very token. A missing scope is a 401 too, and no other token would help."""
    if status != 401:
        return False
    return not any(detail.code == "missing" for detail in read_fault(status, body).details)
