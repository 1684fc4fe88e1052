"""Parts of one run with their means: five kilometres for durability, one minute for steadiness and speed zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.durability import SEGMENT_M, Segment
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance
from paceport.training.metrics.heart_rate import HeartRateIntervals
from paceport.training.metrics.moving_time import moving_clock_s
from paceport.training.metrics.pace_load import MovingWay

if TYPE_CHECKING:
    from paceport.streams import Channel

_LEAST_MINUTES = 10


def durability_segments(
    course: DistanceTrack,
    heart: HeartRateIntervals | None,
    adjusted: AdjustedDistance | None,
    *,
    moving_clock: Channel | None = None,
) -> list[Segment]:
    """All whole five kilometres of a run, from its start, for `durability`; empty without a heart rate.

    Speed is grade-adjusted where it can be. A part without any known heart rate has 0 bpm and a coverage of 0.
    """
    if heart is None or course.total_m + 1e-6 < SEGMENT_M:
        return []
    moving = moving_clock_s(course) if moving_clock is None else moving_clock
    edges_m = course.distance_m[0] + np.arange(0.0, course.total_m + 1e-6, SEGMENT_M)
    # When each edge was first reached: np.interp on the mirrored run, as in best efforts.
    edges_s = np.interp(-edges_m, -course.distance_m[::-1], course.time_s[::-1])
    moving_s = steps_of(np.interp(edges_s, course.time_s, moving))
    worth_m = steps_of(edges_m if adjusted is None else adjusted.adjusted_m_at(edges_m))
    known_s, beats = (
        steps_of(np.interp(edges_s, heart.edges_s, each)) for each in (heart.moving_until_s, heart.moving_beats)
    )
    return [
        Segment(
            start_m=float(start_m - course.distance_m[0]),
            heartrate_bpm=float(beat / known) if known > 0 else 0.0,
            adjusted_speed_mps=float(worth / moving) if moving > 0 else 0.0,
            heartrate_coverage_ratio=float(min(known / moving, 1.0)) if moving > 0 else 0.0,
        )
        for start_m, moving, worth, known, beat in zip(edges_m, moving_s, worth_m, known_s, beats, strict=False)
    ]


def speed_spread_ratio(way: MovingWay | None) -> float | None:
    """Standard deviation over mean of the speeds of whole minutes of moving time; None with fewer than ten."""
    if way is None:
        return None
    minutes_s = np.arange(0.0, way.clock_s[-1] + 1e-9, 60.0)
    if len(minutes_s) <= _LEAST_MINUTES:
        return None
    speeds = steps_of(np.interp(minutes_s, way.clock_s, way.reached_m))
    mean = float(speeds.mean())
    return float(speeds.std()) / mean if mean > 0 else None
