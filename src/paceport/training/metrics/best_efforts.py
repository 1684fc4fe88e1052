"""Best efforts: the fastest stretch of a given length anywhere in a run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.effort_search import fastest_stretches
from paceport.training.metrics.stretches import BestEffort
from paceport.units import MILE_M

if TYPE_CHECKING:
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
    pieces = [fastest_stretches(*piece, spans_m) for piece in _pieces(course)]
    if len(pieces) == 1:
        return pieces[0]
    best: dict[float, BestEffort] = {}
    for effort in chain.from_iterable(pieces):
        standing = best.get(effort.span_m)
        if standing is None or effort.elapsed_time_s < standing.elapsed_time_s:
            best[effort.span_m] = effort
    return [best[span_m] for span_m in spans_m if span_m in best]


def _pieces(course: DistanceTrack) -> list[tuple[Channel, Channel]]:
    """Time and distance between gaps, a sample or more each: no effort lies across one."""
    if course.gaps is None:
        return [(course.time_s, course.distance_m)]
    edges = [0, *(np.flatnonzero(course.gaps) + 1).tolist(), len(course.time_s)]
    return [(course.time_s[first:end], course.distance_m[first:end]) for first, end in pairwise(edges)]
