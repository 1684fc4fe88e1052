"""The source of an activity whose recording or figures are given: an upload, or a manual entry."""

from __future__ import annotations

from dataclasses import dataclass

from paceport.sandbox.athletes import effort, splits
from paceport.sandbox.athletes.recording import Recording, Summary
from paceport.sandbox.athletes.recording_summary import summarize_recording


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSource:
    """A source that holds what it gives: an upload (`stored_source(recording)`) or a manual entry (no recording)."""

    held: Recording | None
    figures: Summary

    def recording(self) -> Recording | None:
        """What is held."""
        return self.held

    def summary(self) -> Summary:
        """The figures given."""
        return self.figures

    def heartrate_zone_times_s(self, bounds: tuple[int, ...]) -> tuple[int, ...] | None:
        """Moving seconds in the heart rate zones between the bounds."""
        return effort.heartrate_zone_times_s(self.held, bounds)

    def distance_m(self) -> float:
        """The distance of the figures."""
        return self.figures.distance_m

    def best_efforts(self) -> tuple[splits.BestEffort, ...]:
        """The best efforts of what is held."""
        return () if self.held is None or not self.held.has_distance else splits.best_efforts(self.held)

    def may_cover(self, span_m: float, within_s: float) -> bool:
        """Known by looking alone; a manual entry covers nothing."""
        del span_m, within_s
        return self.held is not None

    def may_pass(self, start_m: float, end_m: float, within_s: float) -> bool:
        """Known by looking alone."""
        del start_m, end_m, within_s
        return self.held is not None


def stored_source(recording: Recording) -> StoredSource:
    """The source of an activity whose recording already exists."""
    return StoredSource(held=recording, figures=summarize_recording(recording))
