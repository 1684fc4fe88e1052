"""Getting faster: records over time, and whether pace changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from paceport.lazy_dataclass import dataclass
from paceport.sports import RUN_SPORTS
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.personal_records import PersonalRecords, personal_records
from paceport.training.metrics.trend import Trend, trend

SHORTEST_FOR_PACE_M, SHORTEST_SWIM_M = 2000.0, 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceTrend:
    """Pace over the weeks: each run as (day, speed, grade-adjusted speed or None), and the trends of both speeds.

    Speeds are m/s over moving time. A trend is None with fewer than eight weeks.
    """

    points: tuple[tuple[date, float, float | None], ...]
    speed: Trend | None
    adjusted: Trend | None


def records(history: History) -> PersonalRecords:
    """Personal records over time, and what was left out with the reason. docs/metrics.md#personal-records."""
    return personal_records(history.attempts)


def shortest_for_pace_m(sport: str) -> float:
    """The shortest distance whose pace says something of that sport."""
    return SHORTEST_SWIM_M if sport == "Swim" else SHORTEST_FOR_PACE_M


def pace_trend(runs: Iterable[Run]) -> PaceTrend:
    """Pace of all runs of 2 km and more (swims: 200 m), and whether it changes. docs/metrics.md#trend."""
    points = tuple(
        (run.day, run.speed_mps, run.adjusted_speed_mps if run.sport in RUN_SPORTS else None)
        for run in runs
        if run.speed_mps is not None and run.distance_m is not None and run.distance_m >= shortest_for_pace_m(run.sport)
    )
    return PaceTrend(
        points=points,
        speed=trend((day, speed) for day, speed, _ in points),
        adjusted=trend((day, adjusted) for day, _, adjusted in points if adjusted is not None),
    )
