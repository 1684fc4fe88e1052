"""What the analysis found, kept beside the data it was found in."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.plot_rows import write_plot_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from paceport.logbook.database.activity_record import MeasureRecord, ResultRecord

_FLAT = (
    *("distance_m", "moving_time_s", "elevation_gain_m", "elevation_loss_m", "average_gap_mps"),
    *("average_heartrate_bpm", "max_heartrate_bpm", "average_cadence_spm", "training_load"),
)
# Figures that lists of runs show, as the analysis names them.
_OF_FIGURES = ("elapsed_time_s", "adjusted_speed_mps", "efficiency_factor", "decoupling_percent", "polyline")


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingActivity:
    """An activity whose results are missing, or were computed from other content or by another version."""

    activity_id: int
    content: str
    sport: str
    is_own: bool


_PENDING_OWN = """
SELECT a.id, a.content, a.sport, 1, a.start_utc FROM main.shown_activity AS a
    LEFT JOIN main.result AS r ON r.activity_id = a.id AND r.content = a.content AND r.version = :version
    WHERE a.samples > 0 AND r.activity_id IS NULL
UNION ALL"""
_PENDING_CACHED = """
SELECT c.id, c.content, c.sport, 0, c.start_utc FROM cache.activity AS c
    LEFT JOIN cache.result AS r ON r.activity_id = c.id AND r.content = c.content AND r.version = :version
        AND r.expires_at > now_utc()
    LEFT JOIN main.activity AS o ON o.id = c.id AND o.samples > 0
    WHERE c.samples > 0 AND c.expires_at > now_utc() AND r.activity_id IS NULL AND o.id IS NULL
ORDER BY 5 DESC, 1"""


def pending_results(connection: sqlite3.Connection, version: int, *, with_own: bool = True) -> list[PendingActivity]:
    """Newest first; own activities, and cached ones that have no own data."""
    query = _PENDING_OWN + _PENDING_CACHED if with_own else _PENDING_CACHED
    rows = connection.execute(query, {"version": version})
    return [PendingActivity(activity_id=row[0], content=row[1], sport=row[2], is_own=bool(row[3])) for row in rows]


def save_results(connection: sqlite3.Connection, results: Iterable[ResultRecord]) -> None:
    """Replace the results of activities, all of them or none. Into own.db if its samples are own, else into cache.db,
    expiring with them.

    Results of an activity that is in neither (purged meanwhile) are dropped.
    """
    with transaction(connection):
        for result in results:
            _save(connection, result)


def _save(connection: sqlite3.Connection, result: ResultRecord) -> None:
    identity = (result.activity_id,)
    own = "SELECT 1 FROM main.shown_activity WHERE id = ? AND samples > 0"
    if connection.execute(own, identity).fetchone():
        _write(connection, "main", result, ())
        return
    cached = connection.execute(
        "SELECT min(expires_at) FROM (SELECT expires_at FROM cache.activity WHERE id = :id "
        "UNION ALL SELECT expires_at FROM cache.stream WHERE activity_id = :id)",
        {"id": result.activity_id},
    ).fetchone()
    if cached and cached[0]:
        _write(connection, "cache", result, (cached[0],))


def _write(connection: sqlite3.Connection, database: str, result: ResultRecord, expires: tuple[str, ...]) -> None:
    values = _columns(result) | dict(zip(("expires_at",), expires, strict=False))
    believed = [(*effort, "") for effort in result.efforts]
    efforts = [(result.activity_id, *effort, "", *expires) for effort in (*believed, *result.doubtful_efforts)]
    assessment = {
        "activity_id": result.activity_id,
        "best_minute_bpm": result.best_minute_bpm,
        "doubt": result.doubt,
    } | dict(zip(("expires_at",), expires, strict=False))
    for table in ("result", "effort"):
        # Names of ours; no value goes in.
        connection.execute(f"DELETE FROM {database}.{table} WHERE activity_id = ?", (result.activity_id,))  # noqa: S608
    connection.execute(
        f"INSERT INTO {database}.result ({', '.join(values)}) VALUES ({_marks(tuple(values))})",  # noqa: S608  # ours too
        tuple(values.values()),
    )
    if efforts:
        query = f"INSERT INTO {database}.effort VALUES ({_marks(efforts[0])})"  # noqa: S608  # ours too
        connection.executemany(query, efforts)
    # That of the earlier result went with it.
    connection.execute(
        f"INSERT OR REPLACE INTO {database}.assessment ({', '.join(assessment)}) "  # noqa: S608  # ours too
        f"VALUES ({_marks(tuple(assessment))})",
        tuple(assessment.values()),
    )
    if result.plot is not None:
        write_plot_row(connection, database, result.activity_id, result.plot, expires)
    if result.measures is not None:
        _write_measures(connection, database, result.activity_id, result.measures, expires)


def _write_measures(
    connection: sqlite3.Connection,
    database: str,
    activity_id: int,
    measures: MeasureRecord,
    expires: tuple[str, ...],
) -> None:
    """Those of the earlier result went with it."""
    values = {"activity_id": activity_id, **measures.columns} | dict(zip(("expires_at",), expires, strict=False))
    names = ", ".join(values)
    # Names of ours and marks; no value goes in.
    query = f"INSERT INTO {database}.measure ({names}) VALUES ({_marks(tuple(values))})"  # noqa: S608
    connection.execute(query, tuple(values.values()))
    for table, parts in (("duration_best", measures.duration_bests), ("grade_bin", measures.grade_bins)):
        rows = [(activity_id, *part, *expires) for part in parts]
        if rows:
            connection.executemany(f"INSERT INTO {database}.{table} VALUES ({_marks(rows[0])})", rows)  # noqa: S608


def _columns(result: ResultRecord) -> dict[str, object]:
    # Only what computes needs it; it writes as json does, in a tenth of the time.
    import msgspec

    heart = result.figures.get("heart")
    return {
        "activity_id": result.activity_id,
        "version": result.version,
        "content": result.content,
        **{name: result.columns.get(name) for name in _FLAT},
        **{name: result.figures.get(name) for name in _OF_FIGURES},
        "heart": json.dumps(heart) if heart is not None and result.heart is None else result.heart,
        "figures": msgspec.json.encode(result.figures).decode(),
        "load_inputs": json.dumps(inputs) if (inputs := result.figures.get("load_inputs")) else None,
    }


def _marks(values: tuple[object, ...]) -> str:
    return ", ".join("?" * len(values))
