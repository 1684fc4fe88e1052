"""How old the newest run of the logbook is, and why nothing newer came."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from paceport.errors import PaceportError
from paceport.storage.access import is_there
from paceport.training.history.sport_figures import noun

if TYPE_CHECKING:
    from paceport.logbook.database.freshness import Freshness
    from paceport.profile.profile import Profile


def logbook_freshness(profile: Profile, now: datetime) -> Freshness | None:
    """How new the profile's logbook is; None where there is none, or where it cannot be read."""
    if not is_there(profile.data / "own.db"):
        return None
    try:
        with profile.logbook() as store:
            return store.freshness(now)
    except PaceportError:
        return None  # the commands that read the logbook say what is wrong with it


def held_sports(profile: Profile) -> dict[str, int]:
    """How many activities of each sport the profile's logbook holds; {} where there is none, or it cannot be read."""
    if not is_there(profile.data / "own.db") and not is_there(profile.cache / "cache.db"):
        return {}
    try:
        with profile.logbook() as store:
            return store.run_rows.sports(own_only=False)
    except PaceportError:
        return {}


def newest_name(found: Freshness) -> str:
    """What the newest activity is called: a run, where there is any."""
    return "newest run" if found.newest_sport is None else f"newest {noun((found.newest_sport,), 1)}"


def age_text(found: Freshness, now: datetime) -> str:
    """The newest run and its age in days; in a logbook without runs, the newest activity."""
    newest = found.newest_run or found.newest_activity
    if newest is None:
        return "none yet"
    days = max(0, (now.date() - newest).days)
    age = "today" if days == 0 else "yesterday" if days == 1 else f"{days:,} days ago"
    return f"{newest}, {age}"


def why_nothing_newer(profile: Profile, found: Freshness) -> str:
    """When something was last imported and synced, and whether a sync is possible."""
    return f"last import {_when(found.imported_at)}; last sync {_when(found.synced_at)}; {_login(profile)}"


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else "not known"


def _login(profile: Profile) -> str:
    try:
        grant = profile.find_grant()
    except PaceportError as error:
        return f"the login cannot be used: {error.what}"
    if grant is None:
        return f"no login for a sync ({profile.command('login')})"
    if grant.status != "ok":
        return f"the login does not work: {grant.status.replace('_', ' ')} ({profile.command('status')})"
    return f"logged in ({profile.command('sync')})"
