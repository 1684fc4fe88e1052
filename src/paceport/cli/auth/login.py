"""`login` and `grant`: log in, and add scopes to a login."""

from __future__ import annotations

import re
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from paceport.cli.auth.init import ask_for_app, store_app
from paceport.cli.auth.status import athlete_text, next_step
from paceport.cli.completion import scope_words
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import AppMismatch, OriginMismatch, UsageError
from paceport.http_message import origin_of
from paceport.oauth.login.browser_choice import consent_page_opener
from paceport.oauth.login.flow import add_scopes, finish_login, login, start_login
from paceport.oauth.login.login_plan import LoginContext, LoginPlan, LoginResult
from paceport.oauth.token_store.base import App
from paceport.profile.profile import Profile
from paceport.scopes import PRESETS, Scopes, parse_asked, preset

_LONGEST_PASTE = 100_000
# How long the next line of one paste may take to come.
_PASTE_PAUSE_S = 0.2

_port = click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen on this port; 0: any free one.")
_timeout = click.option(
    "--timeout", "timeout_s", type=click.FloatRange(1, 3600), default=300.0, metavar="SECONDS", help="How long to wait."
)
_no_browser = click.option(
    "--no-browser", is_flag=True, help="Do not open a browser; paste the address that yours ends on."
)
_strict = click.option("--strict", is_flag=True, help="Fail (exit 4) and store nothing if you untick a box.")


@click.command("login")
@click.option("--for", "purpose", type=click.Choice(list(PRESETS)), help="What the login is for; the default is runs.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE…",
    shell_complete=scope_words,
    help="Exactly these scopes; commas or repeated.",
)
@_no_browser
@click.option(
    "--start", "is_start", is_flag=True, help="Print the address to open, then end; --finish completes the login."
)
@click.option(
    "--finish", "is_finish", is_flag=True, help="Complete the login: read the address from the prompt or stdin."
)
@_port
@_timeout
@_strict
@click.option("--force", is_flag=True, help="Log in again even if a working login is stored.")
@pass_invocation
def login_command(invocation: Invocation, /, **options: Any) -> None:
    """Log in: one click in the browser, and a token that keeps working.

    Asks for the app's client id and secret if they are not known yet. On a machine without a browser use --no-browser,
    or --start there and --finish later.
    """
    run_login(invocation, LoginOptions(**options))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginOptions:
    """What `login` was told on its command line."""

    purpose: str | None
    scopes: tuple[str, ...]
    no_browser: bool
    is_start: bool
    is_finish: bool
    port: int
    timeout_s: float
    strict: bool
    force: bool


def run_login(invocation: Invocation, options: LoginOptions) -> None:
    """The whole login, or its first or second half."""
    profile = invocation.profile()
    if options.is_finish:
        _finish(invocation, profile)
        return
    asked = _requested_scopes(invocation, options.purpose, options.scopes)
    if not options.force and not options.is_start and _has_sufficient_login(invocation, profile, asked):
        return
    plan = LoginPlan(
        app=profile.find_app() or ask_for_app(invocation),
        api_url=profile.settings.api_url,
        profile=profile.name,
        requested_scopes=asked,
        # Without it Strava may send somebody who once agreed to less straight back with less.
        force_consent=True,
        is_strict=options.strict,
        port=options.port,
        timeout_s=options.timeout_s,
    )
    if options.is_start:
        _start(invocation, profile, plan)
        return
    with _opener(invocation, profile, no_browser=options.no_browser) as open_browser:
        result = login(plan, _login_context(invocation, profile, open_browser))
    _show_login_result(invocation, profile, result)


@click.command("grant")
@click.argument("scopes", nargs=-1, required=True, metavar="+SCOPE…", shell_complete=scope_words)
@_no_browser
@_port
@_timeout
@pass_invocation
def grant_command(
    invocation: Invocation, *, scopes: tuple[str, ...], no_browser: bool, port: int, timeout_s: float
) -> None:
    """Add scopes to the login: ask for the old and new ones; the old token stays until the new one works.

    \b
        paceport grant +activity:read_all
    """
    profile = invocation.profile()
    grant = profile.grant()
    more, notes = parse_asked(scopes)
    for note in notes:
        invocation.output.say(note)
    plan = LoginPlan(
        app=profile.app(),
        api_url=grant.api_url,
        profile=profile.name,
        requested_scopes=more,
        port=port,
        timeout_s=timeout_s,
    )
    with _opener(invocation, profile, no_browser=no_browser) as open_browser:
        result = add_scopes(grant, more, plan, _login_context(invocation, profile, open_browser))
    _show_login_result(invocation, profile, result)


@contextmanager
def _opener(invocation: Invocation, profile: Profile, *, no_browser: bool) -> Iterator[Callable[[str], bool] | None]:
    if no_browser:
        yield None
        return
    with consent_page_opener(
        invocation.open_browser,
        invocation.login_environment(),
        environ=invocation.environ,
        folder=profile.settings.directories.state,
    ) as open_address:
        yield open_address


