"""Routes that athletes have drawn and saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRoute:
    """A saved route: 64-bit id, `points` (latitude, longitude), aligned altitudes; `type` 1 ride, 2 run."""

    id: int
    athlete_id: int
    name: str
    description: str | None
    type: int
    sub_type: int
    private: bool
    starred: bool
    distance_m: float
    elevation_gain_m: float
    estimated_moving_time_s: int
    points: tuple[tuple[float, float], ...]
    altitudes_m: tuple[float, ...]
    created_at: datetime
