"""Splits: the run cut into kilometres or miles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.elevation import known_altitudes
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance
from paceport.training.metrics.heart_rate import HeartRateIntervals
from paceport.training.metrics.moving_time import moving_clock_s
from paceport.training.metrics.stretches import Split

if TYPE_CHECKING:
    from paceport.streams import Channel

_MOST_SPLITS = 2_000  # a distance beyond this is a broken recording, not a run


def splits(
    course: DistanceTrack,
    unit_m: float,
    *,
    altitude_m: Channel | None = None,
    adjusted: AdjustedDistance | None = None,
    heart: HeartRateIntervals | None = None,
    moving_clock: Channel | None = None,
) -> list[Split]:
    """The run in pieces of `unit_m`, first to last; their distances and times add up to the run's.

    A piece ends when its last metre is first reached; what the clock ran on after the end belongs to the last piece.
    A run of no length has no splits. `altitude_m` and `moving_clock` are aligned with the course.
    Source: docs/metrics.md#splits.
    """
    edges_m = _edges_m(course, unit_m)
    if len(edges_m) < 2:
        return []
    edges_s = np.interp(-edges_m, -course.distance_m[::-1], course.time_s[::-1])
    edges_s[0], edges_s[-1] = course.time_s[0], course.time_s[-1]
    clock_s = moving_clock_s(course) if moving_clock is None else moving_clock
    moving_s = steps_of(np.interp(edges_s, course.time_s, clock_s))
    lengths_m = steps_of(edges_m)
    worth_m = None if adjusted is None else steps_of(adjusted.adjusted_m_at(edges_m))
    rises_m = _rises_m(course, altitude_m, edges_s)
    rates_bpm = [None] * len(lengths_m) if heart is None else heart.means_bpm(edges_s)
    return [
        Split(
            number=index + 1,
            distance_m=float(lengths_m[index]),
            elapsed_time_s=float(edges_s[index + 1] - edges_s[index]),
            moving_time_s=float(moving_s[index]),
            speed_mps=_over(lengths_m[index], moving_s[index]),
            adjusted_speed_mps=None if worth_m is None else _over(worth_m[index], moving_s[index]),
            elevation_difference_m=rises_m[index],
            heartrate_bpm=rates_bpm[index],
        )
        for index in range(len(lengths_m))
    ]


def _edges_m(course: DistanceTrack, unit_m: float) -> Channel:
    whole = course.total_m / unit_m
    if not 0 < whole <= _MOST_SPLITS:
        return np.zeros(0)
    count = int(np.floor(whole + 1e-9))
    edges_m: Channel = course.distance_m[0] + unit_m * np.arange(count + 1)
    if course.distance_m[-1] - edges_m[-1] > 1e-6 * unit_m:
        return np.append(edges_m, course.distance_m[-1])
    edges_m[-1] = course.distance_m[-1]
    return edges_m


def _rises_m(course: DistanceTrack, altitude_m: Channel | None, edges_s: Channel) -> list[float | None]:
    if altitude_m is None or not (known := known_altitudes(altitude_m)).any():
        return [None] * (len(edges_s) - 1)
    heights_m = np.interp(edges_s, course.time_s[known], altitude_m[known])
    return [float(rise) for rise in steps_of(heights_m)]


def _over(metres: float, seconds: float) -> float | None:
    return float(metres / seconds) if seconds > 0 else None
