"""What people call the distances of records and races."""

from __future__ import annotations

from paceport.units import MILE_M

SPAN_NAMES = {
    400.0: "400 m",
    MILE_M / 2: "½ mile",
    1000.0: "1 km",
    MILE_M: "1 mile",
    2 * MILE_M: "2 miles",
    5000.0: "5 km",
    10000.0: "10 km",
    15000.0: "15 km",
    10 * MILE_M: "10 miles",
    20000.0: "20 km",
    21097.5: "Half marathon",
    30000.0: "30 km",
    42195.0: "Marathon",
    50000.0: "50 km",
}


def span_name(span_m: float) -> str:
    """What people call a distance."""
    return SPAN_NAMES.get(span_m) or (f"{span_m / 1000:.4g} km" if span_m >= 1000 else f"{span_m:.0f} m")
