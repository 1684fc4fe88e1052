"""What temperature did to the athlete's own speed at equal heart rate. No arrays here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, pstdev

from paceport.training.metrics.unknown import Unknown

LEAST_RUNS = 40
_LEAST_SPREAD_C = 3.0
_DAYS_PER_YEAR = 365.25
_NORMAL = 1.959963984540054  # 95 %, both sides
_SAME_DIRECTION = 1e-9
# Marathon times of the fastest men against the best conditions, in per cent, by wet-bulb globe temperature in °C.
# Ely et al., Med Sci Sports Exerc 39:487, 2007.
ELY_MEN_SLOWER_PERCENT = (((5.0, 10.0), 1.7), ((10.0, 15.0), 2.5), ((15.0, 20.0), 3.3), ((20.0, 25.0), 4.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRun:
    """One steady run: means of grade-adjusted speed and heart rate, and the temperature of the air."""

    day: date
    temperature_c: float
    adjusted_speed_mps: float
    heartrate_bpm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatEffect:
    """Change of speed at equal heart rate in per cent per °C, with its 95 % interval; below 0 is slower in the warm.

    It describes these runs between `coldest_c` and `warmest_c`. Humidity, sun and wind are not in it.
    """

    percent_per_c: float
    low_percent_per_c: float
    high_percent_per_c: float
    runs: int
    coldest_c: float
    warmest_c: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval does not hold 0."""
        return self.low_percent_per_c > 0 or self.high_percent_per_c < 0


def heat_effect(runs: Sequence[HeatRun]) -> HeatEffect | Unknown:
    """Least squares of ln(speed) over temperature, heart rate and date: the coefficient of the temperature.

    The date takes out a steady change of fitness, which would else pass for an effect of the season. Unknown with fewer
    than 40 runs, temperatures that hardly differ (standard deviation under 3 °C), or temperatures that only follow
    heart rate or date. Source: docs/metrics.md#heat.
    """
    used = [
        run for run in runs if run.adjusted_speed_mps > 0 and run.heartrate_bpm > 0 and math.isfinite(run.temperature_c)
    ]
    if len(used) < LEAST_RUNS:
        return Unknown(reason=f"fewer than {LEAST_RUNS} runs with temperature and heart rate")
    temperatures = [run.temperature_c for run in used]
    if pstdev(temperatures) < _LEAST_SPREAD_C:
        return Unknown(reason="the temperatures of the runs hardly differ")
    own = _residuals(temperatures, [run.heartrate_bpm for run in used], _years(used))
    spread = sum(value * value for value in own)
    if spread < 0.02 * len(used) * pstdev(temperatures) ** 2:
        return Unknown(reason="the temperature only follows heart rate or date")
    logs = _residuals(
        [math.log(run.adjusted_speed_mps) for run in used], [run.heartrate_bpm for run in used], _years(used)
    )
    slope = sum(one * other for one, other in zip(own, logs, strict=True)) / spread
    freedom = len(used) - 4
    noise = sum((log - slope * warm) ** 2 for log, warm in zip(logs, own, strict=True)) / freedom
    half = _student(freedom) * math.sqrt(noise / spread)
    return HeatEffect(
        percent_per_c=100.0 * slope,
        low_percent_per_c=100.0 * (slope - half),
        high_percent_per_c=100.0 * (slope + half),
        runs=len(used),
        coldest_c=min(temperatures),
        warmest_c=max(temperatures),
    )


def _years(runs: Sequence[HeatRun]) -> list[float]:
    first = min(run.day for run in runs)
    return [(run.day - first).days / _DAYS_PER_YEAR for run in runs]


def _residuals(values: Sequence[float], *others: Sequence[float]) -> list[float]:
    """What is left of the values after a constant and the others have explained what they can (Frisch and Waugh)."""
    left = _centred(values)
    directions: list[list[float]] = []
    for other in others:
        direction = _centred(other)
        size = _dot(direction, direction)
        for known in directions:
            direction = _less(direction, known)
        if _dot(direction, direction) > _SAME_DIRECTION * size:
            directions.append(direction)
    for direction in directions:
        left = _less(left, direction)
    return left


def _centred(values: Sequence[float]) -> list[float]:
    mean = fmean(values)
    return [value - mean for value in values]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def _less(values: Sequence[float], direction: Sequence[float]) -> list[float]:
    share = _dot(values, direction) / _dot(direction, direction)
    return [value - share * along for value, along in zip(values, direction, strict=True)]


def _student(freedom: int) -> float:
    """Student's two-sided 95 % deviate, within 1e-4 from 36 degrees of freedom on (Abramowitz and Stegun 26.7.5)."""
    z = _NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
