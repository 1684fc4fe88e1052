"""Where a recording moves as no runner does: a vehicle on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.training.cleaning.gaps import SHORTEST_STEP_S, WALKABLE_MPS

if TYPE_CHECKING:
    from paceport.streams import Channel

VEHICLE_WINDOW_S, VEHICLE_WAY_M = 120.0, 1000.0  # the world record over 1,000 m takes 132 s
VEHICLE_EDGE_SAMPLES = 11
VEHICLE_WAIT_S = 60.0
# A window of 1,000 m holds at least so much beyond what its time takes at 7 m/s, less a metre for rounding.
_LEAST_BEYOND_M = VEHICLE_WAY_M - WALKABLE_MPS * VEHICLE_WINDOW_S - 1.0


def vehicle_stretches(time_s: Channel, step_m: Channel) -> list[tuple[int, int]]:
    """(first, last) samples of each stretch that no runner covers: two minutes faster than the world record.

    `step_m` are the metres from each sample to the next. A stretch is trimmed to where its speed, as a mean over some
    samples, is faster than 7 m/s. It reaches over a minute's wait to where it is that fast again, and as far as each
    step is.
    """
    if len(time_s) < 2 or _beyond_running_m(steps_of(time_s), step_m) <= _LEAST_BEYOND_M:
        return []
    reached_m = running_sums(step_m)
    later_m = np.interp(time_s + VEHICLE_WINDOW_S, time_s, reached_m)
    fast = np.flatnonzero(later_m - reached_m > VEHICLE_WAY_M)
    stretches: list[tuple[int, int]] = []
    for group in np.split(fast, np.flatnonzero(fast[1:] - fast[:-1] > 1) + 1) if len(fast) else []:
        first, last = int(group[0]), int(np.searchsorted(time_s, time_s[group[-1]] + VEHICLE_WINDOW_S))
        last = min(last, len(time_s) - 1)
        if stretches and first <= stretches[-1][1]:
            first = stretches.pop()[0]
        stretches.append((first, last))
    return [_trimmed(time_s, reached_m, *stretch) for stretch in stretches]


def _beyond_running_m(lasted_s: Channel, step_m: Channel) -> float:
    """What all steps are longer together than at a pace that runners reach."""
    beyond_m = step_m - WALKABLE_MPS * lasted_s
    return float(np.maximum(beyond_m, 0.0, out=beyond_m).sum())


def _trimmed(time_s: Channel, reached_m: Channel, first: int, last: int) -> tuple[int, int]:
    half = VEHICLE_EDGE_SAMPLES // 2
    places = np.arange(len(time_s))
    before, after = np.maximum(places - half, 0), np.minimum(places + half, len(time_s) - 1)
    speed_mps = (reached_m[after] - reached_m[before]) / np.maximum(time_s[after] - time_s[before], SHORTEST_STEP_S)
    riding = np.flatnonzero(speed_mps > WALKABLE_MPS)
    inner = riding[(riding >= first) & (riding <= last)]
    if len(inner) > 1:
        first, last = int(inner[0]), int(inner[-1])
    for place in riding[riding > last]:
        if time_s[place] - time_s[last] > VEHICLE_WAIT_S:
            break
        last = int(place)
    for place in riding[riding < first][::-1]:
        if time_s[first] - time_s[place] > VEHICLE_WAIT_S:
            break
        first = int(place)
    fast = steps_of(reached_m) > WALKABLE_MPS * np.maximum(steps_of(time_s), SHORTEST_STEP_S)
    while first > 0 and fast[first - 1]:
        first -= 1
    while last < len(fast) and fast[last]:
        last += 1
    return first, last
