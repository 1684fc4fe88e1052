"""The limits of a sport: a sample beyond them is doubtful."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass
from paceport.sports import is_on_foot


@dataclass(frozen=True, slots=True, kw_only=True)
class SportLimits:
    """The limits of one sport.

    Faster than `fastest_mps` is never believed between two samples; faster than `doubtful_mps` only near others as
    fast. A break in the recording that implies more than `gap_mps` was not covered in the sport.
    """

    fastest_mps: float
    doubtful_mps: float
    gap_mps: float
    highest_cadence: float
    highest_power_w: float
    has_vehicle_check: bool


# The fastest sprint ever measured peaks at 12.4 m/s (Bolt, Berlin 2009).
_ON_FOOT = SportLimits(
    fastest_mps=12.5,
    doubtful_mps=7.0,
    gap_mps=7.0,
    highest_cadence=300.0,
    highest_power_w=2000.0,
    has_vehicle_check=True,
)
_OTHER = SportLimits(
    fastest_mps=45.0,
    doubtful_mps=20.0,
    gap_mps=25.0,
    highest_cadence=250.0,
    highest_power_w=3000.0,
    has_vehicle_check=False,
)


def limits_of(sport: str | None) -> SportLimits:
    """The limits of a SportType; an unknown sport is taken for a run."""
    return _ON_FOOT if is_on_foot(sport) else _OTHER
