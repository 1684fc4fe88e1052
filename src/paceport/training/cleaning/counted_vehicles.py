"""Vehicles in what a device counted: a watch that was not stopped on the way home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import known_places, steps_of, taken
from paceport.training.cleaning.gaps import SHORTEST_GAP_S, WALKABLE_MPS
from paceport.training.cleaning.repairs import Repair
from paceport.training.cleaning.rolling_stretches import rolling_stretches
from paceport.training.cleaning.sport_limits import SportLimits
from paceport.training.cleaning.vehicle_stretches import vehicle_stretches

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

FEWEST_FAST_STEPS = 5
NEAR_STEPS, FEWEST_NEAR = 3, 2


def take_rides_out(
    times: Channel, counted: Channel, limits: SportLimits, repairs: list[Repair]
) -> npt.NDArray[np.bool_]:
    """Which samples lie inside a vehicle faster than any runner; its metres are taken from `counted`, in place.

    To be called before jumps are looked for: each second of such a ride would pass for one. A leap with the steps of a
    runner round it is no ride.
    """
    inside = np.zeros(len(counted), dtype=bool)
    step_m, lasted_s = steps_of(counted), np.maximum(steps_of(times), 1.0)
    beyond = step_m > limits.fastest_mps * lasted_s
    if not limits.has_vehicle_check or np.count_nonzero(beyond) < FEWEST_FAST_STEPS:
        return inside
    fast = (step_m > WALKABLE_MPS * lasted_s).astype(np.float64)
    fast_near = np.convolve(fast, np.ones(2 * NEAR_STEPS + 1))[NEAR_STEPS:-NEAR_STEPS] - fast
    is_motion = (step_m > 0) & (lasted_s <= SHORTEST_GAP_S) & ~(beyond & (fast_near < FEWEST_NEAR))
    for first, last in vehicle_stretches(times, np.where(is_motion, step_m, 0.0)):
        rode_m = float(counted[last] - counted[first])
        counted[last:] -= rode_m
        inside[first + 1 : last] = True
        repairs.append(Repair(kind="vehicle", at_s=float(times[first]), size=rode_m))
    return inside


def without_vehicles(
    time_s: Channel, counted_m: Channel, cadence_spm: Channel | None, repairs: list[Repair]
) -> Channel:
    """The counter without the metres of vehicles, unknown inside of one; as it was where there is none."""
    known = known_places(counted_m)
    if len(known) < 2:
        return counted_m
    times, reached_m = taken(time_s, known), taken(counted_m, known)
    # A single leap over a silence is no ride: only recorded ones are looked for.
    step_m = steps_of(reached_m)
    step_m[steps_of(times) > SHORTEST_GAP_S] = 0.0
    rolling = rolling_stretches(times, step_m, None if cadence_spm is None else taken(cadence_spm, known))
    stretches = vehicle_stretches(times, step_m, rolling)
    if not stretches:
        return counted_m
    reached_m = reached_m.copy()
    for first, last in stretches:
        rode_m = float(reached_m[last] - reached_m[first])
        reached_m[last:] -= rode_m
        reached_m[first + 1 : last] = np.nan
        repairs.append(Repair(kind="vehicle", at_s=float(times[first]), size=rode_m))
    left_m = counted_m.copy()
    left_m[known] = reached_m
    return left_m
