"""What one run adds to the questions that are asked of many: curves, durability, hills, heat, power, intensity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.best_by_duration import BestMean
from paceport.training.metrics.best_speeds import best_speeds
from paceport.training.metrics.climb_rate import Climb, mean_rate_m_per_h, profile_climbs
from paceport.training.metrics.durability import LEAST_M, Durability, durability
from paceport.training.metrics.grade_windows import GradeWindow, profile_grade_windows
from paceport.training.metrics.pace_by_grade import GradeBin
from paceport.training.metrics.power import PowerIntervals, power_intervals
from paceport.training.metrics.run_grade_bins import profile_grade_bins
from paceport.training.metrics.run_parts import durability_segments, speed_spread_ratio
from paceport.training.metrics.speed_seconds import SpeedSeconds

if TYPE_CHECKING:
    from paceport.streams import Streams
    from paceport.training.metrics.prepared_run import PreparedRun

_LEAST_POWER_COVERAGE = 0.5
_COLDEST_C, _WARMEST_C = -40.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMeasures:
    """The measures of one run, of plain types; None, and an empty tuple, say "not known". None needs the athlete.

    `columns` are figures by the name of their column. `speeds` are the moving seconds at each grade-adjusted speed,
    `drifts` the (start_m, ratio) of each later five kilometres, `bests` the (duration_s, best speed, grade-adjusted
    speed, power) of each duration.
    """

    columns: dict[str, float | None]
    speeds: SpeedSeconds | None
    drifts: tuple[tuple[float, float], ...]
    climbs: tuple[Climb, ...]
    windows: tuple[GradeWindow, ...]
    bests: tuple[tuple[float, float | None, float | None, float | None], ...]
    grade_bins: tuple[GradeBin, ...]


def run_measures(run: PreparedRun) -> RunMeasures:
    """All measures of one run; whatever its samples hold, this returns."""
    power = power_intervals(run.streams)
    if power is not None and power.coverage_ratio < _LEAST_POWER_COVERAGE:
        power = None
    columns: dict[str, float | None] = {**_power_columns(power), "device_temperature_c": _temperature_c(run.streams)}
    if run.course is None or run.moving_clock is None:
        return RunMeasures(
            columns=columns, speeds=None, drifts=(), climbs=(), windows=(), bests=_bests((), (), power), grade_bins=()
        )
    known, hills = _durability(run), run.hills
    climbs = () if hills is None else tuple(profile_climbs(run.course, hills.along, hills.course_places))
    columns |= {
        "speed_spread_ratio": speed_spread_ratio(run.moving_way),
        "durability_ratio": known.last_ratio if known else None,
        "durability_onset_m": known.onset_m if known else None,
        "climbed_m": sum(one.rise_m for one in climbs) if hills is not None else None,
        "climb_rate_m_per_h": mean_rate_m_per_h(climbs),
    }
    bins: Sequence[GradeBin] = ()
    windows: Sequence[GradeWindow] = ()
    if hills is not None:
        bins = profile_grade_bins(run.course, hills.along, hills.grades, run.moving_clock, run.heart)
    if hills is not None and run.heart is not None:
        windows = profile_grade_windows(0, run.course, hills.along, run.moving_clock, run.heart)
    return RunMeasures(
        columns=columns,
        speeds=None if run.smoothed is None else SpeedSeconds.of(*run.smoothed),
        drifts=tuple((one.start_m, one.ratio) for one in known.drifts) if known else (),
        climbs=climbs,
        windows=tuple(windows),
        bests=_bests(*best_speeds(run.course, run.adjusted), power),
        grade_bins=tuple(bins),
    )


def _durability(run: PreparedRun) -> Durability | None:
    if run.course is None or run.course.total_m < LEAST_M:
        return None
    found = durability(durability_segments(run.course, run.heart, run.adjusted, moving_clock=run.moving_clock))
    return found if isinstance(found, Durability) else None


def _power_columns(power: PowerIntervals | None) -> dict[str, Any]:
    return {
        "power_w": power.mean_w() if power else None,
        "normalised_power_w": power.normalised_w() if power else None,
        "work_kj": power.work_kj() if power else None,
    }


def _bests(
    speeds: Sequence[BestMean], adjusted: Sequence[BestMean], power: PowerIntervals | None
) -> tuple[tuple[float, float | None, float | None, float | None], ...]:
    by_kind = [{one.duration_s: one.mean_per_s for one in bests} for bests in (speeds, adjusted)]
    by_kind.append({one.duration_s: one.mean_per_s for one in power.bests_w()} if power else {})
    durations = sorted({duration_s for bests in by_kind for duration_s in bests})
    raw, worth, watts = by_kind
    return tuple((each, raw.get(each), worth.get(each), watts.get(each)) for each in durations)


def _temperature_c(streams: Streams) -> float | None:
    """The mean of what the device's own thermometer said."""
    if streams.temperature_c is None:
        return None
    known = streams.temperature_c[(streams.temperature_c >= _COLDEST_C) & (streams.temperature_c <= _WARMEST_C)]
    return float(np.mean(known)) if len(known) else None
