"""Places: segments, routes, and the maps they are drawn with."""

from datetime import datetime

from msgspec import field

from paceport.api.models.decoding import ApiStruct, Int64


class Reference(ApiStruct, frozen=True, kw_only=True, gc=False):
    """Another object by its id alone; None where the service does not tell."""

    id: Int64 | None = None


class PolylineMap(ApiStruct, frozen=True, kw_only=True, gc=False):
    """Encoded routes, precision 5. "" or None without positions."""

    id: str | None = None
    polyline: str | None = None
    summary_polyline: str | None = None
    resource_state: Int64 | None = None


class SegmentStats(ApiStruct, frozen=True, kw_only=True, gc=False):
    """The athlete's own record on a segment. `pr_date` is a date without a time, as text."""

    effort_count: Int64 | None = None
    pr_elapsed_time_s: Int64 | None = field(name="pr_elapsed_time", default=None)
    pr_date: str | None = None
    pr_activity_id: Int64 | None = None


class Segment(ApiStruct, frozen=True, kw_only=True, gc=False):
    """A segment, in summary or in full (then counts, map and the athlete's stats are there). Grades are percent."""

    id: Int64
    name: str = ""
    activity_type: str | None = None
    distance_m: float | None = field(name="distance", default=None)
    average_grade_percent: float | None = field(name="average_grade", default=None)
    maximum_grade_percent: float | None = field(name="maximum_grade", default=None)
    highest_m: float | None = field(name="elevation_high", default=None)
    lowest_m: float | None = field(name="elevation_low", default=None)
    elevation_gain_m: float | None = field(name="total_elevation_gain", default=None)
    start_latlng: list[float] | None = None
    end_latlng: list[float] | None = None
    climb_category: Int64 | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    private: bool | None = None
    hazardous: bool | None = None
    starred: bool | None = None
    map: PolylineMap | None = None
    effort_count: Int64 | None = None
    athlete_count: Int64 | None = None
    star_count: Int64 | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    athlete_segment_stats: SegmentStats | None = None


class ExploredSegment(ApiStruct, frozen=True, kw_only=True, gc=False):
    """One hit of a search by area."""

    id: Int64
    name: str = ""
    climb_category: Int64 | None = None
    average_grade_percent: float | None = field(name="avg_grade", default=None)
    elevation_difference_m: float | None = field(name="elev_difference", default=None)
    distance_m: float | None = field(name="distance", default=None)
    points: str | None = None


class ExploredSegments(ApiStruct, frozen=True, kw_only=True, gc=False):
    """The ten best hits of a search by area."""

    segments: list[ExploredSegment]


class Waypoint(ApiStruct, frozen=True, kw_only=True, gc=False):
    """A named point beside or on a route."""

    latlng: list[float] | None = None
    title: str | None = None
    category: str | None = None
    description: str | None = None
    distance_into_route_m: float | None = field(name="distance_into_route", default=None)


class Route(ApiStruct, frozen=True, kw_only=True, gc=False):
    """A planned route. `type` 1 is a ride, 2 a run; the id is a full 64-bit number."""

    id: Int64
    name: str = ""
    description: str | None = None
    distance_m: float | None = field(name="distance", default=None)
    elevation_gain_m: float | None = field(name="elevation_gain", default=None)
    estimated_moving_time_s: Int64 | None = field(name="estimated_moving_time", default=None)
    type: Int64 | None = None
    sub_type: Int64 | None = None
    private: bool | None = None
    starred: bool | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    map: PolylineMap | None = None
    waypoints: list[Waypoint] | None = None
    segments: list[Segment] | None = None
