"""A distance counter that counts everything twice, throughout or for a while, as with two foot pods at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import known_places, running_sums, steps_of, taken
from paceport.training.cleaning.positions import Positions

if TYPE_CHECKING:
    from paceport.streams import Channel

_LEAST_BEYOND_M = 150.0  # less is no more than a counter and a receiver differ
_LEAST_KNOWN_SHARE = 0.9
_TOLERANCE, _ONCE_RANGE = 0.08, (0.85, 1.15)
_PARTS, _PART_M = 4, 30.0
_SMOOTHED_SAMPLES = 11


def counted_once(counter_m: Channel, positions: Positions) -> Channel | None:
    """The counter with each stretch halved in which it counts everything twice; None where there is none.

    There it says twice what lies between the positions, in each quarter and by 150 m in all, and elsewhere it says
    what lies between them. Positions are never half as far apart as one runs, unless they are not known: nine tenths
    of the counted samples must have one.
    """
    known = positions.known()
    if len(known) < 2 or len(known) < _LEAST_KNOWN_SHARE * np.count_nonzero(np.isfinite(counter_m)):
        return None
    counts = taken(counter_m, known)
    both = known_places(counts)
    counts = taken(counts, both)
    if len(counts) < 2 or counts[-1] - counts[0] < positions.length_bounds_m()[0] + _LEAST_BEYOND_M:
        return None
    way_m = steps_of(taken(running_sums(positions.steps_m()), both))
    counted_m = steps_of(counts)
    twice = _stretches(counted_m, way_m, 0, len(counted_m))
    if not twice:
        return None
    is_twice = np.zeros(len(counted_m), dtype=bool)
    for first, end in twice:
        is_twice[first:end] = True
    once_m, once_way_m = float(counted_m[~is_twice].sum()), float(way_m[~is_twice].sum())
    low, high = _ONCE_RANGE
    if once_way_m > _LEAST_BEYOND_M and not low <= once_m / once_way_m <= high:
        return None
    too_much_m = running_sums(np.where(is_twice, counted_m / 2.0, 0.0))
    places = known[both]
    return counter_m - np.interp(np.arange(len(counter_m)), places, too_much_m)


def _stretches(counted_m: Channel, way_m: Channel, first: int, end: int) -> list[tuple[int, int]]:
    """(first, end) of each stretch of steps that are counted twice, between these two."""
    size = min(_SMOOTHED_SAMPLES, end - first)
    if counted_m[first:end].sum() < way_m[first:end].sum() + _LEAST_BEYOND_M:
        return []
    about = np.ones(size) / size
    count_m, apart_m = (np.convolve(each[first:end], about, "same") for each in (counted_m, way_m))
    # The stretch in which all steps together are nearest to twice the way, rather than to the way.
    nearer_m = running_sums(np.abs(count_m - apart_m) - np.abs(count_m - 2.0 * apart_m))
    lowest_m = np.minimum.accumulate(nearer_m)
    last = int(np.argmax(nearer_m - lowest_m))
    begin = int(np.argmin(nearer_m[: last + 1]))
    begin, last = first + begin, first + last
    if counted_m[begin:last].sum() < way_m[begin:last].sum() + _LEAST_BEYOND_M:
        return []
    before, after = _stretches(counted_m, way_m, first, begin), _stretches(counted_m, way_m, last, end)
    return [*before, *([(begin, last)] if _is_twice(counted_m[begin:last], way_m[begin:last]) else []), *after]


def _is_twice(counted_m: Channel, way_m: Channel) -> bool:
    """Whether each quarter of these steps is counted twice, all but a little at the edges."""
    edge = min(_SMOOTHED_SAMPLES // 2, len(counted_m) // 8)
    edges = np.linspace(edge, len(counted_m) - edge, _PARTS + 1).astype(int)
    ways = np.diff(running_sums(way_m)[edges])
    parts = np.diff(running_sums(counted_m)[edges])
    return bool((ways > _PART_M).all() and (np.abs(parts / ways / 2.0 - 1.0) <= _TOLERANCE).all())
