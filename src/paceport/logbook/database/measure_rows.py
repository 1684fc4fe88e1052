"""Reading what each run adds to questions about many; own rows, else living cached ones."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.migrations import transaction

_NUMBERS = frozenset({int, float})
_MAYBE_NUMBERS = frozenset({int, float, type(None)})


class DurationBest(NamedTuple):
    """The best of one run over one duration; None is "not known"."""

    run_id: int
    duration_s: float
    speed_mps: float | None
    adjusted_speed_mps: float | None
    power_w: float | None


class GradeRow(NamedTuple):
    """What one run ran at one grade."""

    run_id: int
    grade_percent: int
    distance_m: float
    moving_time_s: float
    heart_beats: float
    heart_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRows:
    """Reads the measures of an open store. Rows that cannot be read are left out."""

    connection: sqlite3.Connection

    def measures(self, names: Sequence[str], *, own_only: bool) -> dict[int, dict[str, Any]]:
        """These columns of `measure` for each run that has a row."""
        # Names of ours; no value goes in.
        query = f"SELECT activity_id, {', '.join(names)} FROM {self._schema(own_only)}.any_measure"  # noqa: S608
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in self.connection.execute(query)}

    def of_run(self, run_id: int, *, own_only: bool) -> dict[str, Any]:
        """Every column of `measure` of one run; empty where it has no row."""
        # Names of ours; no value goes in.
        found = self.connection.execute(
            f"SELECT * FROM {self._schema(own_only)}.any_measure WHERE activity_id = ?",  # noqa: S608
            (run_id,),
        )
        row = found.fetchone()
        return dict(zip((column[0] for column in found.description), row, strict=True)) if row else {}

    def duration_bests(
        self, *, own_only: bool, run_id: int | None = None, duration_s: float | None = None
    ) -> list[DurationBest]:
        """The best of every run over every duration, of one run, or over one duration."""
        columns = ", ".join(("activity_id", *DurationBest._fields[1:]))
        rows = self._rows("any_duration_best", columns, own_only, activity_id=run_id, duration_s=duration_s)
        return [DurationBest._make(row) for row in rows if _MAYBE_NUMBERS.issuperset(map(type, row))]

    def grade_bins(self, *, own_only: bool, run_id: int | None = None) -> list[GradeRow]:
        """What every run ran at each grade, or one run."""
        columns = ", ".join(("activity_id", *GradeRow._fields[1:]))
        rows = self._rows("any_grade_bin", columns, own_only, activity_id=run_id)
        return [GradeRow._make(row) for row in rows if _NUMBERS.issuperset(map(type, row)) and row[3] > 0]

    def grade_sums(self, run_ids: Collection[int], *, own_only: bool) -> tuple[list[GradeRow], int]:
        """What these runs ran at each grade together, downhill first, with 0 as the run; and how many have any."""
        schema = self._schema(own_only)
        are_numbers = " AND ".join(f"typeof({name}) IN ('real', 'integer')" for name in GradeRow._fields[1:])
        # Names of ours; the ids go in as such.
        chosen = (
            f"FROM {schema}.any_grade_bin WHERE {are_numbers} AND moving_time_s > 0 "  # noqa: S608
            "AND activity_id IN (SELECT value FROM json_each(?))"
        )
        sums = ", ".join(f"sum({name})" for name in GradeRow._fields[2:])
        query = f"SELECT 0, grade_percent, {sums} {chosen} GROUP BY grade_percent ORDER BY grade_percent"
        ids = json.dumps(list(run_ids))
        rows = [GradeRow._make(row) for row in self.connection.execute(query, (ids,))]
        (known,) = self.connection.execute(f"SELECT count(DISTINCT activity_id) {chosen}", (ids,)).fetchone()
        return rows, int(known)

    def save_effective_vo2max(self, values: Sequence[tuple[float | None, int, int | None]]) -> None:
        """Write the effective VO2max, as (value, the run's id, its id at Strava), where the run's measures are."""
        with transaction(self.connection):
            for database in ("main", "cache"):
                # Names of ours; no value goes in.
                query = f"UPDATE {database}.measure SET effective_vo2max = ? WHERE activity_id IN (?, ?)"  # noqa: S608
                self.connection.executemany(query, values)

    def _rows(self, view: str, columns: str, own_only: bool, **wanted: float | None) -> list[tuple[Any, ...]]:
        chosen = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in chosen) or "true"
        # Names of ours; the values go in as such.
        query = f"SELECT {columns} FROM {self._schema(own_only)}.{view} WHERE {where}"  # noqa: S608
        return self.connection.execute(query, tuple(chosen.values())).fetchall()

    def _schema(self, own_only: bool) -> str:
        """Whose views to ask: those of own.db show the same where nothing cached was computed, and are quick."""
        if own_only:
            return "main"
        return (
            "temp" if self.connection.execute("SELECT EXISTS (SELECT 1 FROM cache.measure)").fetchone()[0] else "main"
        )
