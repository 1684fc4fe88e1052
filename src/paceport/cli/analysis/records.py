"""`records`: personal records, how they came about, and what was left out with the reason."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.history_session import (
    HistorySession,
    cache_share_as_json,
    open_history,
    say_cache_share,
    shared_options,
)
from paceport.cli.analysis.tables import plots
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.parse_quantities import parse_race_distance_m
from paceport.cli.plot import Plot
from paceport.cli.table import KEY, Column
from paceport.errors import UsageError
from paceport.training.history.coverage import records_coverage
from paceport.units import UNKNOWN, duration_text

if TYPE_CHECKING:
    from paceport.training.metrics.personal_records import Attempt, PersonalRecords, Record

_MOST_EXCLUDED = 10


@click.command("records")
@click.argument("distance", required=False)
@click.option("--table", "as_table", is_flag=True, help="The plot as a table.")
@shared_options
@pass_invocation
def records_command(
    invocation: Invocation, *, distance: str | None, as_table: bool, own_only: bool, units: str | None, as_json: bool
) -> None:
    """Show your fastest time over each standard distance; with a DISTANCE (10k, half …), how that record developed.

    Times are elapsed times over the fastest stretch of any run. Times that do not count are listed with the reason.
    """
    wanted_m = parse_race_distance_m(distance) if distance else None
    with open_history(invocation, own_only=own_only, units=units, with_efforts=True) as opened:
        from paceport.training.history.progress import records

        book = records(opened.history)
        covered = records_coverage(opened.history)
        if as_json:
            opened.output.json(_records_as_json(opened, book, wanted_m) | {"coverage": asdict(covered)})
            return
        if wanted_m is not None:
            _show_progress(opened, book, wanted_m, as_table=as_table)
        else:
            _show_current(opened, book)
        _show_excluded(opened, book, wanted_m)
        opened.output.result(f"Measured: {covered.text()}.")
        say_cache_share(opened)


def _standard_distance_m(wanted_m: float) -> float:
    """The standard distance that was meant. Raises UsageError where there is none."""
    from paceport.training.history.progress import SPAN_NAMES, span_name

    span_m = min(SPAN_NAMES, key=lambda span: abs(span - wanted_m))
    if abs(span_m - wanted_m) > 0.01 * wanted_m:
        raise UsageError(
            what=f"No records are kept over {wanted_m:,.0f} m",
            why=f"the distances are {', '.join(SPAN_NAMES.values())}",
            fix=f"paceport records {span_name(span_m).split()[0]}{'k' if span_m % 1000 == 0 else ''}",
        )
    return span_m


def _records_as_json(opened: HistorySession, book: PersonalRecords, wanted_m: float | None) -> dict[str, object]:
    only = _standard_distance_m(wanted_m) if wanted_m is not None else None
    runs = opened.history.by_id()

    def plain(attempt: Attempt) -> dict[str, object]:
        run = runs[attempt.run_id]
        return {
            "run_id": run.id,
            "local_start": run.local_start,
            "name": run.name,
            "elapsed_time_s": attempt.elapsed_time_s,
            "expires_at": run.expires_at,
        }

    return {
        "records": [
            {
                "span_m": span_m,
                "progress": [plain(record.attempt) | {"gained_s": record.gained_s} for record in progress],
            }
            for span_m, progress in book.progress.items()
            if only in (None, span_m)
        ],
        "excluded": [
            plain(one.attempt) | {"span_m": one.attempt.span_m, "because": one.reason}
            for one in book.excluded
            if only in (None, one.attempt.span_m)
        ],
        "from_the_cache": cache_share_as_json(opened.history),
    }


def _show_current(opened: HistorySession, book: PersonalRecords) -> None:
    from paceport.training.history.progress import span_name

    runs, units = opened.history.by_id(), opened.units
    if not book.progress:
        opened.output.result("No records: no run has a track of 400 m or more.")
        return
    columns = [
        Column(heading="Distance", kind="word", importance=KEY),
        Column(heading="Time", kind="number", importance=KEY),
        Column(heading=f"min/{units.name}", kind="number", importance=6),
        Column(heading="Day", kind="date", importance=8),
        Column(heading="Gained", kind="number", importance=3),
        Column(heading="Times set", kind="number", importance=2),
        Column(heading="Run id", kind="id", importance=7),
        Column(heading="Run", kind="name", importance=4),
    ]
    opened.output.table(
        columns,
        [
            [
                span_name(span_m),
                duration_text(record.attempt.elapsed_time_s),
                units.pace(span_m / record.attempt.elapsed_time_s),
                runs[record.attempt.run_id].day.isoformat(),
                _gained(record),
                str(len(book.progress[span_m])),
                str(record.attempt.run_id),
                runs[record.attempt.run_id].name or UNKNOWN,
            ]
            for span_m, record in book.current().items()
        ],
    )
    opened.output.say(
        "Elapsed time over the best stretch of a run. To see how a record developed: paceport records 10k"
    )


def _show_progress(opened: HistorySession, book: PersonalRecords, wanted_m: float, *, as_table: bool) -> None:
    from paceport.training.history.progress import span_name

    span_m = _standard_distance_m(wanted_m)
    runs, units, output = opened.history.by_id(), opened.units, opened.output
    progress = book.progress.get(span_m, ())
    output.heading(f"{span_name(span_m)}, elapsed time")
    if not progress:
        output.result("No run is long enough and has a track.")
        return
    rows = [
        [
            runs[record.attempt.run_id].day.isoformat(),
            duration_text(record.attempt.elapsed_time_s),
            units.pace(span_m / record.attempt.elapsed_time_s),
            _gained(record),
            str(record.attempt.run_id),
            runs[record.attempt.run_id].name or UNKNOWN,
        ]
        for record in progress
    ]
    first, last = progress[0].attempt.at, opened.history.runs[-1].start
    plot = Plot(
        values=_record_speeds(progress, span_m, last),
        label=lambda speed: duration_text(span_m / speed),
        ticks=((0.0, f"{first:%Y-%m}"), (1.0, f"{last:%Y-%m}")),
    )
    columns = [
        Column(heading="Day", kind="date", importance=KEY),
        Column(heading="Time", kind="number", importance=KEY),
        Column(heading=f"min/{units.name}", kind="number", importance=5),
        Column(heading="Gained", kind="number", importance=6),
        Column(heading="Run id", kind="id", importance=7),
        Column(heading="Run", kind="name", importance=4),
    ]
    if output.stdout_is_terminal and not as_table and len(progress) > 1:
        plots(output, [("The record over time (faster is higher)", plot)], table=(columns, rows), as_table=False)
        output.result("")
    output.table(columns, rows)


def _record_speeds(progress: tuple[Record, ...], span_m: float, end: datetime, points: int = 200) -> list[float]:
    """The speed of the record that stood at even steps from the first record to the end."""
    start = progress[0].attempt.at
    length_s = (end - start).total_seconds()
    values, place = [], 0
    for point in range(points):
        at_s = length_s * point / (points - 1)
        while place + 1 < len(progress) and (progress[place + 1].attempt.at - start).total_seconds() <= at_s:
            place += 1
        values.append(span_m / progress[place].attempt.elapsed_time_s if length_s else math.nan)
    return values


def _gained(record: Record) -> str:
    if record.gained_s is None:
        return "first"
    return f"{record.gained_s:.1f} s" if record.gained_s < 60 else duration_text(record.gained_s)


def _show_excluded(opened: HistorySession, book: PersonalRecords, wanted_m: float | None) -> None:
    from paceport.training.history.progress import span_name

    only = _standard_distance_m(wanted_m) if wanted_m is not None else None
    runs = opened.history.by_id()
    excluded = [one for one in book.excluded if only in (None, one.attempt.span_m)]
    if not excluded:
        return
    opened.output.result("")
    opened.output.heading("Faster than the record at that time, but not counted")
    columns = [
        Column(heading="Distance", kind="word", importance=KEY),
        Column(heading="Time", kind="number", importance=KEY),
        Column(heading="Day", kind="date", importance=7),
        Column(heading="Run id", kind="id", importance=8),
        Column(heading="Because", kind="prose", importance=KEY),
    ]
    newest = sorted(excluded, key=lambda one: one.attempt.at, reverse=True)
    opened.output.table(
        columns,
        [
            [
                span_name(one.attempt.span_m),
                duration_text(one.attempt.elapsed_time_s),
                runs[one.attempt.run_id].day.isoformat(),
                str(one.attempt.run_id),
                one.reason,
            ]
            for one in newest[:_MOST_EXCLUDED]
        ],
    )
    if len(excluded) > _MOST_EXCLUDED:
        opened.output.say(f"{len(excluded) - _MOST_EXCLUDED} older ones are not shown; --json gives all")
