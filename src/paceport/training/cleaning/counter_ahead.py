"""Where a distance counter says far more than lies between the positions: no record rests on that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import known_places, running_sums, steps_of, taken
from paceport.training.cleaning.positions import Positions

if TYPE_CHECKING:
    from paceport.streams import Channel

AHEAD_RATIO, LEAST_AHEAD_M = 1.15, 60.0
LONGEST_STEP_S = 15.0  # over a longer one the way may bend
MOST_AHEAD_RATIO = 3.0  # beyond, the positions stand still, as on a treadmill, and say nothing


def stretches_ahead(counter_m: Channel, positions: Positions) -> list[tuple[float, float, float]]:
    """(from second, to second, metres too much) of each stretch that is counted 15 % longer than its positions.

    By 60 m in all. Receivers make a way longer rather than shorter: they cut hairpins, but not for so long.
    """
    known = positions.known()
    counts = taken(counter_m, known)
    both = known_places(counts)
    if len(both) < 2:
        return []
    time_s, counted_m = taken(positions.time_s, known[both]), steps_of(taken(counts, both))
    # Its upper bound is near enough.
    way_m = positions.at_most_m()
    if len(both) < len(known):
        way_m = steps_of(taken(running_sums(way_m), both))
    beyond_m = np.where(steps_of(time_s) <= LONGEST_STEP_S, counted_m, 0.0) - AHEAD_RATIO * way_m
    if float(np.maximum(beyond_m, 0.0).sum()) < LEAST_AHEAD_M:
        return []
    found: list[tuple[float, float, float]] = []
    total_m = running_sums(beyond_m)
    ahead_m = total_m - np.minimum.accumulate(total_m)
    first = 0
    # Between two places where nothing is ahead, up to where it is most.
    for end in [*np.flatnonzero(ahead_m <= 0.0).tolist(), len(ahead_m)]:
        if end - first > 1:
            last = first + int(np.argmax(ahead_m[first:end]))
            counts_m, apart_m = float(counted_m[first:last].sum()), float(way_m[first:last].sum())
            if ahead_m[last] >= LEAST_AHEAD_M and counts_m < MOST_AHEAD_RATIO * apart_m:
                found.append((float(time_s[first]), float(time_s[last]), counts_m - apart_m))
        first = end
    return found
