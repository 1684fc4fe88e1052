"""The login with a browser: ask on the consent page, take the answer from the listener or a pasted address, save it."""

from __future__ import annotations

import queue
import secrets
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from paceport.clock import Clock
from paceport.errors import LoginDenied, LoginTimeout, RedirectRefused
from paceport.http_message import Send
from paceport.oauth.login.code_exchange import check_can_save, exchange_and_save
from paceport.oauth.login.login_plan import LoginContext, LoginPlan, LoginResult, new_state
from paceport.oauth.login.pasted_address import PastedAddress
from paceport.oauth.login.pasted_redirect import reading_pastes
from paceport.oauth.login.redirect_listener import RedirectResult, listen
from paceport.oauth.login.started_login import (
    StartedLogin,
    load_started_login,
    remove_started_login,
    save_started_login,
)
from paceport.oauth.protocol.redirect import Redirect, read_redirect
from paceport.oauth.token_store.base import App, Grant, TokenStore
from paceport.scopes import Scopes, preset

# How often a wait looks at the clock it was given.
_LOOK_EVERY_S = 0.1


def login(plan: LoginPlan, context: LoginContext) -> LoginResult:
    """A whole login: show the consent address, wait for the redirect, exchange its code and save the grant.

    Raises LoginDenied, LoginTimeout after `plan.timeout_s`, UsageError where the port is taken, and what
    `exchange_and_save` raises.
    """
    clock, token_store = context.clock, context.token_store
    check_can_save(plan.app, token_store=token_store, clock=clock)
    state = new_state()
    deadline_s = clock.monotonic_s() + plan.timeout_s
    arrivals: queue.SimpleQueue[RedirectResult | str] = queue.SimpleQueue()
    with listen(
        state=state, asked=plan.requested_scopes, deliver=arrivals.put, port=plan.port, clock=clock
    ) as redirect_uri:
        with reading_pastes(context.paste_fd, arrivals.put):
            url = plan.consent_url(redirect_uri=redirect_uri, state=state)
            _show_consent_url(url, port=urlsplit(redirect_uri).port or 0, context=context)
            context.say(f"Waiting up to {_duration_text(plan.timeout_s)} for the answer; Ctrl-C ends the wait.")
            redirect = _first_good(arrivals, state=state, deadline_s=deadline_s, clock=clock, say=context.say)
        # The listener stays until the browser has its page; meanwhile the code is exchanged.
        return exchange_and_save(redirect, plan, token_store=token_store, send=context.send, clock=clock)


def add_scopes(grant: Grant, more: Scopes, plan: LoginPlan, context: LoginContext) -> LoginResult:
    """Add scopes to a stored grant: ask for the old and the new ones, keep the old token until the new one is here.

    `plan.requested_scopes` is ignored. Refuses another athlete with UsageError. Asks nobody where all of it is granted
    already.
    """
    if grant.scopes is not None and not grant.scopes.missing(more) and not plan.force_consent:
        return LoginResult(
            grant=grant,
            requested_scopes=grant.scopes | more,
            missing_scopes=Scopes(),
            notes=("All of these scopes are already granted.",),
        )
    return login(widened_plan(grant, more, plan), context)


def widened_plan(grant: Grant, more: Scopes, plan: LoginPlan) -> LoginPlan:
    """The plan that asks the grant's own athlete for the scopes it holds and for `more`."""
    # A grant of unknown scopes is not narrowed by asking for the new ones alone.
    held = grant.scopes if grant.scopes is not None else preset("activities")
    return replace(
        plan, requested_scopes=held | more, force_consent=True, profile=grant.profile, only_athlete_id=grant.athlete_id
    )


def start_login(plan: LoginPlan, *, pending_path: Path, clock: Clock) -> str:
    """The address to open, after writing down what its answer must match. The answer goes to `finish_login`.

    What is written is good for ten minutes, readable by this user alone, and replaces an earlier start.
    """
    # No program listens there: the browser ends on an error page with the answer in its address bar.
    redirect_uri = f"http://127.0.0.1:{49152 + secrets.randbelow(16384)}/{secrets.token_urlsafe(16)}"
    state = new_state()
    save_started_login(
        pending_path,
        StartedLogin(
            state=state,
            oauth_url=plan.app.oauth_url,
            api_url=plan.api_url,
            client_id=plan.app.client_id,
            profile=plan.profile,
            requested_scopes=plan.requested_scopes,
            is_strict=plan.is_strict,
            replaces_athlete=plan.replaces_athlete,
            only_athlete_id=plan.only_athlete_id,
            started_at=clock.now(),
        ),
    )
    return plan.consent_url(redirect_uri=redirect_uri, state=state)


