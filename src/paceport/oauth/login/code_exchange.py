"""From a good redirect to a saved grant: the code is exchanged, what was granted compared, the right place found."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from paceport.clock import Clock
from paceport.errors import (
    AnswerLost,
    CodeRefused,
    NotSent,
    PaceportError,
    ScopeMissing,
    StravaDown,
)
from paceport.http_message import Send
from paceport.oauth.keeper.single_flight import run_uninterrupted
from paceport.oauth.login.login_plan import LOCK_TIMEOUT_S, LoginPlan, LoginResult
from paceport.oauth.login.save_login import save_login
from paceport.oauth.protocol.redirect import Redirect
from paceport.oauth.protocol.server_time import clock_offset_s
from paceport.oauth.protocol.token_endpoint import Token, exchange_request, read_token
from paceport.oauth.token_store.base import App, Grant, GrantKey, RefreshJournal, ScopesKnownBy, TokenStore
from paceport.scopes import Scopes, meaning
from paceport.secret import Secret
from paceport.storage.process_lock import describe_this_process

# A code that is a second old may be called invalid, and be good two seconds later (seen in public reports of 2025).
_RETRY_AFTER_S = (1.0, 2.0, 4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReceivedToken:
    token: Token
    received_at: datetime
    offset_s: float


def exchange_and_save(
    redirect: Redirect, plan: LoginPlan, *, token_store: TokenStore, send: Send, clock: Clock
) -> LoginResult:
    """Exchange the code, compare what was granted with what was asked, and save the grant.

    Once the code is on its way this comes to its end: Ctrl-C is raised when the grant is saved. A login that the
    profile holds already is locked meanwhile, because the exchange may replace its refresh token.
    Raises what `read_token` raises, ScopeMissing under `is_strict`, UsageError where the profile holds another athlete,
    Busy, and StoreErrors.
    """
    if redirect.scopes is not None:
        _refuse_missing_scopes(redirect.scopes, plan)
    return run_uninterrupted(
        lambda: _lock_and_exchange(redirect, plan, token_store=token_store, send=send, clock=clock)
    )


def check_can_save(app: App, *, token_store: TokenStore, clock: Clock) -> None:
    """Make sure that a grant could be saved now, before a person is asked for one. Raises StoreErrors and Busy."""
    with token_store.lock(_app_login_lock(app), timeout_s=LOCK_TIMEOUT_S):
        _try_to_write(app, token_store, clock)


def _lock_and_exchange(
    redirect: Redirect, plan: LoginPlan, *, token_store: TokenStore, send: Send, clock: Clock
) -> LoginResult:
    with ExitStack() as locks:
        held = _lock_what_may_change(plan, token_store, locks)
        _try_to_write(plan.app, token_store, clock)
        return _exchange_under_locks(redirect, plan, held, token_store=token_store, send=send, clock=clock)


def _lock_what_may_change(plan: LoginPlan, token_store: TokenStore, locks: ExitStack) -> set[GrantKey]:
    """Hold the login of this app, and the profile's own grant of it: a refresh must not cross the exchange."""
    door = _app_login_lock(plan.app)
    mine = {grant.key for grant in token_store.grants() if grant.profile == plan.profile}
    keys = [key for key in mine if (key.oauth_origin, key.client_id) == (door.oauth_origin, door.client_id)]
    for key in (door, *sorted(keys, key=lambda key: key.athlete_id or 0)):
        locks.enter_context(token_store.lock(key, timeout_s=LOCK_TIMEOUT_S))
    return set(keys)


def _app_login_lock(app: App) -> GrantKey:
    """What stands for all logins of an app: no athlete has the number 0."""
    return GrantKey(oauth_origin=app.origin, client_id=app.client_id, athlete_id=0)


def _try_to_write(app: App, token_store: TokenStore, clock: Clock) -> None:
    # A code works once: where the token could not be saved, it is not asked for.
    trial = RefreshJournal(token_digest="", begun_at=clock.now(), begun_by=describe_this_process(clock))
    token_store.begin_journal(_app_login_lock(app), trial)
    token_store.drop_journal(_app_login_lock(app))


