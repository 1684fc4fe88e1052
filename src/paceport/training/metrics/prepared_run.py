"""What most numbers of a run start from, worked out once: its course, heart rate, grades and moving clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.streams import Streams
from paceport.training.metrics.distance import DistanceTrack, distance_track
from paceport.training.metrics.elevation import ElevationProfile, elevation_profile, is_smooth
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance, adjusted_distance, grade_ratio
from paceport.training.metrics.grid_places import GridPlaces
from paceport.training.metrics.heart_rate import HeartRateIntervals, heart_rate_intervals
from paceport.training.metrics.moving_time import moving_clock_s
from paceport.training.metrics.pace_load import MovingWay, moving_way

if TYPE_CHECKING:
    from paceport.streams import Channel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hills:
    """The altitude along a run: as recorded at the points of the course, smoothed, its grades, the adjusted metres.

    `course_places` are the points of the course on the grid of `along`.
    """

    altitude_m: Channel
    along: ElevationProfile
    grades: Channel
    adjusted: AdjustedDistance
    course_places: GridPlaces


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreparedRun:
    """A run's samples and what follows from them; None is "not known". `moving_clock` belongs to the course.

    `moving_way` are its moving intervals, grade-adjusted where they can be, and `smoothed` the speed and the seconds of
    each of them. `altitude_m` is aligned with the course. `barometric`: whether it can be trusted like a barometer's,
    None without one.
    """

    streams: Streams
    course: DistanceTrack | None
    heart: HeartRateIntervals | None
    altitude_m: Channel | None
    hills: Hills | None
    moving_clock: Channel | None
    barometric: bool | None
    moving_way: MovingWay | None
    smoothed: tuple[Channel, Channel] | None

    @property
    def adjusted(self) -> AdjustedDistance | None:
        """The grade-adjusted distance."""
        return None if self.hills is None else self.hills.adjusted


def prepare_run(streams: Streams, *, barometric: bool | None = None) -> PreparedRun:
    """A run ready to be measured, whatever its streams hold."""
    course = distance_track(streams)
    altitude_m = None if course is None else course.align(streams.altitude_m)
    if barometric is None and course is not None and altitude_m is not None:
        barometric = is_smooth(course, altitude_m)
    hills = _hills(course, altitude_m, barometric)
    moving_clock = None if course is None else moving_clock_s(course)
    adjusted = None if hills is None else hills.adjusted
    way = None if course is None else moving_way(course, adjusted, moving_clock=moving_clock)
    return PreparedRun(
        streams=streams,
        course=course,
        heart=heart_rate_intervals(streams, course, moving_clock=moving_clock),
        altitude_m=altitude_m,
        hills=hills,
        moving_clock=moving_clock,
        barometric=barometric,
        moving_way=way,
        smoothed=None if way is None else (way.smoothed_mps(), way.seconds),
    )


def _hills(course: DistanceTrack | None, altitude_m: Channel | None, barometric: bool | None) -> Hills | None:
    if course is None or altitude_m is None or course.total_m <= 0:
        return None
    along = elevation_profile(course, altitude_m, barometric=barometric)
    if along is None:
        return None
    grades = grade_ratio(along)
    adjusted = adjusted_distance(along, grades)
    places = GridPlaces(course.distance_m, along.distance_m)
    adjusted.remember(course.distance_m, places)
    return Hills(altitude_m=altitude_m, along=along, grades=grades, adjusted=adjusted, course_places=places)