def finish_login(
    text: str,
    *,
    app: Callable[[str, str], App],
    pending_path: Path,
    token_store: TokenStore,
    send: Send,
    clock: Clock,
    start_again: str = "paceport login --start",
) -> LoginResult:
    """Finish a started login with the address, query or code that its browser ended on.

    `app` is called with the OAuth URL and client id of the start and gives the app, or raises. `start_again` is
    the command that errors name.
    Raises LoginTimeout where nothing was started in the last ten minutes, RedirectRefused for a wrong text: the start
    then stays good. A right or denying address uses it up.
    """
    pending = load_started_login(pending_path, now=clock.now(), start_again=start_again)
    try:
        redirect = read_redirect(text, state=pending.state)
    except (LoginDenied, RedirectRefused) as refused:
        if isinstance(refused, LoginDenied) or refused.is_final:
            remove_started_login(pending_path)
        raise
    plan = LoginPlan(
        app=app(pending.oauth_url, pending.client_id),
        api_url=pending.api_url,
        profile=pending.profile,
        requested_scopes=pending.requested_scopes,
        is_strict=pending.is_strict,
        replaces_athlete=pending.replaces_athlete,
        only_athlete_id=pending.only_athlete_id,
    )
    remove_started_login(pending_path)
    return exchange_and_save(redirect, plan, token_store=token_store, send=send, clock=clock)


def _show_consent_url(url: str, *, port: int, context: LoginContext) -> None:
    say, open_browser, environment = context.say, context.open_browser, context.environment
    say("Give your permission on this page:")
    say(f"    {url}")
    is_opened = open_browser is not None and environment.opens_browser and _try_browser(open_browser, url)
    if is_opened:
        say("It was opened in your browser.")
    elif open_browser is not None and environment.opens_browser:
        say("No browser could be opened here. Open that address in any browser.")
    if not is_opened:
        for line in environment.advice(port=port, url=url):
            say(line)
    can_paste = context.paste_fd is not None
    if can_paste and (is_opened or environment.kind == "desktop"):
        say("If the browser shows a page that cannot be reached, paste its address here and press Enter.")
    # Elsewhere the advice has told how to paste.
    elif not can_paste and not is_opened:
        say("There is no terminal to paste into. Use two steps instead: paceport login --start, then --finish.")


def _try_browser(open_browser: Callable[[str], bool], url: str) -> bool:
    try:
        return open_browser(url)
    except (OSError, webbrowser.Error):
        return False


def _first_good(
    arrivals: queue.SimpleQueue[RedirectResult | str],
    *,
    state: str,
    deadline_s: float,
    clock: Clock,
    say: Callable[[str], None],
) -> Redirect:
    pasted = PastedAddress(state)
    while (left_s := deadline_s - clock.monotonic_s()) > 0:
        try:
            arrived = arrivals.get(timeout=min(left_s, _LOOK_EVERY_S))
        except queue.Empty:
            continue
        if isinstance(arrived, LoginDenied | RedirectRefused):
            raise arrived
        if isinstance(arrived, Redirect):
            return arrived
        try:
            redirect = pasted.add(arrived)
        except RedirectRefused as refused:
            if refused.is_final:
                raise
            say(f"{refused.what}: {refused.why}. To do: {refused.fix}")
            continue
        if redirect is not None:
            return redirect
        if pasted.is_doubtful:
            say("That address is incomplete. Paste the rest of it, or press Enter to use it as it is.")
    raise LoginTimeout(
        what="No answer came from Strava's page in time",
        why="Strava says nothing when (1) the app has reached its limit of athletes and a page says so, "
        "(2) the browser runs on another machine than this command, (3) the tab was closed",
        fix="look at that tab, then: paceport login, or with the browser elsewhere: paceport login --no-browser",
    )


def _duration_text(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes"
