"""Reading runs for the analysis: the documented view, what was computed from them, and their best efforts."""

import json
import sqlite3
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.bad_rows import BadRow, find_bad_rows
from paceport.logbook.database.schema_to_ask import schema_to_ask
from paceport.sports import RUN_SPORTS

_RUN_COLUMNS = (
    *("id", "strava_id", "source", "name", "sport", "start_utc", "local_start", "timezone", "distance_m"),
    *("moving_time_s", "elapsed_time_s", "average_gap_mps", "elevation_gain_m", "average_heartrate_bpm"),
    *("max_heartrate_bpm", "average_cadence_spm", "gear", "device_name", "is_manual", "is_indoor", "is_commute"),
    *("is_private", "is_race", "has_track", "deleted_at_strava", "expires_at"),
)
# What a list of runs needs of the stored figures; the rest (splits, efforts) only matters for one run.
_FIGURES = (*("heart", "elapsed_time_s", "adjusted_speed_mps", "efficiency_factor", "decoupling_percent", "polyline"),)
_NUMBERS = frozenset({int, float})
_LAP_TYPES = frozenset({int, float, type(None)})


class LapRow(NamedTuple):
    """A lap of a device: seconds from the start, elapsed and timed seconds, metres; None is not known."""

    number: int
    start_s: float
    elapsed_s: float
    timer_s: float | None
    distance_m: float | None


class NamedRun(NamedTuple):
    """What names a run, and what speaks of its data; moments are texts as they are stored."""

    id: int
    strava_id: int | None
    name: str
    start_text: str
    local_text: str
    timezone: str | None
    expires_text: str | None
    track: int  # 1 where there are samples, else 0


