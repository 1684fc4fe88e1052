"""The chart of pace against grade-adjusted pace, and what its trend means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from statistics import median

from paceport.report.chart import (
    WIDEST_GAP_OF_MONTHS,
    WIDEST_GAP_OF_WEEKS,
    Chart,
    Panel,
    PanelPath,
    Row,
    Scale,
    Table,
    dots,
    duration_steps,
    line,
    not_drawn_text,
    with_gaps,
    within,
)
from paceport.report.date_axis import time_labels
from paceport.report.html_text import day_text, month_text
from paceport.training.history.progress import PaceTrend
from paceport.training.metrics.totals import week_of
from paceport.training.metrics.trend import Trend
from paceport.units import Units, duration_text

_KEPT_SHARE = 0.98  # of the paces set the scale: a walk home must not flatten the rest
_LONG_DAYS = 730  # beyond two years the lines are medians of months, which can still be told apart
_Medians = dict[date, tuple[float, float | None]]


def pace_chart(trend: PaceTrend, first: date, last: date, units: Units) -> Chart:
    """Every run as a dot, and the medians of pace and of grade-adjusted pace. Faster is higher."""
    origin, is_long = week_of(first), (last - first).days > _LONG_DAYS
    start_of, middle, widest = _MONTHS if is_long else _WEEKS
    medians = _medians(trend, start_of)
    end = float((last - origin).days + 1)
    places = [within((day - origin).days + middle, end) for day in medians]
    scale = _pace_scale([units.unit_m / speed for _, speed, _ in trend.points])
    cloud = [((day - origin).days + 0.5, scale(units.unit_m / speed)) for day, speed, _ in trend.points]
    marks = (
        PanelPath("dot", dots((x, y) for x, y in cloud if 0.0 <= y <= 100.0)),
        PanelPath(
            "line second",
            _line(zip(places, (adjusted for _, adjusted in medians.values()), strict=True), scale, units, widest),
        ),
        PanelPath(
            "line first",
            _line(zip(places, (speed for speed, _ in medians.values()), strict=True), scale, units, widest),
        ),
    )
    ticks = tuple((scale(value), duration_text(value)) for value in duration_steps(scale.high, scale.low, 5))
    return Chart(
        name="pace",
        title="Pace and grade-adjusted pace",
        summary=_summary(trend, units),
        kind="time",
        origin=origin.isoformat(),
        first=0.0,
        last=end,
        labels=time_labels(origin, last),
        panels=(Panel(height_px=260, label=units.pace_unit, ticks=ticks, marks=marks),),
        table=_table(medians, places, units, is_long=is_long),
        legend=(
            ("dot", "one run"),
            ("first", f"pace, median of the {'month' if is_long else 'week'}"),
            ("second", "grade-adjusted pace"),
        ),
        beneath=not_drawn_text(y for _, y in cloud),
        definitions=("moving-time", "grade-adjusted-pace", "trend"),
    )


def _month_of(day: date) -> date:
    return day.replace(day=1)


# What stands for a day, where its middle is, and what breaks the line.
_WEEKS = (week_of, 3.5, WIDEST_GAP_OF_WEEKS)
_MONTHS = (_month_of, 15.0, WIDEST_GAP_OF_MONTHS)


def _medians(trend: PaceTrend, start_of: Callable[[date], date]) -> _Medians:
    groups: dict[date, tuple[list[float], list[float]]] = {}
    for day, speed, adjusted in trend.points:
        found = groups.setdefault(start_of(day), ([], []))
        found[0].append(speed)
        if adjusted is not None and adjusted > 0:
            found[1].append(adjusted)
    return {
        start: (median(speeds), median(adjusted) if adjusted else None)
        for start, (speeds, adjusted) in sorted(groups.items())
    }


def _summary(trend: PaceTrend, units: Units) -> str:
    both = (("Pace", trend.speed), ("Grade-adjusted pace", trend.adjusted))
    return " ".join(_trend_sentence(what, found, units) for what, found in both)


def _line(points: Iterable[tuple[float, float | None]], scale: Scale, units: Units, widest: float) -> str:
    """A path through (place, speed), broken where more than `widest` lies between two."""
    heights = ((x, None if speed is None else min(max(scale(units.unit_m / speed), 0.0), 100.0)) for x, speed in points)
    return line(with_gaps(heights, widest))


def _table(medians: _Medians, places: Sequence[float], units: Units, *, is_long: bool) -> Table:
    rows = tuple(
        Row(at=place, cells=(month_text(day) if is_long else day_text(day), units.pace(speed), units.pace(adjusted)))
        for place, (day, (speed, adjusted)) in zip(places, medians.items(), strict=True)
    )
    first = "Month" if is_long else "Week of"
    return Table(headings=(first, f"pace, {units.pace_unit}", "grade-adjusted"), rows=rows)


def _pace_scale(paces: Sequence[float]) -> Scale:
    ordered = sorted(paces)
    cut = int(len(ordered) * (1 - _KEPT_SHARE) / 2)
    fast, slow = ordered[cut], ordered[len(ordered) - 1 - cut]
    margin = max(0.06 * (slow - fast), 5.0)
    return Scale(low=slow + margin, high=fast - margin)


def _trend_sentence(what: str, trend: Trend | None, units: Units) -> str:
    """What a trend of speeds means in seconds of pace, at the level of today."""
    if trend is None or trend.level <= 0:
        return f"{what}: too few weeks for a trend."

    def seconds(change_mps: float) -> float:
        return units.unit_m * change_mps / trend.level**2

    faster, low, high = (seconds(change) for change in (trend.per_year, trend.low_per_year, trend.high_per_year))
    if not trend.is_clear:
        return f"{what}: no clear change ({-high:+z.0f} to {-low:+z.0f} s/{units.name} a year)."
    word = "faster" if faster > 0 else "slower"
    near, far = sorted((abs(low), abs(high)))
    return f"{what}: {abs(faster):.0f} s/{units.name} {word} each year ({near:.0f} to {far:.0f}, 95 % interval)."
