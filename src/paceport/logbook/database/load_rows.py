"""What the loads of all activities are computed from, and the loads themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.migrations import transaction

if TYPE_CHECKING:
    from paceport.training.metrics.training_load import Load

_COLUMNS = (
    *("id", "strava_id", "sport", "local_start", "moving_time_s", "elapsed_time_s", "perceived_exertion"),
    *("average_power_w", "is_indoor", "doubt"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """What one activity of any sport says of its load; `heart` and `inputs` are JSON, None where nothing is known.

    `doubt` says why a run is probably none, as a drive that was recorded as one.
    """

    id: int
    strava_id: int | None
    sport: str
    local_start: str
    moving_time_s: float | None
    elapsed_time_s: float | None
    perceived_exertion: float | None
    average_power_w: float | None
    is_indoor: int
    doubt: str | None
    heart: bytes | str | None = None
    inputs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRows:
    """Reads and writes the loads of an open store."""

    connection: sqlite3.Connection

    def inputs(self, *, own_only: bool, others: Mapping[int, Iterable[int]]) -> list[LoadRow]:
        """One row for each activity that counts, of own data or of all. `others` are the other recordings of each.

        A heart rate that an activity lacks is that of its best other recording.
        """
        schema = "main" if own_only else "temp"
        # Names of ours; no value goes in.
        query = f"SELECT {', '.join(_COLUMNS)} FROM {schema}.any_sport ORDER BY start_utc, id"  # noqa: S608
        computed = self._computed(own_only=own_only)
        rows = []
        for values in self.connection.execute(query).fetchall():
            activity_id, at_strava = values[0], values[1]
            keys = [activity_id, *([at_strava] if at_strava is not None else []), *others.get(activity_id, ())]
            found = [computed[key] for key in keys if key in computed]
            heart = next((heart for heart, _ in found if heart is not None), None)
            named = dict(zip(_COLUMNS, values, strict=True))
            rows.append(LoadRow(**named, heart=heart, inputs=found[0][1] if found else None))
        return rows

    def loads(self, *, own_only: bool) -> dict[int, tuple[float, str]]:
        """The stored load of each activity and what it was computed from."""
        # Names of ours; no value goes in.
        query = f"SELECT activity_id, load, source FROM {'main' if own_only else 'temp'}.any_load"  # noqa: S608
        return {activity_id: (load, source) for activity_id, load, source in self.connection.execute(query)}

    def best_hours(self, *, own_only: bool) -> dict[int, float]:
        """The highest mean speed over an hour of elapsed time of each run that has one, in m/s."""
        # Names of ours; no value goes in.
        query = (
            f"SELECT activity_id, speed_mps FROM {'main' if own_only else 'temp'}.any_duration_best "  # noqa: S608
            "WHERE duration_s = 3600 AND speed_mps IS NOT NULL"
        )
        return dict(self.connection.execute(query).fetchall())

    def save_own(self, loads: Iterable[Load]) -> None:
        """Write the loads of own data anew, all of them or none."""
        with transaction(self.connection):
            self.connection.execute("DELETE FROM main.activity_load")
            self.connection.executemany(
                "INSERT INTO main.activity_load VALUES (?, ?, ?, ?)",
                [(one.activity_id, one.load, one.source, one.ratio) for one in loads],
            )

    def save_cached(self, loads: Iterable[Load], *, expires_at: str) -> None:
        """Write anew the loads that are others with what the API said; they expire together."""
        own = self.loads(own_only=True)
        with transaction(self.connection):
            self.connection.execute("DELETE FROM cache.activity_load")
            self.connection.executemany(
                "INSERT INTO cache.activity_load VALUES (?, ?, ?, ?, ?)",
                [
                    (one.activity_id, one.load, one.source, one.ratio, expires_at)
                    for one in loads
                    if own.get(one.activity_id) != (one.load, one.source)
                ],
            )

    def cache_state(self) -> tuple[str, str | None]:
        """What changes whenever something of the cache that loads come from does, and when its first part expires."""
        counts = []
        first: str | None = None
        replies = "reply WHERE key IN ('/athlete', '/athlete/zones') AND"
        for table in ("activity WHERE", "result WHERE", "same WHERE", "other_recording WHERE", replies):
            # Names of ours; no value goes in.
            query = (
                "SELECT count(*), min(expires_at), max(expires_at), total(julianday(expires_at)) "  # noqa: S608
                f"FROM cache.{table} expires_at > now_utc()"
            )
            row = self.connection.execute(query).fetchone()
            counts.append(row)
            first = min((moment for moment in (first, row[1]) if moment is not None), default=None)
        return repr(counts), first

    def _computed(self, *, own_only: bool) -> dict[int, tuple[bytes | str | None, str | None]]:
        """(heart, inputs) by activity; what own data gave before what the cache did."""
        found: dict[int, tuple[bytes | str | None, str | None]] = {}
        queries = ["SELECT activity_id, heart, load_inputs FROM main.result"]
        if not own_only:
            queries.append("SELECT activity_id, heart, load_inputs FROM cache.result WHERE expires_at > now_utc()")
        for query in queries:
            for activity_id, heart, inputs in self.connection.execute(query):
                found.setdefault(activity_id, (heart, inputs))
        return found
