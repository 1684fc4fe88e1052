"""What comparing runs with each other showed: read and written for all runs at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.bad_rows import find_bad_rows
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.record_views import IS_POSSIBLE

_NUMBERS = frozenset({int, float})


class ComparedEffort(NamedTuple):
    """An effort that its own samples and its run leave undoubted, and what is stored of the comparison."""

    run_id: int
    span_m: float
    elapsed_s: float
    start_s: float
    doubt_by_others: str


class ComparedRun(NamedTuple):
    """A run as race detection takes it, and what is stored of that. None is "not known"."""

    run_id: int
    local_date: str
    name: str
    distance_m: float | None
    elapsed_time_s: float | None
    moving_time_s: float | None
    race_signs: str
    heartrate_bpm: float | None
    cadence_spm: float | None
    is_race: int | None
    doubt_by_others: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRows:
    """Reads what is compared and writes what that shows: of own data into own.db, of cached data into cache.db."""

    connection: sqlite3.Connection

    def has_cached(self) -> bool:
        """Whether anything was computed of cached data."""
        return self.connection.execute("SELECT 1 FROM cache.assessment LIMIT 1").fetchone() is not None

    def mark_excluded(self, run_ids: frozenset[int]) -> None:
        """Write down which runs the settings exclude from records."""
        marks = ", ".join("?" * len(run_ids))
        for database in ("main", "cache"):
            # Names of ours and marks; the ids go in as values.
            query = (
                f"UPDATE {database}.assessment SET is_excluded = activity_id IN ({marks}) "  # noqa: S608
                f"WHERE is_excluded <> (activity_id IN ({marks}))"
            )
            self.connection.execute(query, (*run_ids, *run_ids))

    def efforts(self, *, own_only: bool) -> list[ComparedEffort]:
        """The efforts to compare. Those of a confirmed run count as they are, those of a rejected one not at all.

        What nobody can have run vouches for nothing, whatever was said of it.
        """
        schema = "main" if own_only else "temp"
        query = f"""
SELECT e.activity_id, e.span_m, e.elapsed_s, e.start_s, e.doubt_by_others
FROM {schema}.any_effort AS e JOIN {schema}.run AS r ON r.id = e.activity_id
LEFT JOIN {schema}.any_assessment AS s ON s.activity_id = e.activity_id
LEFT JOIN {schema}.record_verdict AS v ON v.activity_id = e.activity_id
WHERE (v.is_confirmed AND e.{IS_POSSIBLE}) OR (v.is_confirmed IS NULL AND e.doubt = '' AND ifnull(s.doubt, '') = ''
    AND NOT ifnull(s.is_excluded, 0) AND r.sport <> 'VirtualRun' AND NOT r.is_indoor)"""  # noqa: S608  # names of ours
        bad = {row.id for row in find_bad_rows(self.connection)}
        rows = (ComparedEffort._make(row) for row in self.connection.execute(query) if row[0] not in bad)
        return [row for row in rows if _NUMBERS.issuperset(map(type, row[:4])) and row.elapsed_s > 0 and row.span_m > 0]

    def runs(self, *, own_only: bool) -> list[ComparedRun]:
        """The runs that may be races: neither virtual nor indoors."""
        schema = "main" if own_only else "temp"
        query = f"""
SELECT r.id, r.local_date, r.name, r.distance_m, coalesce(r.elapsed_time_s, r.moving_time_s), r.moving_time_s,
    ifnull(r.race_signs, ''), r.average_heartrate_bpm, r.average_cadence_spm, r.is_race,
    ifnull((SELECT s.doubt_by_others FROM {schema}.any_assessment AS s WHERE s.activity_id = r.id), '')
FROM {schema}.run AS r WHERE r.sport <> 'VirtualRun' AND NOT r.is_indoor AND r.local_date IS NOT NULL"""  # noqa: S608  # names of ours
        bad = {row.id for row in find_bad_rows(self.connection)}
        return [ComparedRun._make(row) for row in self.connection.execute(query) if row[0] not in bad]

    def save(
        self,
        *,
        doubts: Mapping[tuple[int, float], str],
        rides: Mapping[int, str],
        races: Mapping[int, str],
        database: str = "main",
    ) -> None:
        """Write what changed: `doubts` by run and distance, `rides` and `races` by run.

        Each is empty where there is none any more.
        """
        is_own = database == "main"
        same = "" if is_own else " OR activity_id IN (SELECT s.activity_id FROM cache.same AS s WHERE s.own_id = :run)"
        with transaction(self.connection):
            self.connection.executemany(
                f"UPDATE {database}.effort SET doubt_by_others = :text "  # noqa: S608  # names of ours
                f"WHERE span_m = :span AND doubt = '' AND (activity_id = :run{same})",
                [{"run": run_id, "span": span_m, "text": text} for (run_id, span_m), text in doubts.items()],
            )
            for column, texts in (("race_signs", races), ("doubt_by_others", rides)):
                self.connection.executemany(
                    f"UPDATE {database}.assessment SET {column} = :text WHERE activity_id = :run{same}",  # noqa: S608  # ours
                    [{"run": run_id, "text": text} for run_id, text in texts.items()],
                )
