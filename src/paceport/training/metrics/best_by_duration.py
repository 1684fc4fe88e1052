"""The highest mean of something that adds up (metres, joules, heartbeats) over any stretch of a given duration."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

# In elapsed time, as best efforts are. Source: docs/metrics.md#pace-duration-curve.
STANDARD_DURATIONS_S = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 14400.0)

_MOST_SECONDS = 200_000.0  # beyond two days it is cheaper to look at the samples alone


@dataclass(frozen=True, slots=True, kw_only=True)
class BestMean:
    """The highest mean over `duration_s`, per second of what was added up, and when it begins on the time axis."""

    duration_s: float
    mean_per_s: float
    start_s: float


def best_means(
    time_s: Channel,
    total: Channel,
    *,
    durations_s: Sequence[float] = STANDARD_DURATIONS_S,
    gaps: npt.NDArray[np.bool_] | None = None,
) -> list[BestMean]:
    """The best mean over each duration that one piece between gaps is long enough for, in the order of `durations_s`.

    `time_s` strictly increasing; `total` has what was added up until each of these times, straight between them; `gaps`
    says which of the n - 1 intervals nothing is known of. Exact: the best stretch always has an end on a sample. A tie
    goes to the stretch that begins first.
    """
    return best_means_of_each(time_s, [total], durations_s=durations_s, gaps=gaps)[0]


def best_means_of_each(
    time_s: Channel,
    totals: Sequence[Channel],
    *,
    durations_s: Sequence[float] = STANDARD_DURATIONS_S,
    gaps: npt.NDArray[np.bool_] | None = None,
) -> list[list[BestMean]]:
    """What `best_means` gives for each of these totals over the same times; asked together they cost little more."""
    edges = [0, len(time_s)] if gaps is None else [0, *(np.flatnonzero(gaps) + 1).tolist(), len(time_s)]
    rows = np.array(totals)
    pieces = [_Piece(time_s[first:end], rows[:, first:end]) for first, end in pairwise(edges) if end - first > 1]
    best: list[list[BestMean]] = [[] for _ in totals]
    for duration_s in durations_s:
        found = [one for piece in pieces if (one := piece.best(float(duration_s)))]
        for of_each, ofs in zip(best, zip(*found, strict=True), strict=False):
            of_each.append(ofs[0] if len(ofs) == 1 else max(ofs, key=_mean))
    return best


def _mean(one: BestMean) -> float:
    return one.mean_per_s


class _Piece:
    """One piece of a run, with samples of whole seconds filled in; all others are as they are.

    A stretch of whole seconds with an end on such a sample has both on one of these. `totals` has a row for each total.
    """

    def __init__(self, time_s: Channel, totals: npt.NDArray[np.float64]) -> None:
        first_s, last_s = float(time_s[0]), float(time_s[-1])
        self._lasts_s = last_s - first_s
        is_whole = self._lasts_s <= _MOST_SECONDS and bool((time_s == np.floor(time_s)).all())
        if is_whole and len(time_s) != int(self._lasts_s) + 1:
            every_s = np.arange(first_s, last_s + 1.0)
            time_s, totals = every_s, np.array([np.interp(every_s, time_s, total) for total in totals])
        self._time_s, self._totals, self._has_every_second = time_s, totals, is_whole

    def best(self, duration_s: float) -> list[BestMean]:
        """The best mean of each total; empty where the piece is too short."""
        if not 0 < duration_s <= self._lasts_s:
            return []
        if self._has_every_second and duration_s == int(duration_s):
            steps = int(duration_s)
            gained, starts_s = self._totals[:, steps:] - self._totals[:, :-steps], self._time_s
        else:
            starts_s = self._starts_s(duration_s)
            gained = np.array([self._gained(total, starts_s, duration_s) for total in self._totals])
        return [
            BestMean(
                duration_s=duration_s,
                mean_per_s=float(gained[row, place]) / duration_s,
                start_s=float(starts_s[place]),
            )
            for row, place in enumerate(gained.argmax(axis=1).tolist())
        ]

    def _starts_s(self, duration_s: float) -> Channel:
        """Where a stretch with an end on a sample can begin."""
        time_s = self._time_s
        starts_s = np.concatenate((time_s, time_s - duration_s))
        starts_s = np.sort(starts_s[(starts_s >= time_s[0]) & (starts_s <= time_s[-1] - duration_s)])
        # A duration of the whole piece, where the subtraction was not exact.
        return starts_s if len(starts_s) else time_s[:1]

    def _gained(self, total: Channel, starts_s: Channel, duration_s: float) -> Channel:
        return np.interp(starts_s + duration_s, self._time_s, total) - np.interp(starts_s, self._time_s, total)
