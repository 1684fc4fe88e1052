"""Minutes of a run with a steady grade and heart rate: what a grade adjustment of one's own is learnt from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.elevation import ElevationProfile
from paceport.training.metrics.heart_rate import HeartRateIntervals

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

WINDOW_S = 60.0
_WARM_UP_S = 600.0
_PARTS = 4
_LARGEST_GRADE_SPREAD = 0.05
_LARGEST_RATE_CHANGE_BPM = 5.0
_LEAST_KNOWN_S = 54.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeWindow:
    """One minute: its mean grade as a fraction, its speed, not adjusted, and its mean heart rate."""

    run_id: int
    grade_ratio: float
    speed_mps: float
    heartrate_bpm: float


def profile_grade_windows(
    run_id: int, course: DistanceTrack, along: ElevationProfile, moving_clock: Channel, heart: HeartRateIntervals
) -> list[GradeWindow]:
    """The minutes of a run, one after the other, that are steady.

    From the run's smoothed altitude and its moving clock. The first ten minutes are left out. A minute counts if all of
    it is moving, 54 s have a heart rate, the grades of its quarters lie within 5 %, and the heart rates of its halves
    within 5 bpm: the heart follows a hill late. Source: docs/metrics.md#own-grade-adjustment.
    """
    windows = int((course.elapsed_time_s - _WARM_UP_S) // WINDOW_S)
    if windows < 1:
        return []
    quarters_s = course.time_s[0] + _WARM_UP_S + np.arange(windows * _PARTS + 1) * (WINDOW_S / _PARTS)
    reached_m = np.interp(quarters_s, course.time_s, course.distance_m)
    metres = _by_window(reached_m)
    rises = _by_window(np.interp(reached_m, along.distance_m, along.altitude_m))
    moving_s = _by_window(np.interp(quarters_s, course.time_s, moving_clock)).sum(axis=1)
    known_s, beats = (
        _by_window(np.interp(quarters_s, heart.edges_s, each)) for each in (heart.known_until_s, heart.known_beats)
    )
    is_whole = (moving_s > WINDOW_S - 1e-6) & (metres > 0).all(axis=1) & (known_s.sum(axis=1) >= _LEAST_KNOWN_S)
    kept = np.flatnonzero(is_whole)
    kept = kept[_is_steady(rises[kept] / metres[kept], beats[kept], known_s[kept])]
    grades = rises[kept].sum(axis=1) / metres[kept].sum(axis=1)
    speeds = metres[kept].sum(axis=1) / WINDOW_S
    rates = beats[kept].sum(axis=1) / known_s[kept].sum(axis=1)
    return [
        GradeWindow(run_id=run_id, grade_ratio=grade, speed_mps=speed, heartrate_bpm=rate)
        for grade, speed, rate in zip(grades.tolist(), speeds.tolist(), rates.tolist(), strict=True)
    ]


def _is_steady(grades: Channel, beats: Channel, known_s: Channel) -> npt.NDArray[np.bool_]:
    """Which windows (rows) have about one grade over their quarters, and about one heart rate over their halves."""
    half = _PARTS // 2
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (
            beats[:, part].sum(axis=1) / known_s[:, part].sum(axis=1) for part in (slice(0, half), slice(half, _PARTS))
        )
    is_level = np.ptp(grades, axis=1) <= _LARGEST_GRADE_SPREAD if len(grades) else np.zeros(0, dtype=bool)
    return np.asarray(is_level & (np.abs(first - second) <= _LARGEST_RATE_CHANGE_BPM))


def _by_window(reached: Channel) -> Channel:
    """What was added in each quarter, one row a window."""
    return np.asarray(steps_of(reached).reshape(-1, _PARTS))
