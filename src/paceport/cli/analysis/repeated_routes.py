"""`trends routes`: the routes run again and again, and whether they are run faster."""

from __future__ import annotations

from dataclasses import asdict
from itertools import compress
from typing import TYPE_CHECKING

from paceport.cli.analysis.history_session import HistorySession
from paceport.cli.analysis.runs import short
from paceport.cli.output import Column
from paceport.units import UNKNOWN, Units

if TYPE_CHECKING:
    from paceport.training.history.favourite_routes import FavouriteRoute
    from paceport.training.metrics.trend import Trend

_LONGEST_NAME = 40


def show_routes(opened: HistorySession) -> None:
    """The table of the routes run at least three times, most run first; or the sentence that there is none."""
    from paceport.training.history.favourite_routes import LEAST_RUNS, favourite_routes

    units, output = opened.units, opened.output
    found = favourite_routes(opened.history)
    output.result("")
    if not found:
        output.result(f"Routes: you ran no route {LEAST_RUNS} times or more, judging by the tracks.")
        return
    output.heading(f"Routes run {LEAST_RUNS} times or more, over all weeks")
    columns = _columns(units)
    fits = [not output.stdout_is_terminal or output.width >= least for _, least in columns]
    output.table(
        [column for column, _ in compress(columns, fits)], [list(compress(_row(one, units), fits)) for one in found]
    )
    output.result("")
    if not all(fits):
        output.result("A wider terminal or a pipe shows more columns.")
    output.result(
        "GAP is grade-adjusted pace. The change is for the pace as run; it needs runs in eight different weeks."
    )


def _columns(units: Units) -> list[tuple[Column, int]]:
    """Each column with the width of a terminal that has room for it."""
    return [
        (Column(heading=units.name, number=True), 0),
        (Column(heading="Runs", number=True), 0),
        (Column(heading="First"), 124),
        (Column(heading="Newest"), 0),
        (Column(heading=f"Best min/{units.name}", number=True), 0),
        (Column(heading="Newest", number=True), 0),
        (Column(heading="Best GAP", number=True), 112),
        (Column(heading="Newest GAP", number=True), 112),
        (Column(heading=f"s/{units.name} a year (95 %)", number=True), 72),
        (Column(heading="Newest run", number=True), 90),
        (Column(heading="Its name"), 140),
    ]


def routes_as_json(opened: HistorySession) -> list[dict[str, object]]:
    """The same for programs."""
    from paceport.training.history.favourite_routes import favourite_routes

    return [_route_as_json(one) for one in favourite_routes(opened.history)]


def trend_as_json(trend: Trend | None) -> dict[str, object] | None:
    """A trend of speeds with its verdict; None where there is too little to say."""
    return None if trend is None else asdict(trend) | {"is_clear": trend.is_clear}


def _row(one: FavouriteRoute, units: Units) -> list[str]:
    best, fairest, newest = one.best, one.best_adjusted, one.runs[-1]
    return [
        units.distance(one.length_m, 1),
        f"{len(one.runs):,}",
        one.runs[0].day.isoformat(),
        newest.day.isoformat(),
        units.pace(best.speed_mps if best else None),
        units.pace(newest.speed_mps),
        units.pace(fairest.adjusted_speed_mps if fairest else None),
        units.pace(newest.adjusted_speed_mps),
        _change(one.speed, units),
        str(newest.id),
        short(newest.name, _LONGEST_NAME) or UNKNOWN,
    ]


def _change(trend: Trend | None, units: Units) -> str:
    interval = trend.pace_change_s(units.unit_m) if trend is not None else None
    if trend is None or interval is None:
        return "not known"
    slope, low, high = interval
    return f"{f'{slope:+.0f}' if trend.is_clear else 'no clear change'} ({low:+.0f} to {high:+.0f})"


def _route_as_json(one: FavouriteRoute) -> dict[str, object]:
    best, fairest, newest = one.best, one.best_adjusted, one.runs[-1]
    return {
        "length_m": one.length_m,
        "runs": len(one.runs),
        "reversed_runs": one.reversed_runs,
        "first_day": one.runs[0].day,
        "newest_day": newest.day,
        "newest_run_id": newest.id,
        "newest_speed_mps": newest.speed_mps,
        "newest_adjusted_speed_mps": newest.adjusted_speed_mps,
        "best_run_id": best.id if best else None,
        "best_speed_mps": best.speed_mps if best else None,
        "best_adjusted_run_id": fairest.id if fairest else None,
        "best_adjusted_speed_mps": fairest.adjusted_speed_mps if fairest else None,
        "speed_mps_per_year": trend_as_json(one.speed),
        "adjusted_speed_mps_per_year": trend_as_json(one.adjusted),
        "run_ids": [run.id for run in one.runs],
    }
