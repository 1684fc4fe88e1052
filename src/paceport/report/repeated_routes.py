"""Routes run repeatedly: a table with a small line of the pace for each, and its runs in a second table."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.report.chart import Row, Scale, Table, dots, line
from paceport.report.html_text import anchor_of, counted, day_text, name_text, with_article
from paceport.report.page_values import RepeatedSection, Sparkline
from paceport.training.history.favourite_routes import LEAST_RUNS, FavouriteRoute, favourite_routes
from paceport.training.history.history import History
from paceport.training.history.sport_figures import noun
from paceport.training.metrics.trend import Trend
from paceport.units import Units

_AT_MOST = 20


def repeated_section(history: History, units: Units) -> RepeatedSection:
    """The routes taken at least three times, most taken first; one that says so where there is none."""
    found = favourite_routes(history)
    if not found:
        return RepeatedSection(summary=f"No route was taken {LEAST_RUNS} times or more.")
    shown = found[:_AT_MOST]
    count = counted(len(found), "route")
    which = f"the {len(shown)} most frequent of {count}" if len(found) > len(shown) else count
    one, several = noun(history.sports, 1), noun(history.sports)
    unit, adjusted = units.pace_unit, ("best adjusted", "newest adjusted") if units.told == "pace" else ()
    words = ("Route", f"first {one}", f"newest {one}", "its name")
    told = "speed as measured" if units.told == "speed" else "pace as measured"
    return RepeatedSection(
        summary=f"{which[0].upper()}{which[1:]} taken {LEAST_RUNS} times or more. Each dot is {with_article(one)} on "
        "its day; faster is higher; each route has its own scale. The change, with its 95 % interval, is for the "
        f"{told}; it needs {several} in eight different weeks.",
        table=Table(
            headings=(*words, units.name, several, f"best, {unit}", "newest", _change_heading(units), *adjusted),
            rows=tuple(_row(number, one, units) for number, one in enumerate(shown, 1)),
            text_columns=len(words),
        ),
        sparks=tuple(route_spark(one, units) for one in shown),
        runs=Table(
            headings=("Route", "Day", one, units.name, unit, *(("adjusted",) if adjusted else ())),
            rows=tuple(row for number, one in enumerate(shown, 1) for row in _runs(number, one, units)),
            text_columns=3,
        ),
    )


def _change_heading(units: Units) -> str:
    unit = {"speed": units.speed_unit, "swim": f"s/{units.lap_unit}"}.get(units.told, f"s/{units.name}")
    return f"change a year, {unit}"


def _row(number: int, one: FavouriteRoute, units: Units) -> Row:
    best, fairest, newest = one.best, one.best_adjusted, one.runs[-1]
    adjusted = (fairest, newest) if units.told == "pace" else ()
    cells = (
        str(number),
        day_text(one.runs[0].day),
        day_text(newest.day),
        name_text(newest.name),
        units.distance(one.length_m, 1),
        f"{len(one.runs):,}",
        units.pace(best.speed_mps if best else None),
        units.pace(newest.speed_mps),
        change_text(one.speed, units),
        *(units.pace(run.adjusted_speed_mps if run else None) for run in adjusted),
    )
    return Row(cells=cells, anchor=anchor_of(newest.id))


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


def _runs(number: int, one: FavouriteRoute, units: Units) -> list[Row]:
    rows = []
    for run in one.runs:
        told = [units.pace(run.speed_mps), *([units.pace(run.adjusted_speed_mps)] if units.told == "pace" else [])]
        cells = (str(number), day_text(run.day), name_text(run.name), units.distance(run.distance_m, 2), *told)
        rows.append(Row(cells=cells, anchor=anchor_of(run.id)))
    return rows


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