def _exchange_under_locks(
    redirect: Redirect, plan: LoginPlan, held: set[GrantKey], *, token_store: TokenStore, send: Send, clock: Clock
) -> LoginResult:
    exchanged = _exchange(redirect.code, plan.app, send=send, clock=clock)
    granted, known_by = _granted(redirect, exchanged.token)
    if granted is not None:
        _refuse_missing_scopes(granted, plan)
    token = exchanged.token
    grant = Grant(
        profile=plan.profile,
        oauth_url=plan.app.oauth_url,
        api_url=plan.api_url,
        client_id=plan.app.client_id,
        athlete_id=token.athlete_id,
        athlete_name=token.athlete_name,
        access_token=token.access_token,
        refresh_token=token.refresh_token,
        expires_at=token.expires_at,
        received_at=exchanged.received_at,
        expires_in_s=token.expires_in_s,
        clock_offset_s=exchanged.offset_s,
        scopes=granted,
        scopes_known_by=known_by,
    )
    saved, notes = save_login(grant, plan, token_store, held)
    missing = granted.missing(plan.requested_scopes) if granted is not None else Scopes()
    return LoginResult(
        grant=saved,
        requested_scopes=plan.requested_scopes,
        missing_scopes=missing,
        notes=(*_scope_notes(redirect, granted, missing), *notes),
    )


def _exchange(code: Secret, app: App, *, send: Send, clock: Clock) -> _ReceivedToken:
    lost: PaceportError | None = None
    for delay_s in (*_RETRY_AFTER_S, None):
        try:
            return _exchange_once(code, app, send=send, clock=clock)
        except CodeRefused as refused:
            if refused.expired or delay_s is None:
                # If an earlier answer was lost, that one may have used the code up: the chain says so.
                raise refused from lost
        except (NotSent, AnswerLost, StravaDown) as trouble:
            lost = None if isinstance(trouble, NotSent) else trouble
            if delay_s is None:
                raise
        clock.sleep(delay_s)
    raise AssertionError("the last round returns or raises")


def _exchange_once(code: Secret, app: App, *, send: Send, clock: Clock) -> _ReceivedToken:
    request = exchange_request(
        oauth_url=app.oauth_url, client_id=app.client_id, client_secret=app.client_secret, code=code
    )
    sent_at = clock.now()
    response = send(request)
    received_at = clock.now()
    offset_s = clock_offset_s(response, sent_at=sent_at, received_at=received_at)
    return _ReceivedToken(token=read_token(response, now=received_at), received_at=received_at, offset_s=offset_s)


def _granted(redirect: Redirect, token: Token) -> tuple[Scopes | None, ScopesKnownBy]:
    # The redirect is where the documentation has always promised the scopes; the answer may name them since April 2026.
    if redirect.scopes is not None:
        return redirect.scopes, "redirect"
    return token.scopes, "unknown" if token.scopes is None else "declared"


def _refuse_missing_scopes(granted: Scopes, plan: LoginPlan) -> None:
    missing = granted.missing(plan.requested_scopes)
    if plan.is_strict and missing:
        raise ScopeMissing(
            needed=str(missing),
            granted=str(granted),
            what="Fewer permissions were given than asked for, so nothing was stored",
            fix="paceport login, with every box left ticked",
        )


def _scope_notes(redirect: Redirect, granted: Scopes | None, missing: Scopes) -> list[str]:
    notes = []
    if not redirect.is_state_checked:
        notes.append("A bare code does not say which login it answers; the whole address would have.")
    if granted is None:
        notes.append("Which scopes were granted is not known: a bare code does not say. paceport status shows what is.")
    notes += [f"Not granted: {meaning(word)} ({word})." for word in missing]
    if missing:
        notes.append(f"To add {'it' if len(missing) == 1 else 'them'}: paceport grant {_plus(missing)}")
    return notes


def _plus(scopes: Scopes) -> str:
    return " ".join(f"+{word}" for word in scopes)
