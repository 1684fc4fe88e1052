"""Time in pace zones, and how much of it was easy, moderate and hard: each run by the thresholds of its own day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.threshold import Thresholds, newest_thresholds, thresholds_by_day
from paceport.training.metrics.intensity_distribution import (
    IntensityDistribution,
    added_distributions,
    distribution_by_heart_rate,
    distribution_by_speed,
)
from paceport.training.metrics.pace_zones import PaceZone, PaceZoneName, pace_zones, time_in_pace_zones_s
from paceport.training.metrics.speed_seconds import STEP_MPS, SpeedSums

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfIntensity:
    """The distribution of one month, named by its first day, and the critical speed of its last run."""

    month: date
    intensity: IntensityDistribution
    critical_mps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceZoneTimes:
    """Moving seconds in each pace zone, slowest first; each run counts by the threshold of its day.

    `newest` are the thresholds of the newest run, and `zones` those of that threshold; empty without one. `by_pace` is
    None without any critical speed, `by_heart_rate` without five heart rate zones. `months` are by critical speed,
    oldest first. `known_runs` of `runs` have a track and a threshold, `critical_runs` a track and a critical speed.
    `threshold_range_mps` are the lowest and the highest threshold that counted.
    """

    newest: Thresholds
    zones: tuple[PaceZone, ...]
    times_s: dict[PaceZoneName, float]
    threshold_range_mps: tuple[float, float] | None
    by_pace: IntensityDistribution | None
    by_heart_rate: IntensityDistribution | None
    months: tuple[MonthOfIntensity, ...]
    runs: int
    known_runs: int
    critical_runs: int


def pace_zone_times(
    store: Store, history: History, runs: Sequence[Run], *, heart_rate_zones_s: Sequence[float] = ()
) -> PaceZoneTimes:
    """Time in pace zones over these runs; `heart_rate_zones_s` are their times in heart rate zones.

    docs/metrics.md#pace-zones and #intensity-distribution.
    """
    by_day = thresholds_by_day(store, history)
    newest = newest_thresholds(history, by_day)
    sums = _sums(store, history, runs, by_day)
    months = _months(sums)
    thresholds = [threshold for threshold in sums.by_threshold if sums.by_threshold[threshold]]
    return PaceZoneTimes(
        newest=newest,
        zones=pace_zones(newest.threshold_mps) if newest.threshold_mps else (),
        times_s=_zone_times(sums.by_threshold),
        threshold_range_mps=(min(thresholds), max(thresholds)) if thresholds else None,
        by_pace=added_distributions(one.intensity for one in months),
        by_heart_rate=distribution_by_heart_rate(heart_rate_zones_s),
        months=months,
        runs=len(runs),
        known_runs=sums.known_runs,
        critical_runs=sums.critical_runs,
    )


@dataclass(slots=True)
class _Sums:
    """Seconds at each step of speed: by threshold; and by month and critical speed, in the order of the days."""

    by_threshold: dict[float, list[float]] = field(default_factory=dict)
    by_critical: dict[tuple[date, float], list[float]] = field(default_factory=dict)
    known_runs: int = 0
    critical_runs: int = 0


def _sums(store: Store, history: History, runs: Sequence[Run], by_day: Mapping[date, Thresholds]) -> _Sums:
    measures = store.measure_rows.measures(("packed_speeds", "speeds"), own_only=history.is_own_only)
    sums = _Sums()
    # Each run is added once: its month and both thresholds of its day are those of many.
    together: dict[tuple[date, float | None, float | None], SpeedSums] = {}
    for day, run_id in sorted((run.day, run.id) for run in runs):
        measured, of_the_day = measures.get(run_id), by_day.get(day)
        if measured is None or of_the_day is None:
            continue
        key = (day.replace(day=1), of_the_day.threshold_mps, of_the_day.critical_mps)
        added = together.get(key) or SpeedSums()
        if not added.add(measured["packed_speeds"], measured["speeds"]):
            continue
        together[key] = added
        sums.known_runs += bool(of_the_day.threshold_mps)
        sums.critical_runs += bool(of_the_day.critical_mps)
    for (month, threshold_mps, critical_mps), added in together.items():
        steps = added.total()
        if threshold_mps:
            steps.add_to(sums.by_threshold.setdefault(threshold_mps, []))
        if critical_mps:
            steps.add_to(sums.by_critical.setdefault((month, critical_mps), []))
    return sums


def _zone_times(by_threshold: Mapping[float, Sequence[float]]) -> dict[PaceZoneName, float]:
    """Seconds in each zone; empty where no run counts."""
    spent: dict[PaceZoneName, float] = {}
    for threshold_mps, steps in by_threshold.items():
        for name, seconds in time_in_pace_zones_s(_intervals(steps), threshold_mps).items():
            spent[name] = spent.get(name, 0.0) + seconds
    return spent


def _months(sums: _Sums) -> tuple[MonthOfIntensity, ...]:
    by_month: dict[date, list[tuple[float, IntensityDistribution]]] = {}
    for (month, critical_mps), steps in sums.by_critical.items():
        found = distribution_by_speed(_intervals(steps), critical_mps=critical_mps)
        if found is not None:
            by_month.setdefault(month, []).append((critical_mps, found))
    months = []
    for month, found_in in sorted(by_month.items()):
        total = added_distributions(one for _, one in found_in)
        if total is not None:
            months.append(MonthOfIntensity(month=month, intensity=total, critical_mps=found_in[-1][0]))
    return tuple(months)


def _intervals(steps: Sequence[float]) -> Iterable[tuple[float, float]]:
    return (((place + 0.5) * STEP_MPS, seconds) for place, seconds in enumerate(steps) if seconds > 0)
