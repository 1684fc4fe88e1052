"""Form today in words, and as a chart with its bands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart, Panel, PanelPath, Row, Scale, Table, line, round_steps
from paceport.report.date_axis import time_labels
from paceport.report.html_text import day_text, whole_number
from paceport.training.history.form_series import FormSeries
from paceport.training.metrics.fitness_and_form import Form

# Form as a share of fitness. Loads are in units of one's own, so a fixed number of points would mean little.
_FRESH, _TIRED, _VERY_TIRED = 0.05, -0.10, -0.30
_LEAST_FITNESS = 5.0
_CLEAR_CHANGE = 0.05
_MOST_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class FormToday:
    """Form today: a word for it (fresh, neutral, tired, very tired), and a sentence on what that rests on."""

    word: str
    sentence: str
    known: str


def form_today(series: FormSeries) -> FormToday | None:
    """The words for the last day of the series; None where no run has a load, or the last one was long ago."""
    if not series.values or series.values[-1].fitness < _LEAST_FITNESS:
        return None
    today, month_ago = series.values[-1], series.values[max(0, len(series.values) - 29)]
    change = today.fitness - month_ago.fitness
    clear = _CLEAR_CHANGE * month_ago.fitness
    trend = "rising" if change > clear else "falling" if change < -clear else "level"
    return FormToday(
        word=form_word(today),
        sentence=f"Form {today.form:+z.0f}: fitness {today.fitness:.0f}, fatigue {today.fatigue:.0f}. "
        f"Fitness is {trend} over four weeks ({month_ago.fitness:.0f} then).",
        known=f"{series.known_runs} of the {series.recent_runs} activities of the last six weeks have a load",
    )


def form_word(form: Form) -> str:
    """Fresh, neutral, tired or very tired: form as a share of fitness."""
    share = form.form / max(form.fitness, _LEAST_FITNESS)
    if share >= _FRESH:
        return "fresh"
    return "neutral" if share > _TIRED else "tired" if share > _VERY_TIRED else "very tired"


def form_chart(series: FormSeries, *, days: int, name: str = "form", height_px: int = 120) -> Chart | None:
    """Form of the last days over its bands, and below it fitness and fatigue; None without a load."""
    # Beyond a year one day a week is drawn; the last one is today.
    step = 7 if min(days, len(series.days)) > _MOST_DAYS else 1
    values, dates = series.values[-days:][::-step][::-1], series.days[-days:][::-step][::-1]
    if len(values) < 2:
        return None
    end = float((dates[-1] - dates[0]).days)
    return Chart(
        name=name,
        title="Form",
        summary=f"{form_word(values[-1]).capitalize()} on {day_text(dates[-1])}: form {values[-1].form:+z.0f}.",
        kind="time",
        origin=dates[0].isoformat(),
        first=0.0,
        last=end,
        labels=time_labels(dates[0], dates[-1]) if days > 60 else _weeks(dates),
        panels=(_form_panel(values, step, height_px), _fitness_panel(values, step, height_px)),
        table=_table(values, dates, step),
        legend=(("cadence", "form"), ("distance line", "fitness"), ("power", "fatigue")),
        definitions=("form",),
    )


def _form_panel(values: Sequence[Form], step: int, height_px: int) -> Panel:
    """Form, with the bands that its words stand for; they move with fitness."""
    edges = [(-1.0, _VERY_TIRED), (_VERY_TIRED, _TIRED), (_TIRED, _FRESH), (_FRESH, 1.0)]
    most = max(max(abs(one.form) for one in values), 0.35 * max(one.fitness for one in values), 10.0)
    scale = Scale(low=-1.08 * most, high=1.08 * most)
    marks = []
    for number, (low, high) in enumerate(edges):
        upper = [
            (step * at, _held(scale, high * one.fitness, high >= 1.0, scale.high)) for at, one in enumerate(values)
        ]
        lower = [(step * at, _held(scale, low * one.fitness, low <= -1.0, scale.low)) for at, one in enumerate(values)]
        around = [*upper, *reversed(lower)]
        marks.append(PanelPath(f"band{number}", "M" + "L".join(f"{step * at:g} {y:g}" for at, y in around) + "z"))
    marks.append(PanelPath("zero", f"M0 {scale(0.0):g}H{step * (len(values) - 1)}"))
    marks.append(PanelPath("line cadence", line((float(step * at), scale(one.form)) for at, one in enumerate(values))))
    ticks = tuple((scale(value), f"{value:+z.0f}" if value else "0") for value in round_steps(-most, most, 4))
    return Panel(label="form: fresh above, tired below", marks=tuple(marks), ticks=ticks, height_px=height_px)


def _held(scale: Scale, value: float, is_edge: bool, edge: float) -> float:
    return min(max(scale(edge if is_edge else value), 0.0), 100.0)


def _fitness_panel(values: Sequence[Form], step: int, height_px: int) -> Panel:
    most = max(max(one.fitness, one.fatigue) for one in values)
    scale = Scale(low=0.0, high=1.06 * max(most, 1.0))
    return Panel(
        label="fitness and fatigue",
        ticks=tuple((scale(value), f"{value:.0f}") for value in round_steps(0.0, most, 3)),
        marks=(
            PanelPath("line thin power", line((float(step * at), scale(one.fatigue)) for at, one in enumerate(values))),
            PanelPath("line distance", line((float(step * at), scale(one.fitness)) for at, one in enumerate(values))),
        ),
        height_px=height_px,
    )


def _table(values: Sequence[Form], dates: Sequence[date], step: int) -> Table:
    rows = tuple(
        Row(
            at=float(step * at),
            cells=(
                day_text(day),
                form_word(one),
                f"{one.form:+z.0f}".replace("-0", "0").replace("+0", "0")
                if abs(one.form) < 0.5
                else f"{one.form:+z.0f}",
                whole_number(one.fitness),
                whole_number(one.fatigue),
            ),
        )
        for at, (day, one) in enumerate(zip(dates, values, strict=True))
    )
    return Table(headings=("Day", "state", "form", "fitness", "fatigue"), rows=rows, text_columns=2)


def _weeks(dates: Sequence[date]) -> tuple[tuple[float, str], ...]:
    """The Mondays, every other one."""
    first, length = dates[0], max((dates[-1] - dates[0]).days, 1)
    monday = first + timedelta(days=-first.weekday() % 7)
    days = [monday + timedelta(weeks=2 * number) for number in range(length // 14 + 1)]
    return tuple(
        (round(100 * (day - first).days / length, 2), day_text(day).rsplit(" ", 1)[0])
        for day in days
        if day <= dates[-1]
    )
