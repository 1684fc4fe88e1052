"""What most numbers of a run start from, worked out once: its course, heart rate, grades and moving clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.streams import Streams
from paceport.training.metrics.distance import DistanceTrack, distance_track
from paceport.training.metrics.elevation import ElevationProfile, elevation_profile, is_smooth
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance, adjusted_distance, grade_ratio
from paceport.training.metrics.heart_rate import HeartRateIntervals, heart_rate_intervals
from paceport.training.metrics.moving_time import moving_clock_s
from paceport.training.metrics.run_parts import smoothed_intervals

if TYPE_CHECKING:
    from paceport.streams import Channel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hills:
    """The altitude along a run: as recorded at the points of the course, smoothed, its grades, the adjusted metres."""

    altitude_m: Channel
    along: ElevationProfile
    grades: Channel
    adjusted: AdjustedDistance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreparedRun:
    """A run's samples and what follows from them; None is "not known". `moving_clock` belongs to the course.

    `smoothed` are the speed, grade-adjusted where it can be, and the seconds of each moving interval. `altitude_m` is
    aligned with the course. `barometric`: whether it can be trusted like a barometer's, None without one.
    """

    streams: Streams
    course: DistanceTrack | None
    heart: HeartRateIntervals | None
    altitude_m: Channel | None
    hills: Hills | None
    moving_clock: Channel | None
    barometric: bool | None
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
    return PreparedRun(
        streams=streams,
        course=course,
        heart=heart_rate_intervals(streams, course, moving_clock=moving_clock),
        altitude_m=altitude_m,
        hills=hills,
        moving_clock=moving_clock,
        barometric=barometric,
        smoothed=_smoothed(course, hills, moving_clock),
    )


def _smoothed(
    course: DistanceTrack | None, hills: Hills | None, moving_clock: Channel | None
) -> tuple[Channel, Channel] | None:
    if course is None:
        return None
    return smoothed_intervals(course, None if hills is None else hills.adjusted, moving_clock=moving_clock)


def _hills(course: DistanceTrack | None, altitude_m: Channel | None, barometric: bool | None) -> Hills | None:
    if course is None or altitude_m is None or course.total_m <= 0:
        return None
    along = elevation_profile(course, altitude_m, barometric=barometric)
    if along is None:
        return None
    grades = grade_ratio(along)
    return Hills(altitude_m=altitude_m, along=along, grades=grades, adjusted=adjusted_distance(along, grades))
