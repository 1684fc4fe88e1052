"""The local time zone of an activity: from where it began, else from the setting, else said to be unknown."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from paceport.errors import UsageError
from paceport.logbook.intake.records import Zone, first_position
from paceport.logbook.tracks import Track


def zone_of(track: Track | None, setting: str | None) -> Zone:
    """The zone of a track, or the setting's for one without positions. The device's own clock is not trusted."""
    position = first_position(track) if track else None
    if position is not None and (name := _zone_at(*position)):
        return Zone(name=name, source="position")
    return Zone(name=setting, source="setting") if setting else Zone(name=None, source="unknown")


def check_zone(setting: str | None) -> None:
    """Raise UsageError if the setting names no zone."""
    try:
        if setting:
            ZoneInfo(setting)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            what=f"“{setting}” is no time zone", why="zones have names such as Europe/Berlin", fix="correct the setting"
        ) from error


def _zone_at(latitude_deg: float, longitude_deg: float) -> str | None:
    from tzfpy import get_tz  # the logbook extra; its map is read on first use

    if not (-90 <= latitude_deg <= 90 and -180 <= longitude_deg <= 180):
        return None
    name = str(get_tz(longitude_deg, latitude_deg))
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None  # open sea, or a zone this machine's tables do not have
    return name
