"""Where a distance counter says far more than lies between the positions: no record rests on that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.geodesy import steps_m

if TYPE_CHECKING:
    from paceport.streams import Streams

AHEAD_RATIO, LEAST_AHEAD_M = 1.15, 60.0
LONGEST_STEP_S = 15.0  # over a longer one the way may bend
MOST_AHEAD_RATIO = 3.0  # beyond, the positions stand still, as on a treadmill, and say nothing


def stretches_ahead(cleaned: Streams) -> list[tuple[float, float, float]]:
    """(from second, to second, metres too much) of each stretch that is counted 15 % longer than its positions.

    By 60 m in all. Receivers make a way longer rather than shorter: they cut hairpins, but not for so long.
    """
    counter_m, latitude_deg, longitude_deg = cleaned.distance_m, cleaned.latitude_deg, cleaned.longitude_deg
    if counter_m is None or latitude_deg is None or longitude_deg is None:
        return []
    known = np.flatnonzero(np.isfinite(counter_m) & np.isfinite(latitude_deg) & np.isfinite(longitude_deg))
    if len(known) < 2 or counter_m[known[-1]] - counter_m[known[0]] < LEAST_AHEAD_M:
        return []
    time_s, counted_m = cleaned.time_s[known], steps_of(counter_m[known])
    way_m = steps_m(latitude_deg[known], longitude_deg[known])
    beyond_m = np.where(steps_of(time_s) <= LONGEST_STEP_S, counted_m - AHEAD_RATIO * way_m, -AHEAD_RATIO * way_m)
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
