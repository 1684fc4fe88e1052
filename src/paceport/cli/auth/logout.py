"""`logout`: remove the login from this machine; Strava is not notified."""

from __future__ import annotations

import click

from paceport.cli.invocation import Invocation, pass_invocation
from paceport.profile.end_login import CONNECTED_APPS_URL, forget_logins
from paceport.profile.erase import erase_everything
from paceport.profile.profile import Profile
from paceport.storage.access import is_there


@click.command("logout")
@click.option(
    "--everything", is_flag=True, help="Erase all profiles, apps, choices and caches; only your own data stays."
)
@pass_invocation
def logout_command(invocation: Invocation, *, everything: bool) -> None:
    """Forget this profile's login on this machine. Strava is not notified; `paceport revoke` does that.

    The app's client id and secret stay, so the next login asks for nothing. --everything erases all but your own data,
    and says where that is.
    """
    profile = invocation.profile()
    if everything:
        _everything(invocation, profile)
        return
    forgotten = forget_logins(profile)
    for athlete in forgotten.athletes:
        invocation.output.success(f"Logged out {athlete} on this machine.")
    for name in forgotten.damaged:
        invocation.output.success(f"Removed a damaged login: {name}.")
    invocation.output.say(f"The app may still be connected at Strava: {CONNECTED_APPS_URL}")


def _everything(invocation: Invocation, profile: Profile) -> None:
    output, where = invocation.output, profile.settings.directories
    grants = profile.token_store.grants()
    damaged = profile.token_store.damaged()
    left = erase_everything(profile)
    output.success(
        f"Logins of {len(grants)} profile{'s' if len(grants) != 1 else ''}, apps, choices and caches are gone."
    )
    if damaged:
        output.say(f"Damaged logins removed as well: {len(damaged)}.")
    own = sorted(where.data.rglob("own.db")) if is_there(where.data) else []
    for path in own:
        output.say(f"Your own data stays: {path} and {path.parent / 'originals'}")
    if not own:
        output.say("There was no data of your own here.")
    for path in left:
        output.say(f"Not erased, because it is yours: {path}")
    if grants:
        output.say(f"The apps may still be connected at Strava: {CONNECTED_APPS_URL}")
