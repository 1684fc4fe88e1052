"""A damaged own.db set aside: the next rebuild makes a new one from the originals, which lie beside it."""

from pathlib import Path

from paceport.clock import Clock
from paceport.errors import StoreUnwritable
from paceport.logbook.database.database_errors import is_damaged, with_logs
from paceport.storage import disk
from paceport.storage.access import is_there
from paceport.storage.folder_lock import alone_in, files_stay


def set_damaged_aside(own: Path, clock: Clock) -> Path | None:
    """Rename a damaged own.db and give its new place; None, and nothing is touched, where it is whole or absent.

    Its log files go with it: they may hold what the file lacks. Raises StoreUnwritable, and Busy where others keep
    opening it.
    """
    with files_stay(own.parent):
        if not is_there(own) or not is_damaged(own):
            return None
    # Looked at again: of two at the same moment the second must not take the first one's new file away.
    with alone_in(own.parent):
        return _set_aside(own, clock) if is_there(own) and is_damaged(own) else None


def _set_aside(own: Path, clock: Clock) -> Path:
    place = own.with_name(f"{own.name}.damaged-{clock.now():%Y%m%dT%H%M%S}")
    try:
        for old, new in zip(with_logs(own), with_logs(place), strict=True):
            if is_there(old):
                disk.rename(old, new)
    except OSError as error:
        raise StoreUnwritable(path=str(own), why=(error.strerror or str(error)).lower()) from error
    return place
