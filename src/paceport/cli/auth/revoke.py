"""`revoke`: end the login at Strava, verify that, and only then forget it here."""

from __future__ import annotations

import click

from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.revoke_login import revoke_and_tell
from paceport.profile.erase import erase_cache
from paceport.profile.login_state import athlete_text


@click.command("revoke")
@click.option("--force", is_flag=True, help="Erase the login here even if the revocation cannot be verified.")
@pass_invocation
def revoke_command(invocation: Invocation, *, force: bool) -> int:
    """Revoke this login at Strava, check that a call is refused, then erase it and the athlete's cached data here.

    If this cannot be checked (no network, inactive app), nothing is erased unless you give --force.
    """
    profile = invocation.profile()
    grant = profile.grant()
    result = revoke_and_tell(invocation, profile, grant, profile.app(), force=force)
    if not result.is_erased:
        invocation.output.warn(
            f"sent, not verified: the login is still stored here. {profile.command('revoke --force')} erases it"
        )
        return 1
    erase_cache(profile.cache)
    state = "revoked and verified" if result.is_verified else "sent, not verified"
    invocation.output.success(f"{athlete_text(grant)}: {state}; the login and the cached data are erased.")
    return 0
