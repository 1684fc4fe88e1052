"""Time in pace zones, and how much of it was easy, moderate and hard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.threshold import newest_threshold
from paceport.training.metrics.intensity_distribution import (
    IntensityDistribution,
    distribution_by_heart_rate,
    distribution_by_speed,
)
from paceport.training.metrics.pace_zones import PaceZone, PaceZoneName, pace_zones, time_in_pace_zones_s
from paceport.training.metrics.speed_seconds import STEP_MPS, parse_speed_seconds
from paceport.training.metrics.training_load import ThresholdSpeed

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfIntensity:
    """The distribution of one month, named by its first day."""

    month: date
    intensity: IntensityDistribution


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceZoneTimes:
    """Moving seconds in each pace zone, slowest first, by today's threshold; empty without one.

    `by_pace` is None without a critical speed, `by_heart_rate` without five heart rate zones. `months` are by critical
    speed, oldest first. `known_runs` of `runs` have a track.
    """

    threshold: ThresholdSpeed | None
    zones: tuple[PaceZone, ...]
    times_s: dict[PaceZoneName, float]
    by_pace: IntensityDistribution | None
    by_heart_rate: IntensityDistribution | None
    months: tuple[MonthOfIntensity, ...]
    runs: int
    known_runs: int


def pace_zone_times(
    store: Store, history: History, runs: Sequence[Run], *, heart_rate_zones_s: Sequence[float] = ()
) -> PaceZoneTimes:
    """Time in pace zones over these runs; `heart_rate_zones_s` are their times in heart rate zones.

    docs/metrics.md#pace-zones and #intensity-distribution.
    """
    threshold, critical = newest_threshold(store, history)
    months, known_runs = _seconds_by_month(store, history, runs)
    total = _added(months)
    critical_mps = critical.speed_mps if critical else 0.0
    by_month = [
        MonthOfIntensity(month=month, intensity=found)
        for month, steps in sorted(months.items())
        if (found := distribution_by_speed(_intervals(steps), critical_mps=critical_mps)) is not None
    ]
    return PaceZoneTimes(
        threshold=threshold,
        zones=pace_zones(threshold.speed_mps) if threshold else (),
        times_s=time_in_pace_zones_s(_intervals(total), threshold.speed_mps) if threshold and known_runs else {},
        by_pace=distribution_by_speed(_intervals(total), critical_mps=critical_mps) if known_runs else None,
        by_heart_rate=distribution_by_heart_rate(heart_rate_zones_s),
        months=tuple(by_month),
        runs=len(runs),
        known_runs=known_runs,
    )


def _seconds_by_month(store: Store, history: History, runs: Sequence[Run]) -> tuple[dict[date, list[float]], int]:
    """Seconds at each step of speed, by month; and of how many runs."""
    measures = store.measure_rows.measures(("speeds",), own_only=history.is_own_only)
    months: dict[date, list[float]] = {}
    known_runs = 0
    for run in runs:
        found = parse_speed_seconds(measures[run.id]["speeds"]) if run.id in measures else None
        if found is None:
            continue
        known_runs += 1
        found.add_to(months.setdefault(run.day.replace(day=1), []))
    return months, known_runs


def _added(months: Mapping[date, Sequence[float]]) -> list[float]:
    return [sum(seconds) for seconds in zip_longest(*months.values(), fillvalue=0.0)]


def _intervals(steps: Sequence[float]) -> list[tuple[float, float]]:
    return [((place + 0.5) * STEP_MPS, seconds) for place, seconds in enumerate(steps) if seconds > 0]
