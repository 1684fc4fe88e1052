"""Runs as CSV, for spreadsheets and everything else."""

from collections.abc import Iterator

from paceport.csv_text import csv_lines
from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import ExportedRuns, Row


def csv_pieces(_store: Store, runs: ExportedRuns, held: list[Row]) -> Iterator[bytes]:
    """One line for each run, UTF-8, oldest first, after a line of column names.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    held += runs.rows
    for line in csv_lines([runs.columns, *([row[name] for name in runs.columns] for row in runs.rows)]):
        yield line.encode()
