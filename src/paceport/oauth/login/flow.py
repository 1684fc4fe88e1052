"""The browser journey: ask on the consent page, take the answer from the listener or a pasted address, save it."""

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
from paceport.oauth.login.code_exchange import check_room, settle
from paceport.oauth.login.environment import Surroundings
from paceport.oauth.login.login_plan import LoginPlan, LoginResult
from paceport.oauth.login.pasted_redirect import reading_lines
from paceport.oauth.login.redirect_listener import Outcome, listen
from paceport.oauth.login.started_login import Pending, drop_pending, load_pending, save_pending
from paceport.oauth.protocol import Redirect, authorize_url, read_redirect
from paceport.oauth.token_store.base import App, Grant, Vault
from paceport.scopes import Scopes, preset

__all__ = ["LoginPlan", "LoginResult", "finish_login", "login", "start_login", "widen"]

_STATE_BYTES = 32
# How often a wait looks at the clock it was given.
_LOOK_EVERY_S = 0.1


def login(
    plan: LoginPlan,
    *,
    vault: Vault,
    send: Send,
    clock: Clock,
    say: Callable[[str], None],
    open_browser: Callable[[str], bool] | None = None,
    paste_fd: int | None = None,
    surroundings: Surroundings | None = None,
) -> LoginResult:
    """The whole journey, from the address that asks to a saved grant.

    `open_browser` is given the address unless the surroundings speak against it; None opens none. `paste_fd` is the
    file descriptor a pasted address is read from, None where there is no terminal. `say` gets lines for a person.
    Raises LoginDenied, LoginTimeout after `plan.timeout_s`, UsageError where the port is taken, and what `settle`
    raises.
    """
    check_room(plan.app, vault=vault, clock=clock)
    state = secrets.token_urlsafe(_STATE_BYTES)
    deadline_s = clock.monotonic_s() + plan.timeout_s
    arrivals: queue.SimpleQueue[Outcome | str] = queue.SimpleQueue()
    with listen(state=state, asked=plan.asked, deliver=arrivals.put, port=plan.port, clock=clock) as redirect_uri:
        with reading_lines(paste_fd, arrivals.put):
            url = _address(plan, redirect_uri, state)
            _invite(
                url,
                port=urlsplit(redirect_uri).port or 0,
                say=say,
                open_browser=open_browser,
                surroundings=surroundings or Surroundings(kind="desktop"),
                can_paste=paste_fd is not None,
            )
            say(f"Waiting up to {_spoken(plan.timeout_s)} for the answer; Ctrl-C ends the wait.")
            redirect = _first_good(arrivals, state=state, deadline_s=deadline_s, clock=clock, say=say)
        # The listener stays until the browser has its page; meanwhile the code is exchanged.
        return settle(redirect, plan, vault=vault, send=send, clock=clock)


def widen(
    grant: Grant,
    more: Scopes,
    plan: LoginPlan,
    *,
    vault: Vault,
    send: Send,
    clock: Clock,
    say: Callable[[str], None],
    open_browser: Callable[[str], bool] | None = None,
    paste_fd: int | None = None,
    surroundings: Surroundings | None = None,
) -> LoginResult:
    """Add scopes to a stored grant: ask for the old and the new ones, keep the old token until the new one is here.

    `plan.asked` is ignored. Refuses another athlete with UsageError. Asks nobody where all of it is granted already.
    """
    if grant.scopes is not None and not grant.scopes.missing(more) and not plan.force_consent:
        return LoginResult(
            grant=grant, asked=grant.scopes | more, missing=Scopes(), notes=("All of that is granted already.",)
        )
    # A grant of unknown scopes is not narrowed by asking for the new ones alone.
    held = grant.scopes if grant.scopes is not None else preset("activities")
    wider = replace(
        plan, asked=held | more, force_consent=True, profile=grant.profile, only_athlete_id=grant.athlete_id
    )
    return login(
        wider,
        vault=vault,
        send=send,
        clock=clock,
        say=say,
        open_browser=open_browser,
        paste_fd=paste_fd,
        surroundings=surroundings,
    )


