"""The local time zone of an activity: where it began, else the setting, else the device's own clock, else unknown."""

from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from paceport.errors import UsageError
from paceport.formats.tracks.track import Track
from paceport.lazy_dataclass import dataclass
from paceport.time_zones import find_zone, nearest_zone

# Where clocks differ from UTC by other than whole hours; those that change in summer are asked for the moment's offset.
_ODD_ZONES = (
    *("Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Asia/Kabul", "Asia/Yangon", "America/St_Johns"),
    *("Australia/Darwin", "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Eucla", "Pacific/Chatham"),
    "Pacific/Marquesas",
)
VIRTUAL_SPORTS = frozenset({"VirtualRun", "VirtualRide", "VirtualRow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeZone:
    """A time zone and how we know it."""

    name: str | None
    source: Literal["position", "setting", "device", "unknown"]


def first_position(track: Track) -> tuple[float, float] | None:
    """Latitude and longitude of the first sample that has both."""
    latitudes, longitudes = track.streams.latitude_deg, track.streams.longitude_deg
    if latitudes is None or longitudes is None:
        return None
    known = np.flatnonzero(np.isfinite(latitudes) & np.isfinite(longitudes))
    return (float(latitudes[known[0]]), float(longitudes[known[0]])) if len(known) else None


def time_zone_of(track: Track | None, setting: str | None) -> TimeZone:
    """The zone of a track, or the setting's for one without positions, or one in which the device's clock was right."""
    is_virtual = track is not None and track.sport in VIRTUAL_SPORTS  # their positions lie on an island of the game
    position = first_position(track) if track and not is_virtual else None
    if position is not None and (name := _zone_at(*position)):
        return TimeZone(name=name, source="position")
    if setting:
        return TimeZone(name=setting, source="setting")
    name = zone_of_offset(track.utc_offset_s, track.start) if track and track.start and not is_virtual else None
    return TimeZone(name=name, source="device" if name else "unknown")


def zone_of_offset(offset_s: float | None, at: datetime) -> str | None:
    """A zone whose clocks differed by that much from UTC at that moment; None for no offset and for one nowhere used.

    Whole hours give a zone without summer time, such as Etc/GMT-2 (two hours ahead of UTC): the country is not known.
    """
    if not offset_s:
        return None
    hours = offset_s / 3600
    names = [f"Etc/GMT{-hours:+.0f}"] if hours == int(hours) else _ODD_ZONES
    zones = ((name, find_zone(name)) for name in names)
    offset = timedelta(seconds=offset_s)
    return next((name for name, zone in zones if zone and at.astimezone(zone).utcoffset() == offset), None)


def check_time_zone(setting: str | None) -> None:
    """Raise UsageError if the setting names no zone."""
    if setting and find_zone(setting) is None:
        raise UsageError(
            what=f"“{setting}” is not a time zone",
            why="zones have names such as Europe/Berlin",
            fix=f"--timezone {nearest_zone(setting)}",
        )


def _zone_at(latitude_deg: float, longitude_deg: float) -> str | None:
    from tzfpy import get_tz  # the logbook extra; its map is read on first use

    if not (-90 <= latitude_deg <= 90 and -180 <= longitude_deg <= 180):
        return None
    name = str(get_tz(longitude_deg, latitude_deg))
    return name if find_zone(name) else None  # None: a zone that this machine's tables do not have
