"""The service's own grade adjustment, as its splits and laps show it: not what hills cost the simulated bodies."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# A quintic of ours through six points read off the published equal-heart-rate curve ("An Improved GAP Model",
# medium.com/strava-engineering, 2017-10-03; -20 % 1.085, -10 % 0.8775, 0 1, +10 % 1.475, +20 % 2.30, +30 % 3.16),
# highest power first, grade in percent. Outside of about -20..+30 % it would be guessing, so grades are held there.
_FACTOR = (-2.39583333e-08, -1.04166667e-07, 1.36458333e-05, 1.77291667e-03, 2.875e-02, 1.0)
STEEPEST_DOWN_PERCENT = -22.0
STEEPEST_UP_PERCENT = 30.0


def grade_factor(grade_percent: Floats) -> Floats:
    """How many flat metres the service counts for one metre on a grade: 1.475 at +10 %, 0.88 at -10 %."""
    grade = np.clip(grade_percent, STEEPEST_DOWN_PERCENT, STEEPEST_UP_PERCENT)
    return np.asarray(np.polyval(_FACTOR, grade))
