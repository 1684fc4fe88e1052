"""Where a recording moves as no runner does: a vehicle on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.training.cleaning.gaps import SHORTEST_STEP_S, WALKABLE_MPS

if TYPE_CHECKING:
    from paceport.streams import Channel

VEHICLE_WINDOW_S, VEHICLE_WAY_M = 120.0, 1000.0  # the world record over 1,000 m takes 132 s
_MINUTE_S, _MINUTE_M = 60.0, 520.0  # the world record over 500 m takes 57.7 s
# A bus between its stops: no session of repeats has a mean of the fourth powers of its speeds, as it weighs on a runner
# (Coggan's normalised power), that is beyond what record holders hold evenly for so long (2,000 m in 4:43).
_REPEATED = ((300.0, 7.05), (600.0, 6.9))  # seconds, m/s
_SMOOTHED_S, _FASTEST_COUNTED_MPS = 10.0, 15.0
_LEAST_PART = 0.25
VEHICLE_EDGE_SAMPLES = 11
VEHICLE_WAIT_S = 60.0
# Each of them holds at least so much beyond what its time takes at 7 m/s.
_LEAST_BEYOND_M = min(_MINUTE_M - WALKABLE_MPS * _MINUTE_S, 60.0) - 1.0


def vehicle_stretches(
    time_s: Channel, step_m: Channel, others: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """(first, last) samples of each stretch that no runner covers, in order, with samples between any two.

    Faster than the world record over two minutes or one; or by turns so fast, as a bus is between its stops, that no
    runner could repeat it for five or ten minutes. `step_m` are the metres from each sample to the next. A stretch is
    trimmed to where its speed, as a mean over some samples, is faster than 7 m/s. It reaches over a minute's wait to
    where it is that fast again, and as far as each step is. `others` were found in another way.
    """
    if len(time_s) < 2 or _beyond_running_m(steps_of(time_s), step_m) <= _LEAST_BEYOND_M:
        return list(others)
    reached_m = running_sums(step_m)
    strain = _strain(time_s, reached_m)
    found = [
        *_fast_windows(time_s, reached_m, VEHICLE_WINDOW_S, VEHICLE_WAY_M),
        *_fast_windows(time_s, reached_m, _MINUTE_S, _MINUTE_M),
    ]
    for window_s, even_mps in _REPEATED:
        most = even_mps**4 * window_s
        for stretch in _fast_windows(time_s, strain, window_s, most):
            found += _bouts(time_s, reached_m, strain, *stretch, least=_LEAST_PART * most)
    return _merged([*others, *(_trimmed(time_s, reached_m, *stretch) for stretch in _merged(found))])


def _strain(time_s: Channel, reached_m: Channel) -> Channel:
    """The sum of the fourth powers of the speeds, each over ten seconds, up to each sample."""
    half_s = _SMOOTHED_S / 2
    later_m, earlier_m = (np.interp(time_s + shift_s, time_s, reached_m) for shift_s in (half_s, -half_s))
    speed_mps = np.minimum((later_m - earlier_m) / _SMOOTHED_S, _FASTEST_COUNTED_MPS)
    return running_sums(speed_mps[1:] ** 4 * steps_of(time_s))


def _bouts(
    time_s: Channel, reached_m: Channel, strain: Channel, first: int, last: int, *, least: float
) -> list[tuple[int, int]]:
    """What is faster than 7 m/s within a stretch, over waits of a minute, where it adds so much strain."""
    riding = first + np.flatnonzero(_speeds_mps(time_s, reached_m)[first : last + 1] > WALKABLE_MPS)
    bouts = np.split(riding, np.flatnonzero(steps_of(time_s[riding]) > VEHICLE_WAIT_S) + 1) if len(riding) else []
    ends = [(int(bout[0]), int(bout[-1])) for bout in bouts]
    return [(begin, end) for begin, end in ends if strain[end] - strain[begin] >= least]


def _fast_windows(time_s: Channel, reached_m: Channel, window_s: float, way_m: float) -> list[tuple[int, int]]:
    """Where so much time covers more than so many metres, or so much of what else is summed up."""
    later_m = np.interp(time_s + window_s, time_s, reached_m)
    fast = np.flatnonzero(later_m - reached_m > way_m)
    groups = np.split(fast, np.flatnonzero(fast[1:] - fast[:-1] > 1) + 1) if len(fast) else []
    lasts = (int(np.searchsorted(time_s, time_s[group[-1]] + window_s)) for group in groups)
    stretches = [(int(group[0]), min(last, len(time_s) - 1)) for group, last in zip(groups, lasts, strict=True)]
    return _merged(stretches)


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


def _speeds_mps(time_s: Channel, reached_m: Channel) -> Channel:
    """The mean speed over some samples round each."""
    half = VEHICLE_EDGE_SAMPLES // 2
    places = np.arange(len(time_s))
    before, after = np.maximum(places - half, 0), np.minimum(places + half, len(time_s) - 1)
    speeds: Channel = (reached_m[after] - reached_m[before]) / np.maximum(
        time_s[after] - time_s[before], SHORTEST_STEP_S
    )
    return speeds


def _trimmed(time_s: Channel, reached_m: Channel, first: int, last: int) -> tuple[int, int]:
    riding = np.flatnonzero(_speeds_mps(time_s, reached_m) > WALKABLE_MPS)
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
