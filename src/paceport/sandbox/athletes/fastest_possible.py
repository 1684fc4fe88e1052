"""How quick a planned run can at most be, found without simulating it: its pace, less what noise can give.

Whoever looks for records among years of runs need not generate those that are too slow.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from paceport.sandbox.athletes.run_simulator import RecordingPlan, planned_clock

# Spreads of the noise's mean over a stretch that no run exceeds; its two parts change each 90 m and each 700 m.
SPREADS = 3.5
STEP_M = 5.0
_SHORT_M, _LONG_M, _LONG_SHARE = 90.0, 700.0, 0.6


class QuickestTimes:
    """The least seconds for stretches of one plan, noise and standing left out."""

    def __init__(self, plan: RecordingPlan) -> None:
        self._plan = plan
        way_m, clock_s = planned_clock(plan)
        self._way_m = np.arange(0.0, float(way_m[-1]) + STEP_M, STEP_M)
        self._clock_s = np.interp(self._way_m, way_m, clock_s)

    def over(self, span_m: float) -> float:
        """The least seconds over any stretch of that length; infinite where the run is shorter."""
        if self._plan.distance_m < span_m:
            return float("inf")
        # As many steps as fit the span go a little less far, so take no more time.
        steps = int(span_m / STEP_M)
        least = float((self._clock_s[steps:] - self._clock_s[:-steps]).min())
        return least * (1.0 - self._margin(span_m))

    def over_all(self, spans: Iterable[tuple[str, float]]) -> dict[float, float]:
        """The least seconds over each of the named lengths, by length."""
        return {span_m: self.over(span_m) for _, span_m in spans}

    def between(self, start_m: float, end_m: float) -> float:
        """The least seconds from one distance to another, less what the spacing of samples can hide."""
        start_s, end_s = np.interp([start_m, end_m], self._way_m, self._clock_s).tolist()
        return float((end_s - start_s) * (1.0 - self._margin(end_m - start_m))) - self._plan.device.spacing_s - 1.0

    def _margin(self, span_m: float) -> float:
        size = self._plan.noise
        short, long = size**2 / max(1.0, span_m / _SHORT_M), (_LONG_SHARE * size) ** 2 / max(1.0, span_m / _LONG_M)
        return min(0.9, SPREADS * float(np.sqrt(short + long)))
