"""Uploaded files read as the service reads them, with public parsers only: FIT, GPX 1.1, TCX 2, strength JSON.

Documented: the formats, that gzip is known by the type's ending, which sports a file can name. Recorded: the words of
the errors. By design: everything that no source says, such as the sport of a file that names none (the athlete's).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.recording_builder import recording_from_samples
from paceport.sandbox.upload_files.file_content import EMPTY, MALFORMED, FileContent, UnreadableFile
from paceport.sandbox.upload_files.fit import read_fit
from paceport.sandbox.upload_files.gpx import read_gpx
from paceport.sandbox.upload_files.strength import read_strength
from paceport.sandbox.upload_files.tcx import read_tcx

_READERS = {"fit": read_fit, "gpx": read_gpx, "tcx": read_tcx, "json": read_strength}
FORMATS = tuple(_READERS)
_LONGEST_S = 100 * 86_400
_CHANNELS = ("distance_m", "altitude_m", "heartrate_bpm", "cadence_rpm", "watts", "temp_c")
# What no body and no place on earth has: a reading beyond these is a gap.
_RANGES = {
    "distance_m": (0.0, 1e8),
    "altitude_m": (-1000.0, 20_000.0),
    "heartrate_bpm": (1.0, 300.0),
    "cadence_rpm": (0.0, 300.0),
    "watts": (0.0, 5000.0),
    "temp_c": (-90.0, 90.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file's content. `sport` is None where the file names none; `utc_offset_s` where it does not say."""

    start: datetime
    recording: Recording
    sport: str | None = None
    device_name: str | None = None
    name: str | None = None
    utc_offset_s: int | None = None


def read_file(content: bytes, kind: str) -> UploadedFile:
    """What a file of that kind (one of `FORMATS`, unpacked) holds. Raises UnreadableFile with the service's words."""
    found = _READERS[kind](content)
    start, recording = build_file_recording(found)
    return UploadedFile(
        start=start,
        recording=recording,
        sport=found.sport,
        device_name=found.device_name,
        name=found.name,
        utc_offset_s=found.utc_offset_s,
    )


def build_file_recording(content: FileContent) -> tuple[datetime, Recording]:
    """The start and the recording of a file's samples. Raises UnreadableFile for none, or an impossible span.

    Where the file says when its timer stood still, that decides what counts as moving, not the speed.
    """
    if not content.samples:
        raise UnreadableFile(EMPTY)
    try:
        ordered = sorted(content.samples, key=lambda sample: sample.time)
        start = ordered[0].time.astimezone(UTC)
        time_s = [(sample.time - start).total_seconds() for sample in ordered]
        lap_times_s = [(lap - start).total_seconds() for lap in sorted(content.laps)]
        pauses_s = [
            ((stop - start).total_seconds(), (restart - start).total_seconds())
            for stop, restart in content.pauses or ()
        ]
    except (TypeError, ValueError, OverflowError) as error:
        raise UnreadableFile(MALFORMED) from error
    if time_s[-1] > _LONGEST_S:
        raise UnreadableFile(MALFORMED)
    channels = {name: [_within(name, sample.readings.get(name)) for sample in ordered] for name in _CHANNELS}
    recording = recording_from_samples(
        time_s=time_s, latlng=[_place(sample.place) for sample in ordered], lap_times_s=lap_times_s, **channels
    )
    if content.pauses is not None:
        recording = _with_pauses(recording, pauses_s)
    return start.replace(microsecond=0), recording


def _with_pauses(recording: Recording, pauses_s: Sequence[tuple[float, float]]) -> Recording:
    """With the time that lies mostly in a pause not moving, and all other time moving."""
    moving = np.ones(len(recording), dtype=np.bool_)
    if pauses_s:
        edges = np.maximum.accumulate(np.ravel(pauses_s))
        spans = np.diff(edges)[::2]
        # Seconds stood still by each edge: they grow inside a pause and nowhere else.
        stood = np.concatenate(([0.0], np.repeat(np.cumsum(spans), 2)))[: len(edges)]
        paused = np.diff(np.interp(recording.time_s, edges, stood), prepend=0.0)
        moving = paused * 2 <= np.diff(recording.time_s, prepend=0)
    moving.flags.writeable = False
    return replace(recording, moving=moving)


def _within(name: str, value: float | None) -> float | None:
    low, high = _RANGES[name]
    return value if value is not None and low <= value <= high else None


def _place(pair: tuple[float, float] | None) -> tuple[float, float] | None:
    if pair is None or not all(map(math.isfinite, pair)) or abs(pair[0]) > 90.0 or abs(pair[1]) > 180.0:
        return None
    return pair
