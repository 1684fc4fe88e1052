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
    edges = [0, len(time_s)] if gaps is None else [0, *(np.flatnonzero(gaps) + 1).tolist(), len(time_s)]
    pieces = [_every_second(time_s[first:end], total[first:end]) for first, end in pairwise(edges) if end - first > 1]
    best = []
    for duration_s in durations_s:
        found = [one for times, totals in pieces if (one := _best_mean(times, totals, duration_s)) is not None]
        if found:
            best.append(max(found, key=lambda one: one.mean_per_s))
    return best


def _every_second(time_s: Channel, total: Channel) -> tuple[Channel, Channel]:
    """Samples of whole seconds with what lies between them filled in; all others as they are.

    A stretch of whole seconds with an end on such a sample has both on one of these.
    """
    seconds = time_s[-1] - time_s[0]
    if not seconds <= _MOST_SECONDS or (time_s != np.floor(time_s)).any():
        return time_s, total
    if len(time_s) == int(seconds) + 1:
        return time_s, total
    every_s = np.arange(time_s[0], time_s[-1] + 1.0)
    return every_s, np.interp(every_s, time_s, total)


def _best_mean(time_s: Channel, total: Channel, duration_s: float) -> BestMean | None:
    if not 0 < duration_s <= time_s[-1] - time_s[0]:
        return None
    if len(time_s) == time_s[-1] - time_s[0] + 1 and duration_s == int(duration_s):
        steps = int(duration_s)  # a sample a second: see `_every_second`
        gained = total[steps:] - total[:-steps]
        place = int(np.argmax(gained))
        return BestMean(
            duration_s=float(duration_s), mean_per_s=float(gained[place] / duration_s), start_s=float(time_s[place])
        )
    last_start_s = time_s[-1] - duration_s
    starts_s = np.concatenate((time_s, time_s - duration_s))
    starts_s = np.sort(starts_s[(starts_s >= time_s[0]) & (starts_s <= last_start_s)])
    if not len(starts_s):  # a duration of the whole piece, where the subtraction was not exact
        starts_s = time_s[:1]
    gained = np.interp(starts_s + duration_s, time_s, total) - np.interp(starts_s, time_s, total)
    place = int(np.argmax(gained))
    return BestMean(
        duration_s=float(duration_s), mean_per_s=float(gained[place] / duration_s), start_s=float(starts_s[place])
    )
