"""Where a simulated activity's recording comes from: its plan, made into streams whenever somebody asks."""

from __future__ import annotations

from collections.abc import Callable

from paceport.sandbox.athletes.effort import heartrate_zone_times_s
from paceport.sandbox.athletes.fastest_possible import QuickestTimes
from paceport.sandbox.athletes.recording import Recording, Summary
from paceport.sandbox.athletes.recording_summary import summarize_recording
from paceport.sandbox.athletes.run_simulator import RecordingPlan
from paceport.sandbox.athletes.splits import BEST_EFFORTS, BestEffort, best_efforts


class SimulatedSource:
    """The source of a simulated activity: generates on demand, keeps the summary, leaves the streams to `recent`."""

    __slots__ = ("_best_efforts", "_bounds", "_least_s", "_passing_s", "_recent", "_summary", "_zone_times", "plan")

    def __init__(
        self, plan: RecordingPlan, recent: Callable[[SimulatedSource], Recording], bounds: tuple[int, ...] = ()
    ) -> None:
        self.plan = plan
        self._bounds = bounds
        self._recent = recent
        self._best_efforts: tuple[BestEffort, ...] | None = None
        self._least_s: dict[float, float] = {}
        self._passing_s: dict[tuple[float, float], float] = {}
        self._summary: Summary | None = None
        self._zone_times: tuple[tuple[int, ...], tuple[int, ...] | None] | None = None

    def recording(self) -> Recording:
        """The recording, kept while recent, else made again just the same."""
        return self._recent(self)

    def summary(self) -> Summary:
        """The recording's figures, made once."""
        if self._summary is None:
            recording = self._recent(self)
            # A list shows the score beside the figures: count its zones while the streams are at hand.
            self._zone_times = self._bounds, heartrate_zone_times_s(recording, self._bounds)
            self._summary = summarize_recording(recording)
        return self._summary

    def heartrate_zone_times_s(self, bounds: tuple[int, ...]) -> tuple[int, ...] | None:
        """Moving seconds in the zones between the bounds; kept for the bounds asked last."""
        if self._zone_times is None or self._zone_times[0] != bounds:
            self._zone_times = bounds, heartrate_zone_times_s(self._recent(self), bounds)
        return self._zone_times[1]

    def distance_m(self) -> float:
        """What the recording will end with."""
        return self.plan.recorded_distance_m

    def best_efforts(self) -> tuple[BestEffort, ...]:
        """The recording's best efforts, found once."""
        if self._best_efforts is None:
            recording = self._recent(self)
            self._best_efforts = best_efforts(recording) if recording.has_distance else ()
        return self._best_efforts

    def may_cover(self, span_m: float, within_s: float) -> bool:
        """Whether the plan, at its quickest, is that quick somewhere."""
        plan = self.plan
        if plan.recorded_distance_m < span_m:
            return False
        # A plan does not know how quick a jump of the receiver looks.
        if plan.spikes or self._best_efforts is not None:
            return True
        if span_m not in self._least_s:
            self._least_s |= QuickestTimes(plan).over_all(BEST_EFFORTS)
        return self._least_s.get(span_m, 0.0) < within_s

    def may_pass(self, start_m: float, end_m: float, within_s: float) -> bool:
        """Whether the plan, at its quickest, is that quick there."""
        key = (start_m, end_m)
        if key not in self._passing_s:
            self._passing_s[key] = QuickestTimes(self.plan).between(start_m, end_m)
        return self._passing_s[key] < within_s
