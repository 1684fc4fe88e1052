"""Recordings that are named a run and move as a ride does: throughout, or up and down hills."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import known_places, running_sums, steps_of, taken
from paceport.training.cleaning.gaps import WALKABLE_MPS
from paceport.training.cleaning.positions import Positions
from paceport.training.cleaning.vehicle_stretches import VEHICLE_WAY_M, VEHICLE_WINDOW_S

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel, Streams

MOVING_MPS, FASTEST_MPS = 0.7, 45.0
RIDE_SHARE = 0.9
TURN_S, LONGEST_STEP_S, MOST_TURNS = 10.0, 60.0, 100_000
FEWEST_TURNS, SHORTEST_FAST_S, SHORTEST_SLOW_S, TURNS_SHARE = 3, 60.0, 120.0, 1 / 3
_NEARLY = 0.999  # for rounding


def is_ride_throughout(streams: Streams, positions: Positions | None) -> bool:
    """Whether a run was ridden: nearly all of it fast, or fast and slow by turns, as on hills.

    Either at least nine tenths of the time in motion are faster than 7 m/s, over two minutes and 1,000 m in all; or
    three fast stretches of a minute, with two minutes of slow motion between each, make a third of the way. A vehicle
    on the way of a run takes less of it, comes once or twice, and stands where it is not fast. Looks at `positions`, as
    they were recorded; without them at the counter.
    """
    if positions is not None and len(known := positions.known()) > 1:
        lasted_s = steps_of(taken(streams.time_s, known))
        if not _can_be_ridden(lasted_s, positions.at_most_m()):
            return False
    way = _steps(streams, positions)
    if way is None or not _can_be_ridden(*way):
        return False
    return _is_fast_throughout(*way) or _is_fast_by_turns(*way)


def _can_be_ridden(lasted_s: Channel, step_m: Channel) -> bool:
    """Whether there are as many fast steps as either kind of ride needs, in time or in turns; hardly any run has them.

    A fast turn holds a fast step, and a step reaches into two turns more than it fills.
    """
    fast_s = lasted_s[step_m > _NEARLY * WALKABLE_MPS * lasted_s]
    most_turns = float(fast_s.sum()) / TURN_S + 2 * len(fast_s)
    return most_turns >= min(VEHICLE_WINDOW_S, FEWEST_TURNS * SHORTEST_FAST_S) / TURN_S


def _is_fast_throughout(lasted_s: Channel, step_m: Channel) -> bool:
    speed_mps = step_m / np.maximum(lasted_s, 1.0)
    moving = (speed_mps > MOVING_MPS) & (speed_mps <= FASTEST_MPS)
    riding = moving & (speed_mps > WALKABLE_MPS)
    ridden_s, ridden_m = float(lasted_s[riding].sum()), float(step_m[riding].sum())
    is_long = ridden_s >= VEHICLE_WINDOW_S and ridden_m > VEHICLE_WAY_M * ridden_s / VEHICLE_WINDOW_S
    return is_long and ridden_s >= RIDE_SHARE * float(lasted_s[speed_mps > MOVING_MPS].sum())


def _is_fast_by_turns(lasted_s: Channel, step_m: Channel) -> bool:
    moment_s = running_sums(lasted_s)
    # Over a silence nothing is known of the speed.
    way_m = running_sums(np.where(lasted_s > LONGEST_STEP_S, 0.0, step_m))
    if moment_s[-1] < FEWEST_TURNS * (SHORTEST_FAST_S + SHORTEST_SLOW_S) or moment_s[-1] > MOST_TURNS * TURN_S:
        return False
    speed_mps = steps_of(np.interp(np.arange(0.0, moment_s[-1] + TURN_S, TURN_S), moment_s, way_m)) / TURN_S
    is_fast = (speed_mps > WALKABLE_MPS) & (speed_mps <= FASTEST_MPS)
    is_slow = (speed_mps > MOVING_MPS) & (speed_mps <= WALKABLE_MPS)
    marks = sorted(
        [(at, "fast") for at in _beginnings(is_fast, SHORTEST_FAST_S)]
        + [(at, "slow") for at in _beginnings(is_slow, SHORTEST_SLOW_S)]
    )
    kinds = [kind for kind, _ in groupby(said for _, said in marks)]
    fast_m = float(speed_mps[is_fast].sum()) * TURN_S
    return kinds.count("fast") >= FEWEST_TURNS and fast_m >= TURNS_SHARE * float(way_m[-1])


def _beginnings(is_so: npt.NDArray[np.bool_], shortest_s: float) -> list[int]:
    """Where each stretch begins in which something is so for that long without a break."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_so, [False])).astype(int)))
    return [
        int(begin) for begin, end in zip(edges[::2], edges[1::2], strict=True) if (end - begin) * TURN_S >= shortest_s
    ]


def _steps(streams: Streams, positions: Positions | None) -> tuple[Channel, Channel] | None:
    """Seconds and metres from each known place to the next."""
    counter_m = streams.distance_m
    if positions is not None:
        known, step_m = positions.known(), positions.steps_m()
    elif counter_m is not None:
        known = known_places(counter_m)
        step_m = np.maximum(steps_of(taken(counter_m, known)), 0.0)
    else:
        return None
    return (steps_of(taken(streams.time_s, known)), step_m) if len(known) > 1 else None