def start_login(plan: LoginPlan, *, pending_path: Path, clock: Clock) -> str:
    """The address to open, after writing down what its answer must match. The answer goes to `finish_login`.

    What is written is good for ten minutes, readable by this user alone, and replaces an earlier start.
    """
    # Nobody listens there: the browser ends on an error page with the answer in its address bar.
    redirect_uri = f"http://127.0.0.1:{49152 + secrets.randbelow(16384)}/{secrets.token_urlsafe(16)}"
    state = secrets.token_urlsafe(_STATE_BYTES)
    save_pending(
        pending_path,
        Pending(
            state=state,
            oauth_url=plan.app.oauth_url,
            api_url=plan.api_url,
            client_id=plan.app.client_id,
            profile=plan.profile,
            asked=plan.asked,
            is_strict=plan.is_strict,
            replaces_athlete=plan.replaces_athlete,
            only_athlete_id=plan.only_athlete_id,
            started_at=clock.now(),
        ),
    )
    return _address(plan, redirect_uri, state)


def finish_login(
    text: str, *, app: Callable[[str, str], App], pending_path: Path, vault: Vault, send: Send, clock: Clock
) -> LoginResult:
    """Finish a started login with the address, query or code that its browser ended on.

    `app` is called with the OAuth URL and client id of the start and gives the app, or raises.
    Raises LoginTimeout where nothing was started in the last ten minutes, RedirectRefused for a wrong text: the start
    then stays good. A right or denying address uses it up.
    """
    pending = load_pending(pending_path, now=clock.now())
    try:
        redirect = read_redirect(text, state=pending.state)
    except LoginDenied:
        drop_pending(pending_path)
        raise
    plan = LoginPlan(
        app=app(pending.oauth_url, pending.client_id),
        api_url=pending.api_url,
        profile=pending.profile,
        asked=pending.asked,
        is_strict=pending.is_strict,
        replaces_athlete=pending.replaces_athlete,
        only_athlete_id=pending.only_athlete_id,
    )
    drop_pending(pending_path)
    return settle(redirect, plan, vault=vault, send=send, clock=clock)


def _address(plan: LoginPlan, redirect_uri: str, state: str) -> str:
    return authorize_url(
        oauth_url=plan.app.oauth_url,
        client_id=plan.app.client_id,
        redirect_uri=redirect_uri,
        scopes=plan.asked,
        state=state,
        force=plan.force_consent,
    )


def _invite(
    url: str,
    *,
    port: int,
    say: Callable[[str], None],
    open_browser: Callable[[str], bool] | None,
    surroundings: Surroundings,
    can_paste: bool,
) -> None:
    say("Give your permission on this page:")
    say(f"    {url}")
    is_opened = open_browser is not None and surroundings.opens_browser and _opened(open_browser, url)
    if is_opened:
        say("It was opened in your browser.")
    elif open_browser is not None and surroundings.opens_browser:
        say("No browser could be opened here. Open that address in any browser.")
    for line in surroundings.advice(port=port, url=url):
        say(line)
    if can_paste and surroundings.opens_browser:
        say("If the browser ends on a page that cannot be reached: paste its address here and press Enter.")
    # Elsewhere the advice has told how to paste.
    elif not can_paste and not is_opened:
        say("There is no terminal to paste into. In two steps it needs none: paceport login --start, then --finish.")


def _opened(open_browser: Callable[[str], bool], url: str) -> bool:
    try:
        return open_browser(url)
    except (OSError, webbrowser.Error):
        return False


def _first_good(
    arrivals: queue.SimpleQueue[Outcome | str],
    *,
    state: str,
    deadline_s: float,
    clock: Clock,
    say: Callable[[str], None],
) -> Redirect:
    while (left_s := deadline_s - clock.monotonic_s()) > 0:
        try:
            arrived = arrivals.get(timeout=min(left_s, _LOOK_EVERY_S))
        except queue.Empty:
            continue
        if isinstance(arrived, LoginDenied):
            raise arrived
        if isinstance(arrived, Redirect):
            return arrived
        if arrived.strip():
            try:
                return read_redirect(arrived, state=state)
            except RedirectRefused as refused:
                say(f"{refused.what}: {refused.why}. To do: {refused.fix}")
    raise LoginTimeout(
        what="Nobody came back from Strava's page in time",
        why="Strava says nothing when (1) the app may have no further athlete and shows a page about its limit, "
        "(2) the browser runs on another machine than this command, (3) the tab was closed",
        fix="look at that tab, then: paceport login, or with the browser elsewhere: paceport login --no-browser",
    )


def _spoken(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes"
