"""Numbers as a runner reads them: distance, time, pace, in kilometres or miles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from paceport.errors import UsageError

MILE_M = 1609.344
# Where roads are measured in miles: CLDR, supplemental data "measurementSystem", US and UK systems.
_MILES = frozenset({"US", "GB", "LR", "MM"})
_TERRITORY = re.compile(r"^[a-z]{2,3}[_-]([A-Z]{2})")
_FACTORS_M = {"km": 1000.0, "mi": MILE_M, "m": 1.0}


@dataclass(frozen=True, slots=True)
class Units:
    """How lengths are shown: a name and its length in metres."""

    name: str
    length_m: float

    @classmethod
    def choose(cls, setting: str, environ: Mapping[str, str], *, preference: str | None = None) -> Units:
        """`setting` is km, mi or auto; auto follows the athlete's `preference` at Strava ("feet"), else the locale."""
        if setting == "auto" and preference:
            setting = "mi" if preference == "feet" else "km"
        if setting == "auto":
            setting = "mi" if _territory(environ) in _MILES else "km"
        return cls(setting, _FACTORS_M[setting])

    def distance(self, metres: float | None) -> str:
        """ "10.02"; empty where there is none."""
        return f"{metres / self.length_m:.2f}" if metres else ""

    def pace(self, speed_mps: float | None) -> str:
        """Minutes and seconds for one unit, "4:32"; empty where nothing moves."""
        return clock_text(round(self.length_m / speed_mps)) if speed_mps and speed_mps > 0.1 else ""


def clock_text(seconds: float | None) -> str:
    """ "45:00" or "1:02:03"; empty for None."""
    if seconds is None:
        return ""
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def read_distance_m(text: str) -> float:
    """Metres in "10km", "6.2 mi" or "800m". Raises UsageError, also for a bare number: of what?"""
    match = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(km|mi|m)\s*", text, re.ASCII)
    if match is None:
        raise UsageError(
            what=f"{text[:30]!r} is no distance", why="a distance has a number and a unit", fix="10km, 6.2mi or 800m"
        )
    return float(match[1]) * _FACTORS_M[match[2]]


def read_duration_s(text: str) -> int:
    """Seconds in "45:00" or "1:02:03". Raises UsageError."""
    match = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)", text.strip(), re.ASCII)
    if match is None or (match[1] and int(match[2]) > 59):
        raise UsageError(
            what=f"{text[:30]!r} is no duration",
            why="it is written as minutes:seconds or hours:minutes:seconds",
            fix="45:00 or 1:02:03",
        )
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])


def _territory(environ: Mapping[str, str]) -> str:
    for name in ("LC_ALL", "LC_MEASUREMENT", "LANG"):
        if environ.get(name):
            match = _TERRITORY.match(environ[name])
            return match[1] if match else ""
    return ""
