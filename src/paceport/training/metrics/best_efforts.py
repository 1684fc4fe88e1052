"""Best efforts: the fastest stretch of a given length anywhere in a run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.stretches import BestEffort
from paceport.units import MILE_M

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

STANDARD_SPANS_M = (
    400.0,
    MILE_M / 2,
    1000.0,
    MILE_M,
    2 * MILE_M,
    5000.0,
    10000.0,
    15000.0,
    10 * MILE_M,
    20000.0,
    21097.5,
    30000.0,
    42195.0,
    50000.0,
)


def best_efforts(course: DistanceTrack, spans_m: Sequence[float] = STANDARD_SPANS_M) -> list[BestEffort]:
    """The best effort over each span that the run is long enough for, in the order of `spans_m`.

    A run of 4,999 m has no 5 km: nothing is scaled up. Exact on the straight lines between samples, because the
    fastest stretch always has one end on a sample: all starts on samples and all ends on samples are tried.
    Source: docs/metrics.md#best-efforts.
    """
    searches = [_Search(time_s, distance_m) for time_s, distance_m in _pieces(course)]
    best = []
    for span_m in spans_m:
        found = [effort for search in searches if (effort := search.fastest(span_m)) is not None]
        if found:
            best.append(min(found, key=lambda effort: effort.elapsed_time_s))
    return best


def _pieces(course: DistanceTrack) -> list[tuple[Channel, Channel]]:
    """Time and distance between gaps: no effort lies across one."""
    if course.gaps is None:
        return [(course.time_s, course.distance_m)]
    edges = [0, *(np.flatnonzero(course.gaps) + 1).tolist(), len(course.time_s)]
    return [
        (course.time_s[first:end], course.distance_m[first:end]) for first, end in pairwise(edges) if end - first > 1
    ]


def best_effort_s(
    time_s: Sequence[float] | Channel, distance_m: Sequence[float] | Channel, span_m: float
) -> float | None:
    """Fastest elapsed time over any `span_m` of the run, in seconds; None if the run is shorter.

    `time_s` strictly increasing, `distance_m` never falling. Raises ValueError on unequal lengths.
    """
    if len(time_s) != len(distance_m):
        raise ValueError(f"{len(time_s)} times, {len(distance_m)} distances")
    if len(time_s) < 2:
        return None
    effort = _Search(np.asarray(time_s, dtype=np.float64), np.asarray(distance_m, dtype=np.float64)).fastest(span_m)
    return None if effort is None else effort.elapsed_time_s


class _Search:
    """One run, ready to be asked for many spans: each costs two linear interpolations over the samples."""

    def __init__(self, time_s: Channel, distance_m: Channel) -> None:
        self._time_s, self._distance_m = time_s, distance_m
        # Where the runner stands, many times share one distance, and np.interp answers with the last of them. That is
        # right for a start. For an end we need the first: the same look-up on the mirrored run.
        self._mirrored_time_s = time_s[::-1].copy()
        self._mirrored_distance_m = -distance_m[::-1]

    def _reached_s(self, at_m: npt.NDArray[np.float64]) -> Channel:
        """When each distance was first reached."""
        return np.interp(-at_m, self._mirrored_distance_m, self._mirrored_time_s)

    def _left_s(self, at_m: npt.NDArray[np.float64]) -> Channel:
        """When each distance was left behind."""
        return np.interp(at_m, self._distance_m, self._time_s)

    def fastest(self, span_m: float) -> BestEffort | None:
        time_s, distance_m = self._time_s, self._distance_m
        if not 0 < span_m <= distance_m[-1] - distance_m[0]:
            return None
        ends_m = distance_m + span_m
        ends_m = ends_m[: max(1, np.searchsorted(ends_m, distance_m[-1], side="right"))]
        from_samples_s = self._reached_s(ends_m) - time_s[: len(ends_m)]
        starts_m = distance_m - span_m
        starts_m = starts_m[min(len(starts_m) - 1, int(np.searchsorted(starts_m, distance_m[0], side="left"))) :]
        to_samples_s = time_s[-len(starts_m) :] - self._left_s(starts_m)
        first, last = int(np.argmin(from_samples_s)), int(np.argmin(to_samples_s))
        if from_samples_s[first] <= to_samples_s[last]:
            elapsed_s, start_s, start_m = from_samples_s[first], time_s[first], distance_m[first]
        else:
            elapsed_s, start_m = to_samples_s[last], starts_m[last]
            start_s = time_s[len(time_s) - len(starts_m) + last] - elapsed_s
        return BestEffort(
            span_m=float(span_m),
            elapsed_time_s=float(elapsed_s),
            start_s=float(start_s),
            end_s=float(start_s + elapsed_s),
            start_m=float(start_m),
        )
