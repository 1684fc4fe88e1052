"""Distances on the globe."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from paceport.streams import Channel

EARTH_RADIUS_M = 6371008.8  # mean radius of the WGS-84 ellipsoid, IUGG
METRES_PER_DEGREE = 111_195.0  # of latitude, on that sphere


def haversine_m(
    latitude_deg: Channel, longitude_deg: Channel, to_latitude_deg: Channel, to_longitude_deg: Channel
) -> Channel:
    """Great-circle metres between points, elementwise, on a sphere of the Earth's mean radius.

    At most 0.6 % off the ellipsoid (0.3 % on most bearings); over the few metres between two samples that is far below
    the noise of a receiver. Shape: the operands broadcast.
    """
    latitude, to_latitude = np.radians(latitude_deg), np.radians(to_latitude_deg)
    across = np.radians(to_longitude_deg) - np.radians(longitude_deg)
    half = np.sin((to_latitude - latitude) / 2) ** 2 + np.cos(latitude) * np.cos(to_latitude) * np.sin(across / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def apart_m(latitude_deg: float, longitude_deg: float, to_latitude_deg: float, to_longitude_deg: float) -> float:
    """The same for two points alone, twenty times as fast as arrays of one."""
    latitude, to_latitude = math.radians(latitude_deg), math.radians(to_latitude_deg)
    across = math.radians(to_longitude_deg - longitude_deg)
    half = math.sin((to_latitude - latitude) / 2) ** 2
    half += math.cos(latitude) * math.cos(to_latitude) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half)))


def steps_m(latitude_deg: Channel, longitude_deg: Channel) -> Channel:
    """Metres from each point to the next, one value less than points; NaN where either is unknown."""
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    shrink = np.cos(latitude)  # once for each point, though each is the end of one step and the start of the next
    north, east = np.sin((latitude[1:] - latitude[:-1]) / 2), np.sin((longitude[1:] - longitude[:-1]) / 2)
    half: Channel = north**2 + shrink[:-1] * shrink[1:] * east**2
    # In place: another array for each step of the sum would leave the processor's nearest memory.
    np.sqrt(np.minimum(half, 1.0, out=half), out=half)
    np.arcsin(half, out=half)
    half *= 2 * EARTH_RADIUS_M
    return half


def cumulative_distance_m(latitude_deg: Channel, longitude_deg: Channel) -> Channel:
    """Metres along the points from the first, one value per point; starts at 0. All positions must be known."""
    if len(latitude_deg) == 0:
        return np.zeros(0)
    return np.concatenate(([0.0], np.cumsum(steps_m(latitude_deg, longitude_deg))))
