"""Vehicles in what a device counted: a watch that was not stopped on the way home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.training.cleaning.gaps import SHORTEST_GAP_S
from paceport.training.cleaning.position_distance import vehicle_stretches
from paceport.training.cleaning.repairs import Repair

if TYPE_CHECKING:
    from paceport.streams import Channel


def without_vehicles(time_s: Channel, counted_m: Channel, repairs: list[Repair]) -> Channel:
    """The counter without the metres of vehicles, unknown inside of one; as it was where there is none."""
    known = np.flatnonzero(np.isfinite(counted_m))
    if len(known) < 2:
        return counted_m
    times, reached_m = time_s[known], counted_m[known].copy()
    # A single leap over a silence is no ride: only recorded ones are looked for.
    step_m = np.where(np.diff(times) > SHORTEST_GAP_S, 0.0, np.diff(reached_m))
    stretches = vehicle_stretches(times, np.concatenate(([0.0], np.cumsum(step_m))))
    if not stretches:
        return counted_m
    for first, last in stretches:
        rode_m = float(reached_m[last] - reached_m[first])
        reached_m[last:] -= rode_m
        reached_m[first + 1 : last] = np.nan
        repairs.append(Repair(kind="vehicle", at_s=float(times[first]), size=rode_m))
    left_m = counted_m.copy()
    left_m[known] = reached_m
    return left_m
