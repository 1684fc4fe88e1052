"""Training: form, weeks, intensity by month, pace, the best pace over each distance, predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import log
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart, Panel, PanelPath, Row, Scale, Table, dots, line
from paceport.report.history_charts import pace_section, weeks_section, zones_section
from paceport.report.html_text import UNKNOWN, day_text, hours, month_text
from paceport.report.measured import measured_sections
from paceport.report.pace_curve import pace_axes
from paceport.report.page_values import MeasuredSection, PredictionSection
from paceport.report.pages.answers import best_of, form_of
from paceport.report.pages.form_words import FormToday, form_chart, form_today
from paceport.report.pages.snapshot import Snapshot
from paceport.report.predictions import prediction_section
from paceport.training.history.history import History
from paceport.training.history.zone_times import zone_times
from paceport.training.metrics.intensity_distribution import IntensityDistribution, distribution_by_heart_rate
from paceport.training.metrics.personal_records import RankedAttempt
from paceport.training.metrics.span_names import span_name
from paceport.units import Units, duration_text

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

PERIODS = (("6", "6 months"), ("12", "12 months"), ("24", "2 years"), ("all", "everything"))
_MONTH_DAYS = 30.44
_LABELLED_M = (400.0, 1000.0, 5000.0, 10000.0, 42195.0)
_PARTS: tuple[Callable[[IntensityDistribution], float], ...] = (
    lambda one: one.easy_s,
    lambda one: one.moderate_s,
    lambda one: one.hard_s,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPage:
    """The page for one period: `period` is a key of PERIODS. What is None has nothing to show."""

    period: str
    periods: tuple[tuple[str, str], ...]
    form: FormToday | None
    form_chart: Chart | None
    weeks: Chart | None
    intensity: Chart | None
    zones: Chart | None
    zones_text: str
    pace: Chart | None
    curve: Chart | None
    predicted: PredictionSection | None
    measured: tuple[MeasuredSection, ...]


def training_page(snapshot: Snapshot, store: Store, period: str) -> TrainingPage:
    """The page of a period; one that is no key of PERIODS is the first. What is `measured` is of all runs."""
    history, units = snapshot.history, snapshot.units
    chosen = period if period in dict(PERIODS) else PERIODS[0][0]
    series = form_of(snapshot)
    days = max(len(series.days), 2) if chosen == "all" else round(int(chosen) * _MONTH_DAYS)
    recent = _recent(history, None if chosen == "all" else history.today - timedelta(days=days))
    return TrainingPage(
        period=chosen,
        periods=PERIODS,
        form=form_today(series),
        form_chart=form_chart(series, days=days, height_px=170) if form_today(series) else None,
        weeks=weeks_section(recent, replace(series, days=(), values=()), units) if recent.runs else None,
        intensity=intensity_chart(recent),
        zones=zones_section(history),
        zones_text=history.facts.zones_text,
        pace=pace_section(recent, units) if recent.runs else None,
        curve=curve_chart(snapshot),
        predicted=predictions_of(snapshot),
        measured=snapshot.once("measured", lambda: measured_sections(store, history, units)),
    )


def predictions_of(snapshot: Snapshot) -> PredictionSection | None:
    """The race predictions of the snapshot; None where the last 90 days say nothing."""
    return snapshot.once("predictions", lambda: prediction_section(snapshot.history, snapshot.units))


def _recent(history: History, since: date | None) -> History:
    return replace(history, runs=tuple(run for run in history.runs if since is None or run.day >= since))


def intensity_chart(history: History) -> Chart | None:
    """Easy, moderate and hard hours, month by month; None without heart rate zones."""
    months = [
        (month, found)
        for month, seconds in zone_times(history).months
        if (found := distribution_by_heart_rate(seconds))
    ]
    if not months:
        return None
    first, last = months[0][0], months[-1][0]
    count = _month_number(last) - _month_number(first) + 1
    most_h = max(_hours(one) for _, one in months)
    scale = Scale(low=0.0, high=max(most_h, 0.1) * 1.05)
    marks, rows = _stacked_months(months, scale)
    sums = [sum(part(one) for _, one in months) for part in _PARTS]
    parts = [f"{100 * seconds / max(sum(sums), 1e-9):.0f} %" for seconds in sums]
    return Chart(
        name="intensity",
        title="Intensity",
        summary=f"{parts[0]} easy (zones 1 and 2), {parts[1]} moderate (zone 3), {parts[2]} hard (zones 4 and 5).",
        kind="plain",
        first=0.0,
        last=float(count),
        labels=_month_labels(first, count),
        panels=(
            Panel(
                label="hours a month",
                height_px=170,
                ticks=tuple((scale(value), f"{value:g}") for value in _whole_steps(most_h)),
                marks=marks,
            ),
        ),
        table=Table(headings=("Month", "easy", "moderate", "hard", "time, h"), rows=rows),
        legend=(("zone2", "easy"), ("zone3", "moderate"), ("zone5", "hard")),
        definitions=("intensity-distribution", "time-in-zone"),
    )


def _stacked_months(
    months: Sequence[tuple[date, IntensityDistribution]], scale: Scale
) -> tuple[tuple[PanelPath, ...], tuple[Row, ...]]:
    """For each month three boxes over each other, and its row."""
    first = _month_number(months[0][0])
    boxes: dict[str, list[str]] = {"zone2": [], "zone3": [], "zone5": []}
    rows = []
    for month, one in months:
        at, base_h = _month_number(month) - first, 0.0
        for look, part in zip(boxes, _PARTS, strict=True):
            top_h = base_h + part(one) / 3600
            boxes[look].append(f"M{at + 0.08:g} {scale(base_h):g}V{scale(top_h):g}h0.84V{scale(base_h):g}z")
            base_h = top_h
        shares = one.shares() or (0.0, 0.0, 0.0)
        cells = (month_text(month), *(f"{100 * share:.0f} %" for share in shares), hours(base_h * 3600))
        rows.append(Row(at=at + 0.5, cells=cells))
    return tuple(PanelPath(look, "".join(paths)) for look, paths in boxes.items()), tuple(rows)


def _hours(one: IntensityDistribution) -> float:
    return (one.easy_s + one.moderate_s + one.hard_s) / 3600


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month_labels(first: date, count: int) -> tuple[tuple[float, str], ...]:
    step = next((step for step in (1, 2, 3, 6, 12, 24) if count / step <= 6), 60)
    begin = _month_number(first)
    places = [number for number in range(begin, begin + count) if number % step == 0 or step == 1]
    return tuple(
        (round(100 * (number - begin + 0.5) / count, 2), month_text(date(number // 12, number % 12 + 1, 1)))
        for number in places
    )


def _whole_steps(most: float) -> list[float]:
    step = next((step for step in (1, 2, 5, 10, 20, 50) if most / step <= 4), 100)
    return [float(number * step) for number in range(int(most // step) + 1)]


def curve_chart(snapshot: Snapshot) -> Chart | None:
    """The best pace over each distance: all time, and the last twelve months; faster is higher."""
    best, units = best_of(snapshot), snapshot.units
    since, runs = snapshot.today - timedelta(days=365), snapshot.history.by_id()
    every = [(span_m, ranked[0]) for span_m, ranked in best.items()]
    recent = [
        (span_m, found)
        for span_m, ranked in best.items()
        if (found := next((one for one in ranked if runs[one.attempt.run_id].day >= since), None))
    ]
    if len(every) < 3:
        return None
    curves = [{span_m: _pace_s(span_m, one, units) for span_m, one in part} for part in (every, recent)]
    axes = pace_axes([span_m for span_m, _ in every], (pace_s for one in curves for pace_s in one.values()))
    drawn = [axes.places(one) for one in curves]
    looks = (("line thin fourth", line(drawn[0])), ("line pace", line(drawn[1])), ("spot pace", dots(drawn[1])))
    marks = tuple(PanelPath(look, path) for look, path in looks)
    by_span = dict(recent)
    rows = tuple(_curve_row(span_m, one, by_span.get(span_m), snapshot) for span_m, one in every)
    return Chart(
        name="curve",
        title="Best pace over each distance",
        summary="The fastest pace held over each distance in any run, and in the last twelve months.",
        kind="plain",
        first=axes.first,
        last=axes.last,
        labels=axes.labels({span_m: span_name(span_m) for span_m in best if span_m in _LABELLED_M}),
        panels=(Panel(label=units.pace_unit, height_px=200, ticks=axes.ticks(), marks=marks),),
        table=Table(
            headings=("Distance", "best", units.pace_unit, "day", "last 12 months", units.pace_unit), rows=rows
        ),
        legend=(("fourth", "all time"), ("pace", "last twelve months")),
        definitions=("best-efforts", "personal-records"),
    )


def _pace_s(span_m: float, one: RankedAttempt, units: Units) -> float:
    return one.attempt.elapsed_time_s * units.unit_m / span_m


def _curve_row(span_m: float, best: RankedAttempt, recent: RankedAttempt | None, snapshot: Snapshot) -> Row:
    units, runs = snapshot.units, snapshot.history.by_id
    day = snapshot.once("days of runs", lambda: {run.id: run.day for run in runs().values()})[best.attempt.run_id]
    cells: Sequence[str] = (
        span_name(span_m),
        duration_text(best.attempt.elapsed_time_s),
        duration_text(_pace_s(span_m, best, units)),
        day_text(day),
        duration_text(recent.attempt.elapsed_time_s) if recent else UNKNOWN,
        duration_text(_pace_s(span_m, recent, units)) if recent else UNKNOWN,
    )
    number = best.attempt.run_id
    return Row(at=log(span_m), cells=tuple(cells), anchor=f"run-{number}" if number >= 0 else f"file-{-number}")
