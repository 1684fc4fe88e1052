"""Corrects the first samples of a watch whose clock was set by satellite during the activity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import known_places, steps_of, taken
from paceport.formats.tracks.sample_table import Samples

if TYPE_CHECKING:
    from paceport.formats.tracks.track import Pause

LONGEST_SEARCH_S = 900.0  # a receiver that needs longer than that finds no satellite at all
SMALLEST_JUMP_S = 3600.0


def with_clock_set_once(samples: Samples, pauses: Sequence[Pause], notes: list[str]) -> Samples:
    """The samples with the first stretch moved to the rest, where the clock jumped within the first quarter of an hour.

    A jump is an hour or more, forwards or back, with no stop of the timer (`pauses`, in Unix seconds) that explains
    it. What comes after the jump is believed.
    """
    known = known_places(samples.epoch_s)
    times_s = taken(samples.epoch_s, known)
    jumps = np.flatnonzero(np.abs(steps_of(times_s)) > SMALLEST_JUMP_S)
    if len(jumps) != 1:
        return samples
    last = int(jumps[0])
    left_s, entered_s = float(times_s[last]), float(times_s[last + 1])
    lasted_s = left_s - float(times_s[0])
    is_short = 0 <= lasted_s <= min(LONGEST_SEARCH_S, float(times_s[-1]) - entered_s)
    if not is_short or any(pause.start_s <= left_s + 1 and pause.end_s > left_s for pause in pauses):
        return samples
    moved_s = entered_s - 1 - left_s
    epoch_s = samples.epoch_s.copy()
    epoch_s[known[: last + 1]] += moved_s
    notes.append(
        f"the clock was set during the activity: the first {last + 1} samples were moved by {moved_s / 3600:.1f} h"
    )
    return Samples(epoch_s=epoch_s, channels=samples.channels)
