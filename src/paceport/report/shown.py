"""Numbers as the report's page shows them: lengths, clocks, paces and days, in kilometres or miles."""

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Literal

from paceport.analysis.efforts import MILE_M
from paceport.fault import clean

UNKNOWN = "\u2013"  # a dash; the page says what it means
_LONGEST_NAME = 80
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Units:
    """Kilometres or miles. `metres` is the length of one; altitudes follow in metres or feet."""

    name: Literal["km", "mi"] = "km"

    @property
    def metres(self) -> float:
        """The length of one unit in metres."""
        return 1000.0 if self.name == "km" else MILE_M

    @property
    def height(self) -> str:
        """The unit that climbs are shown in."""
        return "m" if self.name == "km" else "ft"

    def distance(self, distance_m: float | None, digits: int = 1) -> str:
        """A length without its unit: `1,234.5`."""
        return UNKNOWN if distance_m is None else f"{distance_m / self.metres:,.{digits}f}"

    def climb(self, climb_m: float | None) -> str:
        """A climb without its unit, in whole metres or feet."""
        return UNKNOWN if climb_m is None else f"{climb_m / (1.0 if self.name == 'km' else 0.3048):,.0f}"

    def pace_s(self, speed_mps: float | None) -> float | None:
        """Seconds for one unit; None for no speed."""
        return None if speed_mps is None or not speed_mps > 0 else self.metres / speed_mps

    def pace(self, speed_mps: float | None) -> str:
        """A pace without its unit: `4:32`."""
        return clock(self.pace_s(speed_mps))


def clock(seconds: float | None) -> str:
    """`4:32`, `1:02:03`; whole seconds, rounded."""
    if seconds is None or not isfinite(seconds):
        return UNKNOWN
    whole = round(abs(seconds))
    hours, rest = divmod(whole, 3600)
    text = f"{hours:,}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
    return f"-{text}" if seconds <= -0.5 else text


def hours(seconds: float | None) -> str:
    """Long times in hours and minutes: `12:05`."""
    if seconds is None:
        return UNKNOWN
    minutes = round(seconds / 60)
    return f"{minutes // 60:,}:{minutes % 60:02d}"


def day_text(day: date | None) -> str:
    """`4 May 2026`: the same in every country."""
    return UNKNOWN if day is None else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_text(day: date) -> str:
    """`May 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def counted(count: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def whole(value: float | None) -> str:
    """A number rounded to whole ones."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def name_text(name: str) -> str:
    """A run's name as one short line: no control characters, 80 letters at the most; never empty."""
    text = " ".join(clean(name[: 4 * _LONGEST_NAME]).split())
    if not text:
        return "Run without a name"
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1].rstrip() + "…"


def short_name(name: str, most: int = 32) -> str:
    """A name short enough for the side of a chart."""
    text = name_text(name)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def anchor_of(run_id: int) -> str:
    """The place of a run's section on the page; ids below zero are those of files without one of Strava's."""
    return f"run-{run_id}" if run_id >= 0 else f"file-{-run_id}"
