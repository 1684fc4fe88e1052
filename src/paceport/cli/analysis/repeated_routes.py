"""`trends routes`: the routes that were run repeatedly, and whether they are run faster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from paceport.cli.analysis.history_session import HistorySession
from paceport.cli.table import KEY, Column, numbers
from paceport.training.history.coverage import routes_coverage
from paceport.training.history.sport_figures import SpeedKind, pace_length_m, speed_kind, speed_text, speed_unit
from paceport.units import UNKNOWN, Units

if TYPE_CHECKING:
    from paceport.training.history.favourite_routes import FavouriteRoute
    from paceport.training.history.run import Run
    from paceport.training.metrics.trend import Trend

_GAP = ("Best GAP", "Newest GAP")


def show_routes(opened: HistorySession) -> None:
    """The table of the routes run at least three times, most run first; or the sentence that there is none."""
    from paceport.training.history.favourite_routes import LEAST_RUNS, favourite_routes

    units, output = opened.units, opened.output
    found = favourite_routes(opened.history)
    covered = routes_coverage(opened.history).text(one=opened.noun(1), several=opened.noun())
    output.blank_line()
    if not found:
        output.result(f"Routes: there is no route that you took {LEAST_RUNS} times or more, judging by the tracks.")
        output.result(f"Compared: {covered}.")
        return
    kind = speed_kind({run.sport for one in found for run in one.runs})
    output.heading(f"Routes taken {LEAST_RUNS} times or more, over all weeks")
    left_out = output.table(_columns(opened, kind), [_row(one, units, kind) for one in found])
    output.result(f"Compared: {covered}.")
    of = "the pace as run" if kind == "pace" else "the speed as measured"
    said = ["GAP is grade-adjusted pace."] if kind == "pace" and not set(_GAP) <= set(left_out) else []
    if _change_heading(units, kind) not in left_out:
        change = f"The change a year is for {of}, in brackets its 95 % interval"
        said.append(f"{change}; it needs {opened.noun()} in eight different weeks.")
    if said:
        output.blank_line()
        output.result(" ".join(said))


def _columns(opened: HistorySession, kind: SpeedKind) -> list[Column]:
    units = opened.units
    unit = speed_unit(kind, units)
    return [
        Column(heading=units.name, kind="number", importance=KEY),
        Column(heading=opened.noun().capitalize(), kind="number", importance=KEY),
        Column(heading="First", kind="date", importance=2),
        Column(heading="Newest", kind="date", importance=7),
        Column(heading=f"Best {unit}", kind="number", importance=8),
        Column(heading=f"Newest {unit}", kind="number", importance=8),
        *(numbers(*_GAP, importance=3) if kind == "pace" else ()),
        Column(heading=_change_heading(units, kind), kind="number", importance=6),
        Column(heading=f"Newest {opened.noun(1)}", kind="id", importance=5),
        Column(heading="Its name", kind="name", importance=1),
    ]


def _change_heading(units: Units, kind: SpeedKind) -> str:
    unit = {"pace": f"s/{units.name}", "swim": f"s/{units.lap_unit}"}.get(kind, units.speed_unit)
    return f"{unit} a year"


def routes_as_json(opened: HistorySession) -> list[dict[str, object]]:
    """The same for programs."""
    from paceport.training.history.favourite_routes import favourite_routes

    return [_route_as_json(one) for one in favourite_routes(opened.history)]


def trend_as_json(trend: Trend | None) -> dict[str, object] | None:
    """A trend of speeds with its verdict; None where there is too little to say."""
    return None if trend is None else asdict(trend) | {"is_clear": trend.is_clear}


def _row(one: FavouriteRoute, units: Units, kind: SpeedKind) -> list[str]:
    best, fairest, newest = one.best, one.best_adjusted, one.runs[-1]

    def speed(of: Run | None) -> str:
        return speed_text(kind, units, of.speed_mps if of else None, newest.sport)

    return [
        units.distance(one.length_m, 1),
        f"{len(one.runs):,}",
        one.runs[0].day.isoformat(),
        newest.day.isoformat(),
        speed(best),
        speed(newest),
        *(
            (units.pace(each.adjusted_speed_mps if each else None) for each in (fairest, newest))
            if kind == "pace"
            else ()
        ),
        _change(one.speed, units, kind),
        str(newest.id),
        newest.name or UNKNOWN,
    ]


def _change(trend: Trend | None, units: Units, kind: SpeedKind) -> str:
    """The change a year: of seconds for a length, or of speed where that is how the sport is told."""
    length_m = pace_length_m(kind, units)
    if trend is None:
        return "not known"
    interval: Sequence[float] | None
    if length_m is not None:
        interval = trend.pace_change_s(length_m)
    else:
        interval = [3600.0 * each / units.unit_m for each in (trend.per_year, trend.low_per_year, trend.high_per_year)]
    if interval is None:
        return "not known"
    digits = 0 if kind == "pace" else 1
    slope, low, high = (f"{each:+z.{digits}f}" for each in interval)
    return f"{slope if trend.is_clear else 'no clear change'} ({low} to {high})"


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
