"""The projection of maps on the web (EPSG:3857): angles are true, so that every track has its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from paceport.streams import Channel

# Beyond this latitude the square map of the world ends: atan(sinh(π)).
FARTHEST_LATITUDE_DEG = 85.051128779806


def project(latitude_deg: Channel, longitude_deg: Channel) -> tuple[Channel, Channel]:
    """Where points lie on a map of the world of width 1 and height 1: x from the west, y from the north."""
    latitude = np.radians(np.clip(latitude_deg, -FARTHEST_LATITUDE_DEG, FARTHEST_LATITUDE_DEG))
    return longitude_deg / 360.0 + 0.5, 0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)
