"""`sql`: one read-only query over the documented views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from paceport.cli.compute_missing import compute_missing
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Output, json_text
from paceport.cli.table import KEY, Column
from paceport.csv_text import csv_lines, csv_text
from paceport.errors import StoreTooNew, UsageError
from paceport.logbook.database.athlete_schema import ATHLETE_VIEWS
from paceport.storage.access import is_there
from paceport.text import clean

if TYPE_CHECKING:
    from paceport.logbook.database.read_only_sql import OpenQuery, QueryResult
    from paceport.logbook.database.store import Store

_MOST_SHOWN = 1000


@click.command("sql")
@click.argument("query")
@click.option("--json", "form", flag_value="json", help="One JSON array of objects.")
@click.option("--csv", "form", flag_value="csv", help="CSV with a heading.")
@click.option(
    "--limit-s", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="The time limit in seconds."
)
@pass_invocation
def sql_command(invocation: Invocation, *, query: str, form: str | None, limit_s: float) -> None:
    """Query the logbook in SQL (SQLite's dialect), read-only; `-` reads the query from stdin.

    The views are run, run_day, run_week, best_effort, lap, gear and more, such as prediction and heat_effect:
    docs/reference/logbook.md names every column.
    """
    store = invocation.profile().logbook()
    asked = invocation.stdin.read() if query == "-" else query
    if not asked.strip():
        raise UsageError(what="No query was given", why="it is empty", fix='paceport sql "SELECT * FROM run_week"')
    bring_up_to_date(invocation, store, asked)
    if form is None:
        show(invocation.output, store.query(asked, limit_s=limit_s, most_rows=_MOST_SHOWN))
        return
    with store.open_query(asked, limit_s=limit_s) as answer:
        for text in (_json_parts if form == "json" else _csv_parts)(answer):
            invocation.output.as_json = False  # once there is a part of the answer, an error is no JSON of its own
            invocation.output.raw(text)


def _json_parts(answer: OpenQuery) -> Iterator[str]:
    """One JSON array, row by row, written as `Output.json` writes a whole one."""
    before = "["
    for batch in answer.batches:
        for row in batch:
            text = json_text(dict(zip(answer.columns, row, strict=True)))
            yield f"{before}\n  " + text.replace("\n", "\n  ")
            before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _csv_parts(answer: OpenQuery) -> Iterator[str]:
    yield csv_text(answer.columns, [])
    yield from csv_lines(row for batch in answer.batches for row in batch)


def bring_up_to_date(invocation: Invocation, store: Store, query: str) -> None:
    """Open the logbook once: what has expired is erased and what is missing computed; nothing where there is none.

    What all runs together say of the athlete is computed where the query names a view of it.
    """
    if not is_there(store.own_path):
        return
    try:
        with store:
            compute_missing(invocation, store)
            if any(view in query.casefold() for view in (*ATHLETE_VIEWS, "athlete_result")):
                _update_athlete(invocation, store)
    except StoreTooNew as error:
        invocation.output.warn(f"{error.what}: it is only read, as far as that goes")


def _update_athlete(invocation: Invocation, store: Store) -> None:
    from paceport.profile.athlete_facts import facts_from_settings
    from paceport.training.history.athlete_results import update_athlete_results

    settings = invocation.profile().settings
    update_athlete_results(
        store,
        now=invocation.clock.now(),
        given=facts_from_settings(settings.athlete),
        timezone=settings.timezone,
        not_records=settings.athlete.not_records,
    )


def show(output: Output, answer: QueryResult) -> None:
    """A table, and whether it was cut."""
    is_number = [
        all(isinstance(row[at], int | float) or row[at] is None for row in answer.rows)
        for at in range(len(answer.columns))
    ]
    # All of it was asked for: where the columns have no room beside each other, each row becomes a block.
    columns = [
        Column(heading=clean(name), kind="number" if flag else "prose", importance=KEY)
        for name, flag in zip(answer.columns, is_number, strict=True)
    ]
    output.table(columns, [[_cell(value) for value in row] for row in answer.rows])
    if answer.is_cut:
        output.warn(f"only the first {_MOST_SHOWN:,} rows are shown; --csv and --json give all")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
