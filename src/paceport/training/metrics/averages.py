"""Means and medians: as `statistics` gives them, without the time that its import takes, a third of a bare start."""

from __future__ import annotations

import math
from collections.abc import Iterable


def median(values: Iterable[float]) -> float:
    """The middle of the values by size, the mean of two where their number is even. Raises ValueError for none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("there is no median of nothing")
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def mean(values: Iterable[float]) -> float:
    """The sum, without rounding on the way, over the number. Raises ValueError for none."""
    known = list(values)
    if not known:
        raise ValueError("there is no mean of nothing")
    return math.fsum(known) / len(known)


def deviation(values: Iterable[float], *, population: bool) -> float:
    """The standard deviation: of all there is (`population`, over n), or of a sample (over n - 1).

    Raises ValueError where that is nothing.
    """
    known = list(values)
    count = len(known) - (not population)
    if count < 1:
        raise ValueError("there are too few values for a standard deviation")
    middle = mean(known)
    return math.sqrt(math.fsum((value - middle) ** 2 for value in known) / count)
