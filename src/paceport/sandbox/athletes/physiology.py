"""How the simulated athletes' bodies answer: what hills cost, how fast a fitness runs, what heat and time do.

By design. No function here is one that the analysis fits or assumes (Minetti's and Strava's grade curves, Riegel's
power law, Banister's exponentials, straight lines against temperature): what it finds back is found in runs that
follow other rules. Shapes follow published work where named; the constants are ours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Straight lines with a bend at 0: the rule of coaches (ascribed to Jack Daniels) that a mile costs 12 to 15 seconds
# more for each percent uphill and 8 fewer for each percent downhill, here at 6:30 a mile. That braking eats up what
# steeper slopes give is ours. Grade in percent, flat metres for one metre.
_GRADES = (-22.0, -12.0, -8.0, 0.0, 30.0)
_COSTS = (1.12, 0.836, 0.836, 1.0, 2.02)
# A parabola, as El Helou et al. 2012 found for marathons (PLoS ONE 7(5): e37407).
COOL_ENOUGH_C = 10.0
_HEAT_PER_C2 = 0.00012
_DRIFT_S = 3000.0
_HOUR_S = 3600.0


def grade_cost(grade_percent: Floats) -> Floats:
    """How many flat metres one metre on a grade is worth: 1 on the flat, 1.34 at +10 %, 0.84 at -10 %."""
    return np.asarray(np.interp(grade_percent, _GRADES, _COSTS))


def heat_ratio(temperature_c: float) -> float:
    """The share of speed that heat takes at the same effort: none up to 10 °C, 1.2 % at 20, 4.8 % at 30."""
    return _HEAT_PER_C2 * max(0.0, temperature_c - COOL_ENOUGH_C) ** 2


def drift_bpm(moving_s: float | Floats, size_bpm: float) -> Floats:
    """By how much a heart has risen after so long at one effort: most of it in the first hour, never all of it."""
    return np.asarray(size_bpm * (1.0 - np.exp(-np.asarray(moving_s) / _DRIFT_S)))


def faded(share: float | Floats, loss_ratio: float) -> Floats:
    """Multiples of the mean pace at a share of the way: slower and slower, by `loss_ratio` from first to last metre."""
    return np.asarray(1.0 + loss_ratio * (np.asarray(share) ** 2 - 1.0 / 3.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """An athlete on one day: `threshold_speed_mps` can be held for an hour, at `threshold_heartrate_bpm`."""

    threshold_speed_mps: float
    threshold_heartrate_bpm: float
    resting_heartrate_bpm: float
    max_heartrate_bpm: float

    def heartrate_bpm(self, flat_speed_mps: float) -> float:
        """The steady heart rate at a flat-equivalent speed: a straight line through rest and threshold."""
        reserve = self.threshold_heartrate_bpm - self.resting_heartrate_bpm
        return self.resting_heartrate_bpm + reserve * flat_speed_mps / self.threshold_speed_mps

    def race_speed_mps(self, distance_m: float) -> float:
        """The best mean speed over a race: falls with the fourth root of its time, as no power law does."""
        seconds = distance_m / self.threshold_speed_mps
        for _ in range(40):
            seconds = distance_m / (self.threshold_speed_mps * (1.25 - 0.25 * (seconds / _HOUR_S) ** 0.25))
        return distance_m / seconds


def lagged(target: list[float], start: float, step_s: float, lag_s: float) -> list[float]:
    """What trails `target` by a first-order lag, both every `step_s`; how a heart follows its work."""
    share = 1.0 - math.exp(-step_s / lag_s)
    value, values = start, []
    for goal in target:
        value += share * (goal - value)
        values.append(value)
    return values
