"""From a good redirect to a saved grant: the code is exchanged, what was granted compared, the right place found."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace

from paceport.clock import Clock
from paceport.errors import (
    AnswerLost,
    Busy,
    CodeRefused,
    NotSent,
    PaceportError,
    ScopeMissing,
    StoreError,
    StoreUnwritable,
    StravaDown,
    UsageError,
)
from paceport.http_message import Send
from paceport.oauth.import_tokens.scope_probe import probe_scopes
from paceport.oauth.keeper.kept_login import exchanged_grant
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.keeper.refresh_request import answer_to_keep, capped
from paceport.oauth.keeper.single_flight import run_uninterrupted
from paceport.oauth.login.login_plan import LOCK_TIMEOUT_S, LoginPlan, LoginResult
from paceport.oauth.login.save_login import renew_stored_login, save_login, settle_kept_login
from paceport.oauth.protocol.redirect import Redirect
from paceport.oauth.protocol.token_endpoint import exchange_request, read_token
from paceport.oauth.token_store.base import (
    App,
    Grant,
    GrantKey,
    JournalAnswer,
    LoginContext,
    RefreshJournal,
    TokenStore,
    login_key,
)
from paceport.scopes import Scopes, meaning
from paceport.storage.process_lock import describe_this_process

# A code that is a second old may be called invalid, and be good two seconds later (seen in public reports of 2025).
_RETRY_AFTER_S = (1.0, 2.0, 4.0)
_TIMEOUT_S = 20.0
# One exchange in all, repetitions among it: refreshes wait for its locks.
_WHOLE_S = 60.0


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
    with token_store.lock(app_login_key(app), timeout_s=LOCK_TIMEOUT_S):
        context = StoreContext(token_store=token_store, clock=clock)
        settle_kept_login(app, context, held=set())
        _begin_journal(app, context)
        token_store.drop_journal(app_login_key(app))


def _lock_and_exchange(
    redirect: Redirect, plan: LoginPlan, *, token_store: TokenStore, send: Send, clock: Clock
) -> LoginResult:
    context = StoreContext(token_store=token_store, clock=clock)
    with ExitStack() as locks:
        held = _lock_what_may_change(plan, token_store, locks)
        settle_kept_login(plan.app, context, held)
        # A code works once: where its answer could not be kept, it is not asked for.
        _begin_journal(plan.app, context)
        try:
            return _exchange_under_locks(redirect, plan, held, context, send)
        except (StoreError, Busy):
            raise  # a kept answer becomes the login at the next start
        except PaceportError:
            with suppress(StoreError):
                token_store.drop_journal(app_login_key(plan.app))
            raise


def _lock_what_may_change(plan: LoginPlan, token_store: TokenStore, locks: ExitStack) -> set[GrantKey]:
    """Hold the login of this app, and the profile's own grant of it: a refresh must not cross the exchange."""
    door = app_login_key(plan.app)
    mine = {grant.key for grant in token_store.grants() if grant.profile == plan.profile}
    keys = [key for key in mine if (key.oauth_origin, key.client_id) == (door.oauth_origin, door.client_id)]
    for key in (door, *sorted(keys, key=lambda key: key.athlete_id or 0)):
        locks.enter_context(token_store.lock(key, timeout_s=LOCK_TIMEOUT_S))
    return set(keys)


def app_login_key(app: App) -> GrantKey:
    """What stands for all logins of an app."""
    return login_key(app.origin, app.client_id)


def _begin_journal(app: App, context: StoreContext) -> None:
    clock = context.clock
    journal = RefreshJournal(token_digest="", begun_at=clock.now(), begun_by=describe_this_process(clock))
    context.token_store.begin_journal(app_login_key(app), journal)
    context.on_step("journal begun")


def _exchange_under_locks(
    redirect: Redirect, plan: LoginPlan, held: set[GrantKey], context: StoreContext, send: Send
) -> LoginResult:
    def keep(answer: JournalAnswer) -> None:
        context.on_step("answered")
        with suppress(StoreUnwritable):  # then saving the grant itself is what is left to try
            token_store.add_journal_answer(app_login_key(plan.app), answer)
        context.on_step("answer kept")

    token_store = context.token_store
    answer = exchange_code(redirect, plan, send=send, clock=context.clock, keep=keep)
    grant = exchanged_grant(answer)
    if grant is None:
        raise AssertionError("an answer that is no token has been refused")
    if grant.athlete_id is None:
        grant = with_athlete(grant, send)
    try:
        if grant.scopes is not None:
            _refuse_missing_scopes(grant.scopes, plan)
        saved, notes = save_login(grant, plan, context, held)
    except (ScopeMissing, UsageError) as refusal:
        renewed = renew_stored_login(grant, context, held)
        if renewed is not None and isinstance(refusal, ScopeMissing):
            raise _scopes_refused(refusal.needed, renewed.scopes, renewed=renewed.profile) from refusal
        raise
    granted = grant.scopes
    missing = granted.missing(plan.requested_scopes) if granted is not None else Scopes()
    return LoginResult(
        grant=saved,
        requested_scopes=plan.requested_scopes,
        missing_scopes=missing,
        notes=(*_scope_notes(redirect, granted, missing), *notes),
    )


