"""How many activities there were when sync last looked: then none of the list's pages is asked for in vain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from paceport.errors import Busy, MissingExtra, StoreError
from paceport.storage.access import is_there

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


def known_total(cache: Path, open_logbook: Callable[[], Store]) -> int | None:
    """The number of activities in the list cached below `cache`, or None where none is there. Asks nobody."""
    try:
        if not is_there(cache / "cache.db"):
            return None
        with open_logbook() as store:
            return len(store.synced.listed_digests()) or None
    except (StoreError, Busy, MissingExtra):
        # What Strava answers is shown all the same; the logbook's own commands tell of its trouble.
        return None
