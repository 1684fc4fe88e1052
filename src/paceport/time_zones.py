"""Time zones by name. Gives None for anything that is not the name of a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def find_zone(name: str | None) -> ZoneInfo | None:
    """The time zone of an IANA name such as Europe/Berlin; None for what is no zone, and for None."""
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # OSError: the name of a folder of the zone tables, such as Europe.
        return None


def nearest_zone(name: str) -> str:
    """A zone that is written much like `name`, else one in the region it names, else Europe/Berlin."""
    import difflib
    from zoneinfo import available_timezones

    zones = sorted(available_timezones())
    lowered = {zone.lower(): zone for zone in zones}
    near = difflib.get_close_matches(name.strip().lower(), lowered, n=1)
    if near:
        return lowered[near[0]]
    wanted = {"europe": "Europe/Berlin", "america": "America/New_York", "asia": "Asia/Tokyo", "africa": "Africa/Cairo"}
    return wanted.get(name.strip().lower(), "Europe/Berlin")
