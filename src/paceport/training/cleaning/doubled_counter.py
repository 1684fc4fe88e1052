"""A distance counter that counts everything twice, as with two foot pods at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
    counted = np.isfinite(counter_m)
    known = positions.known()
    if len(known) < 2 or len(known) < _LEAST_KNOWN_SHARE * counted.sum():
        return False
    way_m = np.concatenate(([0.0], np.cumsum(positions.steps_m())))
    if way_m[-1] < _LEAST_WAY_M:
        return False
    both = counted[known]
    at_m, counts = way_m[both], counter_m[known][both]
    if len(counts) < 2 or abs((counts[-1] - counts[0]) / way_m[-1] / _TIMES - 1.0) > _TOLERANCE:
        return False
    edges = np.linspace(0, len(counts) - 1, _PARTS + 1).astype(int)
    ways, parts = np.diff(at_m[edges]), np.diff(counts[edges])
    return bool((ways > 0).all() and (np.abs(parts / ways / _TIMES - 1.0) <= _TOLERANCE).all())
