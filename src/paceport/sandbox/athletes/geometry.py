"""Distances on the ground: along a track, and of points from a place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Not those of `paceport.geodesy`: what is shared would share its mistakes, and each side is tested by the other.
EARTH_RADIUS_M = 6_371_008.8
METRES_PER_DEGREE = 111_195.0


def along_track_m(track: Floats) -> Floats:
    """Cumulative metres along (latitude, longitude) degrees on a sphere, first 0."""
    latitude, longitude = np.radians(track).T
    half_lat, half_lng = np.diff(latitude) / 2, np.diff(longitude) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(latitude[:-1]) * np.cos(latitude[1:]) * np.sin(half_lng) ** 2
    steps = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return np.concatenate(([0.0], np.cumsum(steps)))


def distance_from_m(points: Floats, latitude: float, longitude: float) -> Floats:
    """Metres of each point from a place; a flat ground is good enough for a private zone."""
    north = (points[:, 0] - latitude) * METRES_PER_DEGREE
    east = (points[:, 1] - longitude) * METRES_PER_DEGREE * np.cos(np.radians(latitude))
    return np.asarray(np.hypot(north, east))
