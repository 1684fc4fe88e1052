"""`login`: log in, for a token that keeps working."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from paceport.cli.auth.browser_login import login_context, opened_browser, show_login_result
from paceport.cli.auth.init import ask_for_app
from paceport.cli.auth.login_options import (
    finish_option,
    no_browser_option,
    port_option,
    start_option,
    timeout_option,
)
from paceport.cli.auth.status import next_step
from paceport.cli.auth.two_step_login import finish_here, refuse_both_steps, start_here
from paceport.cli.completion import scope_words
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.oauth.login.flow import login
from paceport.profile.login_plans import plan_login
from paceport.profile.login_state import athlete_text
from paceport.profile.profile import Profile
from paceport.scopes import PRESETS, Scopes, parse_asked, preset


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
@no_browser_option
@start_option
@finish_option
@port_option
@timeout_option
@click.option("--strict", is_flag=True, help="Fail (exit 4) and store nothing if you untick a box.")
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
    refuse_both_steps(is_start=options.is_start, is_finish=options.is_finish)
    if options.is_finish:
        finish_here(invocation, profile, command="login")
        return
    asked = _requested_scopes(invocation, options.purpose, options.scopes)
    if not options.force and not options.is_start and _has_sufficient_login(invocation, profile, asked):
        return
    app = profile.find_app() or ask_for_app(invocation)
    plan = replace(
        plan_login(profile, app, asked), is_strict=options.strict, port=options.port, timeout_s=options.timeout_s
    )
    if options.is_start:
        start_here(invocation, profile, plan, command="login")
        return
    with opened_browser(invocation, profile, no_browser=options.no_browser) as open_browser:
        result = login(plan, login_context(invocation, profile, open_browser))
    show_login_result(invocation, profile, result)


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
