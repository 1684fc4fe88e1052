"""The local time zone of an activity: from where it began, else from the setting, else said to be unknown."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from paceport.errors import UsageError
from paceport.formats.tracks.track import Track
from paceport.time_zones import find_zone, nearest_zone

VIRTUAL_SPORTS = frozenset({"VirtualRun", "VirtualRide", "VirtualRow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeZone:
    """A time zone and how we know it."""

    name: str | None
    source: Literal["position", "setting", "unknown"]


def first_position(track: Track) -> tuple[float, float] | None:
    """Latitude and longitude of the first sample that has both."""
    latitudes, longitudes = track.streams.latitude_deg, track.streams.longitude_deg
    if latitudes is None or longitudes is None:
        return None
    known = np.flatnonzero(np.isfinite(latitudes) & np.isfinite(longitudes))
    return (float(latitudes[known[0]]), float(longitudes[known[0]])) if len(known) else None


def time_zone_of(track: Track | None, setting: str | None) -> TimeZone:
    """The zone of a track, or the setting's for one without positions. The device's own clock is not trusted."""
    is_virtual = track is not None and track.sport in VIRTUAL_SPORTS  # their positions lie on an island of the game
    position = first_position(track) if track and not is_virtual else None
    if position is not None and (name := _zone_at(*position)):
        return TimeZone(name=name, source="position")
    return TimeZone(name=setting, source="setting") if setting else TimeZone(name=None, source="unknown")


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
