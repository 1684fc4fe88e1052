"""A recording as a FIT file, message by message after the FIT protocol: file, records, laps, session, activity."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from functools import cache

import numpy as np
import numpy.typing as npt

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.activity_parts import laps
from paceport.sandbox.athletes.recording import Floats, Recording

_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
_SEMICIRCLES = 2**31 / 180.0
_NOTHING = {"u1": 0xFF, "i1": 0x7F, "<u2": 0xFFFF, "<u4": 0xFFFFFFFF, "<i4": 0x7FFFFFFF}
_BASE_TYPES = {"u1": 0x02, "i1": 0x01, "<u2": 0x84, "<u4": 0x86, "<i4": 0x85}
# Sport and sub-sport by the service's word: generic (0), or as the protocol numbers them.
_SPORTS = {
    "Run": (1, 0),
    "TrailRun": (1, 3),
    "VirtualRun": (1, 58),
    "Ride": (2, 0),
    "Walk": (11, 0),
    "Hike": (17, 0),
    "Swim": (5, 0),
    "WeightTraining": (10, 20),
}
_TREADMILL = (1, 1)

Values = list[tuple[int, str, float | None]]


def fit_file(activity: Activity, recording: Recording) -> bytes:
    """The activity's recording as a FIT file."""
    start = int((activity.start - _EPOCH).total_seconds())
    figures = activity.summary
    end = start + figures.elapsed_time_s
    parts = [
        _message(0, 0, [(0, "u1", 4), (1, "<u2", 255), (2, "<u2", 1), (4, "<u4", start)]),
        _event(start, 0),
        _records(recording, start),
        _event(end, 4),
    ]
    for lap in laps(activity):
        at = start + lap.start_s
        parts.append(_message(3, 19, _span(at, lap.elapsed_time_s, lap.moving_time_s, lap.distance_m)))
    sport, kind = _TREADMILL if activity.trainer and activity.is_run else _SPORTS.get(activity.sport_type, (0, 0))
    whole = _span(start, figures.elapsed_time_s, figures.moving_time_s, figures.distance_m)
    parts.append(_message(4, 18, [*whole, (5, "u1", sport), (6, "u1", kind)]))
    parts.append(_message(5, 34, [(253, "<u4", end), (1, "<u2", 1), (5, "<u4", end + activity.utc_offset_s)]))
    return _wrapped(b"".join(parts))


def _span(start: int, elapsed_s: int, timer_s: int, distance_m: float) -> Values:
    """What laps and sessions share: their own time of writing, start, durations in ms, distance in cm."""
    return [
        (253, "<u4", start + elapsed_s),
        (2, "<u4", start),
        (7, "<u4", elapsed_s * 1000),
        (8, "<u4", timer_s * 1000),
        (9, "<u4", round(distance_m * 100.0)),
    ]


def _event(at: int, kind: int) -> bytes:
    return _message(1, 21, [(253, "<u4", at), (0, "u1", 0), (1, "u1", kind)])


def _records(recording: Recording, start: int) -> bytes:
    """All samples in one definition: what was measured, each in the protocol's unit."""
    channels: list[tuple[int, str, Floats]] = [(253, "<u4", np.asarray(start + recording.time_s, np.float64))]
    if recording.latlng is not None:
        channels += [(number, "<i4", np.asarray(recording.latlng[:, number] * _SEMICIRCLES)) for number in (0, 1)]
    if recording.has_distance:
        channels.append((5, "<u4", np.asarray(recording.distance_m * 100.0)))
        channels.append((73, "<u4", np.asarray(recording.velocity_mps * 1000.0)))
    if recording.altitude_m is not None:
        channels.append((78, "<u4", np.asarray((recording.altitude_m + 500.0) * 5.0)))
    for number, kind, whole in (
        (3, "u1", recording.heartrate_bpm),
        (4, "u1", recording.cadence_rpm),
        (7, "<u2", recording.watts),
        (13, "i1", recording.temp_c),
    ):
        if whole is not None:
            channels.append((number, kind, whole.astype(np.float64)))
    row = np.dtype([("header", "u1"), *((str(number), kind) for number, kind, _ in channels)])
    table = np.zeros(len(recording), dtype=row)
    table["header"] = 2
    for number, _, values in channels:
        table[str(number)] = np.rint(values)
    return _definition(2, 20, [(number, kind) for number, kind, _ in channels]) + table.tobytes()


def _message(local: int, number: int, values: Values) -> bytes:
    body = b"".join(
        struct.pack(_STRUCT[kind], _NOTHING[kind] if value is None else round(value)) for _, kind, value in values
    )
    return _definition(local, number, [(field, kind) for field, kind, _ in values]) + bytes([local]) + body


_STRUCT = {"u1": "<B", "i1": "<b", "<u2": "<H", "<u4": "<I", "<i4": "<i"}


def _definition(local: int, number: int, fields: list[tuple[int, str]]) -> bytes:
    head = struct.pack("<BBBHB", 0x40 | local, 0, 0, number, len(fields))
    return head + b"".join(bytes([field, int(kind[-1]), _BASE_TYPES[kind]]) for field, kind in fields)


def _wrapped(content: bytes) -> bytes:
    head = struct.pack("<BBHI4s", 14, 0x20, 2195, len(content), b".FIT")
    head += struct.pack("<H", checksum(head))
    return head + content + struct.pack("<H", checksum(head + content))


def checksum(content: bytes) -> int:
    """The protocol's CRC-16 of all bytes at once: the first half with zeros behind it, and the second."""
    values = _single_bytes()[np.frombuffer(content, dtype=np.uint8)]
    level = 0
    while len(values) > 1:
        if len(values) % 2:
            values = np.concatenate((np.zeros(1, dtype=np.uint16), values))  # leading zeros change nothing
        values = _zeros_behind(level)[values[0::2]] ^ values[1::2]
        level += 1
    return int(values[0]) if len(values) else 0


@cache
def _single_bytes() -> npt.NDArray[np.uint16]:
    """The checksum of each byte on its own, bit by bit as the protocol defines it."""
    values = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        values = np.where(values & 1, (values >> 1) ^ 0xA001, values >> 1).astype(np.uint16)
    return values


@cache
def _zeros_behind(level: int) -> npt.NDArray[np.uint16]:
    """What a checksum becomes when 2 ** level zero bytes follow."""
    if level == 0:
        values = np.arange(65536, dtype=np.uint16)
        return np.asarray((values >> 8) ^ _single_bytes()[values & 0xFF], dtype=np.uint16)
    below = _zeros_behind(level - 1)
    return below[below]
