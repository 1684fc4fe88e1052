"""A route that is taken again and again: the small line of its pace, and how that changes."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.report.chart import Scale, dots, line
from paceport.report.page_values import Sparkline
from paceport.training.history.favourite_routes import FavouriteRoute
from paceport.training.history.sport_figures import noun
from paceport.training.metrics.trend import Trend
from paceport.units import Units


def change_text(trend: Trend | None, units: Units) -> str:
    """How the pace over a route changes in a year, in seconds, or its speed, with the interval; or words."""
    if trend is None:
        return "not known"
    interval: Sequence[float] | None
    if units.told == "speed":
        interval = [3600.0 * each / units.unit_m for each in (trend.per_year, trend.low_per_year, trend.high_per_year)]
    else:
        interval = trend.pace_change_s(units.lap_unit_m if units.told == "swim" else units.unit_m)
    if interval is None:
        return "not known"
    slope, low, high = (f"{each:+z.{1 if units.told in ('speed', 'swim') else 0}f}" for each in interval)
    return f"{slope if trend.is_clear else 'no clear change'} ({low} to {high})"


def route_spark(one: FavouriteRoute, units: Units) -> Sparkline:
    """The pace of each run at its day, as wide as from the first to the newest."""
    first = one.runs[0].day
    paces = [((run.day - first).days, units.pace_s(run.speed_mps)) for run in one.runs]
    known = [(float(day), pace_s) for day, pace_s in paces if pace_s is not None]
    if not known:
        return Sparkline(summary="Pace not known", days=1, line="", dots="")
    places = _places(known)
    timed = [run for run in one.runs if units.pace_s(run.speed_mps) is not None]
    several = noun({run.sport for run in one.runs}, len(known))
    return Sparkline(
        summary=f"{'Speed' if units.told == 'speed' else 'Pace'} of {len(known):,} {several}, from "
        f"{units.pace(timed[0].speed_mps)} to {units.pace(timed[-1].speed_mps)} {units.pace_unit}",
        days=max((one.runs[-1].day - first).days, 1),
        line=line(places),
        dots=dots(places),
    )


def _places(known: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    slow, fast = max(pace_s for _, pace_s in known), min(pace_s for _, pace_s in known)
    margin = max(0.1 * (slow - fast), 2.0)
    scale = Scale(low=slow + margin, high=fast - margin)
    return [(day, scale(pace_s)) for day, pace_s in known]
