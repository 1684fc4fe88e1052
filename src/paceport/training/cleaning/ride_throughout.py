"""Recordings that are named a run and move like a vehicle from end to end: a ride under a wrong name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.training.cleaning.gaps import WALKABLE_MPS
from paceport.training.cleaning.position_distance import VEHICLE_WAY_M, VEHICLE_WINDOW_S
from paceport.training.cleaning.positions import Positions

if TYPE_CHECKING:
    from paceport.streams import Channel, Streams

MOVING_MPS, FASTEST_MPS = 0.7, 45.0
RIDE_SHARE = 0.9


def is_ride_throughout(streams: Streams, positions: Positions | None) -> bool:
    """Whether at least nine tenths of the time in motion are faster than 7 m/s, over two minutes and 1,000 m in all.

    A vehicle on the way of a run takes less than that of it. Looks at `positions`, as they were recorded; without them
    at the counter.
    """
    way = _steps(streams, positions)
    if way is None:
        return False
    lasted_s, step_m = way
    speed_mps = step_m / np.maximum(lasted_s, 1.0)
    moving = (speed_mps > MOVING_MPS) & (speed_mps <= FASTEST_MPS)
    riding = moving & (speed_mps > WALKABLE_MPS)
    ridden_s, ridden_m = float(lasted_s[riding].sum()), float(step_m[riding].sum())
    is_long = ridden_s >= VEHICLE_WINDOW_S and ridden_m > VEHICLE_WAY_M * ridden_s / VEHICLE_WINDOW_S
    return is_long and ridden_s >= RIDE_SHARE * float(lasted_s[speed_mps > MOVING_MPS].sum())


def _steps(streams: Streams, positions: Positions | None) -> tuple[Channel, Channel] | None:
    """Seconds and metres from each known place to the next."""
    counter_m = streams.distance_m
    if positions is not None:
        known, step_m = positions.known(), positions.steps_m()
    elif counter_m is not None:
        known = np.flatnonzero(np.isfinite(counter_m))
        step_m = np.maximum(np.diff(counter_m[known]), 0.0)
    else:
        return None
    return (np.diff(streams.time_s[known]), step_m) if len(known) > 1 else None
