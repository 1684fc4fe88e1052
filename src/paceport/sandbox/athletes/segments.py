"""A segment, and one effort on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

FIRST_EFFORT_ID = 2_600_000_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a favourite route; `points` are (latitude, longitude) along it, `altitudes_m` aligned.

    Routes of the `family` pass it between `start_m` and `end_m` of their length.
    """

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
    family: str = field(repr=False)
    start_m: float
    end_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEffort:
    """One effort on a segment inside an activity, between two samples of its recording."""

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


def effort_id(activity_id: int, segment_id: int) -> int:
    """The id of the effort on a segment in an activity; divided by 100,000 it gives the activity."""
    return FIRST_EFFORT_ID + (activity_id - 10_000_000_000) * 100_000 + segment_id % 100_000
