"""What the API answers → rows of the cached part: the columns are drawn from the replies and from nothing else."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from types import NoneType
from typing import Any

import numpy as np
import numpy.typing as npt

from paceport.api.models.activity import DetailedActivity, Stream, SummaryActivity
from paceport.api.models.decoding import LeftOut
from paceport.formats.tracks.track import Lap
from paceport.logbook.database.activity_record import ActivityRecord
from paceport.sports import FOOT_SPORTS
from paceport.streams import Streams
from paceport.time_zones import find_zone

# Metres, seconds, watts, steps: no figure of an activity comes near.
_LARGEST = 1e12
# `workout_type` of a run and of a ride that was a race, and of those that nobody marked as anything.
_RACES = frozenset({1, 11})
_NOT_MARKED = frozenset({None, 0, 10})

# Whatever the columns or the parts are drawn from. Kudos and comments come and go without the run being another.
_DIGEST_FIELDS = (
    *("name", "sport", "start", "start_local", "timezone", "distance_m", "moving_time_s", "elapsed_time_s"),
    *("elevation_gain_m", "lowest_m", "highest_m", "average_speed_mps", "max_speed_mps", "average_heartrate_bpm"),
    *("max_heartrate_bpm", "average_cadence_rpm", "average_power_w", "max_power_w", "average_temperature_c"),
    *("relative_effort", "gear_id", "device_name", "start_latlng", "end_latlng", "polyline", "manual", "trainer"),
    *("commute", "private", "visibility", "workout_type", "upload_id"),
)
# A crop, another file, a hidden start: the samples are others.
_RECORDING_FIELDS = (
    *("start", "distance_m", "moving_time_s", "elapsed_time_s", "elevation_gain_m", "start_latlng", "end_latlng"),
    *("polyline", "manual", "upload_id"),
)
_CHANNELS = {
    "distance": "distance_m",
    "altitude": "altitude_m",
    "velocity_smooth": "speed_mps",
    "heartrate": "heartrate_bpm",
    "cadence": "cadence_spm",
    "watts": "power_w",
    "temp": "temperature_c",
}
# The channels that are kept; grade and the moving flag are computed here.
STREAM_KEYS = ("time", "latlng", *_CHANNELS)

Channel = npt.NDArray[np.float64]


def digest_of(activity: SummaryActivity) -> str:
    """A hash over the fields that matter: another digest, another activity to show."""
    return _hash([getattr(activity, name) for name in _DIGEST_FIELDS])


def recording_digest_of(activity: SummaryActivity) -> str:
    """A hash over the fields that differ where the recorded samples do."""
    return _hash([getattr(activity, name) for name in _RECORDING_FIELDS])


def resume_before_of(activity: SummaryActivity) -> datetime:
    """Where a listing, newest first, goes on behind this activity; a hidden start may be anywhere in its day."""
    return activity.start + (timedelta(days=1) if activity.is_start_hidden else timedelta())


def record_of(
    activity: SummaryActivity, detail: DetailedActivity | None, *, samples: int, gear: str, content: str
) -> ActivityRecord:
    """The record of a listed activity, with what its detail adds where that was asked for."""
    zone = _zone(activity.timezone)
    latitude_deg, longitude_deg = _start_position(activity)
    listed = ActivityRecord(
        id=activity.id,
        source="api",
        sport=activity.sport,
        start=activity.start,
        content=content,
        name=activity.name,
        sport_given=activity.sport,
        timezone=zone,
        zone_source="strava" if zone else "unknown",
        distance_m=activity.distance_m,
        moving_time_s=activity.moving_time_s,
        elapsed_time_s=activity.elapsed_time_s,
        elevation_gain_m=activity.elevation_gain_m,
        elevation_low_m=activity.lowest_m,
        elevation_high_m=activity.highest_m,
        average_speed_mps=activity.average_speed_mps,
        max_speed_mps=activity.max_speed_mps,
        average_heartrate_bpm=activity.average_heartrate_bpm,
        max_heartrate_bpm=activity.max_heartrate_bpm,
        average_cadence_spm=_cadence_spm(activity),
        average_power_w=activity.average_power_w,
        max_power_w=activity.max_power_w,
        temperature_c=activity.average_temperature_c,
        relative_effort=activity.relative_effort,
        gear=gear,
        device_name=activity.device_name or "",
        start_latitude_deg=latitude_deg,
        start_longitude_deg=longitude_deg,
        samples=samples,
    )
    listed = _with_flags(listed, activity)
    return _without_impossible(listed if detail is None else _with_detail(listed, detail))


def _without_impossible(record: ActivityRecord) -> ActivityRecord:
    """The record without figures that nothing can have, each named in its notes: they would cost the whole row."""
    figures = {each.name: getattr(record, each.name) for each in fields(record) if each.name != "id"}
    wrong = {name: value for name, value in figures.items() if isinstance(value, int | float) and abs(value) > _LARGEST}
    notes = tuple(f"{name} is left out: Strava's answer says {value:.3g}" for name, value in wrong.items())
    emptied: dict[str, Any] = {"notes": (*record.notes, *notes)} | dict.fromkeys(wrong)
    return replace(record, **emptied) if wrong else record


def _cadence_spm(activity: SummaryActivity) -> float | None:
    if activity.average_cadence_rpm is None:
        return None
    return activity.average_cadence_rpm * (2 if activity.sport in FOOT_SPORTS else 1)


def _with_flags(record: ActivityRecord, activity: SummaryActivity) -> ActivityRecord:
    return replace(
        record,
        is_manual=bool(activity.manual),
        is_indoor=bool(activity.trainer),
        is_commute=activity.commute,
        is_private=activity.visibility == "only_me" if activity.visibility else activity.private,
        is_race=None if activity.workout_type in _NOT_MARKED else activity.workout_type in _RACES,
    )


def _with_detail(record: ActivityRecord, detail: DetailedActivity) -> ActivityRecord:
    return replace(
        record,
        description=detail.description or "",
        private_note=detail.private_note or "",
        calories_kcal=detail.calories_kcal,
        perceived_exertion=detail.perceived_exertion,
    )


def _start_position(activity: SummaryActivity) -> tuple[float | None, float | None]:
    if not activity.start_latlng or len(activity.start_latlng) != 2:
        return None, None
    return activity.start_latlng[0], activity.start_latlng[1]


def laps_of(detail: DetailedActivity) -> tuple[Lap, ...]:
    """The laps, each from the activity's start; one that does not tell its own begins where the one before ends."""
    laps: list[Lap] = []
    end_s = 0.0
    for lap in detail.laps or ():
        start_s = end_s if lap.start is None else max(0.0, (lap.start - detail.start).total_seconds())
        elapsed_s = None if lap.elapsed_time_s is None else float(lap.elapsed_time_s)
        timer_s = None if lap.moving_time_s is None else float(lap.moving_time_s)
        laps.append(Lap(start_s=start_s, elapsed_s=elapsed_s, timer_s=timer_s, distance_m=lap.distance_m))
        end_s = start_s + (elapsed_s or 0.0)
    return tuple(laps)


