"""Time in zones of pace and of power, from the streams.

Documented: that runs have a pace distribution in m/s and rides one of power, the latter in steps of 50 W. By design:
the pace bounds, as shares of the speed the athlete could hold for an hour.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from paceport.sandbox.athletes.recording import Recording

PACE_SHARES = (0.77, 0.87, 0.94, 1.01, 1.11)
POWER_STEP_W, POWER_STEPS = 50, 10

# Lower bound, upper bound (-1 for none), seconds in between.
ZoneTime = tuple[float, float, float]


def pace(recording: Recording, threshold_mps: float) -> list[ZoneTime]:
    """Seconds in six zones of speed; the last is open."""
    bounds = [0.0, *(round(share * threshold_mps, 6) for share in PACE_SHARES)]
    places = np.searchsorted(bounds, recording.velocity_mps, side="right") - 1
    times = np.bincount(places, weights=_steps(recording), minlength=len(bounds)).tolist()
    ends = [*bounds[1:], -1]
    return list(zip(bounds, ends, times, strict=True))


def power(recording: Recording) -> list[ZoneTime]:
    """Seconds without power, then in steps of 50 W; the last is open. Empty without a meter."""
    if recording.watts is None:
        return []
    bounds = [0, 1, *range(POWER_STEP_W, POWER_STEP_W * POWER_STEPS, POWER_STEP_W)]
    places = np.searchsorted(bounds, recording.watts, side="right") - 1
    times = np.bincount(np.maximum(places, 0), weights=_steps(recording), minlength=len(bounds)).tolist()
    shown = [0, 0, *bounds[2:], -1]
    return [(low, high, time_s) for (low, high), time_s in zip(pairwise(shown), times, strict=True)]


def _steps(recording: Recording) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(np.diff(recording.time_s, prepend=0) * recording.moving, dtype=np.float64)
