"""The best efforts of one run, with their places among all, and what of them does not count."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from paceport.cli.output import Output
from paceport.cli.table import KEY, Column, numbers
from paceport.units import UNKNOWN, Units, duration_text

if TYPE_CHECKING:
    from paceport.training.history.effort_places import PlacedEffort
    from paceport.training.history.run import Run
    from paceport.training.history.run_detail import RunDetail


def show_efforts(output: Output, units: Units, detail: RunDetail, places: Sequence[PlacedEffort]) -> None:
    """The efforts as a table, and below it the reasons of those that do not count."""
    from paceport.training.history.run_detail import efforts_that_count
    from paceport.training.metrics.span_names import span_name

    if not detail.best_efforts and not places:
        return
    counted = {one.span_m: one for one in places if one.doubt is None}
    efforts = efforts_that_count(detail.figures, {span_m: one.elapsed_time_s for span_m, one in counted.items()})
    year = detail.run.day.year
    output.blank_line()
    output.heading("Best efforts, elapsed time")
    output.table(
        [
            Column(heading="Distance", kind="word", importance=KEY),
            Column(heading="Time", kind="number", importance=KEY),
            *numbers(f"min/{units.name}", f"From {units.name}"),
            Column(heading="Place", kind="word", importance=6),
        ],
        [
            [
                span_name(one.span_m),
                duration_text(one.elapsed_time_s),
                units.pace(one.span_m / one.elapsed_time_s if one.elapsed_time_s > 0 else None),
                units.distance(one.start_m),
                place_text(counted.get(one.span_m), year),
            ]
            for one in efforts
        ],
    )
    for reason in dict.fromkeys(one.doubt for one in places if one.doubt is not None):
        times = [
            f"{span_name(one.span_m)} in {duration_text(one.elapsed_time_s)}" for one in places if one.doubt == reason
        ]
        output.result(f"Not counted: {', '.join(times)}: {reason}.")
    _say_how_to_decide(output, detail.run, {one.doubt for one in places if one.doubt is not None})


def _say_how_to_decide(output: Output, run: Run, doubts: Set[str]) -> None:
    from paceport.logbook.database.record_verdicts import can_be_confirmed
    from paceport.logbook.database.record_views import REJECTED

    if REJECTED in doubts:
        output.say(f"To take that back: paceport records --undo {run.id}")
    elif run.expires_at is None and any(map(can_be_confirmed, doubts)):
        output.say(f"If such a time is true: paceport records --confirm {run.id}")


def place_text(one: PlacedEffort | None, year: int) -> str:
    """As people say it: `3rd of all, 1st of 2026`."""
    if one is None or one.place is None or one.place_in_year is None:
        return UNKNOWN
    return f"{_ordinal(one.place)} of all, {_ordinal(one.place_in_year)} of {year}"


def _ordinal(number: int) -> str:
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{last}"


def doubt_text(run: Run) -> str:
    """Why it is probably no run, and what to do."""
    if run.expires_at is not None:
        return (
            f"{run.doubt}. So it is in no sum. It is only in the API's cache: to correct it, import your export first, "
            "or set its sport at Strava"
        )
    return (
        f"{run.doubt}. So it is in no sum. If it was a ride: paceport amend {run.id} --sport Ride. If it was a run: "
        f"paceport records --confirm {run.id}"
    )


def race_text(run: Run) -> str | None:
    """Whether it was a race, and who says so; None for a run that nothing speaks of as one."""
    if run.is_race is not None:
        return "yes, as marked" if run.is_race else None
    if not run.race_signs:
        return None
    return f"looks like one: {run.race_signs}. To decide: paceport amend {run.id} --race or --no-race"
