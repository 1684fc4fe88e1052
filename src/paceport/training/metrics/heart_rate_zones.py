"""Heart rate zones: their edges where the athlete has set none."""

from __future__ import annotations

import math

_STRAVA_SHARES = (0.65, 0.81, 0.89, 0.97)


def default_zones_bpm(max_heartrate_bpm: float) -> tuple[float, ...]:
    """The four inner edges of Strava's five default zones: 65, 81, 89 and 97 % of the maximum, rounded.

    Recovered from real replies; use the athlete's own zones where they are known.
    """
    return tuple(float(math.floor(share * max_heartrate_bpm + 0.5)) for share in _STRAVA_SHARES)
