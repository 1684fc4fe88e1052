"""Samples with times out of order → samples with increasing times, losing as few as possible."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.formats.tracks.sample_table import Samples

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

SMALL_STEP_BACK_S = 10.0  # Sports Tracker writes heart rates up to 3 s late; a clock that is set steps further


def increasing(samples: Samples, notes: list[str]) -> Samples:
    """The samples with strictly increasing times; those of one time become one, its last known values.

    Small steps back and whole stretches out of order are sorted. Where the clock itself stepped back, the longest
    increasing series stays.
    """
    steps = steps_of(samples.epoch_s)
    if (steps > 0).all():
        return samples
    if (steps < 0).any() and _is_out_of_order_only(samples.epoch_s, steps):
        notes.append(f"{int((steps < 0).sum())} steps back in time were sorted")
        samples = samples.select(np.argsort(samples.epoch_s, kind="stable"))
        steps = steps_of(samples.epoch_s)
    if (steps == 0).any():
        notes.append(f"{int((steps == 0).sum())} samples with the same time as another were merged with it")
        samples = _joined(samples, np.flatnonzero(np.concatenate([[True], steps != 0])))
    if (steps_of(samples.epoch_s) > 0).all():
        return samples
    kept = longest_increasing(samples.epoch_s)
    notes.append(f"{len(samples.epoch_s) - len(kept)} samples whose time ran backwards were left out")
    return samples.select(kept)


def _is_out_of_order_only(epoch_s: Channel, steps: Channel) -> bool:
    """Whether sorting mends it: no step back is large, or stretches were swapped or repeated but do not interleave."""
    back = steps < 0
    if float(-steps[back].min()) <= SMALL_STEP_BACK_S:
        return True
    if len(np.unique(epoch_s)) <= 0.6 * len(epoch_s):
        return True  # COROS writes all points into every lap
    order = np.argsort(epoch_s, kind="stable")
    seams = int((np.diff(order) != 1).sum())
    longest_blocks = len(epoch_s) / (back.sum() + 1) >= 3  # single stray samples are no stretches
    has_overlap = bool((np.diff(epoch_s[order]) == 0).any())
    return seams <= 2 * int(back.sum()) and bool(longest_blocks) and not has_overlap


def _joined(samples: Samples, starts: npt.NDArray[np.intp]) -> Samples:
    """One sample for each stretch of equal times that begins at `starts`: the last known value of each channel."""
    places = np.arange(len(samples.epoch_s))
    channels = {}
    for name, channel in samples.channels.items():
        last = np.maximum.reduceat(np.where(np.isnan(channel), -1, places), starts)
        channels[name] = np.where(last >= 0, channel[last], np.nan)
    return Samples(epoch_s=samples.epoch_s[starts], channels=channels)


def longest_increasing(values: Channel) -> npt.NDArray[np.intp]:
    """The places of a longest strictly increasing series in `values`. O(n log n), by patience sorting."""
    tops: list[float] = []
    top_places: list[int] = []
    before = np.full(len(values), -1, dtype=np.intp)
    for place, value in enumerate(values.tolist()):
        pile = bisect_left(tops, value)
        if pile == len(tops):
            tops.append(value)
            top_places.append(place)
        else:
            tops[pile], top_places[pile] = value, place
        before[place] = top_places[pile - 1] if pile else -1
    chain = []
    place = top_places[-1] if top_places else -1
    while place >= 0:
        chain.append(place)
        place = int(before[place])
    return np.array(chain[::-1], dtype=np.intp)
