"""Gaps: breaks in a recording during which the route is unknown. Definition: docs/metrics.md#cleaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

SHORTEST_GAP_S, SHORTEST_GAP_M = 10.0, 50.0
TIMES_USUAL = 4.0  # a recording with a point a minute has no gap every minute
COUNTED_SHARE = 0.5
SHORTEST_LEAP_M, UNCOUNTED_SHARE = 20.0, 0.01
WALKABLE_MPS = 7.0
SHORTEST_STEP_S = 1.0  # points a fraction of a second apart would turn a receiver's noise into great speeds


def usual_step_s(time_s: Channel) -> float:
    """The median time between samples, 0 for fewer than two."""
    return float(np.median(steps_of(time_s))) if len(time_s) > 1 else 0.0


def uncounted_gaps(time_s: Channel, distance_m: Channel, apart_m: Channel) -> npt.NDArray[np.bool_]:
    """Which of the n - 1 steps between n samples are gaps: the places lie apart and the distance did not count it.

    `apart_m` is the great-circle distance over each step, NaN where unknown. A step of more than 10 s whose ends lie
    more than 50 m apart while the distance grew by less than half of that is a gap; so is a leap faster than 7 m/s and
    over 20 m that the distance did not see at all.
    """
    gaps = apart_m > SHORTEST_LEAP_M
    far = gaps.nonzero()[0]  # few, where samples come each second
    apart_m = apart_m[far]
    lasted_s, counted_m = time_s[far + 1] - time_s[far], distance_m[far + 1] - distance_m[far]
    silent = (lasted_s > SHORTEST_GAP_S) & (apart_m > SHORTEST_GAP_M) & (counted_m < COUNTED_SHARE * apart_m)
    leaps = (apart_m > WALKABLE_MPS * lasted_s) & (counted_m < UNCOUNTED_SHARE * apart_m)
    gaps[far] = silent | leaps
    return gaps
