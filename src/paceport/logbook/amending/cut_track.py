"""A stretch of a recording as a recording of its own; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from paceport.formats.tracks.track import Lap, Pause, Track
from paceport.streams import Streams

if TYPE_CHECKING:
    from paceport.streams import Channel

_POSITIONS = ("latitude_deg", "longitude_deg")


def time_at_distance_s(streams: Streams, distance_m: float) -> float | None:
    """When a distance from the start was first reached, in seconds, interpolated; None where it never was."""
    if streams.distance_m is None:
        return None
    known = np.isfinite(streams.distance_m)
    if known.sum() < 2:
        return None
    way_m = np.maximum.accumulate(streams.distance_m[known]) - streams.distance_m[known][0]
    if not 0 <= distance_m <= way_m[-1]:
        return None
    # The mirrored look-up finds the first of equal distances.
    return float(np.interp(-distance_m, -way_m[::-1], streams.time_s[known][::-1]))


def way_m(streams: Streams) -> float | None:
    """The distance from the first to the last known sample; None where fewer than two are known."""
    known = streams.distance_m[np.isfinite(streams.distance_m)] if streams.distance_m is not None else np.empty(0)
    return float(known[-1] - known[0]) if len(known) > 1 else None


def cut_track(track: Track, from_s: float, to_s: float) -> Track:
    """What was recorded from one second to another, counted from there on.

    Both ends are samples of it, interpolated where there is none: so the parts of a split add up. The device's own
    totals, which are of the whole, are left out; the elapsed time is that of the stretch.
    """
    streams = _cut_streams(track.streams, from_s, to_s)
    pauses = [
        Pause(start_s=max(pause.start_s, from_s) - from_s, end_s=min(pause.end_s, to_s) - from_s)
        for pause in track.pauses
        if pause.end_s > from_s and pause.start_s < to_s
    ]
    laps = [cut for lap in track.laps if (cut := _cut_lap(lap, track.streams, from_s, to_s))]
    return replace(
        track,
        start=track.start + timedelta(seconds=round(from_s)) if track.start else None,
        streams=streams,
        pauses=tuple(pauses),
        repaired_s=tuple(
            (max(start_s, from_s) - from_s, min(end_s, to_s) - from_s)
            for start_s, end_s in track.repaired_s
            if end_s > from_s and start_s < to_s
        ),
        laps=tuple(laps),
        elapsed_s=to_s - from_s,
        timer_s=None,
        distance_m=None,
        ascent_m=None,
    )


def _cut_streams(streams: Streams, from_s: float, to_s: float) -> Streams:
    times = streams.time_s
    inside = times[(times > from_s) & (times < to_s)]
    cut_s = np.concatenate(([from_s], inside, [to_s]))
    channels = {name: _at(times, channel, cut_s) for name, channel in streams.channels().items() if name != "time_s"}
    if streams.distance_m is not None and (known := np.isfinite(streams.distance_m)).any():
        # Both ends are known wherever the recording knows its distance before and after: parts must add up.
        ends_m = np.interp([from_s, to_s], times[known], streams.distance_m[known])
        channels["distance_m"][[0, -1]] = ends_m
        channels["distance_m"] -= ends_m[0]
    recorded = {name: channel for name, channel in channels.items() if np.isfinite(channel).any()}
    if any(name not in recorded for name in _POSITIONS):
        recorded = {name: channel for name, channel in recorded.items() if name not in _POSITIONS}
    return Streams(time_s=cut_s - from_s, **recorded)


def _at(times: Channel, channel: Channel, wanted_s: Channel) -> Channel:
    """A channel at other times: its own samples where there are such, else on the line between two known ones."""
    return np.interp(wanted_s, times, channel)  # NaN on either side gives NaN


def _cut_lap(lap: Lap, streams: Streams, from_s: float, to_s: float) -> Lap | None:
    end_s = lap.start_s + (lap.elapsed_s or 0.0)
    if lap.start_s >= from_s and end_s <= to_s and lap.start_s < to_s:
        return replace(lap, start_s=lap.start_s - from_s)
    first_s, last_s = max(lap.start_s, from_s), min(end_s, to_s)
    if last_s <= first_s:
        return None
    part = way_m(_cut_streams(streams, first_s, last_s))
    return Lap(start_s=first_s - from_s, elapsed_s=last_s - first_s, timer_s=None, distance_m=part)
