"""What all adapters share: where the token may be sent, and which refusal is worth another try."""

from __future__ import annotations

from paceport.api.refused_token import TokenWord, token_word
from paceport.error_body import read_error_body
from paceport.errors import ApiError, AppInactive, NetworkError, RateLimited
from paceport.http_message import origin_of
from paceport.lazy_dataclass import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A 401 answer to a request that carried `token`."""

    method: str
    url: str
    token: str
    body: bytes

    def is_worth_another_token(self, me: Profile) -> bool:
        """Whether this refuses the very token. Asks the API where the words leave that open.

        A missing scope, now and then with an empty body, and a call kept for the service's own apps are 401 as well. No
        other token would help, and the one in use must not pass for revoked. Where the question has no answer, it does
        not either.
        """
        word = token_word(read_error_body(401, self.body))
        is_question = (self.method, self.url) == ("GET", f"{me.settings.api_url.rstrip('/')}/athlete")
        if word is not TokenWord.IN_DOUBT or is_question:
            return word is not TokenWord.NOT_MEANT
        try:
            with me.client(no_wait=True) as client:
                return not client.accepts(self.token)
        except (NetworkError, RateLimited, ApiError, AppInactive):
            return False
