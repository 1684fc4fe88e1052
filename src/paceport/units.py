"""Kilometres or miles: the one place where metres and seconds become text."""

import math
import re
from collections.abc import Mapping
from typing import Literal

from paceport.lazy_dataclass import dataclass

MILE_M = 1609.344
FOOT_M = 0.3048
YARD_M = 0.9144
UNKNOWN = "-"
# The steps in which sources write distances: exports in km with two decimals, others in metres, devices in centimetres.
_DISTANCE_STEPS_M = (10.0, 1.0, 0.1)
# Slower than this for one unit is no pace to speak of.
_SLOWEST_S = 6000
# Where roads are measured in miles: CLDR, supplemental data "measurementSystem", US and UK systems.
_MILE_COUNTRIES = frozenset({"US", "GB", "LR", "MM"})
_COUNTRY = re.compile(r"[A-Za-z]{2,3}[_-]([A-Z]{2})")


def rounding_m(distance_m: float) -> float:
    """By how much a distance may have been rounded down: half of the largest step that it is a multiple of, in metres.

    Five miles are 8046.72 m and stand in a source as 8046.7: they are still five miles.
    """
    for step_m in _DISTANCE_STEPS_M:
        if abs(distance_m / step_m - round(distance_m / step_m)) < 1e-6:
            return step_m / 2
    return 0.005


@dataclass(frozen=True, slots=True)
class Units:
    """How lengths, climbs, durations and paces are written, without their unit.

    What is not known is written as `unknown`, never as 0. `told` says how `pace` tells how fast somebody was;
    "mixed" are sports that are told differently.
    """

    name: Literal["km", "mi"] = "km"
    unknown: str = UNKNOWN
    told: Literal["pace", "swim", "speed", "mixed"] = "pace"

    @property
    def unit_m(self) -> float:
        """Metres in one unit."""
        return 1000.0 if self.name == "km" else MILE_M

    @property
    def height_unit(self) -> str:
        """The unit of climbs."""
        return "m" if self.name == "km" else "ft"

    @property
    def height_unit_m(self) -> float:
        """Metres in one unit of climbs."""
        return 1.0 if self.name == "km" else FOOT_M

    def length(self, distance_m: float | None, digits: int = 2) -> str:
        """A length as a number; what went nowhere has none."""
        return self.unknown if not distance_m else self.distance(distance_m, digits)

    def distance(self, distance_m: float | None, digits: int = 2) -> str:
        """A length as a number: `10.02`."""
        return self.unknown if distance_m is None else f"{distance_m / self.unit_m:,.{digits}f}"

    def height(self, height_m: float | None) -> str:
        """A climb as a number in whole metres or feet."""
        return self.unknown if height_m is None else f"{height_m / self.height_unit_m:,.0f}"

    def pace_s(self, speed_mps: float | None) -> float | None:
        """Seconds for one unit, for 100 m or yards where these units tell swims; None for no speed."""
        length_m = self.lap_unit_m if self.told == "swim" else self.unit_m
        return None if speed_mps is None or not speed_mps > 0 else length_m / speed_mps

    @property
    def pace_unit(self) -> str:
        """The unit of what `pace` writes."""
        units = {"pace": f"min/{self.name}", "swim": f"min/{self.lap_unit}", "speed": self.speed_unit}
        return units.get(self.told, "speed")

    @property
    def speed_word(self) -> str:
        """What `pace` writes, in a word: `pace`, or `speed` where these units tell speeds or several sports."""
        return "pace" if self.told in ("pace", "swim") else "speed"

    @property
    def cadence_unit(self) -> str:
        """The unit of cadences of the sports that these units tell."""
        units = {"pace": "steps/min", "swim": "strokes/min", "speed": "rpm"}
        return units.get(self.told, "per min")

    def pace(self, speed_mps: float | None) -> str:
        """How fast somebody was: `4:32` for one unit, or as these units tell it."""
        if self.told in ("swim", "speed"):
            return self.speed(speed_mps) if self.told == "speed" else self.swim_pace(speed_mps)
        seconds = self.pace_s(speed_mps)
        return self.duration(seconds) if seconds is not None and 0 < seconds < _SLOWEST_S else self.unknown

    @property
    def speed_unit(self) -> str:
        """The unit of speeds."""
        return "km/h" if self.name == "km" else "mph"

    def speed(self, speed_mps: float | None) -> str:
        """A speed as a number: `27.3`."""
        return self.unknown if speed_mps is None else f"{3600.0 * speed_mps / self.unit_m:,.1f}"

    @property
    def lap_unit(self) -> str:
        """What the pace of a swim is for."""
        return "100 m" if self.name == "km" else "100 yd"

    @property
    def lap_unit_m(self) -> float:
        """Metres of that."""
        return 100.0 if self.name == "km" else 100.0 * YARD_M

    def swim_pace(self, speed_mps: float | None) -> str:
        """A pace as minutes and seconds for 100 m or 100 yards: `1:52`."""
        if speed_mps is None or not speed_mps > 0 or self.lap_unit_m / speed_mps >= _SLOWEST_S:
            return self.unknown
        return self.duration(self.lap_unit_m / speed_mps)

    def duration(self, seconds: float | None) -> str:
        """A duration as `4:32` or `1:04:32`."""
        return duration_text(seconds, self.unknown)


def duration_text(seconds: float | None, unknown: str = UNKNOWN) -> str:
    """A duration as `4:32` or `1:04:32`, in whole seconds, rounded."""
    if seconds is None or not math.isfinite(seconds):
        return unknown
    hours, rest = divmod(math.floor(abs(seconds) + 0.5), 3600)
    text = f"{hours:,}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
    return f"-{text}" if seconds <= -0.5 else text


def number_text(value: float | None, digits: int = 0, sign: bool = False) -> str:
    """A number with so many digits after the point."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{value:{'+' if sign else ''}z,.{digits}f}"


def choose_units(
    setting: str, environ: Mapping[str, str], *, flag: str | None = None, prefers_miles: bool | None = None
) -> Units:
    """The flag, else the setting, else (auto) what the athlete prefers at Strava, else the locale's country."""
    for choice in (flag, setting):
        if choice == "km":
            return Units("km")
        if choice == "mi":
            return Units("mi")
    if prefers_miles is None:
        locale = environ.get("LC_ALL") or environ.get("LC_MEASUREMENT") or environ.get("LANG") or ""
        country = _COUNTRY.match(locale)
        prefers_miles = country is not None and country[1] in _MILE_COUNTRIES
    return Units("mi" if prefers_miles else "km")
