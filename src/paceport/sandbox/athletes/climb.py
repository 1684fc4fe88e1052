"""Metres climbed. By design, as the real procedure is unpublished: the smoothing width, the threshold."""

from __future__ import annotations

import numpy as np

from paceport.sandbox.athletes.recording import Floats
from paceport.sandbox.athletes.smoothing import centred_mean

CLIMB_THRESHOLD_M = 2.0


def climb_m(altitude_m: Floats) -> float:
    """Metres climbed: rises of at least 2 m between turning points of the smoothed altitude, to 0.1 m."""
    smooth = centred_mean(altitude_m, 7)
    slope = np.sign(np.diff(smooth))
    turning = np.flatnonzero(np.diff(slope) != 0) + 1
    gain = 0.0
    low = high = float(smooth[0])
    for value in [*smooth[turning].tolist(), float(smooth[-1])]:
        if value > high:
            high = value
        elif high - value >= CLIMB_THRESHOLD_M:
            gain += high - low if high - low >= CLIMB_THRESHOLD_M else 0.0
            low = high = value
        elif value < low:
            low = high = value
    if high - low >= CLIMB_THRESHOLD_M:
        gain += high - low
    return round(gain, 1)
