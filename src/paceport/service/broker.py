"""The token broker: gives an athlete's living access token to the owner's own programs.

For those alone. Strava's API policy (5.16, read 2026-11-22) bars giving its API on to third parties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from paceport.errors import AppCredentialsWrong, AppInactive, LoginNeeded, PaceportError, StoreError
from paceport.lazy_dataclass import dataclass
from paceport.oauth.token_store.base import Grant
from paceport.scopes import SCOPES, Scopes, parse_granted
from paceport.service.parts import ServiceParts
from paceport.storage.postgres.api_keys import ApiKey, ApiKeys, digest

PREFIX = "paceport_"
_KEY = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")
_WRITING = tuple(word for word in SCOPES if word.endswith(":write"))
TokenOutcome = Literal[
    "given", "no key", "bad request", "not for this key", "not granted", "login needed", "unavailable"
]
STATUS: Mapping[TokenOutcome, int] = {
    "given": 200,
    "no key": 401,
    "bad request": 400,
    "not for this key": 403,
    "not granted": 403,
    "login needed": 409,
    "unavailable": 503,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerAnswer:
    """How it ended, and the body that says so."""

    outcome: TokenOutcome
    body: Mapping[str, Any]


class Broker:
    """Answers questions for tokens. Each use of a key is a row before a token is given out."""

    def __init__(self, parts: ServiceParts) -> None:
        self._parts = parts
        self._keys = ApiKeys(parts.database)
        self._known: dict[bytes, ApiKey] = {}

    def answer(self, authorization: str, *, athlete_id: int, need: str) -> BrokerAnswer:
        """What a program is answered. Raises nothing of ours."""
        try:
            return self._answer(authorization, athlete_id, need)
        except StoreError as error:
            self._parts.log.failure("broker", error)
            return _no("unavailable", "The login cannot be read just now", "try again in a few seconds")

    def _answer(self, authorization: str, athlete_id: int, need: str) -> BrokerAnswer:
        if need not in SCOPES:
            return _no("bad request", "`need` names no scope", f"need=… one of {', '.join(SCOPES)}")
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or _KEY.fullmatch(key) is None:
            return _NO_KEY
        # What a key may do is remembered, so that its use and the outcome are one row, written once. That row is
        # written only of a key that still is one, and an answer is given only after it.
        known = self._known.get(key_digest := digest(key))
        answer = None if known is None else self._token(known, athlete_id, need)
        outcome = "asked" if answer is None else answer.outcome
        use = self._keys.note_use(key, athlete_id=athlete_id, need=need, outcome=outcome, now=self._parts.clock.now())
        if use is None:
            self._known.pop(key_digest, None)
            return _NO_KEY
        self._known[key_digest] = use.key
        if answer is None or known is None or not use.key.allows_as(known):
            answer = self._token(use.key, athlete_id, need)
            self._keys.note_outcome(use, answer.outcome)
        is_nobody = use.id is None and answer.outcome == "given"
        return _not_connected(athlete_id) if is_nobody else answer

    def _token(self, key: ApiKey, athlete_id: int, need: str) -> BrokerAnswer:
        if key.athletes is not None and athlete_id not in key.athletes:
            return _no("not for this key", "This key is not for that athlete", "ask the owner of the service")
        if not parse_granted(key.scopes).covers(need):
            return _no("not for this key", f"This key is not for {need}", "ask the owner of the service")
        keeper = self._parts.keeper_of(athlete_id)
        try:
            refusal = _refusal(key, keeper.grant(), need)
            if refusal is not None:
                return refusal
            token = keeper.token()
            return BrokerAnswer(outcome="given", body=_body(keeper.grant(), str(token), self._parts))
        except LoginNeeded as error:
            self._parts.forget_keeper(athlete_id)
            return _no("login needed", error.why, "the athlete has to connect again")
        except (AppInactive, AppCredentialsWrong) as error:
            self._parts.log.failure("broker", error)
            return _no("unavailable", error.what, "the owner of the service has to look at the app")
        except StoreError:
            raise
        except PaceportError as error:
            self._parts.log.failure("broker", error)
            return _no("unavailable", error.what, "try again in a few seconds")


def _refusal(key: ApiKey, grant: Grant, need: str) -> BrokerAnswer | None:
    """Why a token of this login is not given to this key; None where it is."""
    granted = grant.scopes
    if granted is None or not granted.covers(need):
        return _no("not granted", f"The athlete has not granted {need}", "let the athlete connect again")
    # A token can do everything that was granted: what may write is not given to a key that may only read.
    more = [word for word in _WRITING if word in granted and word not in parse_granted(key.scopes)]
    if more:
        return _no("not for this key", f"The token could do {', '.join(more)}, and this key may not", "use another key")
    return None


def _body(grant: Grant, token: str, parts: ServiceParts) -> dict[str, Any]:
    return {
        "athlete_id": grant.athlete_id,
        "token_type": "Bearer",
        "access_token": token,
        "expires_at": int(grant.expires_at.timestamp()),
        "expires_in": int(grant.left_s(parts.clock.now())),
        "scopes": list(grant.scopes or Scopes()),
    }


def _not_connected(athlete_id: int) -> BrokerAnswer:
    return _no("login needed", f"Athlete {athlete_id} is not connected", "the athlete has to connect")


def _no(outcome: TokenOutcome, why: str, fix: str) -> BrokerAnswer:
    return BrokerAnswer(outcome=outcome, body={"error": outcome.replace(" ", "_"), "why": why, "fix": fix})


_NO_KEY = _no("no key", "The key is missing or unknown", "authorization: Bearer paceport_…")
