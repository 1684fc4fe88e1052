"""Tracks as short text, and tracks with fewer points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.geodesy import METRES_PER_DEGREE

if TYPE_CHECKING:
    from paceport.streams import Channel


def encode(latitude_deg: Channel, longitude_deg: Channel, *, precision: int = 5) -> str:
    """The points in Google's encoded polyline format. Positions must be known; empty gives the empty string."""
    scale = 10.0**precision
    # Half away from zero, as the format's page does it; numpy would round half to even.
    rounded = [
        np.sign(values) * np.floor(np.abs(np.asarray(values, dtype=np.float64)) * scale + 0.5)
        for values in (latitude_deg, longitude_deg)
    ]
    steps = np.stack([np.diff(values, prepend=0.0) for values in rounded], axis=1).astype(np.int64)
    letters: list[str] = []
    for step in steps.ravel().tolist():
        value = ~(step << 1) if step < 0 else step << 1
        while value >= 0x20:
            letters.append(chr((0x20 | (value & 0x1F)) + 63))
            value >>= 5
        letters.append(chr(value + 63))
    return "".join(letters)


def decode(text: str, *, precision: int = 5) -> tuple[Channel, Channel]:
    """Latitudes and longitudes of an encoded polyline, in degrees.

    Raises ValueError where the text is cut off in the middle of a point or holds a character the format does not use.
    """
    numbers: list[int] = []
    value = shift = 0
    for letter in text:
        chunk = ord(letter) - 63
        if not 0 <= chunk < 64:
            raise ValueError(f"an encoded polyline does not use the character {letter!r}")
        value |= (chunk & 0x1F) << shift
        shift += 5
        if shift > 60:
            raise ValueError("an encoded polyline holds a number that is no coordinate")
        if chunk < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    if shift or len(numbers) % 2:
        raise ValueError("the encoded polyline is cut off")
    points = np.cumsum(np.asarray(numbers, dtype=np.float64).reshape(-1, 2), axis=0) / 10.0**precision
    return points[:, 0], points[:, 1]


def simplify(latitude_deg: Channel, longitude_deg: Channel, *, tolerance_m: float = 5.0) -> tuple[Channel, Channel]:
    """The track with the points left out that lie within `tolerance_m` of the line through the others.

    First and last point stay; unknown positions go. Douglas and Peucker's method (1973), on a local flat projection.
    """
    known = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    latitude, longitude = latitude_deg[known], longitude_deg[known]
    if len(latitude) < 3:
        return latitude, longitude
    north = latitude * METRES_PER_DEGREE
    east = longitude * METRES_PER_DEGREE * np.cos(np.radians(latitude.mean()))
    keep = np.zeros(len(latitude), dtype=bool)
    keep[[0, -1]] = True
    open_stretches = [(0, len(latitude) - 1)]
    while open_stretches:
        first, last = open_stretches.pop()
        if last - first < 2:
            continue
        away = _away_m(east[first : last + 1], north[first : last + 1])
        farthest = int(np.argmax(away))
        if away[farthest] > tolerance_m:
            keep[first + farthest] = True
            open_stretches += [(first, first + farthest), (first + farthest, last)]
    return latitude[keep], longitude[keep]


def _away_m(east: Channel, north: Channel) -> Channel:
    """How far each point lies from the straight stretch between the first and the last."""
    east, north = east - east[0], north - north[0]
    length_squared = east[-1] ** 2 + north[-1] ** 2
    if length_squared == 0:
        return np.asarray(np.hypot(east, north))
    along = np.clip((east * east[-1] + north * north[-1]) / length_squared, 0.0, 1.0)
    return np.asarray(np.hypot(east - along * east[-1], north - along * north[-1]))
