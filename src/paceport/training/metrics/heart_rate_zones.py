"""Heart rate zones: their edges where the athlete has set none, and the time spent in each."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence

_STRAVA_SHARES = (0.65, 0.81, 0.89, 0.97)


def default_zones_bpm(max_heartrate_bpm: float) -> tuple[float, ...]:
    """The four inner edges of Strava's five default zones: 65, 81, 89 and 97 % of the maximum, rounded.

    Recovered from real replies; use the athlete's own zones where they are known.
    """
    return tuple(float(math.floor(share * max_heartrate_bpm + 0.5)) for share in _STRAVA_SHARES)


def time_in_zones_s(
    heartrate_bpm: Iterable[float], seconds: Iterable[float], edges_bpm: Sequence[float]
) -> tuple[float, ...]:
    """Seconds in each of the len(edges) + 1 zones, easiest first; a rate on an edge belongs to the harder zone."""
    zones_s = [0.0] * (len(edges_bpm) + 1)
    for rate, spent_s in zip(heartrate_bpm, seconds, strict=True):
        zones_s[bisect_right(edges_bpm, rate)] += float(spent_s)
    return tuple(zones_s)
