"""What is no longer there, for copies elsewhere: a file for each day, thirty days long.

A tombstone is about a run in a month: one that moved to another month has one for the month that it left. None is about
a run that is there: an athlete who left and came back has none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType

from paceport.jobs.run_parquet.parts import Manifest, Row
from paceport.jobs.run_parquet.table import arrow_type, write_table
from paceport.storage.private_files import remove_private

KEPT_FOR = timedelta(days=30)
_COLUMNS = {"athlete_id": "int64", "run_id": "int64", "month": "string", "gone_at": "moment"}


@dataclass(frozen=True, slots=True)
class Tombstones:
    """The tombstones of an export's folder."""

    folder: Path

    def update(self, arrow: ModuleType, gone: Collection[Row], there: Manifest, *, now: datetime) -> None:
        """Add these, once each however often an export is stopped and begun again; remove those of what is there."""
        before = {day: self._read(arrow, day) for day in self._days()}
        after = {day: {row: at for row, at in rows.items() if not there.has(row)} for day, rows in before.items()}
        known = {row for rows in after.values() for row in rows}
        today = after.setdefault(now.astimezone(UTC).date(), {})
        today.update((row, now) for row in gone if row not in known)
        for day, rows in after.items():
            if not rows:
                self._remove(day)
            elif rows != before.get(day):
                self._write(arrow, day, rows)

    def remove_old(self, *, now: datetime) -> None:
        """Whoever reads them at least once a month has seen them; after that no number is kept of what is gone."""
        for day in self._days():
            if now.astimezone(UTC).date() - day > KEPT_FOR:
                self._remove(day)

    def _days(self) -> list[date]:
        names = sorted(one.name.removeprefix("gone=") for one in (self.folder / "tombstones").glob("gone=*"))
        return [date.fromisoformat(name) for name in names]

    def _path(self, day: date) -> Path:
        return self.folder / "tombstones" / f"gone={day}" / "part-0.parquet"

    def _read(self, arrow: ModuleType, day: date) -> dict[Row, datetime]:
        path = self._path(day)
        if not path.exists():
            return {}
        rows = arrow.parquet.read_table(path, partitioning=None).to_pylist()
        return {(row["athlete_id"], row["run_id"], row["month"]): row["gone_at"] for row in rows}

    def _write(self, arrow: ModuleType, day: date, rows: dict[Row, datetime]) -> None:
        schema = arrow.schema([(name, arrow_type(arrow, kind)) for name, kind in _COLUMNS.items()])
        columns = [*([key[place] for key in rows] for place in range(3)), list(rows.values())]
        arrays = [arrow.array(values, kind.type) for values, kind in zip(columns, schema, strict=True)]
        write_table(arrow, self._path(day), arrow.Table.from_arrays(arrays, schema=schema))

    def _remove(self, day: date) -> None:
        path = self._path(day)
        remove_private(path)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()
