"""Distances and durations as people type them."""

from __future__ import annotations

import re

from paceport.errors import UsageError
from paceport.units import MILE_M

_FACTORS_M = {"km": 1000.0, "mi": MILE_M, "m": 1.0}
_LENGTHS = _FACTORS_M | {"k": 1000.0, "mile": MILE_M, "miles": MILE_M}
_SPANS = {"half": 21097.5, "half marathon": 21097.5, "hm": 21097.5, "marathon": 42195.0}


def parse_distance_m(text: str) -> float:
    """Metres in "10km", "6.2 mi" or "800m". Raises UsageError, also for a bare number: of what?"""
    match = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(km|mi|m)\s*", text, re.ASCII)
    if match is None:
        raise UsageError(
            what=f"{text[:30]!r} is not a distance", why="a distance has a number and a unit", fix="10km, 6.2mi or 800m"
        )
    return float(match[1]) * _FACTORS_M[match[2]]


def parse_duration_s(text: str) -> int:
    """Seconds in "45:00" or "1:02:03". Raises UsageError."""
    match = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)", text.strip(), re.ASCII)
    if match is None or (match[1] and int(match[2]) > 59):
        raise UsageError(
            what=f"{text[:30]!r} is not a duration",
            why="it is written as minutes:seconds or hours:minutes:seconds",
            fix="45:00 or 1:02:03",
        )
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])


def parse_race_distance_m(text: str) -> float:
    """A distance as people write it: `10k`, `5 km`, `half`, `marathon`, `mile`, `400m`. Raises UsageError."""
    word = " ".join(text.casefold().replace("½", "0.5 ").split())
    if word in _SPANS:
        return _SPANS[word]
    match = re.fullmatch(r"(\d{0,4}(?:[.,]\d{1,4})?) ?(km|k|m|mi|miles?)", word)
    length = float((match.group(1) or "1").replace(",", ".")) * _LENGTHS[match.group(2)] if match else 0.0
    if not 100.0 <= length <= 1_000_000.0:
        raise UsageError(
            what=f"{text[:40]!r} is not a distance",
            why="a distance must be between 100 m and 1,000 km",
            fix="write it like 10k, 5 km, 3 miles, half or marathon",
        )
    return length


def parse_place(text: str) -> tuple[float | None, float | None]:
    """A place in a run, as seconds or as metres from an end: (300.0, None) for "5:00", (None, 800.0) for "0.8km".

    Raises UsageError.
    """
    if ":" in text:
        return float(parse_duration_s(text)), None
    try:
        return None, parse_distance_m(text)
    except UsageError:
        raise UsageError(
            what=f"{text[:30]!r} is neither a time nor a distance",
            why="a time is written as minutes:seconds or hours:minutes:seconds, a distance with its unit",
            fix="5:00, 1:02:03, 0.8km or 0.5mi",
        ) from None
