"""`trends routes`: the routes that were run repeatedly, and whether they are run faster."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from paceport.cli.analysis.history_session import HistorySession
from paceport.cli.table import KEY, Column
from paceport.training.history.coverage import routes_coverage
from paceport.units import UNKNOWN, Units

if TYPE_CHECKING:
    from paceport.training.history.favourite_routes import FavouriteRoute
    from paceport.training.metrics.trend import Trend


def show_routes(opened: HistorySession) -> None:
    """The table of the routes run at least three times, most run first; or the sentence that there is none."""
    from paceport.training.history.favourite_routes import LEAST_RUNS, favourite_routes

    units, output = opened.units, opened.output
    found = favourite_routes(opened.history)
    covered = routes_coverage(opened.history).text(one=opened.noun(1), several=opened.noun())
    output.result("")
    if not found:
        output.result(f"Routes: there is no route that you took {LEAST_RUNS} times or more, judging by the tracks.")
        output.result(f"Compared: {covered}.")
        return
    output.heading(f"Routes run {LEAST_RUNS} times or more, over all weeks")
    output.table(_columns(units), [_row(one, units) for one in found])
    output.result(f"Compared: {covered}.")
    output.result("")
    output.result(
        "GAP is grade-adjusted pace. The change a year is for the pace as run, in brackets its 95 % interval; it needs "
        "runs in eight different weeks."
    )


def _columns(units: Units) -> list[Column]:
    return [
        Column(heading=units.name, kind="number", importance=KEY),
        Column(heading="Runs", kind="number", importance=KEY),
        Column(heading="First", kind="date", importance=2),
        Column(heading="Newest", kind="date", importance=7),
        Column(heading=f"Best min/{units.name}", kind="number", importance=8),
        Column(heading=f"Newest min/{units.name}", kind="number", importance=8),
        Column(heading="Best GAP", kind="number", importance=3),
        Column(heading="Newest GAP", kind="number", importance=3),
        Column(heading=f"s/{units.name} a year", kind="number", importance=6),
        Column(heading="Newest run", kind="id", importance=5),
        Column(heading="Its name", kind="name", importance=1),
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
        newest.name or UNKNOWN,
    ]


def _change(trend: Trend | None, units: Units) -> str:
    interval = trend.pace_change_s(units.unit_m) if trend is not None else None
    if trend is None or interval is None:
        return "not known"
    slope, low, high = interval
    return f"{f'{slope:+z.0f}' if trend.is_clear else 'no clear change'} ({low:+z.0f} to {high:+z.0f})"


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
