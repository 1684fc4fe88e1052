"""A distance counter that counts everything twice, as with two foot pods at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import known_places, running_sums, steps_of, taken
from paceport.training.cleaning.positions import Positions

if TYPE_CHECKING:
    from paceport.streams import Channel

_LEAST_WAY_M = 1000.0
_LEAST_KNOWN_SHARE = 0.9
_TIMES, _TOLERANCE = 2.0, 0.08
_PARTS = 4


def is_counted_twice(counter_m: Channel, positions: Positions) -> bool:
    """Whether, in each quarter of a run of 1 km and more, the counter says twice what lies between the positions.

    Positions are never half as far apart as one runs, unless they are not known: nine tenths of the counted samples
    must have one.
    """
    known = positions.known()
    if len(known) < 2 or len(known) < _LEAST_KNOWN_SHARE * np.count_nonzero(np.isfinite(counter_m)):
        return False
    counts = taken(counter_m, known)
    both = known_places(counts)
    counts = taken(counts, both)
    least_m, most_m = positions.length_bounds_m()
    counted_m = float(counts[-1] - counts[0]) / _TIMES if len(counts) > 1 else 0.0
    if counted_m < least_m * (1.0 - _TOLERANCE) or counted_m > most_m * (1.0 + _TOLERANCE):
        return False
    way_m = float(positions.steps_m().sum())
    if way_m < _LEAST_WAY_M or abs(counted_m / way_m - 1.0) > _TOLERANCE:
        return False
    at_m = taken(running_sums(positions.steps_m()), both)
    edges = np.linspace(0, len(counts) - 1, _PARTS + 1).astype(int)
    ways, parts = steps_of(at_m[edges]), steps_of(counts[edges])
    return bool((ways > 0).all() and (np.abs(parts / ways / _TIMES - 1.0) <= _TOLERANCE).all())
