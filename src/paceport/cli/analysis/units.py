"""Kilometres or miles: the one place where metres and seconds become words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from paceport.errors import UsageError

MILE_M = 1609.344
FOOT_M = 0.3048
UNKNOWN = "-"
# Where roads are measured in miles: CLDR's measurement systems "US" and "UK".
_MILE_COUNTRIES = frozenset({"US", "GB", "LR", "MM"})
_SPANS = {"half": 21097.5, "half marathon": 21097.5, "hm": 21097.5, "marathon": 42195.0}
_LENGTHS = {"km": 1000.0, "k": 1000.0, "m": 1.0, "mi": MILE_M, "mile": MILE_M, "miles": MILE_M}


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """How lengths and paces are written. None becomes a dash, never 0."""

    name: Literal["km", "mi"]

    @property
    def unit_m(self) -> float:
        """Metres in one unit."""
        return 1000.0 if self.name == "km" else MILE_M

    @property
    def height_unit(self) -> str:
        """The unit of climbs."""
        return "m" if self.name == "km" else "ft"

    def distance(self, metres: float | None, digits: int = 2) -> str:
        """A length as a number: `10.02`."""
        return UNKNOWN if metres is None else f"{metres / self.unit_m:,.{digits}f}"

    def height(self, metres: float | None) -> str:
        """A climb as a number in metres or feet."""
        return UNKNOWN if metres is None else f"{metres / (1.0 if self.name == 'km' else FOOT_M):,.0f}"

    def pace(self, speed_mps: float | None) -> str:
        """A pace as minutes and seconds for one unit: `4:32`."""
        if speed_mps is None or not math.isfinite(speed_mps) or speed_mps <= 0:
            return UNKNOWN
        return clock(self.unit_m / speed_mps) if self.unit_m / speed_mps < 6000 else UNKNOWN


def clock(seconds: float | None) -> str:
    """A duration as `4:32` or `1:04:32`."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    hours, rest = divmod(math.floor(abs(seconds) + 0.5), 3600)
    text = f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
    return f"-{text}" if seconds <= -0.5 else text


def number(value: float | None, digits: int = 0, sign: bool = False) -> str:
    """A number with so many digits after the point."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{value:{'+' if sign else ''},.{digits}f}"


def units_for(flag: str | None, setting: str, *, prefers_miles: bool | None, environ: Mapping[str, str]) -> Units:
    """The flag, else the setting, else (auto) what the athlete prefers at Strava, else the locale's country."""
    for choice in (flag, setting):
        if choice == "km":
            return Units(name="km")
        if choice == "mi":
            return Units(name="mi")
    if prefers_miles is not None:
        return Units(name="mi" if prefers_miles else "km")
    locale = environ.get("LC_ALL") or environ.get("LC_MEASUREMENT") or environ.get("LANG") or ""
    country = re.match(r"[A-Za-z]{2,3}[_-]([A-Z]{2})", locale)
    return Units(name="mi" if country and country.group(1) in _MILE_COUNTRIES else "km")


def length_m(text: str) -> float:
    """A distance as people write it: `10k`, `5 km`, `half`, `marathon`, `mile`, `400m`. Raises UsageError."""
    word = " ".join(text.casefold().replace("½", "0.5 ").split())
    if word in _SPANS:
        return _SPANS[word]
    match = re.fullmatch(r"(\d{0,4}(?:[.,]\d{1,4})?) ?(km|k|m|mi|miles?)", word)
    length = float((match.group(1) or "1").replace(",", ".")) * _LENGTHS[match.group(2)] if match else 0.0
    if not 100.0 <= length <= 1_000_000.0:
        raise UsageError(
            what=f"{text[:40]!r} is not a distance",
            why="distances are 100 m to 1,000 km",
            fix="write it like 10k, 5 km, 3 miles, half or marathon",
        )
    return length
