"""Records as tables, a plot, and JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from paceport.cli.analysis.history_session import share_as_json
from paceport.cli.analysis.tables import plots
from paceport.cli.output import Output
from paceport.cli.plot import Plot
from paceport.cli.table import KEY, Column
from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.text import clean
from paceport.training.metrics.span_names import SPAN_NAMES, span_name
from paceport.units import MILE_M, UNKNOWN, Units, duration_text

if TYPE_CHECKING:
    from paceport.logbook.database.record_verdicts import RecordVerdict
    from paceport.training.history.record_book import RecordBook
    from paceport.training.metrics.personal_records import Attempt, RankedAttempt, Record

_MOST_EXCLUDED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """The records, what a person decided on them, and how they are to be shown."""

    book: RecordBook
    verdicts: Sequence[RecordVerdict]
    units: Units
    output: Output


def standard_distance_m(wanted_m: float) -> float:
    """The standard distance that was meant. Raises UsageError where there is none."""
    span_m = min(SPAN_NAMES, key=lambda span: abs(span - wanted_m))
    if abs(span_m - wanted_m) > 0.01 * wanted_m:
        raise UsageError(
            what=f"No records are kept over {wanted_m:,.0f} m",
            why=f"the distances are {', '.join(SPAN_NAMES.values())}",
            fix=f"paceport records {_span_word(span_m)}",
        )
    return span_m


def _span_word(span_m: float) -> str:
    """A standard distance as `records` takes it in one word: 5k, 400m, half, 2mi."""
    if span_m % 1000 == 0:
        return f"{span_m / 1000:g}k"
    name = span_name(span_m)
    if "mile" in name:
        return f"{span_m / MILE_M:g}mi"
    return name.split()[0].casefold() if "arathon" in name else f"{span_m:g}m"


def records_as_json(view: RecordView, wanted_m: float | None, *, most: int) -> dict[str, object]:
    """The answer for programs: how each record developed, the `most` best, what is excluded and what was decided."""
    book = view.book
    only = standard_distance_m(wanted_m) if wanted_m is not None else None

    def plain(attempt: Attempt) -> dict[str, object]:
        run = book.runs[attempt.run_id]
        return {
            "run_id": run.id,
            "local_start": run.local_start,
            "name": run.name,
            "elapsed_time_s": attempt.elapsed_time_s,
            "expires_at": run.expires_at,
        }

    def best(span_m: float) -> list[dict[str, object]]:
        ranked = book.best(span_m, most)
        return [plain(one.attempt) | {"place": one.place, "place_in_year": one.place_in_year} for one in ranked]

    return {
        "year": book.year,
        "records": [
            {
                "span_m": span_m,
                "progress": [plain(record.attempt) | {"gained_s": record.gained_s} for record in progress],
                "best": best(span_m),
            }
            for span_m, progress in book.records.progress.items()
            if only in (None, span_m)
        ],
        "excluded": [
            plain(one.attempt) | {"span_m": one.attempt.span_m, "because": one.reason}
            for one in book.records.excluded
            if only in (None, one.attempt.span_m)
        ],
        "decided": [asdict(verdict) for verdict in view.verdicts],
        "from_the_cache": share_as_json(book.cache_share()),
        "coverage": asdict(book.coverage()),
    }


def show_all(view: RecordView, *, most: int | None) -> None:
    """Every distance: the record that stands, or the `most` best."""
    book, output = view.book, view.output
    if book.year is not None:
        output.heading(f"Records of {book.year}")
    if not book.records.progress:
        output.result(_no_records(book))
        return
    if most is None:
        output.table(*_standing(view))
        word = "10k" if 10_000.0 in book.records.progress else _span_word(max(book.records.progress))
        line = f"paceport records {word}" + (f" --year {book.year}" if book.year is not None else "")
        output.say(f"Elapsed time over the best stretch of a run. How it developed, and the ten best: {line}")
        return
    spans = book.records.progress
    rows = [[span_name(span_m), *_best_cells(view, one)] for span_m in spans for one in book.best(span_m, most)]
    output.table([Column(heading="Distance", kind="word", importance=KEY), *_best_columns(view)], rows)


def _no_records(book: RecordBook) -> str:
    if book.chosen_runs:
        return "No records: no run that counts has a track of 400 m or more."
    first, last = (choose(run.day.year for run in book.runs.values()) for choose in (min, max))
    return f"No records: there is no run of {book.year}; the first is of {first}, the last of {last}."


def _standing(view: RecordView) -> tuple[list[Column], list[list[str]]]:
    """The record that stands over each distance."""
    book, units = view.book, view.units
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
    rows = [
        [
            span_name(span_m),
            duration_text(record.attempt.elapsed_time_s),
            units.pace(span_m / record.attempt.elapsed_time_s),
            book.runs[record.attempt.run_id].day.isoformat(),
            _gained(record),
            str(len(book.records.progress[span_m])),
            str(record.attempt.run_id),
            clean(book.runs[record.attempt.run_id].name) or UNKNOWN,
        ]
        for span_m, record in book.records.current().items()
    ]
    return columns, rows


def show_distance(view: RecordView, wanted_m: float, *, most: int, as_table: bool) -> None:
    """One distance: how its record developed, then the best runs."""
    span_m = standard_distance_m(wanted_m)
    book, output = view.book, view.output
    progress = book.records.progress.get(span_m, ())
    of_year = "" if book.year is None else f" in {book.year}"
    output.heading(f"{span_name(span_m)}{of_year}, elapsed time")
    if not progress:
        output.result("No run that counts is long enough and has a track." if book.chosen_runs else _no_records(book))
        return
    rows = [_progress_cells(view, record, span_m) for record in progress]
    first, last = progress[0].attempt.at, max(run.start for run in book.runs.values())
    plot = Plot(
        values=_record_speeds(progress, span_m, last),
        label=lambda speed: duration_text(span_m / speed),
        pace_of_m=span_m,
        ticks=_year_ticks(first, last),
    )
    columns = [
        Column(heading="Day", kind="date", importance=KEY),
        Column(heading="Time", kind="number", importance=KEY),
        Column(heading=f"min/{view.units.name}", kind="number", importance=5),
        Column(heading="Gained", kind="number", importance=6),
        Column(heading="Run id", kind="id", importance=7),
        Column(heading="Run", kind="name", importance=4),
    ]
    if output.stdout_is_terminal and not as_table and len(progress) > 1:
        plots(output, [("The record over time (faster is higher)", plot)], table=(columns, rows), as_table=False)
        output.blank_line()
    output.table(columns, rows)
    output.blank_line()
    output.heading(f"The best{of_year}")
    output.table(_best_columns(view), [_best_cells(view, one) for one in book.best(span_m, most)])


def _progress_cells(view: RecordView, record: Record, span_m: float) -> list[str]:
    run = view.book.runs[record.attempt.run_id]
    return [
        run.day.isoformat(),
        duration_text(record.attempt.elapsed_time_s),
        view.units.pace(span_m / record.attempt.elapsed_time_s),
        _gained(record),
        str(run.id),
        clean(run.name) or UNKNOWN,
    ]


def _best_columns(view: RecordView) -> list[Column]:
    return [
        Column(heading="Place", kind="number", importance=KEY),
        Column(heading="In its year" if view.book.year is None else "Of all", kind="number", importance=3),
        Column(heading="Time", kind="number", importance=KEY),
        Column(heading=f"min/{view.units.name}", kind="number", importance=5),
        Column(heading="Day", kind="date", importance=8),
        Column(heading="Run id", kind="id", importance=7),
        Column(heading="Run", kind="name", importance=4),
    ]


def _best_cells(view: RecordView, one: RankedAttempt) -> list[str]:
    run = view.book.runs[one.attempt.run_id]
    places = [str(one.place), str(one.place_in_year)]
    return [
        *(places if view.book.year is None else reversed(places)),
        duration_text(one.attempt.elapsed_time_s),
        view.units.pace(one.attempt.span_m / one.attempt.elapsed_time_s),
        run.day.isoformat(),
        str(run.id),
        clean(run.name) or UNKNOWN,
    ]


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


def _year_ticks(first: datetime, last: datetime) -> list[tuple[float, str]]:
    """The beginning of the line, and of each year along it; a plot shows as many as it has room for."""
    length_s = max((last - first).total_seconds(), 1.0)
    begins = [first.replace(year=year, month=1, day=1) for year in range(first.year + 1, last.year + 1)]
    years = [((day - first).total_seconds() / length_s, f"{day:%Y}") for day in begins if day <= last]
    return [(0.0, f"{first:%Y-%m}"), *(years or [(1.0, f"{last:%Y-%m}")])]


def _gained(record: Record) -> str:
    if record.gained_s is None:
        return "first"
    return f"{record.gained_s:.1f} s" if record.gained_s < 60 else duration_text(record.gained_s)


def show_excluded(view: RecordView, wanted_m: float | None) -> None:
    """What was faster than the record of its day and does not count, and how it can."""
    only = standard_distance_m(wanted_m) if wanted_m is not None else None
    output = view.output
    excluded = [one for one in view.book.records.excluded if only in (None, one.attempt.span_m)]
    if excluded:
        output.blank_line()
        output.heading("Faster than the record at that time, but not counted")
        groups: dict[tuple[int, str], list[Attempt]] = {}
        for one in sorted(excluded, key=lambda one: (one.attempt.at, -one.attempt.span_m), reverse=True):
            groups.setdefault((one.attempt.run_id, one.reason), []).append(one.attempt)
        newest = list(groups)[:_MOST_EXCLUDED]
        columns = [
            Column(heading="Distance", kind="word", importance=KEY),
            Column(heading="Time", kind="number", importance=KEY),
            Column(heading="Day", kind="date", importance=7),
            Column(heading="Run id", kind="id", importance=8),
            Column(heading="Because", kind="prose", importance=KEY),
        ]
        output.table(columns, [_excluded_cells(view, groups[one], one[1]) for one in newest])
        if len(groups) > _MOST_EXCLUDED:
            output.say(f"{len(groups) - _MOST_EXCLUDED} older ones are not shown; --json gives all")
        _say_how_to_decide(view, newest)
    _say_decided(view)


def _say_how_to_decide(view: RecordView, excluded: Sequence[tuple[int, str]]) -> None:
    """How the newest of these (run id, reason) can be confirmed, where one can be."""
    from paceport.logbook.database.record_verdicts import can_be_confirmed

    open_ones = [run_id for run_id, reason in excluded if can_be_confirmed(reason)]
    own = next((run_id for run_id in open_ones if view.book.runs[run_id].expires_at is None), None)
    if own is not None:
        view.output.say(
            f"If such a time is true: paceport records --confirm {own}. If it is not: paceport records --reject {own}"
        )
    elif open_ones:
        view.output.say(
            "If such a time is true: import your export or the recording, then paceport records --confirm RUN. "
            "Runs that are only in the API's cache cannot be confirmed."
        )


def _excluded_cells(view: RecordView, attempts: Sequence[Attempt], reason: str) -> list[str]:
    """The efforts of one run that do not count for one reason: their distances, and the time over the longest."""
    shortest, longest = (choose(attempts, key=lambda one: one.span_m) for choose in (min, max))
    names = dict.fromkeys(span_name(one.span_m) for one in (shortest, longest))
    return [
        " to ".join(names),
        duration_text(longest.elapsed_time_s),
        view.book.runs[longest.run_id].day.isoformat(),
        str(longest.run_id),
        reason,
    ]


def _say_decided(view: RecordView) -> None:
    confirmed = [one.run_id for one in view.verdicts if one.is_confirmed]
    rejected = [one.run_id for one in view.verdicts if not one.is_confirmed]
    for word, ids in (("confirmed", confirmed), ("rejected", rejected)):
        if ids:
            shown = ", ".join(map(str, ids[:_MOST_EXCLUDED]))
            more = f" and {len(ids) - _MOST_EXCLUDED} more" if len(ids) > _MOST_EXCLUDED else ""
            view.output.say(f"You {word}: {shown}{more}. To undo: paceport records --undo RUN")
