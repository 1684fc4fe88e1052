"""Charts of one run: pace, heart rate, elevation, cadence and power over its distance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from paceport.report.chart import Chart, Panel, PanelPath, Row, Scale, Table, area, duration_steps, line, round_steps
from paceport.report.html_text import whole_number
from paceport.training.history.series import RunSeries
from paceport.units import Units

POINTS = 120  # places along a run: as many as a wide screen can tell apart at this size
# What is told of each channel; cadence and power need no more than their units.
_DEFINED_BY = {"pace": "moving-time", "speed": "moving-time", "heart rate": "heart-rate", "elevation": "elevation-gain"}
_Text = Callable[[float | None], str]


def run_chart(name: str, series: RunSeries, units: Units) -> Chart | None:
    """Its channels over the distance (over time where there is none); None with nothing to draw."""
    along = _along(series, units)
    if along[-1] <= along[0]:
        return None
    drawn = [
        (word, heading, known, text)
        for word, heading, values, text in _channels(series, units)
        if (known := _known(values))
    ]
    panels = tuple(_panel(word, heading, values, along, units) for word, heading, values, _ in drawn)
    if not panels:
        return None
    texts = [[text(value) for value in values] for _, _, values, text in drawn]
    place = [units.duration(value) for value in along] if series.at_m is None else [f"{value:.2f}" for value in along]
    rows = tuple(Row(at=round(along[i], 3), cells=(place[i], *(one[i] for one in texts))) for i in range(len(along)))
    unit = "time" if series.at_m is None else units.name
    return Chart(
        name=name,
        title="Along the way",
        summary=", ".join(word for word, *_ in drawn).capitalize() + f" at {len(along)} places.",
        kind="plain",
        first=along[0],
        last=along[-1],
        labels=_labels(along, series.at_m is None, units),
        panels=panels,
        table=Table(headings=(unit, *(heading for _, heading, _, _ in drawn)), rows=rows, text_columns=0),
        definitions=tuple(_DEFINED_BY[word] for word, *_ in drawn if word in _DEFINED_BY),
        level=4,
    )


def _channels(series: RunSeries, units: Units) -> list[tuple[str, str, Sequence[float | None] | None, _Text]]:
    """Each as (its word, its heading, its values, how a value is written)."""
    return [
        _speeds(series, units),
        ("heart rate", "heart rate, bpm", series.heartrate_bpm, whole_number),
        ("elevation", f"elevation, {units.height_unit}", series.altitude_m, units.height),
        ("cadence", f"cadence, {units.cadence_unit}", series.cadence_spm, whole_number),
        ("power", "power, W", series.power_w, whole_number),
    ]


def _speeds(series: RunSeries, units: Units) -> tuple[str, str, Sequence[float | None] | None, _Text]:
    """How fast: as a pace in seconds, or as a speed where these units tell that."""
    known = series.speed_mps
    if units.told == "speed":
        return "speed", f"speed, {units.speed_unit}", known, units.speed
    paces = None if known is None else [units.pace_s(speed) for speed in known]
    return "pace", f"pace, {units.pace_unit}", paces, units.duration


def _along(series: RunSeries, units: Units) -> list[float]:
    if series.at_m is not None:
        return [distance_m / units.unit_m for distance_m in series.at_m]
    return [seconds - series.at_s[0] for seconds in series.at_s]


def _known(values: Sequence[float | None] | None) -> list[float | None] | None:
    """The values with None where nothing is known; None where nothing is known at all."""
    if values is None:
        return None
    plain = [value if value is not None and isfinite(value) else None for value in values]
    return plain if any(value is not None for value in plain) else None


def _panel(word: str, heading: str, values: Sequence[float | None], along: Sequence[float], units: Units) -> Panel:
    known = sorted(value for value in values if value is not None)
    low, high = known[len(known) // 50], known[len(known) - 1 - len(known) // 50]
    if word == "pace":
        margin = max(0.15 * (high - low), 10.0)
        scale = Scale(low=high + margin, high=low - margin)
        return _lined(
            "line pace", heading, values, along, scale, duration_steps(scale.high, scale.low, 3), units.duration
        )
    if word == "speed":
        in_m = units.unit_m / 3600.0
        scale = Scale(low=max(0.0, low - 0.1 * (high - low)), high=high + max(0.1 * (high - low), 0.5))
        ticks = [step * in_m for step in round_steps(scale.low / in_m, scale.high / in_m, 3)]
        return _lined("line pace", heading, values, along, scale, ticks, units.speed)
    if word == "heart rate":
        scale = Scale(low=low - 5.0, high=high + 5.0)
        return _lined("line heart", heading, values, along, scale, round_steps(scale.low, scale.high, 3), whole_number)
    if word in ("cadence", "power"):
        scale = Scale(low=low - 5.0, high=high + 5.0)
        ticks = round_steps(scale.low, scale.high, 3)
        return _lined(f"line thin {word}", heading, values, along, scale, ticks, whole_number)
    span = max(known[-1] - known[0], 20.0)
    scale = Scale(low=known[0] - 0.15 * span, high=known[0] + 1.1 * span)
    unit_m = units.height_unit_m
    ticks = [step * unit_m for step in round_steps(scale.low / unit_m, scale.high / unit_m, 3)]
    panel = _lined("line thin climb", heading, values, along, scale, ticks, units.height)
    ground = [(round(x, 3), scale(y)) for x, y in zip(along, values, strict=True) if y is not None]
    return Panel(
        marks=(PanelPath("area fourth", area(ground)), *panel.marks), label=heading, ticks=panel.ticks, height_px=84
    )


def _lined(
    look: str,
    heading: str,
    values: Sequence[float | None],
    along: Sequence[float],
    scale: Scale,
    ticks: Sequence[float],
    text: Callable[[float], str],
) -> Panel:
    held = (
        (round(x, 3), None if y is None else min(max(scale(y), 0.0), 100.0)) for x, y in zip(along, values, strict=True)
    )
    labels = tuple((scale(value), text(value)) for value in ticks)
    return Panel(marks=(PanelPath(look, line(held)),), label=heading, ticks=labels, height_px=84)


def _labels(along: Sequence[float], is_time: bool, units: Units) -> tuple[tuple[float, str], ...]:
    first, last = along[0], along[-1]
    steps = duration_steps(first, last, 5) if is_time else round_steps(first, last, 5)
    return tuple(
        (round(100 * (step - first) / (last - first), 2), units.duration(step) if is_time else f"{step:g} {units.name}")
        for step in steps
    )
