"""FIT files: records, laps and the session, read by fitdecode."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import fitdecode  # type: ignore[import-untyped]  # it ships no types

from paceport.sandbox.upload_files.file_content import EMPTY, MALFORMED, FileContent, Sample, UnreadableFile

_SEMICIRCLE = 180.0 / 2**31
_READINGS = {
    "distance_m": ("distance",),
    "altitude_m": ("enhanced_altitude", "altitude"),
    "heartrate_bpm": ("heart_rate",),
    "cadence_rpm": ("cadence",),
    "watts": ("power",),
    "temp_c": ("temperature",),
}
_SPORTS = {
    "running": "Run",
    "cycling": "Ride",
    "walking": "Walk",
    "hiking": "Hike",
    "swimming": "Swim",
    "rowing": "Rowing",
    "e_biking": "EBikeRide",
    "cross_country_skiing": "NordicSki",
    "alpine_skiing": "AlpineSki",
    "snowboarding": "Snowboard",
    "inline_skating": "InlineSkate",
    "tennis": "Tennis",
    "golf": "Golf",
    "rock_climbing": "RockClimbing",
    "stand_up_paddleboarding": "StandUpPaddling",
    "kayaking": "Kayaking",
    "sailing": "Sail",
    "soccer": "Soccer",
}
_SUB_SPORTS = {
    ("running", "trail"): "TrailRun",
    ("running", "virtual_activity"): "VirtualRun",
    ("cycling", "mountain"): "MountainBikeRide",
    ("cycling", "gravel_cycling"): "GravelRide",
    ("cycling", "virtual_activity"): "VirtualRide",
    ("training", "strength_training"): "WeightTraining",
    ("training", "yoga"): "Yoga",
    ("training", "pilates"): "Pilates",
    ("fitness_equipment", "elliptical"): "Elliptical",
    ("fitness_equipment", "indoor_rowing"): "Rowing",
    ("fitness_equipment", "stair_climbing"): "StairStepper",
}
# Whatever a decoder of foreign bytes may raise, besides its own error.
_DECODER_ERRORS = (
    *(fitdecode.FitError, struct.error, ValueError, OverflowError, TypeError, AttributeError, LookupError),
    *(ArithmeticError, EOFError, AssertionError, NotImplementedError),
)


def read_fit(content: bytes) -> FileContent:
    """The content of a FIT activity. Raises UnreadableFile."""
    try:
        messages = list(_messages(content))
    except _DECODER_ERRORS as error:
        raise UnreadableFile(MALFORMED) from error
    if not messages:
        raise UnreadableFile(MALFORMED)
    session = next((values for name, values in messages if name == "session"), {})
    records = [values for name, values in messages if name == "record"]
    samples = [_sample(values) for values in records if isinstance(values.get("timestamp"), datetime)]
    if not samples:
        samples = _without_records(session, has_sets=any(name == "set" for name, _ in messages))
    laps = [values["start_time"] for name, values in messages if name == "lap" and _is_moment(values.get("start_time"))]
    return FileContent(
        samples=samples,
        laps=laps[1:] and laps,
        pauses=_pauses(messages),
        sport=_sport(session),
        device_name=_device(messages),
    )


def _messages(content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    # What the file leaves undefined (developers' fields, mostly) is passed over in silence; broken bytes still raise.
    quietly = fitdecode.ErrorHandling.IGNORE
    with fitdecode.FitReader(io.BytesIO(content), error_handling=quietly, check_crc=fitdecode.CrcCheck.RAISE) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage):
                yield str(frame.name), {str(part.name): part.value for part in reversed(frame.fields)}


def _sample(values: dict[str, Any]) -> Sample:
    latitude, longitude = _number(values.get("position_lat")), _number(values.get("position_long"))
    has_place = latitude is not None and longitude is not None
    return Sample(
        time=_moment(values["timestamp"]),
        place=(latitude * _SEMICIRCLE, longitude * _SEMICIRCLE) if has_place else None,  # type: ignore[operator]  # has_place says so
        readings={
            name: next((_number(values[field]) for field in fields if values.get(field) is not None), None)
            for name, fields in _READINGS.items()
        },
    )


def _pauses(messages: list[tuple[str, dict[str, Any]]]) -> list[tuple[datetime, datetime]] | None:
    """When the timer stood still; None where the file does not speak of its timer."""
    found: list[tuple[datetime, datetime]] = []
    stopped: datetime | None = None
    says_pauses = False
    for name, values in messages:
        if name != "event" or values.get("event") != "timer" or not _is_moment(values.get("timestamp")):
            continue
        says_pauses, at = True, _moment(values["timestamp"])
        if str(values.get("event_type")).startswith("stop"):
            stopped = stopped or at
        elif stopped is not None:
            if at > stopped:
                found.append((stopped, at))
            stopped = None
    return found if says_pauses else None


def _without_records(session: dict[str, Any], *, has_sets: bool) -> list[Sample]:
    """The two ends of a strength session: files with sets need no records (documented)."""
    elapsed_s = _number(session.get("total_elapsed_time"))
    if not has_sets or elapsed_s is None or elapsed_s < 1 or not _is_moment(session.get("start_time")):
        raise UnreadableFile(EMPTY)
    start = _moment(session["start_time"])
    try:
        return [Sample(time=start), Sample(time=start + timedelta(seconds=elapsed_s))]
    except OverflowError as error:
        raise UnreadableFile(MALFORMED) from error


def _sport(session: dict[str, Any]) -> str | None:
    sport = session.get("sport")
    if not isinstance(sport, str):
        return None
    return _SUB_SPORTS.get((sport, str(session.get("sub_sport"))), _SPORTS.get(sport, "Workout"))


def _device(messages: list[tuple[str, dict[str, Any]]]) -> str | None:
    made = next((values for name, values in messages if name == "file_id"), {})
    if isinstance(made.get("product_name"), str):
        return str(made["product_name"])
    if isinstance(made.get("garmin_product"), str):
        return f"Garmin {made['garmin_product'].upper()}"
    return made["manufacturer"].capitalize() if isinstance(made.get("manufacturer"), str) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime)


def _moment(value: datetime) -> datetime:
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)
