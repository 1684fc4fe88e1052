"""How an athlete connects: from the first click to Strava's consent page, and from there to a saved login."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal
from urllib.parse import parse_qs

from paceport.errors import LoginDenied, PaceportError, RedirectRefused, StoreError, UnexpectedAnswer
from paceport.jobs.turns import Turn
from paceport.oauth.keeper.kept_login import exchanged_grant, save_over
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.login.code_exchange import exchange_code, with_athlete
from paceport.oauth.login.login_plan import LoginPlan
from paceport.oauth.protocol.authorization_url import authorize_url
from paceport.oauth.protocol.redirect import Redirect, read_redirect
from paceport.oauth.protocol.token_endpoint import revoke_request
from paceport.oauth.token_store.base import Grant, JournalAnswer
from paceport.oauth.token_store.journal import read_answer, write_answer
from paceport.scopes import Scopes, parse_granted
from paceport.service.parts import ServiceParts
from paceport.storage.postgres.connect_states import digest, place_of

CALLBACK = "/callback"
ConnectOutcome = Literal["connected", "stale", "denied", "refused", "no activities", "full", "failed"]
# By then whoever had the answer has saved it, or is dead.
_SURELY_OVER = timedelta(minutes=2)
_LONGEST_QUERY = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunConnect:
    """Where the browser goes, and what it must keep in a cookie until it comes back."""

    consent_url: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedConnect:
    """How a login ended. `missing` are scopes that were asked for and not granted. `error` is there if it failed."""

    outcome: ConnectOutcome
    athlete_id: int = 0
    missing: Scopes = field(default_factory=Scopes)
    error: PaceportError | None = None


def places_left(parts: ServiceParts) -> int:
    """How many athletes the app can still take. Raises StoreErrors."""
    return max(0, parts.options.capacity - parts.states.places_taken())


def begin_connect(parts: ServiceParts) -> BegunConnect | None:
    """Note that somebody goes to Strava's consent page; None where too many are there. Raises StoreErrors."""
    state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    scopes = parts.options.scopes
    if not parts.states.begin(state=state, browser=browser, scopes=str(scopes), now=parts.clock.now()):
        return None
    url = authorize_url(
        oauth_url=parts.app.oauth_url,
        client_id=parts.app.client_id,
        redirect_uri=parts.options.address(CALLBACK),
        scopes=scopes,
        state=state,
    )
    return BegunConnect(consent_url=url, browser=browser)


def finish_connect(parts: ServiceParts, query: str, *, browser: str) -> EndedConnect:
    """What becomes of the redirect from Strava. `query` is that of its address. Raises StoreErrors.

    The state counts once, within ten minutes, and in the browser that began the login.
    """
    state = _state_of(query)
    asked = parts.states.use(state=state, browser=browser, now=parts.clock.now()) if state and browser else None
    if asked is None:
        return EndedConnect(outcome="stale")
    plan = LoginPlan(app=parts.app, api_url=parts.api_url, profile="", requested_scopes=parse_granted(asked))
    try:
        redirect = read_redirect("?" + query, state=state)
        missing = _missing(redirect, plan)
        if not _allows_activities(redirect.scopes):
            # The code is not exchanged: there is no login that could do anything.
            return EndedConnect(outcome="no activities", missing=missing)
        grant = _exchange(parts, redirect, plan, digest(state))
        ended = _settle(parts, grant, digest(state))
        return replace(ended, missing=missing)
    except LoginDenied:
        return EndedConnect(outcome="denied")
    except RedirectRefused as error:
        return EndedConnect(outcome="refused", error=error)
    except StoreError:
        raise  # a kept answer becomes the login within a few minutes
    except PaceportError as error:
        return EndedConnect(outcome="failed", error=error)


def settle_kept_answers(parts: ServiceParts) -> int:
    """Save the logins of processes that died between Strava's answer and the saved grant; how many."""
    settled = 0
    for kept in parts.states.kept_answers(used_before=parts.clock.now() - _SURELY_OVER):
        answer = read_answer(parts.sealer.open(kept.sealed_answer, place=kept.place))
        grant = None if answer is None else exchanged_grant(answer)
        if grant is None or grant.athlete_id is None:
            parts.states.end(kept.state_sha256)
            continue
        _settle(parts, grant, kept.state_sha256)
        settled += 1
    return settled


def _state_of(query: str) -> str:
    if len(query) > _LONGEST_QUERY:
        return ""
    try:
        found = parse_qs(query, max_num_fields=50).get("state", [])
    except ValueError:
        return ""
    return found[0] if len(found) == 1 else ""


def _missing(redirect: Redirect, plan: LoginPlan) -> Scopes:
    return Scopes() if redirect.scopes is None else redirect.scopes.missing(plan.requested_scopes)


def _allows_activities(scopes: Scopes | None) -> bool:
    return scopes is None or scopes.covers("activity:read")


def _exchange(parts: ServiceParts, redirect: Redirect, plan: LoginPlan, state_sha256: bytes) -> Grant:
    def keep(answer: JournalAnswer) -> None:
        sealed = parts.sealer.seal(write_answer(answer), place=place_of(state_sha256))
        with suppress(StoreError):  # then saving the grant itself is what is left to try
            parts.states.keep_answer(state_sha256, sealed)

    grant = exchanged_grant(exchange_code(redirect, plan, send=parts.send, clock=parts.clock, keep=keep))
    if grant is not None and grant.athlete_id is None:
        # It may have replaced the refresh token of an athlete who is here already.
        grant = with_athlete(grant, parts.send)
    if grant is None or grant.athlete_id is None:
        raise UnexpectedAnswer(
            what="Strava's answer does not say whose login it is", why="it names no athlete", fix="connect again"
        )
    return grant


def _settle(parts: ServiceParts, grant: Grant, state_sha256: bytes) -> EndedConnect:
    """Give the athlete a place and save the login, or give the login back where no place is left."""
    athlete_id = grant.athlete_id
    assert athlete_id is not None
    app, now = parts.app, parts.clock.now()
    capacity = parts.options.capacity
    if not parts.states.claim_place(
        athlete_id, oauth_origin=app.origin, client_id=app.client_id, capacity=capacity, now=now
    ):
        _give_back(parts, grant)
        parts.states.end(state_sha256)
        return EndedConnect(outcome="full")
    _save(parts, replace(grant, profile=f"athlete-{athlete_id}"))
    parts.members.join(athlete_id, oauth_origin=app.origin, client_id=app.client_id, now=now)
    parts.states.end(state_sha256)
    with suppress(StoreError):  # else the worker's next round finds that the first listing is due
        parts.queue.wake(athlete_id, Turn.BACKFILL)
    return EndedConnect(outcome="connected", athlete_id=athlete_id)


def _save(parts: ServiceParts, grant: Grant) -> None:
    context = StoreContext(token_store=parts.token_store, clock=parts.clock)
    with parts.token_store.lock(grant.key):
        old = parts.token_store.read(grant.key)
        # The athlete may have come through two browsers at once: what was answered last is what Strava honours.
        if old is None or old.status != "ok" or old.received_at <= grant.received_at:
            save_over(old, grant, context)


def _give_back(parts: ServiceParts, grant: Grant) -> None:
    """A login that is not kept is ended at once, so that it takes no place at Strava."""
    app = parts.app
    request = revoke_request(
        oauth_url=app.oauth_url, client_id=app.client_id, client_secret=app.client_secret, token=grant.refresh_token
    )
    try:
        parts.send(request)
    except PaceportError as error:
        parts.log.failure("give back", error)
