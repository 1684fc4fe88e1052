"""What arrives with a file, and the words in which the service refuses one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.recording_builder import recording_from_samples

# Recorded (2020 and 2021).
EMPTY = (
    'The file is empty, <a href="https://strava.zendesk.com/entries/21823834-Uploading-Empty-Files" '
    'target="_blank">More Information</a>.'
)
MALFORMED = "The upload appears to be malformed and we are unable to process it"

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


class UnreadableFile(Exception):
    """A file that makes no activity; the text is what the upload shows as its error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file's content. `sport` is None where the file names none; `utc_offset_s` where it does not say."""

    start: datetime
    recording: Recording
    sport: str | None = None
    device_name: str | None = None
    name: str | None = None
    utc_offset_s: int | None = None


@dataclass(slots=True, kw_only=True)
class Sample:
    """One point of a file: when, where, and the readings by channel name."""

    time: datetime
    place: tuple[float, float] | None = None
    readings: Mapping[str, float | None] = field(default_factory=dict)


def build_recording_of(
    samples: Sequence[Sample],
    laps: Sequence[datetime] = (),
    pauses: Sequence[tuple[datetime, datetime]] | None = None,
) -> tuple[datetime, Recording]:
    """The start and the recording of samples in any order. Raises Unreadable for none, or an impossible span.

    Where the file tells when its timer stood still, `pauses` (in order) decide what counts as moving, not the speed.
    """
    if not samples:
        raise UnreadableFile(EMPTY)
    try:
        ordered = sorted(samples, key=lambda sample: sample.time)
        start = ordered[0].time.astimezone(UTC)
        time_s = [(sample.time - start).total_seconds() for sample in ordered]
        lap_times_s = [(lap - start).total_seconds() for lap in sorted(laps)]
        still_s = [((stop - start).total_seconds(), (go - start).total_seconds()) for stop, go in pauses or ()]
    except (TypeError, ValueError, OverflowError) as error:
        raise UnreadableFile(MALFORMED) from error
    if time_s[-1] > _LONGEST_S:
        raise UnreadableFile(MALFORMED)
    channels = {name: [_within(name, sample.readings.get(name)) for sample in ordered] for name in _CHANNELS}
    recording = recording_from_samples(
        time_s=time_s, latlng=[_place(sample.place) for sample in ordered], lap_times_s=lap_times_s, **channels
    )
    if pauses is not None:
        recording = _timed(recording, still_s)
    return start.replace(microsecond=0), recording


def _timed(recording: Recording, still_s: Sequence[tuple[float, float]]) -> Recording:
    """With the time that lies mostly in a pause not moving, and all other time moving."""
    moving = np.ones(len(recording), dtype=np.bool_)
    if still_s:
        edges = np.maximum.accumulate(np.ravel(still_s))
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
