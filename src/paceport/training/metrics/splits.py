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
    if course.total_m / unit_m > _MOST_SPLITS:
        return []
    edges_m = _edges_m(course, unit_m)
    if len(edges_m) < 2:
        return []
    edges_s = np.interp(-edges_m, -course.distance_m[::-1], course.time_s[::-1])
    edges_s[0], edges_s[-1] = course.time_s[0], course.time_s[-1]
    clock_s = moving_clock_s(course) if moving_clock is None else moving_clock
    moving_s = steps_of(np.interp(edges_s, course.time_s, clock_s)).tolist()
    lengths_m = steps_of(edges_m).tolist()
    unknown = [None] * len(lengths_m)
    worth_m = unknown if adjusted is None else steps_of(adjusted.adjusted_m_at(edges_m)).tolist()
    rates_bpm = unknown if heart is None else heart.means_bpm(edges_s)
    rises_m = _rises_m(course, altitude_m, edges_s)
    columns = (lengths_m, steps_of(edges_s).tolist(), moving_s, worth_m, rises_m, rates_bpm)
    return [_split(number, *row) for number, row in enumerate(zip(*columns, strict=True), 1)]


def _split(
    number: int,
    length_m: float,
    elapsed_s: float,
    moving_s: float,
    worth_m: float | None,
    rise_m: float | None,
    rate_bpm: float | None,
) -> Split:
    return Split(
        number=number,
        distance_m=length_m,
        elapsed_time_s=elapsed_s,
        moving_time_s=moving_s,
        speed_mps=length_m / moving_s if moving_s > 0 else None,
        adjusted_speed_mps=worth_m / moving_s if worth_m is not None and moving_s > 0 else None,
        elevation_difference_m=rise_m,
        heartrate_bpm=rate_bpm,
    )


def _edges_m(course: DistanceTrack, unit_m: float) -> Channel:
    edges_m: Channel = course.distance_m[0] + unit_m * np.arange(int(course.total_m / unit_m) + 1)
    if course.distance_m[-1] - edges_m[-1] > 1e-6 * unit_m:
        return np.append(edges_m, course.distance_m[-1])
    edges_m[-1] = course.distance_m[-1]
    return edges_m


def _rises_m(course: DistanceTrack, altitude_m: Channel | None, edges_s: Channel) -> list[float | None]:
    if altitude_m is None or not (known := known_altitudes(altitude_m)).any():
        return [None] * (len(edges_s) - 1)
    time_s = course.time_s
    if not known.all():
        time_s, altitude_m = time_s[known], altitude_m[known]
    return steps_of(np.interp(edges_s, time_s, altitude_m)).tolist()  # type: ignore[no-any-return]  # a list of floats
