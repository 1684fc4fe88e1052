"""Critical speed: the line through your best efforts, and how well it would have predicted your own races."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

SHORTEST_EFFORT_S, LONGEST_EFFORT_S = 120.0, 900.0
_LEAST_FIT = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalSpeed:
    """Distance = `speed_mps` · time + `reserve_m`, with the share of variance explained and the efforts it rests on."""

    speed_mps: float
    reserve_m: float
    fit_r2: float
    efforts: int

    def time_s(self, distance_m: float) -> float | None:
        """The time the line gives for a distance; None for one shorter than the reserve."""
        return (distance_m - self.reserve_m) / self.speed_mps if distance_m > self.reserve_m else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedEffort:
    """One timed distance of one day: a race, or a best effort out of a run."""

    day: date
    distance_m: float
    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalSpeedBackTest:
    """What the efforts before a race would have predicted for it; `error_ratio` above 0: the race was faster."""

    race: TimedEffort
    predicted_s: float
    error_ratio: float


def critical_speed(efforts: Sequence[tuple[float, float]]) -> CriticalSpeed | None:
    """Least squares of distance over time on (distance_m, elapsed_s) efforts of 2 to 15 minutes.

    None with fewer than three such efforts, a speed that is not above 0, a negative reserve, or r² below 0.99.
    Source: docs/metrics.md#critical-speed.
    """
    used = [(distance, time) for distance, time in efforts if SHORTEST_EFFORT_S <= time <= LONGEST_EFFORT_S]
    if len(used) < 3:
        return None
    mean_m, mean_s = fmean(distance for distance, _ in used), fmean(time for _, time in used)
    spread_s = sum((time - mean_s) ** 2 for _, time in used)
    spread_m = sum((distance - mean_m) ** 2 for distance, _ in used)
    together = sum((time - mean_s) * (distance - mean_m) for distance, time in used)
    if spread_s <= 0 or spread_m <= 0:
        return None
    speed_mps = together / spread_s
    reserve_m = mean_m - speed_mps * mean_s
    fit_r2 = together**2 / (spread_s * spread_m)
    if speed_mps <= 0 or reserve_m < 0 or fit_r2 < _LEAST_FIT:
        return None
    return CriticalSpeed(speed_mps=speed_mps, reserve_m=reserve_m, fit_r2=fit_r2, efforts=len(used))


def back_test(
    races: Sequence[TimedEffort], efforts: Sequence[TimedEffort], *, window_days: int = 90
) -> list[CriticalSpeedBackTest]:
    """For each race that they allow, what critical speed from the best efforts of the days before it predicted.

    The fastest effort per distance in the `window_days` before the race counts, never one of the race's own day. Races
    are returned by date. Critical speed is a model of efforts up to half an hour; longer races come out slower than
    predicted, and this is where one sees by how much.
    """
    outcomes: list[CriticalSpeedBackTest] = []
    for race in sorted(races, key=lambda one: one.day):
        fastest: dict[float, float] = {}
        for effort in efforts:
            if timedelta() < race.day - effort.day <= timedelta(days=window_days):
                best = fastest.get(effort.distance_m)
                fastest[effort.distance_m] = effort.time_s if best is None else min(best, effort.time_s)
        line = critical_speed(list(fastest.items()))
        predicted_s = None if line is None else line.time_s(race.distance_m)
        if predicted_s is not None and race.time_s > 0:
            outcomes.append(
                CriticalSpeedBackTest(race=race, predicted_s=predicted_s, error_ratio=predicted_s / race.time_s - 1.0)
            )
    return outcomes
