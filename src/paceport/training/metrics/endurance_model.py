"""Two numbers for a runner, from races: the speed of six minutes and how fast it falls with time. No arrays here."""

from __future__ import annotations

import math
from collections.abc import Iterable

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.averages import mean

CROSSOVER_S = 360.0  # six minutes: where the maximal aerobic speed can just be held
_SPEEDS_MPS, _DECLINES = (2.0, 7.0), (0.039, 0.135)
_LEAST_RACES = 3
_LEAST_SPREAD = 2.0
_LONGEST_S = 28_800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EnduranceModel:
    """The maximal aerobic speed, and the share of it that is lost for each e-fold of the time beyond six minutes.

    `races` is how many it was fitted to.
    """

    speed_mps: float
    decline: float
    races: int

    def distance_m(self, time_s: float) -> float:
        """How far the runner comes in that time, from six minutes on: v · T · (1 - decline · ln(T / 360 s))."""
        return self.speed_mps * time_s * (1.0 - self.decline * math.log(time_s / CROSSOVER_S))

    def time_s(self, distance_m: float) -> float | None:
        """The time over a distance, by bisection to a millisecond; None under six minutes and beyond eight hours."""
        shortest_s, longest_s = CROSSOVER_S, _LONGEST_S
        if not self.distance_m(shortest_s) <= distance_m <= self.distance_m(longest_s):
            return None
        while longest_s - shortest_s > 1e-3:
            middle_s = (shortest_s + longest_s) / 2
            if self.distance_m(middle_s) < distance_m:
                shortest_s = middle_s
            else:
                longest_s = middle_s
        return (shortest_s + longest_s) / 2


def fit_endurance_model(races: Iterable[tuple[float, float]]) -> EnduranceModel | None:
    """The model of (distance_m, time_s) races of six minutes to eight hours; the fastest over each distance counts.

    Least squares of speed over ln(time / 360 s). None with fewer than three distances, a longest time under twice the
    shortest, a speed outside 2 to 7 m/s, or a decline outside 0.039 to 0.135, the range in which runners were found.
    Source: Emig and Peltonen, Nat Commun 11:4936, 2020; docs/metrics.md#endurance-model.
    """
    fastest: dict[float, float] = {}
    for distance_m, time_s in races:
        if distance_m > 0 and CROSSOVER_S <= time_s <= _LONGEST_S:
            fastest[distance_m] = min(time_s, fastest.get(distance_m, math.inf))
    if len(fastest) < _LEAST_RACES or max(fastest.values()) < _LEAST_SPREAD * min(fastest.values()):
        return None
    points = [(math.log(time_s / CROSSOVER_S), distance_m / time_s) for distance_m, time_s in fastest.items()]
    mean_log, mean_mps = mean(log for log, _ in points), mean(speed for _, speed in points)
    spread = sum((log - mean_log) ** 2 for log, _ in points)
    slope = sum((log - mean_log) * (speed - mean_mps) for log, speed in points) / spread
    speed_mps = mean_mps - slope * mean_log
    if not _SPEEDS_MPS[0] <= speed_mps <= _SPEEDS_MPS[1] or not _DECLINES[0] <= -slope / speed_mps <= _DECLINES[1]:
        return None
    return EnduranceModel(speed_mps=speed_mps, decline=-slope / speed_mps, races=len(fastest))
