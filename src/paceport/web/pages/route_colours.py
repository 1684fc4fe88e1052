"""What the colours of a run's track stand for: pace, heart rate or grade, in five classes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from paceport.training.history.series import RunSeries
from paceport.units import Units

CLASSES = 5
_STEEP_PERCENT = (-4.0, -1.5, 1.5, 4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteColours:
    """The class of each point, 0 to 4; what the colours are called; and the words at both ends of their scale.

    `span` says from what to what it reaches, "" where nothing is known. `choices` are the words to choose from.
    """

    name: str
    classes: list[int]
    low: str
    high: str
    span: str
    choices: tuple[str, ...]


def route_colours(series: RunSeries, units: Units, *, wanted: str, count: int) -> RouteColours:
    """The colours of `count` points: by the channel that is wanted where there is one, else by pace or speed."""
    grades = _grades_percent(series)
    speed = units.speed_word
    channels = {speed: series.speed_mps, "heart rate": series.heartrate_bpm, "grade": grades}
    choices = tuple(name for name, values in channels.items() if name == speed or _known(values))
    name = wanted if wanted in choices else speed
    values = channels[name]
    edges = list(_STEEP_PERCENT) if name == "grade" else _fifths(values)
    if len(edges) < CLASSES - 1 or values is None:
        return RouteColours(name=name, classes=[2] * count, low="", high="", span="", choices=choices)
    classes = [bisect_left(edges, value) for value in _smoothed(values).tolist()]
    low, high, unit = {
        speed: ("slower", "faster", f" {units.pace_unit}"),
        "heart rate": ("lower", "higher", " bpm"),
        "grade": ("down", "up", " %"),
    }[name]
    first, last = (units.pace(edge) if name == speed else f"{edge:.0f}" for edge in (edges[0], edges[-1]))
    return RouteColours(
        name=name, classes=classes, low=low, high=high, span=f"{first} to {last}{unit}", choices=choices
    )


def _known(values: Sequence[float] | None) -> list[float]:
    return sorted(value for value in values or () if isfinite(value))


def _fifths(values: Sequence[float] | None) -> list[float]:
    """The four values between the fifths; none where too little is known."""
    known = [value for value in _known(values) if value > 0]
    return [known[len(known) * number // CLASSES] for number in range(1, CLASSES)] if len(known) >= CLASSES else []


def _smoothed(values: Sequence[float]) -> np.ndarray:
    padded = np.pad(np.nan_to_num(np.array(values)), 2, mode="edge")
    return np.convolve(padded, np.ones(5) / 5, mode="valid")


def _grades_percent(series: RunSeries) -> tuple[float, ...] | None:
    if series.at_m is None or series.altitude_m is None or len(series.at_m) < CLASSES or not series.at_m[-1] > 0:
        return None
    return tuple((100.0 * np.gradient(_smoothed(series.altitude_m), np.array(series.at_m))).tolist())
