"""Channels of an activity at even steps, for plots: reading and writing them (`plot_schema` has the table)."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from paceport.lazy_dataclass import dataclass

_NUMBERS = frozenset({int, float})
_MAYBE_BLOCK = frozenset({bytes, type(None)})


class PlotRow(NamedTuple):
    """The axis, in metres or seconds, and each channel as float32, the low byte first; None: not recorded."""

    is_by_distance: bool
    first: float
    last: float
    speed_mps: bytes | None
    heartrate_bpm: bytes | None
    altitude_m: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotRows:
    """Reads the rows of an open store."""

    connection: sqlite3.Connection

    def read(self, activity_id: int, *, own_only: bool) -> PlotRow | None:
        """The row of an activity: of own samples, else of living cached ones; None where none can be read."""
        names = ", ".join(PlotRow._fields)
        # Names of ours; no value goes in.
        queries = [f"SELECT {names} FROM main.plot_series WHERE activity_id = ?"]  # noqa: S608
        if not own_only:
            queries.append(f"SELECT {names} FROM cache.plot_series WHERE activity_id = ? AND expires_at > now_utc()")  # noqa: S608
        for query in queries:
            row = self.connection.execute(query, (activity_id,)).fetchone()
            if row is not None and _is_readable(row):
                return PlotRow(bool(row[0]), *row[1:])
        return None


def write_plot_row(
    connection: sqlite3.Connection, database: str, activity_id: int, row: PlotRow, expires: tuple[str, ...]
) -> None:
    """Write what a plot of an activity shows, into that database. An earlier row went with the earlier result."""
    values = (activity_id, *row, *expires)
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT OR REPLACE INTO {database}.plot_series VALUES ({marks})", values)  # noqa: S608  # names of ours


def _is_readable(row: tuple[Any, ...]) -> bool:
    is_by_distance, first, last, *blocks = row
    return _NUMBERS.issuperset((type(is_by_distance), type(first), type(last))) and _MAYBE_BLOCK.issuperset(
        map(type, blocks)
    )