def unusable_channels(activity_id: int, channels: Mapping[str, Stream]) -> Iterator[LeftOut]:
    """The channels that `streams_of` leaves out: of another length than the times, or all of them without times."""
    times = channels.get("time")
    for key, channel in channels.items():
        if times is None or len(channel.samples) != len(times.samples):
            yield LeftOut(
                path=f"$.{key}.data",
                expected="one sample for each time" if times is not None else "usable without times",
                found=f"{len(channel.samples)} samples" + (f" for {len(times.samples)} times" if times else ""),
                is_row=False,
                item_id=activity_id,
            )


def streams_of(channels: Mapping[str, Stream], *, sport: str) -> Streams | None:
    """The samples of an answer; None where it holds no times.

    Samples whose time does not grow are left out; what is missing is NaN. Cadence counts both feet.
    """
    times = _numbers(channels.get("time"))
    if times is None or not len(times):
        return None
    kept = np.isfinite(times) & (times > np.concatenate([[-np.inf], np.fmax.accumulate(times)[:-1]]))
    found: dict[str, Channel] = {}
    for key, name in _CHANNELS.items():
        values = _numbers(channels.get(key))
        if values is not None and len(values) == len(times):
            found[name] = values[kept]
    if "cadence_spm" in found and sport in FOOT_SPORTS:
        found["cadence_spm"] = 2 * found["cadence_spm"]
    places = _places(channels.get("latlng"), len(times))
    if places is not None:
        found["latitude_deg"], found["longitude_deg"] = places[kept, 0], places[kept, 1]
    return Streams(time_s=times[kept], **found)


_PLAIN = frozenset((int, float, bool, NoneType))


def _numbers(stream: Stream | None) -> Channel | None:
    if stream is None:
        return None
    samples = stream.samples
    if not _PLAIN.issuperset(map(type, samples)):
        samples = [value if isinstance(value, int | float) else None for value in samples]
    return np.array(samples, dtype=np.float64)  # None becomes NaN


def _places(stream: Stream | None, count: int) -> Channel | None:
    if stream is None or len(stream.samples) != count:
        return None
    nowhere = [np.nan, np.nan]
    pairs = [pair if isinstance(pair, list) and len(pair) == 2 else nowhere for pair in stream.samples]
    return np.array(pairs, dtype=np.float64).reshape(count, 2)


def _zone(name: str | None) -> str | None:
    zone = find_zone(name)
    return zone.key if zone else None


def _hash(values: object) -> str:
    return hashlib.sha256(json.dumps(values, default=_text).encode()).hexdigest()[:32]


def _text(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) and value.tzinfo else str(value)
