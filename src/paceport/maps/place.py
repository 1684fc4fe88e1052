"""What is hidden from others: places, and the circles that cover them."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass

RADIUS_M, SMALLEST_RADIUS_M = 500.0, 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that must not be shown: in degrees, with how far round it nothing is shown."""

    latitude_deg: float
    longitude_deg: float
    radius_m: float = RADIUS_M


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenCircle:
    """All points within `radius_m` of this point are left out. The place that it covers is not its centre."""

    latitude_deg: float
    longitude_deg: float
    radius_m: float
