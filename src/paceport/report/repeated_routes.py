"""Routes run repeatedly: a table with a small line of the pace for each, and its runs in a second table."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.report.chart import Row, Scale, Table, dots, line
from paceport.report.html_text import anchor_of, counted, day_text, name_text
from paceport.report.page_values import RepeatedSection, Sparkline
from paceport.training.history.favourite_routes import LEAST_RUNS, FavouriteRoute, favourite_routes
from paceport.training.history.history import History
from paceport.training.metrics.trend import Trend
from paceport.units import Units, duration_text

_AT_MOST = 20


def repeated_section(history: History, units: Units) -> RepeatedSection:
    """The routes run at least three times, most run first; one that says so where there is none."""
    found = favourite_routes(history)
    if not found:
        return RepeatedSection(summary=f"No route was run {LEAST_RUNS} times or more.")
    shown = found[:_AT_MOST]
    count = counted(len(found), "route")
    which = f"the {len(shown)} most frequent of {count}" if len(found) > len(shown) else count
    unit = units.pace_unit
    words = ("Route", "first run", "newest run", "its name")
    paces = (f"best, {unit}", "newest", f"change a year, s/{units.name}", "best adjusted", "newest adjusted")
    return RepeatedSection(
        summary=f"{which[0].upper()}{which[1:]} run {LEAST_RUNS} times or more. Each dot is a run on its day; "
        "faster is higher; each route has its own scale. The change, with its 95 % interval, is for the pace as "
        "run; it needs runs in eight different weeks.",
        table=Table(
            headings=(*words, units.name, "runs", *paces),
            rows=tuple(_row(number, one, units) for number, one in enumerate(shown, 1)),
            text_columns=len(words),
        ),
        sparks=tuple(route_spark(one, units) for one in shown),
        runs=Table(
            headings=("Route", "Day", "run", units.name, unit, "adjusted"),
            rows=tuple(row for number, one in enumerate(shown, 1) for row in _runs(number, one, units)),
            text_columns=3,
        ),
    )


def _row(number: int, one: FavouriteRoute, units: Units) -> Row:
    best, fairest, newest = one.best, one.best_adjusted, one.runs[-1]
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
        units.pace(fairest.adjusted_speed_mps if fairest else None),
        units.pace(newest.adjusted_speed_mps),
    )
    return Row(cells=cells, anchor=anchor_of(newest.id))


def change_text(trend: Trend | None, units: Units) -> str:
    """How the pace over a route changes in a year, in seconds, with its interval; words where that is not known."""
    interval = trend.pace_change_s(units.unit_m) if trend is not None else None
    if trend is None or interval is None:
        return "not known"
    slope, low, high = interval
    return f"{f'{slope:+z.0f}' if trend.is_clear else 'no clear change'} ({low:+z.0f} to {high:+z.0f})"


def _runs(number: int, one: FavouriteRoute, units: Units) -> list[Row]:
    rows = []
    for run in one.runs:
        paces = (units.pace(run.speed_mps), units.pace(run.adjusted_speed_mps))
        cells = (str(number), day_text(run.day), name_text(run.name), units.distance(run.distance_m, 2), *paces)
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
    return Sparkline(
        summary=f"Pace of {counted(len(known), 'run')}, from {duration_text(known[0][1])} "
        f"to {duration_text(known[-1][1])} {units.pace_unit}",
        days=max((one.runs[-1].day - first).days, 1),
        line=line(places),
        dots=dots(places),
    )


def _places(known: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    slow, fast = max(pace_s for _, pace_s in known), min(pace_s for _, pace_s in known)
    margin = max(0.1 * (slow - fast), 2.0)
    scale = Scale(low=slow + margin, high=fast - margin)
    return [(day, scale(pace_s)) for day, pace_s in known]
