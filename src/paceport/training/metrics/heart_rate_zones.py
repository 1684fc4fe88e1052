"""Heart rate zones: their edges where the athlete has set none, and the time spent in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from paceport.streams import Channel

_STRAVA_SHARES = (0.65, 0.81, 0.89, 0.97)


def default_zones_bpm(max_heartrate_bpm: float) -> tuple[float, ...]:
    """The four inner edges of Strava's five default zones: 65, 81, 89 and 97 % of the maximum, rounded.

    Recovered from real replies; use the athlete's own zones where they are known.
    """
    return tuple(float(np.floor(share * max_heartrate_bpm + 0.5)) for share in _STRAVA_SHARES)


def time_in_zones_s(heartrate_bpm: Channel, seconds: Channel, edges_bpm: Sequence[float]) -> tuple[float, ...]:
    """Seconds in each of the len(edges) + 1 zones, easiest first; a rate on an edge belongs to the harder zone."""
    zone = np.searchsorted(np.asarray(edges_bpm, dtype=np.float64), heartrate_bpm, side="right")
    return tuple(float(total) for total in np.bincount(zone, weights=seconds, minlength=len(edges_bpm) + 1))
