"""Runs as CSV, for spreadsheets and everything else."""

import csv
from pathlib import Path

from paceport.logbook.database import Store
from paceport.logbook.exporting.destination import Written, finish, new_place, rows_of, writing

# A spreadsheet runs what begins so; OWASP, "CSV Injection", read November 2026.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_csv(store: Store, place: Path, *, include_cached: bool = False) -> Written:
    """One line for each run, UTF-8, oldest first.

    Text that a spreadsheet would take for a formula gets an apostrophe in front. Raises UsageError if `place` exists.
    """
    rows = rows_of(store, include_cached=include_cached)
    columns = store.view("run", include_cached=include_cached).columns
    new_place(place)
    with writing(place), place.open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return finish(store, place, [place], rows)


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
