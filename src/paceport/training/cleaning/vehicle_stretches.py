"""Where a recording moves as no runner does: a vehicle on the way."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.training.cleaning.gaps import SHORTEST_STEP_S, WALKABLE_MPS

if TYPE_CHECKING:
    from paceport.streams import Channel

VEHICLE_WINDOW_S, VEHICLE_WAY_M = 120.0, 1000.0  # the world record over 1,000 m takes 132 s
_MINUTE_S, _MINUTE_M = 60.0, 520.0  # the world record over 500 m takes 57.7 s
# A bus between its stops: one such stretch may be a sprinter's 300 m, not two within five minutes.
_BURST_S, _BURST_M, _BURSTS_APART_S = 30.0, 255.0, 300.0
VEHICLE_EDGE_SAMPLES = 11
VEHICLE_WAIT_S = 60.0
# A minute or two bursts hold at least so much beyond what their time takes at 7 m/s, less a metre for rounding.
_LEAST_BEYOND_M = min(_MINUTE_M - WALKABLE_MPS * _MINUTE_S, 2 * (_BURST_M - WALKABLE_MPS * _BURST_S)) - 1.0


def vehicle_stretches(time_s: Channel, step_m: Channel) -> list[tuple[int, int]]:
    """(first, last) samples of each stretch that no runner covers, in order, with samples between any two.

    Faster than the world record over two minutes or one; or over half a minute, twice within five minutes, as a bus is
    between its stops. `step_m` are the metres from each sample to the next. A stretch is trimmed to where its speed, as
    a mean over some samples, is faster than 7 m/s. It reaches over a minute's wait to where it is that fast again, and
    as far as each step is.
    """
    if len(time_s) < 2 or _beyond_running_m(steps_of(time_s), step_m) <= _LEAST_BEYOND_M:
        return []
    reached_m = running_sums(step_m)
    bursts = _fast_windows(time_s, reached_m, _BURST_S, _BURST_M)
    found = [
        *_fast_windows(time_s, reached_m, VEHICLE_WINDOW_S, VEHICLE_WAY_M),
        *_fast_windows(time_s, reached_m, _MINUTE_S, _MINUTE_M),
        *_with_another(time_s, bursts),
    ]
    return _merged([_trimmed(time_s, reached_m, *stretch) for stretch in _merged(found)])


def _fast_windows(time_s: Channel, reached_m: Channel, window_s: float, way_m: float) -> list[tuple[int, int]]:
    """Where so much time covers more than so many metres."""
    later_m = np.interp(time_s + window_s, time_s, reached_m)
    fast = np.flatnonzero(later_m - reached_m > way_m)
    groups = np.split(fast, np.flatnonzero(fast[1:] - fast[:-1] > 1) + 1) if len(fast) else []
    lasts = (int(np.searchsorted(time_s, time_s[group[-1]] + window_s)) for group in groups)
    stretches = [(int(group[0]), min(last, len(time_s) - 1)) for group, last in zip(groups, lasts, strict=True)]
    return _merged(stretches)


def _with_another(time_s: Channel, bursts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The bursts that have another one within five minutes."""
    if len(bursts) < 2:
        return []
    are_near = [float(time_s[after[0]] - time_s[before[1]]) <= _BURSTS_APART_S for before, after in pairwise(bursts)]
    return [
        burst
        for burst, near_before, near_after in zip(bursts, [False, *are_near], [*are_near, False], strict=True)
        if near_before or near_after
    ]


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches in order, those that touch each other put together."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1]:
            before = merged.pop()
            first, last = before[0], max(before[1], last)
        merged.append((first, last))
    return merged


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
