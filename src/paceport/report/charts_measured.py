"""The charts of what each run adds to questions about many: the pace-duration curve, and effective VO2max."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import log
from statistics import median

from paceport.report.chart import (
    WIDEST_GAP_OF_MONTHS,
    Chart,
    Panel,
    PanelPath,
    Row,
    Scale,
    Table,
    dots,
    line,
    round_steps,
    with_gaps,
    within,
)
from paceport.report.date_axis import time_labels
from paceport.report.html_text import UNKNOWN, anchor_of, day_text, month_text
from paceport.report.pace_curve import pace_axes
from paceport.training.history.effective_uptake import UptakeTrend
from paceport.training.metrics.duration_names import duration_name
from paceport.training.metrics.pace_duration_curve import PaceDurationCurve, RunBestSpeed
from paceport.training.metrics.totals import week_of
from paceport.units import Units

# The newest first; what is older has no line, and is in the best of all years.
_LOOKS = ("first", "second", "third")
_LABELLED_S = (15.0, 60.0, 300.0, 1200.0, 3600.0, 14400.0)
_Best = Mapping[float, RunBestSpeed]


def duration_curve_chart(curve: PaceDurationCurve, units: Units) -> Chart | None:
    """The best pace over each duration, the newest years beside each other; None with fewer than three durations."""
    if len(curve.overall) < 3:
        return None
    years = sorted(curve.seasons, reverse=True)[: len(_LOOKS)]
    curves = [_paces(found, units) for found in (curve.overall, *_of(curve, years))]
    axes = pace_axes(curve.overall, (pace_s for one in curves for pace_s in one.values()))
    marks = [PanelPath("line thin fourth", line(axes.places(curves[0])))]
    for look, found in reversed(list(zip(_LOOKS, curves[1:], strict=False))):
        marks.append(PanelPath(f"line {look}", line(axes.places(found))))
    marks.append(PanelPath(f"spot {_LOOKS[0]}", dots(axes.places(curves[1]))))
    return Chart(
        name="duration-curve",
        title="Best pace over each duration",
        summary="The fastest mean pace over each duration of elapsed time, year beside year.",
        kind="plain",
        first=axes.first,
        last=axes.last,
        labels=axes.labels({each: duration_name(each) for each in curve.overall if each in _LABELLED_S}),
        panels=(Panel(label=units.pace_unit, height_px=200, ticks=axes.ticks(), marks=tuple(marks)),),
        table=Table(
            headings=("Duration", "best", "day", *years),
            rows=tuple(_curve_row(each, curve, years, units) for each in curve.overall),
        ),
        legend=(*zip(_LOOKS, years, strict=False), ("fourth", "all years")),
        definitions=("pace-duration-curve",),
    )


def _of(curve: PaceDurationCurve, years: Sequence[str]) -> list[_Best]:
    return [curve.seasons[year] for year in years]


def _paces(found: _Best, units: Units) -> dict[float, float]:
    return {each: units.unit_m / best.speed_mps for each, best in found.items()}


def _curve_row(duration_s: float, curve: PaceDurationCurve, years: Sequence[str], units: Units) -> Row:
    best = curve.overall[duration_s]
    of_years = (found.get(duration_s) for found in _of(curve, years))
    paces = (UNKNOWN if one is None else units.pace(one.speed_mps) for one in of_years)
    cells = (duration_name(duration_s), units.pace(best.speed_mps), day_text(best.day), *paces)
    return Row(at=log(duration_s), cells=cells, anchor=anchor_of(best.run_id))


def vo2max_chart(found: UptakeTrend, first_day: date, last: date) -> Chart | None:
    """The effective VO2max of every run that has one, and the median of each month; None without any.

    The days are those of the other charts of time, so that one period can be chosen in all of them.
    """
    if not found.points:
        return None
    first = week_of(first_day)
    values = [value for _, _, value in found.points]
    margin = 0.06 * (max(values) - min(values)) + 0.5
    scale = Scale(low=min(values) - margin, high=max(values) + margin)
    end = float((last - first).days + 1)
    medians = _medians_of_months(found, first, end)
    cloud = (((day - first).days + 0.5, scale(value)) for day, _, value in found.points)
    marks = (
        PanelPath("dot", dots(cloud)),
        PanelPath("line first", line(with_gaps(((at, scale(mid)) for at, _, mid, _ in medians), WIDEST_GAP_OF_MONTHS))),
    )
    ticks = tuple((scale(value), f"{value:g}") for value in round_steps(scale.low, scale.high))
    rows = tuple(
        Row(at=at, cells=(month_text(month), f"{middle:.1f}", f"{count:,}")) for at, month, middle, count in medians
    )
    return Chart(
        name="vo2max",
        title="Effective VO2max",
        summary=_vo2max_sentence(found),
        kind="time",
        origin=first.isoformat(),
        first=0.0,
        last=end,
        labels=time_labels(first, last),
        panels=(Panel(label="ml/kg/min", height_px=170, ticks=ticks, marks=marks),),
        table=Table(headings=("Month", "median", "runs"), rows=rows),
        legend=(("dot", "one run"), ("first", "median of the month")),
        definitions=("effective-oxygen-uptake", "trend"),
    )


def _medians_of_months(found: UptakeTrend, first: date, end: float) -> list[tuple[float, date, float, int]]:
    """Of each month its place on the axis, its first day, its median, and how many runs that is of."""
    months: dict[date, list[float]] = {}
    for day, _, value in found.points:
        months.setdefault(day.replace(day=1), []).append(value)
    return [
        (within((month - first).days + 15.0, end), month, median(each), len(each)) for month, each in months.items()
    ]


def _vo2max_sentence(found: UptakeTrend) -> str:
    basis = f"From pace and heart rate of {len(found.points):,} steady runs."
    trend = found.trend
    if trend is None:
        return f"{basis} Too few weeks for a trend."
    within = f"{trend.low_per_year:+z.1f} to {trend.high_per_year:+z.1f}"
    if not trend.is_clear:
        return f"{basis} Now {trend.level:.1f}; no clear change ({within} a year)."
    return f"{basis} Now {trend.level:.1f}; {trend.per_year:+z.1f} a year ({within}, 95 % interval)."
