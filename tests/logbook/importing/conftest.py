"""Imports into a logbook, and what then stands in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.formats.strava_export.dates import DateOrder
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.importing.import_report import ImportReport, Progress

Importer = Callable[..., ImportReport]
# What may differ between two ways to the same logbook: when something was seen, and in which order files were named.
_PASSING = {"intake": "", "original": "sha256, part, activity_id", "quarantine": "place, activity_id, why, fix, cells"}
TABLES = ("header", "activity", "original", "stream", "track_lap", "named_gear", "profile", "quarantine")


@pytest.fixture
def importer(store: Store, clock: ManualClock) -> Importer:
    def run(
        *paths: Path,
        into: Store | None = None,
        timezone: str | None = None,
        sport: str | None = None,
        mapping: dict[str, str] | None = None,
        date_order: DateOrder | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> ImportReport:
        return import_paths(
            list(paths),
            store=into or store,
            clock=clock,
            timezone=timezone,
            sport=sport,
            mapping=mapping,
            date_order=date_order,
            progress=progress,
        )

    return run


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All own data, table by table, sorted."""
    found = {}
    for table in TABLES:
        rows = store.connection.execute(f"SELECT {_PASSING.get(table, '*')} FROM main.{table}").fetchall()
        found[table] = sorted(rows, key=repr)
    found["files"] = sorted((path.name, path.read_bytes()) for path in store.originals_dir.glob("*"))
    return found
