"""Segments and saved routes on the simulated athletes' favourite tracks, and the passages of a segment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a favourite route; `points` are (latitude, longitude) along it, `altitudes_m` aligned."""

    id: int
    name: str
    activity_type: str
    distance_m: float
    points: tuple[tuple[float, float], ...]
    altitudes_m: tuple[float, ...]
    average_grade_percent: float
    maximum_grade_percent: float
    elevation_gain_m: float
    climb_category: int
    city: str
    state: str
    country: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEffort:
    """One passage of a segment inside an activity, between two samples of its recording."""

    id: int
    segment_id: int
    activity_id: int
    athlete_id: int
    start: datetime
    elapsed_time_s: int
    moving_time_s: int
    distance_m: float
    start_index: int
    end_index: int
    average_heartrate_bpm: float | None
    max_heartrate_bpm: float | None
    average_cadence_rpm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
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
