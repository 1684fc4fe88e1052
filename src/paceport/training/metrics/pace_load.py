"""The load of a run from its pace, where no heart rate was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance
from paceport.training.metrics.moving_time import moving_clock_s

if TYPE_CHECKING:
    from paceport.streams import Channel

_SMOOTHED_S = 30.0


def pace_stress(
    course: DistanceTrack,
    adjusted: AdjustedDistance | None,
    *,
    threshold_mps: float,
) -> float | None:
    """100/3600 · sum(seconds · (speed / threshold speed)²) over the moving time.

    None without a threshold or moving time. The speed is grade-adjusted where the altitude is known, and smoothed over
    30 s of moving time. One hour at the threshold is 100. Source: docs/metrics.md#pace-stress.
    """
    if not threshold_mps > 0:
        return None
    metres = course.distance_m if adjusted is None else adjusted.adjusted_m_at(course.distance_m)
    seconds = steps_of(moving_clock_s(course))
    moving = seconds > 0
    if not moving.any():
        return None
    speed_mps = smoothed_speed_mps(steps_of(metres)[moving], seconds[moving])
    return stress_of_speeds(speed_mps, seconds[moving], threshold_mps=threshold_mps)


def stress_of_speeds(speed_mps: Channel, seconds: Channel, *, threshold_mps: float) -> float | None:
    """The same from smoothed speeds and the moving seconds of each; None without any."""
    return float(seconds @ (speed_mps / threshold_mps) ** 2) / 36.0 if len(seconds) else None


def smoothed_speed_mps(metres: Channel, seconds: Channel) -> Channel:
    """The mean speed over the 30 s round the middle of each interval; the window is cut at both ends.

    `metres` and `seconds` are of intervals that follow one another; the seconds are above 0.
    """
    clock_s = np.concatenate(([0.0], np.cumsum(seconds)))
    reached_m = np.concatenate(([0.0], np.cumsum(metres)))
    middle_s = (clock_s[1:] + clock_s[:-1]) / 2
    # An interval longer than the window is not cut: its own speed is all that is known.
    half_s = np.maximum(_SMOOTHED_S, seconds) / 2
    first_s, last_s = np.maximum(middle_s - half_s, 0.0), np.minimum(middle_s + half_s, clock_s[-1])
    return np.asarray(
        (np.interp(last_s, clock_s, reached_m) - np.interp(first_s, clock_s, reached_m)) / (last_s - first_s)
    )
