"""The fastest 15 seconds to four hours of one run: its part of the pace-duration curve."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.training.metrics.best_by_duration import STANDARD_DURATIONS_S, BestMean, best_means
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance


def best_speeds(
    course: DistanceTrack,
    adjusted: AdjustedDistance | None = None,
    *,
    durations_s: Sequence[float] = STANDARD_DURATIONS_S,
) -> list[BestMean]:
    """The best mean speed (m/s, `mean_per_s`) over each duration of elapsed time that the run is long enough for.

    With `adjusted`, grade-adjusted metres are counted. Nothing lies across a gap; pauses count, as in best efforts.
    Source: docs/metrics.md#pace-duration-curve.
    """
    metres = course.distance_m if adjusted is None else adjusted.adjusted_m_at(course.distance_m)
    return best_means(course.time_s, metres, durations_s=durations_s, gaps=course.gaps)
