"""Writes TCX files as Garmin Connect does: activities in laps, the lap's totals, speed and cadence as an extension."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from makers.track_point import TrackPoint, tag, time_text

DATABASE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
EXTENSION = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class TcxLap:
    """One lap with its points; totals that are None are not written."""

    start: datetime
    points: Sequence[TrackPoint]
    timer_s: float | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TcxActivity:
    """One activity; without a device there is no Creator."""

    laps: Sequence[TcxLap]
    sport: str = "Running"
    device_name: str = ""


def write_tcx(activities: Sequence[TcxActivity]) -> bytes:
    """A whole file."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase xmlns="{DATABASE}" xmlns:ns3="{EXTENSION}">'
        f"<Activities>{''.join(map(_activity, activities))}</Activities></TrainingCenterDatabase>"
    ).encode()


def _activity(one: TcxActivity) -> str:
    creator = f"<Creator><Name>{one.device_name}</Name></Creator>" if one.device_name else ""
    body = "".join(map(_lap, one.laps))
    started = tag("Id", time_text(one.laps[0].start)) if one.laps else ""
    return f'<Activity Sport="{one.sport}">{started}{body}{creator}</Activity>'


def _lap(lap: TcxLap) -> str:
    totals = tag("TotalTimeSeconds", lap.timer_s) + tag("DistanceMeters", lap.distance_m)
    points = "".join(map(_point, lap.points))
    return f'<Lap StartTime="{time_text(lap.start)}">{totals}<Track>{points}</Track></Lap>'


def _point(point: TrackPoint) -> str:
    assert point.time is not None
    position = ""
    if point.position is not None:
        latitude, longitude = point.position
        position = tag("Position", tag("LatitudeDegrees", latitude) + tag("LongitudeDegrees", longitude))
    heart = None if point.heartrate_bpm is None else tag("Value", point.heartrate_bpm)
    measured = (
        tag("ns3:Speed", point.speed_mps)
        + tag("ns3:RunCadence", point.strides_per_minute)
        + tag("ns3:Watts", point.power_w)
    )
    return tag(
        "Trackpoint",
        tag("Time", time_text(point.time))
        + position
        + tag("AltitudeMeters", point.altitude_m)
        + tag("DistanceMeters", point.distance_m)
        + tag("HeartRateBpm", heart)
        + (tag("Extensions", tag("ns3:TPX", measured)) if measured else ""),
    )
