"""Ends a profile's login: on this machine alone, or at the service as well."""

from __future__ import annotations

from paceport.errors import LoginNeeded
from paceport.lazy_dataclass import dataclass
from paceport.oauth.keeper.kept_login import forget_login
from paceport.oauth.revoke import RevokeResult, revoke
from paceport.oauth.token_store.base import App, Grant
from paceport.profile.login_state import athlete_text
from paceport.profile.profile import Profile

# Where a person sees which apps are still connected.
CONNECTED_APPS_URL = "https://www.strava.com/settings/apps"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenLogins:
    """What was removed here: the athletes, in words, and the names of damaged records."""

    athletes: tuple[str, ...]
    damaged: tuple[str, ...]


def forget_logins(profile: Profile) -> ForgottenLogins:
    """Remove the profile's login from this machine, damaged records included; the service hears nothing of it.

    Raises LoginNeeded where there is none, Busy, and StoreErrors.
    """
    store = profile.token_store
    grants = profile.grants_here()
    damaged = [record for record in store.damaged() if record.profile == profile.name]
    if not grants and not damaged:
        profile.find_grant()  # an unreadable record that may be this profile's is named
        raise LoginNeeded(why=f"profile {profile.name!r} has no login for {profile.origin}", fix="nothing to log out")
    for grant in grants:
        forget_login(grant, token_store=store, clock=profile.clock)
    for record in damaged:
        store.remove_damaged(record)
    return ForgottenLogins(
        athletes=tuple(athlete_text(grant) for grant in grants), damaged=tuple(record.name for record in damaged)
    )


def revoke_login(profile: Profile, grant: Grant, app: App, *, force: bool) -> RevokeResult:
    """Revoke one login at the service as the settings say; gives how that ended. Raises what `revoke` raises."""
    return revoke(
        grant.key,
        app,
        token_store=profile.token_store,
        send=profile.send,
        clock=profile.clock,
        force=force,
        allow_legacy=profile.settings.api_generation < 2027,
        api_url=profile.settings.api_url,
    )
