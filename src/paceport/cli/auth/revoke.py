"""`revoke`: end the login at Strava, verify that, and only then forget it here."""

from __future__ import annotations

import click

from paceport.cli.invocation import Invocation, pass_invocation
from paceport.profile.end_login import end_login, not_erased_text
from paceport.profile.erase import erase_cache
from paceport.profile.login_state import athlete_text


@click.command("revoke")
@click.option("--force", is_flag=True, help="Erase the login here even if the revocation cannot be verified.")
@pass_invocation
def revoke_command(invocation: Invocation, *, force: bool) -> int:
    """Revoke this login at Strava, check that a call is refused, then erase it and the athlete's cached data here.

    If this cannot be checked (no network, inactive app), nothing is erased unless you give --force. Nothing is sent
    while a sync is running (exit code 9). If the login is gone and the cached data cannot be erased, the reason and the
    command that erases it are named; the exit code is 9 if another program is using it, 8 if it cannot be written.
    """
    profile = invocation.profile()
    grant = profile.grant()
    ended = end_login(profile, grant, profile.app(), force=force, erase=erase_cache)
    for note in ended.revoked.notes:
        invocation.output.say(note)
    if not ended.revoked.is_erased:
        invocation.output.warn(
            f"sent, not verified: the login is still stored here. {profile.command('revoke --force')} erases it"
        )
        return 1
    state = "revoked and verified" if ended.revoked.is_verified else "sent, not verified"
    if ended.not_erased is not None:
        invocation.output.success(f"{athlete_text(grant)}: {state}; the login is erased.")
        invocation.output.warn(not_erased_text(profile, ended.not_erased))
        return ended.not_erased.exit_code
    invocation.output.success(f"{athlete_text(grant)}: {state}; the login and the cached data are erased.")
    return 0
