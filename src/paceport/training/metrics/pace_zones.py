"""Pace zones by threshold pace. No arrays here."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from paceport.lazy_dataclass import dataclass

PaceZoneName = Literal["1", "2", "3", "4", "5a", "5b", "5c"]
ZONE_NAMES: tuple[PaceZoneName, ...] = ("1", "2", "3", "4", "5a", "5b", "5c")
# The fast end of zones 2 to 5b in per cent of the threshold's time per unit. Friel gives whole per cents ("3: 106 to
# 113, 4: 101 to 105"); what lies between two of them belongs to the faster zone. Zone 2 ends at 129 on its slow side.
_SLOW_END_OF_ZONE_2 = 129.0
_FAST_ENDS_PERCENT = (114.0, 106.0, 101.0, 97.0, 90.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceZone:
    """One zone by speed: from `slowest_mps` to `fastest_mps`; 0 and infinity where it is open."""

    name: PaceZoneName
    slowest_mps: float
    fastest_mps: float


def pace_zones(threshold_mps: float) -> tuple[PaceZone, ...]:
    """The seven zones of a threshold speed, slowest first; empty without a threshold.

    Each fast end is the slow end of the next. Source: Friel; docs/metrics.md#pace-zones.
    """
    if not 0 < threshold_mps < math.inf:
        return ()
    ends = [0.0, *(100.0 * threshold_mps / end for end in (_SLOW_END_OF_ZONE_2, *_FAST_ENDS_PERCENT)), math.inf]
    return tuple(
        PaceZone(name=name, slowest_mps=ends[place], fastest_mps=ends[place + 1])
        for place, name in enumerate(ZONE_NAMES)
    )


def pace_zone(speed_mps: float, threshold_mps: float) -> PaceZoneName | None:
    """The zone of a speed; None without a speed and a threshold above 0."""
    if not (0 < speed_mps < math.inf and 0 < threshold_mps < math.inf):
        return None
    percent = round(100.0 * threshold_mps / speed_mps, 9)  # so that 129 % stays 129 % in binary
    if percent > _SLOW_END_OF_ZONE_2:
        return "1"
    return next((name for name, end in zip(ZONE_NAMES[1:], _FAST_ENDS_PERCENT, strict=False) if percent >= end), "5c")


def time_in_pace_zones_s(intervals: Iterable[tuple[float, float]], threshold_mps: float) -> dict[PaceZoneName, float]:
    """Seconds in each zone, from (speed in m/s, moving seconds); all zones are there.

    Intervals at no speed count nowhere. The speed should be grade-adjusted and smoothed, as for pace stress.
    """
    spent: dict[PaceZoneName, float] = dict.fromkeys(ZONE_NAMES, 0.0)
    for speed_mps, seconds in intervals:
        zone = pace_zone(speed_mps, threshold_mps)
        if zone is not None:
            spent[zone] += seconds
    return spent
