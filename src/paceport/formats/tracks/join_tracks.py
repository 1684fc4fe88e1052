"""Several recordings, one after the other, as one; pure."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.formats.tracks.track import Lap, Pause, Track
from paceport.streams import DistanceSource, Streams

if TYPE_CHECKING:
    from paceport.streams import Channel


def track_length_m(track: Track) -> float | None:
    """How long a track is: what the device says, else its last known distance."""
    if track.distance_m is not None or track.streams.distance_m is None:
        return track.distance_m
    known = track.streams.distance_m[np.isfinite(track.streams.distance_m)]
    return float(known[-1]) if len(known) else None


def track_elapsed_s(track: Track) -> float:
    """How long a track lasts: as its samples or the device say, the longer of the two."""
    recorded_s = float(track.streams.time_s[-1]) if len(track.streams) else 0.0
    return max(recorded_s, track.elapsed_s or 0.0)


def join_tracks(tracks: list[Track]) -> Track:
    """Several sessions as one track, with a pause between each two. Each has a start.

    Files may hold them in any order. The distance is that of the sessions that have one.
    """
    tracks = sorted(tracks, key=lambda track: track.start.timestamp() if track.start else 0.0)
    first = tracks[0]
    offsets_s = [(track.start - first.start).total_seconds() if track.start and first.start else 0 for track in tracks]
    laps: list[Lap] = []
    pauses: list[Pause] = []
    repaired_s: list[tuple[float, float]] = []
    for track, offset_s in zip(tracks, offsets_s, strict=True):
        laps += [replace(lap, start_s=lap.start_s + offset_s) for lap in track.laps]
        pauses += [Pause(start_s=each.start_s + offset_s, end_s=each.end_s + offset_s) for each in track.pauses]
        repaired_s += [(start_s + offset_s, end_s + offset_s) for start_s, end_s in track.repaired_s]
    ends_s = [offset_s + track_elapsed_s(track) for track, offset_s in zip(tracks, offsets_s, strict=True)]
    for (end_s, _), (_, begin_s) in pairwise(zip(ends_s, offsets_s, strict=True)):
        if begin_s > end_s:
            pauses.append(Pause(start_s=end_s, end_s=begin_s))
    lengths_m = [length_m for track in tracks if (length_m := track_length_m(track)) is not None]
    return replace(
        first,
        streams=_joined_streams([track.streams for track in tracks], offsets_s),
        laps=tuple(laps),
        pauses=tuple(sorted(pauses, key=lambda pause: pause.start_s)),
        elapsed_s=max(ends_s),
        timer_s=_sum([track.timer_s for track in tracks]),
        distance_m=sum(lengths_m) if lengths_m else None,
        distance_source=_weakest_source(tracks),
        repaired_s=tuple(repaired_s),
        ascent_m=_sum([track.ascent_m for track in tracks]),
        notes=tuple(dict.fromkeys(note for track in tracks for note in track.notes)),
    )


def _weakest_source(tracks: list[Track]) -> DistanceSource | None:
    """A distance of which one part was computed was not counted by the device as a whole."""
    found = {track.distance_source for track in tracks}
    order: tuple[DistanceSource, ...] = ("positions", "speed", "device")
    return next((source for source in order if source in found), None)


def _sum(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _joined_streams(parts: list[Streams], offsets_s: list[float]) -> Streams:
    names = dict.fromkeys(name for part in parts for name in part.channels())
    channels: dict[str, Channel] = {}
    for name in names:
        pieces = [part.channels().get(name, np.full(len(part), np.nan)) for part in parts]
        if name == "time_s":
            pieces = [piece + offset_s for piece, offset_s in zip(pieces, offsets_s, strict=True)]
        elif name == "distance_m":
            pieces = _going_on(pieces)
        channels[name] = np.concatenate(pieces)
    later = np.concatenate([[True], np.diff(np.maximum.accumulate(channels["time_s"])) > 0])
    return Streams(**{name: channel[later] for name, channel in channels.items()})


def _going_on(pieces: list[Channel]) -> list[Channel]:
    """Distances that go on where the piece before ended, whether or not the device counted through."""
    so_far = 0.0
    shifted = []
    for piece in pieces:
        known = piece[np.isfinite(piece)]
        if len(known):
            shift = so_far - float(known[0]) if known[0] < so_far else 0.0
            piece = piece + shift
            so_far = float(known[-1]) + shift
        shifted.append(piece)
    return shifted
