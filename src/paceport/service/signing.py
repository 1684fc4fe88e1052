"""What the service signs: the cookie of an athlete's session, the token of its forms, the webhook's verify token.

Nothing of it is stored but digests of the sessions that were ended before their time. Each purpose has its own key,
made from the keys that logins are encrypted with; the newest signs, all of them verify, so that keys change while
people are logged in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.storage.postgres.sealing import Key

SESSION_LIVES = timedelta(hours=12)
_LONGEST_COOKIE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that an athlete has logged in with."""

    athlete_id: int
    begun_at: datetime
    cookie: str


class Signer:
    """Signs with the first of some keys, and accepts what any of them has signed."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = [bytes.fromhex(key.value.reveal()) for key in keys]

    def session_cookie(self, athlete_id: int, *, now: datetime) -> str:
        """The value of a new session's cookie."""
        text = f"{athlete_id}.{now.timestamp():.6f}.{secrets.token_urlsafe(12)}"
        return f"{text}.{self._sign('session', text)}"

    def session(self, cookie: str, *, now: datetime) -> Session | None:
        """The session that a cookie proves; None for any other text, and after twelve hours."""
        text, _, mark = cookie.rpartition(".")
        if len(cookie) > _LONGEST_COOKIE or not self._is_signed("session", text, mark):
            return None
        number, _, rest = text.partition(".")
        begun_at = datetime.fromtimestamp(float(rest.rpartition(".")[0]), tz=now.tzinfo)
        is_living = begun_at <= now < begun_at + SESSION_LIVES
        return Session(athlete_id=int(number), begun_at=begun_at, cookie=cookie) if is_living else None

    def form_token(self, session: Session) -> str:
        """What a form of this session must bring along."""
        return self._sign("form", session.cookie)

    def is_form_token(self, token: str, session: Session) -> bool:
        """Whether a form comes from a page of this session."""
        return self._is_signed("form", session.cookie, token)

    def verify_token(self) -> str:
        """What Strava is given when it is asked to send events here, and says when it checks the address."""
        return self._sign("webhook", "verify token")

    def is_verify_token(self, token: str) -> bool:
        """The same, as Strava says it. Compared without an early end."""
        return self._is_signed("webhook", "verify token", token)

    def _sign(self, purpose: str, text: str, key: bytes | None = None) -> str:
        own = hmac.new(key or self._keys[0], f"paceport {purpose} 1".encode(), hashlib.sha256).digest()
        return hmac.new(own, text.encode(errors="replace"), hashlib.sha256).hexdigest()

    def _is_signed(self, purpose: str, text: str, mark: str) -> bool:
        given = mark.encode(errors="replace")
        # Every key is tried, so that time tells nothing of which one it was.
        are_equal = [hmac.compare_digest(given, self._sign(purpose, text, key).encode()) for key in self._keys]
        return any(are_equal)
