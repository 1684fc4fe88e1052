"""Race times from race times: Riegel's power law, and the VDOT of Daniels and Gilbert."""

from __future__ import annotations

import math

RIEGEL_EXPONENT = 1.06


def riegel_s(known_distance_m: float, known_time_s: float, distance_m: float) -> float:
    """Riegel 1981: the known time times the ratio of the distances to the power 1.06. Distances and time above 0."""
    return float(known_time_s * (distance_m / known_distance_m) ** RIEGEL_EXPONENT)


def vdot(distance_m: float, time_s: float) -> float | None:
    """The VDOT of a race, in ml of oxygen per kg and minute; None where the race is too slow to have one.

    Daniels and Gilbert 1979: the oxygen a speed costs over the share of the maximum a time can be held at.
    """
    if distance_m <= 0 or time_s <= 0:
        return None
    minutes = time_s / 60.0
    speed = distance_m / minutes
    cost = -4.60 + 0.182258 * speed + 0.000104 * speed**2
    share = 0.8 + 0.1894393 * math.exp(-0.012778 * minutes) + 0.2989558 * math.exp(-0.1932605 * minutes)
    return cost / share if cost > 0 else None


def vdot_time_s(vdot_value: float, distance_m: float) -> float | None:
    """The time over a distance that has this VDOT, by bisection to a microsecond; None where there is none in a day.

    A faster time always has the higher VDOT, so there is at most one.
    """
    fastest_s, slowest_s = distance_m / 15.0, 86_400.0
    if not (vdot_value > 0 and distance_m > 0 and fastest_s < slowest_s):
        return None
    if not (vdot(distance_m, slowest_s) or 0.0) <= vdot_value <= (vdot(distance_m, fastest_s) or 0.0):
        return None
    while slowest_s - fastest_s > 1e-6:
        middle_s = (fastest_s + slowest_s) / 2
        if (vdot(distance_m, middle_s) or 0.0) > vdot_value:
            fastest_s = middle_s
        else:
            slowest_s = middle_s
    return (fastest_s + slowest_s) / 2
