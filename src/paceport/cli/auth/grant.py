"""`grant`: more scopes for the login that is there."""

from __future__ import annotations

from dataclasses import replace

import click

from paceport.cli.auth.browser_login import login_context, opened_browser, show_login_result
from paceport.cli.auth.login_options import (
    finish_option,
    no_browser_option,
    port_option,
    start_option,
    timeout_option,
)
from paceport.cli.auth.two_step_login import finish_here, refuse_both_steps, start_here
from paceport.cli.completion import scope_words
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.oauth.login.flow import add_scopes, widened_plan
from paceport.profile.login_plans import plan_login
from paceport.profile.profile import Profile
from paceport.scopes import parse_asked


@click.command("grant")
@click.argument("scopes", nargs=-1, metavar="+SCOPE…", shell_complete=scope_words)
@no_browser_option
@start_option
@finish_option
@port_option
@timeout_option
@pass_invocation
def grant_command(
    invocation: Invocation,
    *,
    scopes: tuple[str, ...],
    no_browser: bool,
    is_start: bool,
    is_finish: bool,
    port: int,
    timeout_s: float,
) -> None:
    """Add scopes to the login: ask for the old and new ones; the old token stays until the new one works.

    \b
        paceport grant +activity:read_all

    On a machine without a browser use --no-browser, or --start there and --finish later.
    """
    profile = invocation.profile()
    refuse_both_steps(is_start=is_start, is_finish=is_finish)
    if is_finish:
        finish_here(invocation, profile, command="grant")
        return
    if not scopes:
        raise UsageError(
            what="No scope was given",
            why="grant adds scopes to the login, so it needs at least one",
            fix=profile.command("grant +activity:read_all"),
        )
    _widen(
        invocation, profile, scopes, _Answer(no_browser=no_browser, is_start=is_start, port=port, timeout_s=timeout_s)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """How the answer of the consent page is to come back."""

    no_browser: bool
    is_start: bool
    port: int
    timeout_s: float


def _widen(invocation: Invocation, profile: Profile, scopes: tuple[str, ...], answer: _Answer) -> None:
    grant = profile.grant()
    more, notes = parse_asked(scopes)
    for note in notes:
        invocation.output.say(note)
    # Where all of it is granted already, nobody is asked.
    plan = replace(
        plan_login(profile, profile.app(), more),
        api_url=grant.api_url,
        force_consent=False,
        port=answer.port,
        timeout_s=answer.timeout_s,
    )
    if answer.is_start and (grant.scopes is None or grant.scopes.missing(more)):
        start_here(invocation, profile, widened_plan(grant, more, plan), command="grant")
        return
    with opened_browser(invocation, profile, no_browser=answer.no_browser) as open_browser:
        result = add_scopes(grant, more, plan, login_context(invocation, profile, open_browser))
    show_login_result(invocation, profile, result)
