"""One activity taken out of the logbook: own data goes to a folder of its own, cached data is erased."""

import json
import sqlite3
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import StoreUnwritable, UsageError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.amended_rows import remove_amendments, stored_amendments
from paceport.logbook.database.migrations import transaction
from paceport.storage import disk
from paceport.storage.private_files import make_owner_folder, replace_private

_PARTS = ("stream", "track_lap", "result", "effort")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedActivity:
    """What was removed. `place` is the folder with the own data, None where there was none."""

    activity_id: int
    place: Path | None
    was_cached: bool


def remove_activity(
    connection: sqlite3.Connection, activity_id: int, *, originals: Path, clock: Clock
) -> RemovedActivity:
    """Take an activity out of both databases.

    The own row is first written as JSON into `removed/` beside the originals; its original follows it there unless
    another activity needs it. Raises UsageError where there is no such activity, StoreUnwritable.
    """
    with transaction(connection):
        own, place, was_cached = _take_out(connection, activity_id, originals, clock)
    if own and place:
        _move_original(connection, activity_id, str(own["original"] or ""), originals, place)
    return RemovedActivity(activity_id=activity_id, place=place, was_cached=was_cached)


def _take_out(
    connection: sqlite3.Connection, activity_id: int, originals: Path, clock: Clock
) -> tuple[dict[str, object] | None, Path | None, bool]:
    """Erase an activity's rows: its own row, the folder that keeps it (None where there was none), was it cached."""
    own, cached = (_row(connection, database, activity_id) for database in ("main", "cache"))
    if own is None and cached is None:
        raise UsageError(
            what=f"There is no activity {activity_id} in the logbook",
            why="it is neither in your own data nor in the cached API data",
            fix='paceport sql "SELECT id, name FROM any_activity"',
        )
    place = originals.with_name("removed") / f"{activity_id}-{clock.now():%Y%m%dT%H%M%S}" if own else None
    if own and place:
        own["amendments"] = stored_amendments(connection, activity_id)
        make_owner_folder(place)
        replace_private(place / "activity.json", json.dumps(own, ensure_ascii=False, indent=1, default=str).encode())
    for database in ("main", "cache"):
        for table in _PARTS:
            # Names of ours; no value goes in.
            connection.execute(f"DELETE FROM {database}.{table} WHERE activity_id = ?", (activity_id,))  # noqa: S608
        connection.execute(f"DELETE FROM {database}.activity WHERE id = ?", (activity_id,))  # noqa: S608
    remove_amendments(connection, activity_id)
    for table in ("reply", "listed", "fetched"):
        connection.execute(f"DELETE FROM cache.{table} WHERE activity_id = ?", (activity_id,))  # noqa: S608
    for database in ("main", "cache"):
        # Names of ours; no value goes in.
        query = f"DELETE FROM {database}.other_recording WHERE activity_id = :id OR run_id = :id"  # noqa: S608
        connection.execute(query, {"id": activity_id})
    connection.execute("DELETE FROM main.not_in_export WHERE activity_id = ?", (activity_id,))
    connection.execute("DELETE FROM cache.same WHERE own_id = :id OR activity_id = :id", {"id": activity_id})
    return own, place, cached is not None


def _row(connection: sqlite3.Connection, database: str, activity_id: int) -> dict[str, object] | None:
    cursor = connection.execute(f"SELECT * FROM {database}.activity WHERE id = ?", (activity_id,))  # noqa: S608  # ours
    row = cursor.fetchone()
    return None if row is None else dict(zip((column[0] for column in cursor.description), row, strict=True))


def _move_original(connection: sqlite3.Connection, activity_id: int, sha256: str, originals: Path, place: Path) -> None:
    # An import that needs the file as well writes it under the same lock. Until now the file counts as known, so that
    # no rebuild takes it for one that has lost its activity.
    with transaction(connection):
        connection.execute("DELETE FROM main.original WHERE activity_id = ?", (activity_id,))
        if not sha256 or connection.execute("SELECT 1 FROM main.original WHERE sha256 = ?", (sha256,)).fetchone():
            return
        for path in originals.glob(f"{sha256}*"):
            try:
                disk.rename(path, place / path.name)
            except OSError as error:
                raise StoreUnwritable(path=str(path), why=(error.strerror or str(error)).lower()) from error
