"""Segments and saved routes on the simulated athletes' favourite tracks, and the passages of a segment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.activity_plan import SimulatedSource
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.routes import NamedRoute
from paceport.sandbox.athletes.terrain import Track

FIRST_EFFORT_ID = 2_600_000_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a favourite route; `points` are (latitude, longitude) along it, `altitudes_m` aligned.

    Courses of the `family` pass it between `start_m` and `end_m` of their way.
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


def create_segment(
    identity: int, name: str, course: NamedRoute, start_m: float, end_m: float, created_at: datetime
) -> Segment:
    """A segment on a course between two distances along it."""
    track = course.track()
    first, last = (int(np.searchsorted(track.distance_m, at)) for at in (start_m, end_m))
    altitude = np.round(track.altitude_m[first : last + 1], 1)
    length_m = float(track.distance_m[last] - track.distance_m[first])
    rise_m = float(altitude[-1] - altitude[0])
    grades = track.grade_percent[first:last]
    return Segment(
        id=identity,
        name=name,
        activity_type="Run",
        distance_m=round(length_m, 1),
        points=_points(track, first, last),
        altitudes_m=tuple(altitude.tolist()),
        average_grade_percent=round(100.0 * rise_m / length_m, 1),
        maximum_grade_percent=round(float(grades.max()), 1),
        elevation_gain_m=round(float(np.maximum(np.diff(altitude), 0.0).sum()), 1),
        climb_category=_climb_category(length_m, rise_m),
        city=track.place.name,
        state=track.place.state,
        country=track.place.country,
        created_at=created_at,
        family=course.family,
        start_m=float(track.distance_m[first]),
        end_m=float(track.distance_m[last]),
    )


def create_saved_route(
    identity: int, athlete_id: int, name: str, course: NamedRoute, *, speed_mps: float, made: datetime
) -> SavedRoute:
    """A saved route along a course, a point every 25 m or so."""
    track = course.track()
    altitude = np.round(track.altitude_m[::5], 1)
    riding = "-ride-" in course.name
    return SavedRoute(
        id=identity,
        athlete_id=athlete_id,
        name=name,
        description=None if identity % 2 else "Drawn on the map; mind the crossing.",
        type=1 if riding else 2,
        sub_type=4 if course.surface == "trail" else 1,
        private=identity % 3 == 0,
        starred=identity % 2 == 0,
        distance_m=round(track.length_m, 1),
        elevation_gain_m=round(float(np.maximum(np.diff(altitude), 0.0).sum()), 1),
        estimated_moving_time_s=round(track.length_m / speed_mps),
        points=_points(track, 0, len(track.east_m) - 1, every=5),
        altitudes_m=tuple(altitude.tolist()),
        created_at=made,
    )


def efforts(segments: Iterable[Segment], activity: Activity) -> tuple[SegmentEffort, ...]:
    """The passages inside a simulated activity, in order of time.

    A passage is known from the course, not found in the track: an upload has none. On a way out and back only the
    way out counts.
    """
    plan = activity.source.plan if isinstance(activity.source, SimulatedSource) else None
    if plan is None or plan.course is None or not activity.is_run:
        return ()
    course = plan.course
    reach_m = course.length_m / 2.0 if "-river-" in course.family else course.length_m
    stretch = plan.distance_m / course.length_m
    passed = [one for one in segments if one.family == course.family and one.end_m <= reach_m]
    # Most activities pass none: the recording is generated for the others alone.
    recording = activity.recording if passed else None
    if recording is None:
        return ()
    found = []
    for segment in sorted(passed, key=lambda one: one.start_m):
        first, last = np.searchsorted(
            recording.distance_m, [segment.start_m * stretch, segment.end_m * stretch]
        ).tolist()
        if first < last < len(recording):
            found.append(_effort(segment, activity, recording, first, last))
    return tuple(found)


def effort_id(activity_id: int, segment_id: int) -> int:
    """The id of the passage of a segment in an activity; divided by 100,000 it tells the activity."""
    return FIRST_EFFORT_ID + (activity_id - 10_000_000_000) * 100_000 + segment_id % 100_000


def _effort(segment: Segment, activity: Activity, recording: Recording, first: int, last: int) -> SegmentEffort:
    steps = np.diff(recording.time_s[first : last + 1]) * recording.moving[first + 1 : last + 1]
    beats = None if recording.heartrate_bpm is None else recording.heartrate_bpm[first : last + 1]
    cadence = None if recording.cadence_rpm is None else recording.cadence_rpm[first : last + 1]
    return SegmentEffort(
        id=effort_id(activity.id, segment.id),
        segment_id=segment.id,
        activity_id=activity.id,
        athlete_id=activity.athlete_id,
        start=activity.start + timedelta(seconds=int(recording.time_s[first])),
        elapsed_time_s=int(recording.time_s[last] - recording.time_s[first]),
        moving_time_s=int(steps.sum()),
        distance_m=round(float(recording.distance_m[last] - recording.distance_m[first]), 1),
        start_index=first,
        end_index=last,
        average_heartrate_bpm=None if beats is None else round(float(beats.mean()), 1),
        max_heartrate_bpm=None if beats is None else float(beats.max()),
        average_cadence_rpm=None if cadence is None else round(float(cadence.mean()), 1),
    )


def _points(track: Track, first: int, last: int, *, every: int = 1) -> tuple[tuple[float, float], ...]:
    degrees = track.place.latlng(track.east_m[first : last + 1 : every], track.north_m[first : last + 1 : every])
    return tuple((latitude, longitude) for latitude, longitude in np.round(degrees, 6).tolist())


def _climb_category(length_m: float, rise_m: float) -> int:
    """0 for no climb, up to 5: by length times grade (the long-published rule of thumb)."""
    grade_percent = 100.0 * rise_m / length_m
    if grade_percent < 3.0:
        return 0
    return sum(length_m * grade_percent > bound for bound in (8000.0, 16000.0, 32000.0, 64000.0, 80000.0))