def _login_context(
    invocation: Invocation, profile: Profile, open_browser: Callable[[str], bool] | None
) -> LoginContext:
    return LoginContext(
        token_store=profile.token_store,
        send=profile.send,
        clock=invocation.clock,
        # Where no browser is opened the address must be shown, or nobody could answer.
        say=invocation.output.say_always
        if open_browser is None or not invocation.login_environment().opens_browser
        else invocation.output.say,
        open_browser=open_browser,
        paste_fd=_paste_fd(invocation),
        environment=invocation.login_environment(),
    )


def _requested_scopes(invocation: Invocation, purpose: str | None, scopes: tuple[str, ...]) -> Scopes:
    if scopes and purpose:
        raise UsageError(
            what="--for and --scope cannot be combined", why="each says which scopes to ask for", fix="leave one out"
        )
    if not scopes:
        return preset(purpose or "runs")
    asked, notes = parse_asked(scopes)
    for note in notes:
        invocation.output.say(note)
    return asked


def _has_sufficient_login(invocation: Invocation, profile: Profile, asked: Scopes) -> bool:
    grant = profile.find_grant()
    if grant is None or grant.status != "ok" or grant.scopes is None or grant.scopes.missing(asked):
        return False
    invocation.output.success(f"Already logged in as {athlete_text(grant)}, with {grant.scopes}.")
    invocation.output.say(f"Next: {next_step(profile, grant)}   (to log in again: {profile.command('login --force')})")
    return True


def _start(invocation: Invocation, profile: Profile, plan: LoginPlan) -> None:
    # The secret is needed by --finish, which may run in another shell.
    store_app(profile, plan.app)
    url = start_login(plan, pending_path=_pending_path(profile), clock=invocation.clock)
    invocation.output.say("Open this address in any browser, on any machine, and press Authorize:")
    invocation.output.verbatim(url)
    invocation.output.say("The browser then shows a page that cannot be reached. That is expected.")
    invocation.output.say(f"Within ten minutes, copy its whole address into: {profile.command('login --finish')}")


def _finish(invocation: Invocation, profile: Profile) -> None:
    if invocation.stdin_is_terminal:
        invocation.output.say("Paste the whole address the browser ended on, then press Enter:")
    # Never from the command line: the code in it would stand in the shell's history.
    text = _pasted_address(invocation)
    if not text.strip():
        raise UsageError(
            what="No address was given",
            why="--finish reads it from the prompt or from stdin",
            fix=f"{profile.command('login --finish')} < file, or paste it at the prompt",
        )

    def app(oauth_url: str, client_id: str) -> App:
        found = profile.token_store.app(oauth_url, client_id) or profile.app()
        # What is set up now may have changed since --start; the code goes to the server and app it was made for.
        if found.origin != origin_of(oauth_url):
            raise OriginMismatch(stored=origin_of(oauth_url), wanted=found.origin)
        if found.client_id != client_id:
            raise AppMismatch(stored=client_id, wanted=found.client_id)
        return found

    result = finish_login(
        text,
        app=app,
        pending_path=_pending_path(profile),
        token_store=profile.token_store,
        send=profile.send,
        clock=invocation.clock,
    )
    _show_login_result(invocation, profile, result)


def _pasted_address(invocation: Invocation) -> str:
    """What was pasted, which a terminal or a mail may have wrapped over several lines.

    From a pipe or file all of it; at a prompt what is there until an empty line, the end, or a whole address.
    """
    if not invocation.stdin_is_terminal:
        # What stands behind an empty line is no part of the address.
        return re.split(r"\n\s*\n", invocation.stdin.read(_LONGEST_PASTE).strip(), maxsplit=1)[0]
    lines: list[str] = []
    while line := invocation.stdin.readline(_LONGEST_PASTE):
        lines.append(line)
        if not line.strip() or not _is_more_pasted(invocation):
            break
    return "".join(lines)


def _is_more_pasted(invocation: Invocation) -> bool:
    """Whether another line lies at the terminal already: what is pasted in one go comes in one go."""
    try:
        return bool(select.select([invocation.stdin.fileno()], [], [], _PASTE_PAUSE_S)[0])
    except (OSError, ValueError):
        return False  # no descriptor to ask, or Windows, where only sockets can be asked


def _show_login_result(invocation: Invocation, profile: Profile, result: LoginResult) -> None:
    app = profile.find_app()
    if app is not None:
        # A secret that came from the environment is needed by every refresh, also in other shells.
        store_app(profile, app)
    grant = result.grant
    output = invocation.output
    output.success(f"Logged in as {athlete_text(grant)}, profile {grant.profile!r}.")
    output.say(f"  Granted: {grant.scopes if grant.scopes is not None else 'not known'}")
    for note in result.notes:
        output.warn(note)
    output.say(f"Next: {next_step(profile, grant)}")


def _pending_path(profile: Profile) -> Path:
    return profile.settings.directories.state / f"pending-{profile.name}.json"


def _paste_fd(invocation: Invocation) -> int | None:
    # Only a terminal has somebody who pastes; reading a pipe would steal what is meant for somebody else.
    return invocation.stdin.fileno() if invocation.stdin_is_terminal else None
