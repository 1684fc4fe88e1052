"""How much was easy, moderate and hard: three zones and the polarisation index. No arrays here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

from paceport.lazy_dataclass import dataclass

_MODERATE_FROM = 0.82  # of critical speed
_POLARISED_ABOVE = 2.0
_CORRECTION = 0.01
_HEART_RATE_ZONES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class IntensityDistribution:
    """Seconds in three zones, and by what they were divided."""

    easy_s: float
    moderate_s: float
    hard_s: float
    by: Literal["critical speed", "heart rate zones"]

    def shares(self) -> tuple[float, float, float] | None:
        """Easy, moderate and hard as shares of their sum; None without any time."""
        total_s = self.easy_s + self.moderate_s + self.hard_s
        return (self.easy_s / total_s, self.moderate_s / total_s, self.hard_s / total_s) if total_s > 0 else None

    def polarisation_index(self) -> float | None:
        """The index of these shares; None where it is not defined (`polarisation_index`)."""
        shares = self.shares()
        return None if shares is None else polarisation_index(*shares)

    @property
    def is_polarised(self) -> bool:
        """Whether the index is above 2."""
        index = self.polarisation_index()
        return index is not None and index > _POLARISED_ABOVE


def polarisation_index(easy: float, moderate: float, hard: float) -> float | None:
    """log10(easy / moderate · hard · 100), from shares of the time.

    Without moderate time 0.01 stands for it and the hard share is less 0.01. Without hard time the index is 0 by
    definition. None with more hard than easy time, for which it was not made (it would call all-hard training
    polarised), and without easy time. Source: Treff et al., Front Physiol 10:707, 2019;
    docs/metrics.md#intensity-distribution.
    """
    if min(easy, moderate, hard) < 0 or easy <= 0 or hard > easy:
        return None
    if hard == 0:
        return 0.0
    if moderate == 0:
        moderate, hard = _CORRECTION, hard - _CORRECTION
    return math.log10(easy / moderate * hard * 100.0) if hard > 0 else 0.0


def distribution_by_speed(
    intervals: Iterable[tuple[float, float]], *, critical_mps: float
) -> IntensityDistribution | None:
    """From (grade-adjusted speed in m/s, moving seconds): below 82 % of critical speed, up to it, and above.

    None without a critical speed. Critical speed itself is still moderate.
    """
    if not critical_mps > 0:
        return None
    spent = [0.0, 0.0, 0.0]
    for speed_mps, seconds in intervals:
        zone = 0 if speed_mps < _MODERATE_FROM * critical_mps else 1 if speed_mps <= critical_mps else 2
        spent[zone] += seconds
    return IntensityDistribution(easy_s=spent[0], moderate_s=spent[1], hard_s=spent[2], by="critical speed")


def added_distributions(parts: Iterable[IntensityDistribution]) -> IntensityDistribution | None:
    """The sum of distributions by the same measure; None without any."""
    known = list(parts)
    if not known:
        return None
    return IntensityDistribution(
        easy_s=sum(one.easy_s for one in known),
        moderate_s=sum(one.moderate_s for one in known),
        hard_s=sum(one.hard_s for one in known),
        by=known[0].by,
    )


def distribution_by_heart_rate(zone_seconds: Sequence[float]) -> IntensityDistribution | None:
    """From the seconds in five heart rate zones: 1 and 2, 3, 4 and 5. None with another number of zones."""
    if len(zone_seconds) != _HEART_RATE_ZONES:
        return None
    return IntensityDistribution(
        easy_s=zone_seconds[0] + zone_seconds[1],
        moderate_s=zone_seconds[2],
        hard_s=zone_seconds[3] + zone_seconds[4],
        by="heart rate zones",
    )
