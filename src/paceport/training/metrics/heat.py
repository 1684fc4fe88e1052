"""What temperature did to the athlete's own speed at equal heart rate. No arrays here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import fsum, isfinite, log, sqrt
from statistics import fmean, pstdev

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.unknown import Unknown

LEAST_RUNS = 40
_LEAST_SPREAD_C, _LEAST_SPREAD_WITHIN_C = 3.0, 1.0
_BLOCK_DAYS = 28
_LEAST_FREEDOM = 20
_NORMAL = 1.959963984540054  # 95 %, both sides
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
    """The coefficient of the temperature in least squares of ln(speed) over it and heart rate, by blocks of 28 days.

    Runs are compared with those of the same four weeks alone: fitness has seasons as the weather has, and across
    seasons one would pass for the other. Unknown with fewer than 40 runs, temperatures that hardly differ (standard
    deviation under 3 °C, or under 1 °C at equal heart rate within the blocks), or too few runs in the same weeks.
    Source: docs/metrics.md#heat.
    """
    used = [one for one in runs if min(one.adjusted_speed_mps, one.heartrate_bpm) > 0 and isfinite(one.temperature_c)]
    if len(used) < LEAST_RUNS:
        return Unknown(reason=f"it takes {LEAST_RUNS} runs with temperature and heart rate, and there are {len(used)}")
    temperatures = [run.temperature_c for run in used]
    first = min(run.day for run in used)
    blocks = [(run.day - first).days // _BLOCK_DAYS for run in used]
    freedom = len(used) - len(set(blocks)) - 2
    if freedom < _LEAST_FREEDOM:
        return Unknown(reason="too few runs in the same weeks")
    rates = _within(blocks, [run.heartrate_bpm for run in used])
    warm = _at_equal_rate(_within(blocks, temperatures), rates)
    speeds = _at_equal_rate(_within(blocks, [log(run.adjusted_speed_mps) for run in used]), rates)
    spread = _dot(warm, warm)
    if pstdev(temperatures) < _LEAST_SPREAD_C or sqrt(spread / len(used)) < _LEAST_SPREAD_WITHIN_C:
        return Unknown(reason="the temperatures of the runs hardly differ")
    slope = _dot(warm, speeds) / spread
    left = [speed - slope * one for speed, one in zip(speeds, warm, strict=True)]
    half = _student(freedom) * sqrt(_dot(left, left) / freedom / spread)
    return HeatEffect(
        percent_per_c=100.0 * slope,
        low_percent_per_c=100.0 * (slope - half),
        high_percent_per_c=100.0 * (slope + half),
        runs=len(used),
        coldest_c=min(temperatures),
        warmest_c=max(temperatures),
    )


def _within(blocks: Sequence[int], values: Sequence[float]) -> list[float]:
    """Each value less the mean of its block."""
    by_block: dict[int, list[float]] = {}
    for block, value in zip(blocks, values, strict=True):
        by_block.setdefault(block, []).append(value)
    means = {block: fmean(members) for block, members in by_block.items()}
    return [value - means[block] for block, value in zip(blocks, values, strict=True)]


def _at_equal_rate(values: Sequence[float], rates: Sequence[float]) -> list[float]:
    """What is left of the values after the heart rates have explained what they can; both have means of 0."""
    size = _dot(rates, rates)
    share = _dot(values, rates) / size if size > 0 else 0.0
    return [value - share * rate for value, rate in zip(values, rates, strict=True)]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return fsum(a * b for a, b in zip(one, other, strict=True))


def _student(freedom: int) -> float:
    """Student's two-sided 95 % deviate, within 0.001 from 20 degrees of freedom on (Abramowitz and Stegun 26.7.5)."""
    z = _NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