_NAME_COLUMNS = "id, strava_id, name, start_utc, local_start, timezone, expires_at, has_track"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRows:
    """Reads the runs of an open store, and what was computed from them. Rows that cannot be read are left out."""

    connection: sqlite3.Connection

    def bad_rows(self) -> tuple[BadRow, ...]:
        """The activities that every method here leaves out, each with the column that cannot be read."""
        return find_bad_rows(self.connection)

    def newest_ids(self, count: int, *, own_only: bool) -> frozenset[int] | None:
        """The ids of so many runs, the newest ones; None where cached or bad rows leave it to a look at all of them."""
        if self._schema(own_only) != "main" or self.bad_rows():
            return None
        query = "SELECT id FROM main.run ORDER BY start_utc DESC, id LIMIT ?"
        return frozenset(activity_id for (activity_id,) in self.connection.execute(query, (count,)))

    def runs(
        self, *, own_only: bool, sports: Collection[str] | None = RUN_SPORTS, ids: Collection[int] | None = None
    ) -> list[dict[str, Any]]:
        """All runs, oldest first, as column → value. Of own data alone, or a living cached value before the own one.

        `sports` are the SportTypes wanted in their place; None stands for all of them. `ids` are those of the runs
        wanted, where not all are.
        """
        bad = {row.id for row in self.bad_rows() if row.is_own or not own_only}
        # Temporary views hide those of own.db, which show own data alone. Names of ours; no value goes in.
        columns = (*_RUN_COLUMNS, "other_recordings", "race_signs", "doubt", "training_load", "load_source")
        view = "run" if sports == RUN_SPORTS else "any_sport"
        some = "" if ids is None else f"WHERE {_is_one_of('id', ids)}"
        query = f"SELECT {', '.join(columns)} FROM {self._schema(own_only)}.{view} {some} ORDER BY start_utc, id"  # noqa: S608
        rows = (dict(zip(columns, row, strict=True)) for row in self.connection.execute(query))
        if view == "any_sport" and sports is not None:
            rows = (row for row in rows if row["sport"] in sports)
        return [row for row in rows if row["id"] not in bad and row["strava_id"] not in bad]

    def run_names(self, *, own_only: bool) -> list[NamedRun]:
        """All runs, oldest first, as what names them."""
        bad = {row.id for row in self.bad_rows() if row.is_own or not own_only}
        query = f"SELECT {_NAME_COLUMNS} FROM {self._schema(own_only)}.run ORDER BY start_utc, id"  # noqa: S608  # ours
        rows = map(NamedRun._make, self.connection.execute(query).fetchall())
        return [row for row in rows if row.id not in bad and row.strava_id not in bad] if bad else list(rows)

    def recording(self, activity_id: int, *, own_only: bool) -> dict[str, Any] | None:
        """One activity by itself in the same columns, whether or not another one stands for its run."""
        # Names of ours; no value goes in.
        query = f"SELECT {', '.join(_RUN_COLUMNS)} FROM {self._schema(own_only)}.any_activity WHERE id = ?"  # noqa: S608
        row = self.connection.execute(query, (activity_id,)).fetchone()
        return dict(zip(_RUN_COLUMNS, row, strict=True)) if row else None

    def results(
        self, *, own_only: bool, with_routes: bool, ids: Collection[int] | None = None
    ) -> dict[int, dict[str, Any]]:
        """What was computed, by activity: `heart` as stored, time, speed, efficiency, the polyline if it is asked for.

        An activity that has results in both databases is there with its own ones. `ids` are those of the activities
        wanted, where not all are.
        """
        names = _FIGURES if with_routes else _FIGURES[:-1]
        found: dict[int, dict[str, Any]] = {}
        for query in _each(f"SELECT activity_id, {', '.join(names)} FROM", own_only):
            some = "" if ids is None else f" AND {_is_one_of('activity_id', ids)}"
            for activity_id, *values in self.connection.execute(query + some):
                found.setdefault(activity_id, dict(zip(names, values, strict=True)))
        return found

    def efforts(self, *, own_only: bool, since: date | None = None) -> list[tuple[int, float, float, str | None]]:
        """Best efforts as (run id, span_m, elapsed_s, why it does not count): own ones, else living cached ones.

        `since` leaves out the runs of earlier local days.
        """
        # Numbers alone are less than a text; asking for the type of each costs a third of the answer.
        query = f"""
SELECT run_id, span_m, elapsed_s, doubt FROM {self._schema(own_only)}.judged_effort
WHERE span_m < '' AND elapsed_s < ''"""  # noqa: S608  # names of ours
        if since is not None:
            query += f" AND local_date >= '{since.isoformat()}'"
        return self.connection.execute(query).fetchall()

    def doubted_runs(self, *, own_only: bool) -> dict[int, str]:
        """The runs with an effort that does not count as a record, and why; of several reasons any.

        A confirmed run is none, whatever of it nobody can have run.
        """
        schema = self._schema(own_only)
        query = f"SELECT run_id, doubt FROM {schema}.judged_effort WHERE doubt IS NOT NULL AND NOT is_confirmed"  # noqa: S608  # ours
        return {run_id: str(doubt) for run_id, doubt in self.connection.execute(query)}

    def record_words(self, *, own_only: bool) -> dict[int, bool]:
        """What a person said of runs: whether their efforts count, by run."""
        query = f"SELECT activity_id, is_confirmed FROM {self._schema(own_only)}.record_verdict"  # noqa: S608  # ours
        return {run_id: bool(is_confirmed) for run_id, is_confirmed in self.connection.execute(query)}

    def temperatures_c(self, *, own_only: bool) -> dict[int, float]:
        """The temperature of each run that the export or the API gives one for."""
        query = f"SELECT id, temperature_c FROM {self._schema(own_only)}.run WHERE temperature_c IS NOT NULL"  # noqa: S608  # ours
        return {run_id: value for run_id, value in self.connection.execute(query) if type(value) in _NUMBERS}

    def figures(self, activity_id: int, *, own_only: bool) -> str | None:
        """All stored figures of one activity as JSON, or None where there are none."""
        for query in _each("SELECT figures FROM", own_only):
            row = self.connection.execute(
                f"{query} AND json_valid(figures) AND activity_id = ?", (activity_id,)
            ).fetchone()
            if row:
                return str(row[0])
        return None

    def notes(self, activity_id: int) -> tuple[str, ...]:
        """What was repaired, guessed, left out or amended in that activity; empty for cached ones."""
        row = self.connection.execute("SELECT notes FROM main.shown_activity WHERE id = ?", (activity_id,)).fetchone()
        if not row or not row[0]:
            return ()
        try:
            found = json.loads(row[0])
        except (ValueError, TypeError, RecursionError):
            found = None
        return tuple(map(str, found)) if isinstance(found, list) else ("its notes cannot be read",)

    def laps(self, activity_id: int, *, own_only: bool) -> list[LapRow]:
        """The laps that the device recorded, in their order; rows that cannot be read are left out."""
        # Names of ours; no value goes in.
        query = f"SELECT number, start_s, elapsed_s, timer_s, distance_m FROM {self._schema(own_only)}.any_lap WHERE activity_id = ? ORDER BY number"  # noqa: S608, E501
        rows = self.connection.execute(query, (activity_id,)).fetchall()
        return [LapRow(*row) for row in rows if _LAP_TYPES.issuperset(map(type, row))]

    def all_notes(self) -> list[tuple[int, str, tuple[str, ...]]]:
        """Id, name and notes of every activity that has notes, the newest first."""
        query = (
            "SELECT id, name FROM main.shown_activity WHERE notes IS NOT NULL AND notes != '[]' ORDER BY start_utc DESC"
        )
        found = [
            (activity_id, str(name), self.notes(activity_id)) for activity_id, name in self.connection.execute(query)
        ]
        return [row for row in found if row[2]]

    def sports(self, *, own_only: bool) -> dict[str, int]:
        """How many activities of each sport there are, the most first."""
        # Names of ours; no value goes in.
        query = f"SELECT sport, count(*) FROM {self._schema(own_only)}.any_sport GROUP BY sport ORDER BY 2 DESC, 1"  # noqa: S608
        return dict(self.connection.execute(query).fetchall())

    def other_sports(self) -> dict[str, int]:
        """How many activities there are of each sport but running, the most first; nearly: one recorded twice is two.

        It reads no more than one column, so that a list of runs can name what it leaves out.
        """
        # Names of ours; no value goes in.
        query = f"""
SELECT sport, count(*) FROM (
    SELECT sport FROM main.shown_activity UNION ALL
    SELECT c.sport FROM cache.activity AS c WHERE c.expires_at > now_utc()
        AND NOT EXISTS (SELECT 1 FROM main.activity AS o WHERE o.id = c.id)
) WHERE sport NOT IN ({", ".join(map(repr, RUN_SPORTS))}) GROUP BY sport ORDER BY 2 DESC, 1"""  # noqa: S608
        return dict(self.connection.execute(query).fetchall())

    def hardest_minutes(self, *, own_only: bool) -> list[tuple[str, float, float | None]]:
        """(local day, highest mean heart rate over a minute, average heart rate) of each run that knows them."""
        schema = self._schema(own_only)
        query = f"""
SELECT r.local_date, s.best_minute_bpm, r.average_heartrate_bpm
FROM {schema}.any_assessment AS s JOIN {schema}.run AS r ON r.id = s.activity_id
WHERE s.best_minute_bpm > 0 AND r.local_date IS NOT NULL"""  # noqa: S608  # names of ours; no value goes in
        rows = self.connection.execute(query).fetchall()
        return [row for row in rows if type(row[1]) in _NUMBERS and (row[2] is None or type(row[2]) in _NUMBERS)]

    def highest_heart_rates(self, *, own_only: bool) -> list[float]:
        """The highest heart rate of each run that knows one; of each activity where no run does."""
        for view in ("run", "any_sport"):
            rows = self.connection.execute(f"SELECT max_heartrate_bpm FROM {self._schema(own_only)}.{view}")  # noqa: S608  # ours
            found = [rate for (rate,) in rows if isinstance(rate, float | int)]
            if found:
                return found
        return []

    def _schema(self, own_only: bool) -> str:
        """Whose views to ask."""
        return "main" if own_only else schema_to_ask(self.connection)

    def with_cached_values(self) -> list[tuple[int, str]]:
        """The activities that show some value of the API's, as (id, until when it may be kept).

        Loads alone, computed with what the API said of the athlete, are not meant.
        """
        if self._schema(own_only=False) == "main":
            return []
        query = "SELECT id, cached_until FROM temp.any_sport WHERE cached_until IS NOT NULL AND source <> 'own'"
        return self.connection.execute(query).fetchall()


def _is_one_of(column: str, ids: Collection[int]) -> str:
    return f"{column} IN ({', '.join(str(int(one)) for one in ids)})"


def _each(select: str, own_only: bool) -> list[str]:
    """The same question to the results of own.db and, unless own data alone is wanted, to what lives of cache.db's."""
    own = f"{select} main.result WHERE true"
    return [own] if own_only else [own, f"{select} cache.result WHERE expires_at > now_utc()"]
