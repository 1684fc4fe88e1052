"""`sql`: one read-only question over the documented views."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from paceport.cli.compute_missing import compute_missing
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Column, Output
from paceport.errors import StoreTooNew, UsageError
from paceport.storage.access import is_there
from paceport.text import clean

if TYPE_CHECKING:
    from paceport.logbook.database.read_only_sql import QueryResult
    from paceport.logbook.database.store import Store

_MOST_SHOWN = 1000


@click.command("sql")
@click.argument("query")
@click.option("--json", "form", flag_value="json", help="One JSON array of objects.")
@click.option("--csv", "form", flag_value="csv", help="CSV with a heading.")
@click.option(
    "--limit-s", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="Longest time, seconds."
)
@pass_invocation
def sql_command(invocation: Invocation, *, query: str, form: str | None, limit_s: float) -> None:
    """Ask the logbook in SQL (SQLite's dialect), read-only; `-` reads the question from stdin.

    The views are run, run_day, run_week, best_effort, lap and gear: docs/reference/logbook.md names every column.
    """
    store = invocation.profile().logbook()
    asked = invocation.stdin.read() if query == "-" else query
    if not asked.strip():
        raise UsageError(what="No question was given", why="it is empty", fix='paceport sql "SELECT * FROM run_week"')
    bring_up_to_date(invocation, store)
    answer = store.query(asked, limit_s=limit_s, most_rows=None if form else _MOST_SHOWN)
    if form == "json":
        invocation.output.json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows])
    elif form == "csv":
        invocation.output.raw(csv_text(answer.columns, answer.rows))
    else:
        show(invocation.output, answer)


def bring_up_to_date(invocation: Invocation, store: Store) -> None:
    """Open the logbook once: what has expired is erased and what is missing computed; nothing where there is none."""
    if not is_there(store.own_path):
        return
    try:
        with store:
            compute_missing(invocation, store)
    except StoreTooNew as error:
        invocation.output.warn(f"{error.what}: it is only read, as far as that goes")


def show(output: Output, answer: QueryResult) -> None:
    """A table, and whether it was cut."""
    is_number = [
        all(isinstance(row[at], int | float) or row[at] is None for row in answer.rows)
        for at in range(len(answer.columns))
    ]
    columns = [Column(heading=clean(name), number=flag) for name, flag in zip(answer.columns, is_number, strict=True)]
    output.table(columns, [[_cell(value) for value in row] for row in answer.rows])
    if answer.is_cut:
        output.warn(f"only the first {_MOST_SHOWN:,} rows are shown; --csv and --json give all")


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """CSV as a spreadsheet may open it: text that begins like a formula gets a quote before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def _csv_cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = clean(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
