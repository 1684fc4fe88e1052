"""What is in the logbook, in numbers, and how its cached part is erased altogether."""

import contextlib
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.cache_schema import CACHE_TABLES
from paceport.logbook.database.database_errors import file_uri, translate_errors, with_logs
from paceport.logbook.database.schema_to_ask import schema_to_ask
from paceport.storage import disk
from paceport.storage.access import is_there
from paceport.storage.folder_lock import alone_in, files_stay

_BY_SPORT = "SELECT sport, count(*), min(local_date), max(local_date) FROM {}.any_sport GROUP BY 1 ORDER BY 2 DESC, 1"
_GROUPS = (
    "SELECT year, source, date(expires_at) AS expires_on, count(*), min(local_date), max(local_date), "
    "sum(NOT has_track), sum(zone_source = 'unknown'), sum(deleted_at_strava IS NOT NULL) FROM {}.run GROUP BY 1, 2, 3"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineEntry:
    """A quarantined thing. `retry` is how (own part) or when (cached part, ISO) it is tried again."""

    place: str
    why: str
    retry: str
    tries: int
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LogbookSummary:
    """What a logbook holds.

    `runs` are (year, source, count) with source own, cache or both; `activities` counts every sport, and `sports` are
    (sport, count, first local day, last local day), the most first. `oldest` and `newest` are days of runs, of every
    sport where there is no run. `unknown_zone`
    runs have no local time. `expiring` are (day, runs) of what goes without own data behind it. `deleted_at_strava`
    own runs are gone there. `recorded_again` activities are further recordings of runs and count nowhere; they are not
    among `activities`. Sizes are in bytes, of the files as they lie.
    """

    activities: int
    sports: tuple[tuple[str, int, str, str], ...]
    runs: tuple[tuple[int, str, int], ...]
    oldest: str | None
    newest: str | None
    without_track: int
    unknown_zone: int
    deleted_at_strava: int
    recorded_again: int
    expiring: tuple[tuple[str, int], ...]
    quarantined: tuple[QuarantineEntry, ...]
    written: tuple[tuple[str, str, str], ...]
    own_bytes: int
    originals_bytes: int
    cache_bytes: int


def summarize(connection: sqlite3.Connection, *, own: Path, originals: Path, cache: Path) -> LogbookSummary:
    """Count everything through the views of an open store."""

    def rows(query: str) -> list[tuple[object, ...]]:
        return connection.execute(query).fetchall()

    views = schema_to_ask(connection)
    groups = rows(_GROUPS.format(views))
    runs: Counter[tuple[int, str]] = Counter()
    expiring: Counter[str] = Counter()
    for year, source, expires_on, count, *_ in groups:
        runs[_number(year), str(source)] += _number(count)
        if expires_on is not None:
            expiring[str(expires_on)] += _number(count)
    sports = tuple(
        (str(sport), _number(count), str(first), str(last))
        for sport, count, first, last in rows(_BY_SPORT.format(views))
    )
    days = [str(day) for group in groups or [(0, 0, 0, 0, *one[2:]) for one in sports] for day in group[4:6] if day]
    without_track, unknown_zone, deleted = (sum(_number(group[at]) for group in groups) for at in (6, 7, 8))
    return LogbookSummary(
        activities=sum(count for _, count, *_ in sports),
        sports=sports,
        runs=tuple((year, source, count) for (year, source), count in sorted(runs.items())),
        oldest=min(days, default=None),
        newest=max(days, default=None),
        without_track=without_track,
        unknown_zone=unknown_zone,
        deleted_at_strava=deleted,
        recorded_again=_number(rows(f"SELECT count(*) FROM {views}.any_other_recording")[0][0]),  # noqa: S608  # ours
        expiring=tuple(sorted(expiring.items())),
        quarantined=quarantine_entries(connection),
        written=tuple(
            (os.fsdecode(place) if isinstance(place, bytes) else str(place), str(written), str(until))
            for place, written, until in rows("SELECT * FROM main.written ORDER BY cached_until, place")
        ),
        own_bytes=_size(with_logs(own)),
        originals_bytes=_size(_files_in(originals)),
        cache_bytes=_size(with_logs(cache)),
    )


def erase_cache(cache: Path, *, wait_s: float = 10.0) -> None:
    """Erase the cached part: every row overwritten, then the files removed. For a revoked login; twice is once.

    The store must not be open here. Raises Busy where another process still writes to it after `wait_s`; nothing is
    removed then.
    """
    with files_stay(cache.parent):
        if is_there(cache):
            _overwrite(cache, wait_s)
    # Nobody may open the files one by one while they go: of a database that is made anew now the log would be taken.
    with alone_in(cache.parent, wait_s=wait_s), translate_errors(cache):
        for path in with_logs(cache):
            with contextlib.suppress(FileNotFoundError):
                disk.remove(path)


def _overwrite(cache: Path, wait_s: float) -> None:
    with translate_errors(cache):
        opened = sqlite3.connect(file_uri(cache, "rw"), uri=True, isolation_level=None, timeout=wait_s)
        with contextlib.closing(opened) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN IMMEDIATE")
            stored = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for table in stored & set(CACHE_TABLES):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  # names of ours; no value goes in
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def quarantine_entries(connection: sqlite3.Connection) -> tuple[QuarantineEntry, ...]:
    """Everything that is left out of an open store, the newest of the own part first."""
    own = connection.execute("SELECT place, why, fix, tries, 1 FROM main.quarantine ORDER BY last_seen DESC, place")
    cached = connection.execute(
        "SELECT place, why, retry_at, tries, 0 FROM cache.quarantine WHERE expires_at > now_utc() ORDER BY place"
    )
    return tuple(
        QuarantineEntry(place=place, why=why, retry=retry, tries=tries, is_own=bool(is_own))
        for place, why, retry, tries, is_own in [*own, *cached]
    )


def _files_in(folder: Path) -> list[Path]:
    with translate_errors(folder):
        return list(folder.iterdir()) if folder.is_dir() else []


def _size(paths: Iterable[Path]) -> int:
    return sum(map(_size_of, paths))


def _size_of(path: Path) -> int:
    if not is_there(path):
        return 0
    with contextlib.suppress(FileNotFoundError):  # another process has just taken it away, or renamed a draft
        return path.stat().st_size
    return 0


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
