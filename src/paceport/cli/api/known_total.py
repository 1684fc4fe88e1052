"""How many activities there were when sync last looked: then none of the list's pages is asked for in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.errors import Busy, MissingExtra, StoreError
from paceport.storage.access import is_there

if TYPE_CHECKING:
    from paceport.profile.profile import Profile


def known_total(profile: Profile) -> int | None:
    """The number of activities in the cached list, or None where none is there. Asks nobody."""
    try:
        if not is_there(profile.cache / "cache.db"):
            return None
        with profile.logbook() as store:
            return len(store.synced.listed_digests()) or None
    except (StoreError, Busy, MissingExtra):
        # What Strava answers is shown all the same; the logbook's own commands tell of its trouble.
        return None
