"""How the simulated athletes' bodies answer: what hills cost, how fast a fitness runs, what the heart does.

By design; the shapes follow published work (named where used), the constants are ours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# A quintic of ours through six points read off the published equal-heart-rate curve ("An Improved GAP Model",
# medium.com/strava-engineering, 2017-10-03; -20 % 1.085, -10 % 0.8775, 0 1, +10 % 1.475, +20 % 2.30, +30 % 3.16),
# highest power first, grade in percent. Outside of about -20..+30 % it would be guessing, so grades are held there.
_COST = (-2.39583333e-08, -1.04166667e-07, 1.36458333e-05, 1.77291667e-03, 2.875e-02, 1.0)
STEEPEST_DOWN_PERCENT = -22.0
STEEPEST_UP_PERCENT = 30.0


def grade_cost(grade_percent: Floats) -> Floats:
    """How many flat metres one metre on a grade is worth: 1 on the flat, 1.475 at +10 %, 0.88 at -10 %."""
    grade = np.clip(grade_percent, STEEPEST_DOWN_PERCENT, STEEPEST_UP_PERCENT)
    return np.asarray(np.polyval(_COST, grade))


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
        """The best mean speed over a race, from the hour's by T2 = T1 (D2 / D1) ** 1.06 (Riegel 1981)."""
        hour_m = 3600.0 * self.threshold_speed_mps
        return float(distance_m / (3600.0 * (distance_m / hour_m) ** 1.06))


def lagged(target: list[float], start: float, step_s: float, lag_s: float) -> list[float]:
    """What trails `target` by a first-order lag, both every `step_s`; how a heart follows its work."""
    share = 1.0 - math.exp(-step_s / lag_s)
    value, values = start, []
    for goal in target:
        value += share * (goal - value)
        values.append(value)
    return values
