"""Strength training as JSON (documented 2026-05-21): sets, and streams of time and heart rate where there are any."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from paceport.sandbox.upload_files.file_content import MALFORMED, FileContent, Sample, UnreadableFile

STRENGTH_SPORTS = frozenset({"WeightTraining", "HighIntensityIntervalTraining", "Workout", "Crossfit"})
# The vocabulary of exercises is not public as a list: any word of its form passes.
_EXERCISE = re.compile(r"[A-Z][A-Z0-9_]{1,79}")
_LONGEST_S = 7 * 86_400


def read_strength(content: bytes) -> FileContent:
    """A strength session. Raises UnreadableFile unless every field is as documented."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(MALFORMED) from error
    if not isinstance(value, dict) or value.get("version") != "1.0":
        raise UnreadableFile(MALFORMED)
    start, elapsed_s, offset_s = _start(value.get("start_time")), value.get("elapsed_time", 0), value.get("utc_offset")
    if not _is_whole(elapsed_s, 1, _LONGEST_S) or not _is_whole(offset_s, -64_800, 64_800):
        raise UnreadableFile(MALFORMED)
    sets = value.get("sets")
    if not isinstance(sets, list) or not sets or not all(map(_is_set, sets)):
        raise UnreadableFile(MALFORMED)
    samples = _samples(value.get("streams"), start, int(elapsed_s))
    creator = value.get("creator")
    name = creator.get("name") if isinstance(creator, dict) else None
    return FileContent(
        samples=samples,
        sport="WeightTraining",
        device_name=name if isinstance(name, str) else None,
        utc_offset_s=offset_s,
    )


def _start(text: object) -> datetime:
    try:
        start = datetime.fromisoformat(text) if isinstance(text, str) else None
        if start is None or start.tzinfo is None:
            raise UnreadableFile(MALFORMED)
        return start.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableFile(MALFORMED) from error


def _samples(streams: object, start: datetime, elapsed_s: int) -> list[Sample]:
    if streams is None:
        return [Sample(time=start), Sample(time=start + timedelta(seconds=elapsed_s))]
    if not isinstance(streams, dict) or not all(isinstance(stream, list) for stream in streams.values()):
        raise UnreadableFile(MALFORMED)
    times, beats = streams.get("time", []), streams.get("heartrate")
    if not times or len({len(stream) for stream in streams.values()}) != 1:
        raise UnreadableFile(MALFORMED)
    if not all(_is_whole(time_s, 0, _LONGEST_S) for time_s in times):
        raise UnreadableFile(MALFORMED)
    if beats is not None and not all(_is_whole(one, 0, 300) for one in beats):
        raise UnreadableFile(MALFORMED)
    readings = beats or [None] * len(times)
    return [
        Sample(time=start + timedelta(seconds=time_s), readings={"heartrate_bpm": beat})
        for time_s, beat in zip(times, readings, strict=True)
    ]


def _is_set(value: Any) -> bool:  # noqa: ANN401  # whatever JSON holds
    if not isinstance(value, dict) or not isinstance(value.get("exercise_type"), str):
        return False
    numbers = [value.get(name, 0) for name in ("repetitions", "weight", "duration")]
    return _EXERCISE.fullmatch(value["exercise_type"]) is not None and all(
        isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one < 1e6 for one in numbers
    )


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
