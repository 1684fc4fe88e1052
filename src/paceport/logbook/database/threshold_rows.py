"""What thresholds of speed come from, and the thresholds of each day with a run, as they are stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.schema_to_ask import schema_to_ask

_NUMBERS = frozenset({int, float})
_MAYBE_NUMBERS = frozenset({int, float, type(None)})


class DatedEffort(NamedTuple):
    """An effort of a run that counts; `day` is its local date as ISO 8601."""

    run_id: int
    day: str
    distance_m: float
    time_s: float


class ThresholdRow(NamedTuple):
    """The thresholds of the runs of one local day; None is "not known". `critical_as_of` is a day too."""

    day: str
    critical_mps: float | None
    reserve_m: float | None
    critical_as_of: str | None
    threshold_mps: float | None
    threshold_source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdRows:
    """Reads and writes the thresholds of an open store. Rows that cannot be read are left out."""

    connection: sqlite3.Connection

    def days(self, *, own_only: bool) -> list[str]:
        """The local days with a run, oldest first."""
        schema = _schema(self.connection, own_only)
        query = f"SELECT DISTINCT local_date FROM {schema}.run WHERE local_date IS NOT NULL ORDER BY 1"  # noqa: S608  # ours
        return [str(day) for (day,) in self.connection.execute(query)]

    def efforts(self, *, own_only: bool) -> list[DatedEffort]:
        """Every effort that counts as a record, over every distance."""
        # Names of ours; no value goes in.
        query = (
            f"SELECT run_id, local_date, span_m, elapsed_s FROM {_schema(self.connection, own_only)}.judged_effort "  # noqa: S608
            "WHERE doubt IS NULL AND local_date IS NOT NULL"
        )
        rows = map(DatedEffort._make, self.connection.execute(query))
        return [row for row in rows if _NUMBERS.issuperset((type(row.distance_m), type(row.time_s)))]

    def best_hours(self, *, own_only: bool) -> list[tuple[str, float]]:
        """(day, speed) of the best hour of each run that has one, oldest first; treadmills and doubtful runs not.

        Neither is a run that was rejected, or whose efforts over 5 km and more are doubted: an hour has some of these.
        """
        schema = _schema(self.connection, own_only)
        # Names of ours; no value goes in.
        query = (
            f"SELECT r.local_date, d.speed_mps FROM {schema}.any_duration_best AS d "  # noqa: S608
            f"JOIN {schema}.run AS r ON r.id = d.activity_id WHERE d.duration_s = 3600 AND NOT r.is_indoor "
            "AND r.sport <> 'VirtualRun' AND r.doubt IS NULL AND r.local_date IS NOT NULL "
            f"AND r.id NOT IN (SELECT run_id FROM {schema}.judged_effort "
            "WHERE doubt IS NOT NULL AND NOT is_confirmed AND span_m >= 5000) ORDER BY r.local_date"
        )
        return [(day, speed) for day, speed in self.connection.execute(query) if type(speed) in _NUMBERS]

    def thresholds(self, *, own_only: bool) -> list[ThresholdRow]:
        """What is stored, oldest day first: of own data alone, or of all."""
        columns = ", ".join(ThresholdRow._fields)
        query = f"SELECT {columns} FROM {_schema(self.connection, own_only)}.threshold_day ORDER BY day"  # noqa: S608  # names of ours
        rows = self.connection.execute(query)
        return [ThresholdRow._make(row) for row in rows if _is_readable(row)]

    def save_own(self, rows: Iterable[ThresholdRow]) -> None:
        """Write the thresholds of own data anew, all of them or none."""
        self._save("main", list(rows))

    def save_cached(self, rows: Iterable[ThresholdRow], *, expires_at: str) -> None:
        """Write anew those of own data and of what the API gave together; they expire together."""
        self._save("cache", [(*row, expires_at) for row in rows])

    def _save(self, database: str, rows: Sequence[tuple[object, ...]]) -> None:
        with transaction(self.connection):
            self.connection.execute(f"DELETE FROM {database}.stored_threshold")  # noqa: S608  # names of ours
            if rows:
                places = ", ".join("?" * len(rows[0]))
                self.connection.executemany(f"INSERT INTO {database}.stored_threshold VALUES ({places})", rows)  # noqa: S608  # names of ours


def _schema(connection: sqlite3.Connection, own_only: bool) -> str:
    """Whose views to ask: those of own.db show the same where nothing cached was computed."""
    if own_only or (schema_to_ask(connection) == "main" and not _has_cached(connection)):
        return "main"
    return "temp"


def _has_cached(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM cache.stored_threshold)").fetchone()[0])


def _is_readable(row: tuple[object, ...]) -> bool:
    day, critical, reserve, as_of, threshold, source = row
    texts = {type(as_of), type(source)} <= {str, type(None)} and type(day) is str
    return texts and _MAYBE_NUMBERS.issuperset((type(critical), type(reserve), type(threshold)))
