"""Several recordings of one run: which counts, which channel comes from which, and their union; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from paceport.logbook.recordings.same_run import Recorded
from paceport.streams import Streams

if TYPE_CHECKING:
    from paceport.streams import Channel

# A hole longer than this is no more recorded than what was never measured.
_LONGEST_HOLE_S = 30.0
# How much more of a channel, as a share of the run, another recording must have to give it.
_CLEARLY_MORE = 0.1
_POSITION = ("latitude_deg", "longitude_deg")


def recorded_s(track: Streams, *, from_s: float = -np.inf, to_s: float = np.inf) -> dict[str, float]:
    """For how many seconds of a stretch each channel of a track was recorded. A heart rate or cadence of 0 is none."""
    found = {}
    inside = (track.time_s >= from_s) & (track.time_s <= to_s)
    for name, channel in track.channels().items():
        known = inside & np.isfinite(channel) & ((channel > 0) | (name not in ("heartrate_bpm", "cadence_spm")))
        steps_s = np.diff(track.time_s[known])
        found[name] = float(steps_s[steps_s <= _LONGEST_HOLE_S].sum())
    return found


def best_first(recorded: Sequence[Recorded], tracks: Mapping[int, Streams | None]) -> list[Recorded]:
    """The recordings of one run, the one that counts first.

    Own data before what expires; one with samples; one whose sport is told; what Strava's export has with its names
    and corrections before a bare file; then the more channels, the fewer doubts, the longer, at last the smaller id.
    """

    def rank(one: Recorded) -> tuple[object, ...]:
        track = tracks.get(one.id)
        seconds = recorded_s(track) if track is not None else {}
        channels = sum(value >= one.duration_s / 2 for value in seconds.values())
        doubts = sum(one.doubts.values())
        stated = not one.is_own, track is None, one.is_sport_open, not one.is_from_export
        return *stated, -channels, doubts, -one.duration_s, one.id

    return sorted(recorded, key=rank)


def channels_from(recorded: Sequence[Recorded], tracks: Mapping[int, Streams | None]) -> dict[int, tuple[str, ...]]:
    """Which channels a run takes from which other recording; the first of `recorded` gives the rest.

    A channel comes from the recording that has clearly more of it; of those that have about as much, from the one where
    fewer samples are doubtful. A position is one channel. Only what lies between the ends of the first counts.
    """
    first = recorded[0]
    seconds = {
        one.id: recorded_s(track, from_s=first.start_s - one.start_s, to_s=first.end_s - one.start_s)
        for one in recorded
        if (track := tracks.get(one.id)) is not None
    }
    given: dict[int, list[str]] = {}
    margin_s = _CLEARLY_MORE * first.duration_s
    for name in (field.name for field in fields(Streams)):
        if name in ("time_s", "longitude_deg"):
            continue
        best = _best_of(name, recorded, seconds, margin_s)
        if best.id != first.id:
            given.setdefault(best.id, []).extend(_POSITION if name == _POSITION[0] else (name,))
    return {identity: tuple(names) for identity, names in given.items()}


def _best_of(
    name: str, recorded: Sequence[Recorded], seconds: Mapping[int, Mapping[str, float]], margin_s: float
) -> Recorded:
    """The recording that gives a channel: the first unless another has clearly more, or as much with fewer doubts."""

    def had_s(one: Recorded) -> float:
        return seconds.get(one.id, {}).get(name, 0.0)

    first, most_s = recorded[0], max(map(had_s, recorded))
    if most_s <= 0:
        return first
    enough = [one for one in recorded if had_s(one) >= most_s - margin_s and had_s(one) > 0]
    if first in enough and not first.doubts.get(name):
        return first
    return min(enough, key=lambda one: (one.doubts.get(name, 0), one is not first, -had_s(one), one.id))


def union(first: Streams, others: Sequence[tuple[Streams, float, Sequence[str]]]) -> Streams:
    """A track with channels of other recordings, at the moments of the first.

    `others` are tracks, how many seconds later than the first they began, and which channels they give. Between two
    samples of these the value lies on the line; across a hole and outside of them it is not known.
    """
    channels = first.channels()
    for track, later_s, names in others:
        given = track.channels()
        for name in names:
            if name in given:
                channels[name] = _at(first.time_s - later_s, track.time_s, given[name])
                if name == "distance_m" and (known := channels[name][np.isfinite(channels[name])]).size:
                    channels[name] = channels[name] - known[0]  # counted from where the first began
    return Streams(**channels)


def _at(moments_s: Channel, time_s: Channel, channel: Channel) -> Channel:
    known = np.isfinite(channel)
    if not known.any():
        return np.full(len(moments_s), np.nan)
    times, values = time_s[known], channel[known]
    found = np.interp(moments_s, times, values, left=np.nan, right=np.nan)
    after = np.clip(np.searchsorted(times, moments_s), 1, len(times) - 1) if len(times) > 1 else None
    if after is not None:
        found[(times[after] - times[after - 1] > _LONGEST_HOLE_S) & ~np.isin(moments_s, times)] = np.nan
    return found
