"""Moving time: the elapsed time without standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.training.metrics.distance import DistanceTrack

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

SLOWEST_MPS = 0.89408  # a mile in 30 minutes: Strava's glossary, "moving time", for runs
LONGEST_STAND_S = 15.0  # shorter stops stay in: Strava engineering blog, 2014


def moving_intervals(
    time_s: Channel,
    distance_m: Channel,
    gaps: npt.NDArray[np.bool_] | None = None,
    *,
    slowest_mps: float = SLOWEST_MPS,
) -> npt.NDArray[np.bool_]:
    """Which of the n - 1 intervals between n samples count as moving.

    An interval is slow below `slowest_mps`, for runs a 30-minute mile. A stretch of slow intervals counts as standing
    only if it lasts longer than 15 s. A pause of the device is an interval too, slow unless the runner came out far
    from where they went in. A gap never counts, however short.
    """
    slow = steps_of(distance_m) < slowest_mps * steps_of(time_s)
    edges = (np.flatnonzero(slow[1:] != slow[:-1]) + 1).tolist()
    moving = np.ones(len(slow), dtype=bool)
    if len(slow) and slow[0]:
        edges.insert(0, 0)
    if len(slow) and slow[-1]:
        edges.append(len(slow))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if time_s[last] - time_s[first] > LONGEST_STAND_S:
            moving[first:last] = False
    if gaps is not None:
        moving &= ~gaps
    return moving


def moving_clock_s(course: DistanceTrack, *, slowest_mps: float = SLOWEST_MPS) -> Channel:
    """Moving seconds passed at each point of the course: starts at 0, ends at the moving time, stands in pauses."""
    intervals_s = steps_of(course.time_s)
    moving = moving_intervals(course.time_s, course.distance_m, course.gaps, slowest_mps=slowest_mps)
    intervals_s[~moving] = 0.0
    return running_sums(intervals_s)


def moving_time_s(course: DistanceTrack, *, slowest_mps: float = SLOWEST_MPS) -> float:
    """Seconds of the run that count as moving; never more than the elapsed time. Source: docs/metrics.md#moving-time.

    Never meant for best efforts or races, where the clock does not stop.
    """
    return float(moving_clock_s(course, slowest_mps=slowest_mps)[-1])
