"""Runs as CSV, for spreadsheets and everything else."""

from pathlib import Path

from paceport.csv_text import csv_lines
from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import (
    ExportReport,
    check_new_destination,
    exported_runs,
    record_export,
    translate_write_errors,
)


def export_csv(store: Store, place: Path, *, include_cached: bool = False) -> ExportReport:
    """One line for each run, UTF-8, oldest first.

    Text that a spreadsheet would take for a formula gets an apostrophe in front. Raises UsageError if `place` exists.
    """
    rows = exported_runs(store, include_cached=include_cached)
    columns = store.view("run", include_cached=include_cached).columns
    check_new_destination(place)
    with translate_write_errors(place), place.open("x", encoding="utf-8", newline="") as stream:
        stream.writelines(csv_lines([columns, *([row[name] for name in columns] for row in rows)]))
    return record_export(store, place, [place], rows)
