"""The logins that wait for the consent page's answer, each of which works once, for a while, at this server alone."""

from __future__ import annotations

import hmac
import secrets
import threading
from concurrent.futures import Future
from dataclasses import field
from typing import Literal

from paceport.clock import Clock
from paceport.errors import LoginDenied, RedirectRefused
from paceport.lazy_dataclass import dataclass
from paceport.oauth.login.login_plan import LoginPlan, new_state
from paceport.oauth.protocol.redirect import Redirect, read_redirect
from paceport.web.access import ANSWER_PATH

LoginEnding = Literal["granted", "partly", "denied", "failed"]
_VALID_S = 15 * 60.0
_MOST = 16


@dataclass(slots=True, kw_only=True, eq=False)
class PendingLogin:
    """A login that was begun: what its answer must match, what it asks for, and how it ended.

    `answer` is the query that was taken for the answer, "" before that. `ending` is there once the answer was dealt
    with.
    """

    name: str = field(repr=False)
    state: str = field(repr=False)
    plan: LoginPlan
    deadline_s: float
    answer: str = field(default="", repr=False)
    ending: Future[LoginEnding] = field(default_factory=Future, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedAnswer:
    """An answer of the consent page: what it says, and whether it is the first time that it comes."""

    outcome: Redirect | LoginDenied | RedirectRefused
    is_first: bool


class PendingLogins:
    """The logins that one running server has begun. Safe to share between threads; nothing is stored."""

    def __init__(self, *, origin: str, clock: Clock) -> None:
        self._origin, self._clock = origin, clock
        self._lock = threading.Lock()
        self._logins: dict[str, PendingLogin] = {}

    def begin(self, plan: LoginPlan) -> str:
        """Begin a login; gives the address of the consent page. It waits a quarter of an hour for its answer."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._forget_old()
            login = PendingLogin(
                name=name, state=new_state(), plan=plan, deadline_s=self._clock.monotonic_s() + _VALID_S
            )
            self._logins[name] = login
        return plan.consent_url(redirect_uri=f"{self._origin}{ANSWER_PATH}{name}", state=login.state)

    def find(self, name: str) -> PendingLogin | None:
        """The login of that name; None where there is none at this server, or it is too old."""
        with self._lock:
            self._forget_old()
            return self._logins.get(name)

    def receive(self, login: PendingLogin, query: str) -> ReceivedAnswer:
        """What the query of an address says that the browser came back with.

        Raises RedirectRefused for what is not the answer to this login: a wrong state, no code, another answer after
        the first. The login then goes on waiting.
        """
        try:
            # As a whole address: a query alone could be taken for a bare code, which carries no state.
            outcome: Redirect | LoginDenied | RedirectRefused = read_redirect(
                f"{self._origin}{ANSWER_PATH}?{query}", state=login.state
            )
        except LoginDenied as denied:
            outcome = denied
        except RedirectRefused as refused:
            if not refused.is_final:
                raise
            outcome = refused
        with self._lock:
            is_first = not login.answer
            if not is_first and not hmac.compare_digest(login.answer.encode(), query.encode()):
                raise RedirectRefused(
                    what="This login has been answered already",
                    why="each login takes one answer",
                    fix="begin another login",
                )
            login.answer = query
        return ReceivedAnswer(outcome=outcome, is_first=is_first)

    def _forget_old(self) -> None:
        now_s = self._clock.monotonic_s()
        living = {name: login for name, login in self._logins.items() if login.deadline_s > now_s}
        self._logins = dict(list(living.items())[-_MOST:])
