"""Corrects the first samples of a watch whose clock was set during the activity, by satellite or by network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import known_places, steps_of, taken
from paceport.formats.tracks.sample_table import Samples
from paceport.formats.tracks.time_order import SMALL_STEP_BACK_S
from paceport.geodesy import apart_m

if TYPE_CHECKING:
    from paceport.formats.tracks.track import Pause
    from paceport.streams import Channel

LONGEST_SEARCH_S = 900.0  # a receiver that needs longer than that finds no satellite at all
SMALLEST_JUMP_S = 3600.0
FEWEST_SHARED = 2  # of each stretch, in the time that the clock showed twice
LONGEST_STEP = 4.0  # times the usual one: more is a silence, and a stray sample or a pause explains the step


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


def with_clock_set_back(samples: Samples, notes: list[str]) -> Samples:
    """The samples with what came before moved back as far as the clock was, where it was set back on the way.

    That is so where time steps back once, by more than ten seconds, where both stretches recorded the time that was
    shown twice without a silence, and where the way goes on: what is written twice is at one place at one time. Left as
    they are, as many samples had to be left out, and those that stay would be too close to each other for their way.
    """
    known = known_places(samples.epoch_s)
    times_s = taken(samples.epoch_s, known)
    steps_s = steps_of(times_s)
    back = np.flatnonzero(steps_s < 0)
    if len(back) != 1 or -steps_s[back[0]] <= SMALL_STEP_BACK_S:
        return samples
    last = int(back[0])
    at_one_time = _shown_twice(times_s, steps_s, last)
    if at_one_time is None or not _is_nearer(
        samples, (known[last], known[last + 1]), (known[at_one_time[0]], known[at_one_time[1]])
    ):
        return samples
    moved_s = float(times_s[last + 1] - np.median(steps_s) - times_s[last])
    epoch_s = samples.epoch_s.copy()
    epoch_s[known[: last + 1]] += moved_s
    notes.append(f"the clock was set back on the way: the first {last + 1} samples were moved by {moved_s:.0f} s")
    return Samples(epoch_s=epoch_s, channels=samples.channels)


def _shown_twice(times_s: Channel, steps_s: Channel, last: int) -> tuple[int, int] | None:
    """A sample before and one behind the step after `last` at about one time; None where both did not simply record."""
    left_s, entered_s, usual_s = float(times_s[last]), float(times_s[last + 1]), float(np.median(steps_s))
    is_shared = (times_s >= max(float(times_s[0]), entered_s)) & (times_s <= min(float(times_s[-1]), left_s))
    before, behind = np.flatnonzero(is_shared[: last + 1]), np.flatnonzero(is_shared[last + 1 :]) + last + 1
    if min(len(before), len(behind)) < FEWEST_SHARED or usual_s <= 0:
        return None
    first = max(0, int(before[0]) - 1)
    around_s = np.delete(steps_s[first : behind[-1] + 1], last - first)
    if float(around_s.max()) > LONGEST_STEP * usual_s:
        return None
    return int(before[-1]), int(behind[-1])


def _is_nearer(samples: Samples, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the one pair of samples lies nearer together than the other, by the counter or else by the places."""
    way = _apart(samples, one), _apart(samples, other)
    return bool(way[0] < way[1])  # never where it is not known


def _apart(samples: Samples, pair: tuple[int, int]) -> float:
    counter_m = samples.channels.get("distance_m")
    if counter_m is not None and np.isfinite(counter_m[list(pair)]).all():
        return abs(float(counter_m[pair[1]] - counter_m[pair[0]]))
    places = [samples.channels.get(name) for name in ("latitude_deg", "longitude_deg")]
    if any(place is None for place in places):
        return float("nan")
    return float(apart_m(*(float(place[at]) for at in pair for place in places if place is not None)))
