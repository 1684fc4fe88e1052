"""`logout`: forget the login on this machine; the service is not told."""

from __future__ import annotations

import click

from paceport.cli.auth.status import who
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import LoginNeeded


@click.command("logout")
@pass_invocation
def logout_command(invocation: Invocation) -> None:
    """Forget this profile's login on this machine. Strava is not told: `paceport revoke` does that.

    The app's client id and secret stay, so that the next login asks for nothing.
    """
    profile = invocation.profile()
    grant = profile.find_grant()
    if grant is None:
        raise LoginNeeded(why=f"profile {profile.name!r} holds no login for {profile.origin}", fix="nothing to log out")
    with profile.vault.lock(grant.key):
        profile.vault.remove(grant.key)
    invocation.output.good(f"Logged out {who(grant)} on this machine.")
    invocation.output.say("The app may still be connected at Strava: https://www.strava.com/settings/apps")
