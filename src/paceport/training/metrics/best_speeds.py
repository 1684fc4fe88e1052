"""The fastest 15 seconds to four hours of one run: its part of the pace-duration curve."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.training.metrics.best_by_duration import STANDARD_DURATIONS_S, BestMean, best_means_of_each
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance


def best_speeds(
    course: DistanceTrack, adjusted: AdjustedDistance | None, *, durations_s: Sequence[float] = STANDARD_DURATIONS_S
) -> tuple[list[BestMean], list[BestMean]]:
    """The best mean speeds (m/s, `mean_per_s`) over each duration of elapsed time that the run is long enough for.

    First without the grade, then from grade-adjusted metres; the second is empty where the grade is not known.
    Nothing lies across a gap; pauses count, as in best efforts. Source: docs/metrics.md#pace-duration-curve.
    """
    totals = [course.distance_m]
    if adjusted is not None:
        totals.append(adjusted.adjusted_m_at(course.distance_m))
    raw, *worth = best_means_of_each(course.time_s, totals, durations_s=durations_s, gaps=course.gaps)
    return raw, worth[0] if worth else []
