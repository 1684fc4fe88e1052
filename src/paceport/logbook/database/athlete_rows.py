"""Writes what all runs together say of the athlete, for the views of `athlete_schema`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.athlete_schema import ATHLETE_COLUMNS
from paceport.logbook.database.migrations import transaction

# The rows of each view, each with the columns of `ATHLETE_COLUMNS`.
AthleteRowsByView = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AthleteRows:
    """Writes the rows of an open store; all of a database are written anew together."""

    connection: sqlite3.Connection

    def save_own(self, rows: AthleteRowsByView, *, as_of: str) -> None:
        """Those of own data, for a local day as ISO 8601."""
        self._save("main", _values(rows, as_of))

    def save_cached(self, rows: AthleteRowsByView, *, as_of: str, expires_at: str) -> None:
        """Those of own data and of what the API gave together; they expire together."""
        self._save("cache", [(*row, expires_at) for row in _values(rows, as_of)])

    def forget_cached(self) -> None:
        """Where nothing of the API is kept any more, those of own data hold."""
        self._save("cache", [])

    def _save(self, database: str, rows: list[tuple[object, ...]]) -> None:
        with transaction(self.connection):
            self.connection.execute(f"DELETE FROM {database}.athlete_result")  # noqa: S608  # names of ours
            if rows:
                places = ", ".join("?" * len(rows[0]))
                self.connection.executemany(f"INSERT INTO {database}.athlete_result VALUES ({places})", rows)  # noqa: S608  # names of ours


def _values(rows: AthleteRowsByView, as_of: str) -> list[tuple[object, ...]]:
    return [
        (view, place, json.dumps({name: row.get(name) for name in columns}), as_of)
        for view, columns in ATHLETE_COLUMNS.items()
        for place, row in enumerate(rows[view])
    ]
