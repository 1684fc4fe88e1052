"""Ends a profile's login: on this machine alone, or at the service as well."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from paceport.errors import LoginNeeded, PaceportError, StoreError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.syncing.sync_lock import hold_sync_lock
from paceport.oauth.keeper.kept_login import forget_login
from paceport.oauth.revoke import RevokeResult, revoke
from paceport.oauth.token_store.base import App, Grant
from paceport.profile.login_state import athlete_text
from paceport.profile.profile import Profile
from paceport.storage.access import is_there

# Where a person sees which apps are still connected.
CONNECTED_APPS_URL = "https://www.strava.com/settings/apps"
# Long enough for what only looks whether a sync runs.
_SYNC_WAIT_S = 0.5


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedLogin:
    """How a revocation ended, and why the cached data could not be erased after it; None where it is erased."""

    revoked: RevokeResult
    not_erased: PaceportError | None = None


def end_login(profile: Profile, grant: Grant, app: App, *, force: bool, erase: Callable[[Path], None]) -> EndedLogin:
    """Revoke one login, then let `erase` erase what the profile's folder of the cache holds.

    No sync can write to the cache meanwhile: where one is running, Busy is raised before anything is sent. After the
    login is gone nothing is raised, so that the caller can say what is left. Raises what `revoke` raises.
    """
    with ExitStack() as held:
        with suppress(StoreError):  # nobody syncs into a folder that cannot be written
            if is_there(profile.cache / "cache.db"):
                held.enter_context(hold_sync_lock(profile.cache, timeout_s=_SYNC_WAIT_S, what="A sync is running"))
        result = revoke_login(profile, grant, app, force=force)
        if not result.is_erased:
            return EndedLogin(revoked=result)
        try:
            erase(profile.cache)
        except PaceportError as error:
            return EndedLogin(revoked=result, not_erased=error)
    return EndedLogin(revoked=result)


def not_erased_text(profile: Profile, error: PaceportError) -> str:
    """What is left of the cache after its login is gone, why, and what to do."""
    why = f"{error.what}: {error.why}" if error.why else error.what
    return (
        f"Data from Strava's API is still in {profile.cache / 'cache.db'}. {why}. "
        f"When that is settled, erase it: {profile.command('purge --all')}"
    )
