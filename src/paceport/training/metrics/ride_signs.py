"""Whether a recording that is called a run moves like a ride."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.training.cleaning.gaps import WALKABLE_MPS

if TYPE_CHECKING:
    from paceport.training.metrics.distance import DistanceTrack

WINDOW_S = 15.0
_MOVING_MPS = 0.7
_LEAST_FAST_S, _LEAST_FAST_SHARE = 240.0, 0.05


def ride_doubt(course: DistanceTrack | None) -> str:
    """Why nothing in this recording may count as a run, as a clause to show; "" for a run.

    A ride rolls: it is faster than 7 m/s, which good runners hold for a minute, over a twentieth of its moving time and
    four minutes in all, counted in pieces of 15 s. Source: docs/metrics.md#doubtful-efforts.
    """
    if course is None or course.elapsed_time_s < WINDOW_S:
        return ""
    edges_s = np.arange(course.time_s[0], course.time_s[-1], WINDOW_S)
    speed_mps = steps_of(np.interp(edges_s, course.time_s, course.distance_m)) / WINDOW_S
    fast_s = WINDOW_S * float((speed_mps > WALKABLE_MPS).sum())
    moving_s = WINDOW_S * float((speed_mps > _MOVING_MPS).sum())
    if fast_s >= _LEAST_FAST_S and fast_s >= _LEAST_FAST_SHARE * moving_s:
        return f"it moves like a ride: {fast_s / moving_s:.0%} of its moving time is faster than 7 m/s"
    return ""