def with_athlete(grant: Grant, send: Send) -> Grant:
    """The grant with its athlete, asked of the service where the answer did not name one."""
    probed = probe_scopes(grant.access_token, api_url=grant.api_url, send=send)
    if probed.athlete_id is None:
        return grant
    return replace(grant, athlete_id=probed.athlete_id, athlete_name=grant.athlete_name or probed.athlete_name)


def exchange_code(
    redirect: Redirect, plan: LoginPlan, *, send: Send, clock: Clock, keep: Callable[[JournalAnswer], None]
) -> JournalAnswer:
    """The answer to the code of a redirect, given to `keep` before anybody reads it. Raises what `read_token` raises.

    Repeated within a minute where it may help: a code that is a second old may be refused, and be good a second later.
    """
    lost: PaceportError | None = None
    ends_s = clock.monotonic_s() + _WHOLE_S
    for delay_s in (*_RETRY_AFTER_S, None):
        left_s = ends_s - clock.monotonic_s()
        is_last = delay_s is None or left_s <= delay_s
        try:
            timeout_s = max(1.0, min(_TIMEOUT_S, left_s / 2))
            return _exchange_once(redirect, plan, send=send, clock=clock, keep=keep, timeout_s=timeout_s)
        except CodeRefused as refused:
            if refused.expired or is_last:
                # If an earlier answer was lost, that one may have used the code up: the chain says so.
                raise refused from lost
        except (NotSent, AnswerLost, StravaDown) as trouble:
            lost = None if isinstance(trouble, NotSent) else trouble
            if is_last:
                raise
        clock.sleep(delay_s or 0.0)
    raise AssertionError("the last round returns or raises")


def _exchange_once(
    redirect: Redirect,
    plan: LoginPlan,
    *,
    send: Send,
    clock: Clock,
    keep: Callable[[JournalAnswer], None],
    timeout_s: float,
) -> JournalAnswer:
    """One exchange; its answer is durable before anybody reads it."""
    app = plan.app
    request = exchange_request(
        oauth_url=app.oauth_url, client_id=app.client_id, client_secret=app.client_secret, code=redirect.code
    )
    sent_at = clock.now()
    response = capped(send(request, timeout_s=timeout_s))
    received_at = clock.now()
    answer = answer_to_keep(response, sent_at=sent_at, received_at=received_at)
    if answer is not None:
        answer = replace(answer, login=_login_context(redirect, plan))
        keep(answer)
    read_token(response, now=received_at)
    if answer is None:
        raise AssertionError("only a 200 is a token")
    return answer


def _login_context(redirect: Redirect, plan: LoginPlan) -> LoginContext:
    # The redirect is where the documentation has always promised the scopes; the answer may name them since April 2026.
    return LoginContext(
        profile=plan.profile,
        oauth_url=plan.app.oauth_url,
        api_url=plan.api_url,
        client_id=plan.app.client_id,
        scopes=redirect.scopes,
        scopes_known_by="unknown" if redirect.scopes is None else "redirect",
    )


def _refuse_missing_scopes(granted: Scopes, plan: LoginPlan) -> None:
    missing = granted.missing(plan.requested_scopes)
    if plan.is_strict and missing:
        raise _scopes_refused(str(missing), granted)


def _scopes_refused(missing: str, granted: Scopes | None, *, renewed: str | None = None) -> ScopeMissing:
    """The refusal under `is_strict`; `renewed` is the profile whose stored login had to be renewed all the same."""
    stored = "nothing was stored" if renewed is None else f"only the stored login of profile {renewed!r} was renewed"
    return ScopeMissing(
        needed=missing,
        granted=str(granted),
        what=f"You granted fewer permissions than asked for, so {stored}",
        fix="paceport login, with every box left ticked",
    )


def _scope_notes(redirect: Redirect, granted: Scopes | None, missing: Scopes) -> list[str]:
    notes = []
    if not redirect.is_state_checked:
        notes.append("A bare code does not say which login it answers; the whole address does.")
    if granted is None:
        notes.append("A bare code does not say which scopes were granted. paceport status shows what is known.")
    notes += [f"Not granted: {meaning(word)} ({word})." for word in missing]
    if missing:
        notes.append(f"To add {'it' if len(missing) == 1 else 'them'}: paceport grant {_plus(missing)}")
    return notes


def _plus(scopes: Scopes) -> str:
    return " ".join(f"+{word}" for word in scopes)
