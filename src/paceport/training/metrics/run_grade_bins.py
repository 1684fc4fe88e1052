"""The metres, seconds and heartbeats of one run at each gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.elevation import ElevationProfile
from paceport.training.metrics.grid_places import GridPlaces
from paceport.training.metrics.heart_rate import HeartRateIntervals
from paceport.training.metrics.pace_by_grade import BIN_PERCENT, GradeBin
from paceport.training.metrics.values_at import values_at

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel


def profile_grade_bins(
    course: DistanceTrack,
    along: ElevationProfile,
    grades: Channel,
    clock_s: Channel,
    heart: HeartRateIntervals | None,
) -> list[GradeBin]:
    """Every bin of 2 % in which the run moved, downhill first.

    From the run's smoothed altitude, its grades (`grade_ratio`) and its moving clock. The grade of an interval is that
    at its middle. Standing does not count, and neither does an interval without way. Small bins are kept:
    `add_grade_bins` leaves them out of a sum.
    """
    metres, seconds = steps_of(course.distance_m), steps_of(clock_s)
    moving = (metres > 0) & (seconds > 0)
    middle_m = (course.distance_m[1:] + course.distance_m[:-1]).compress(moving)
    middle_m /= 2
    percent = GridPlaces(middle_m, along.distance_m).of(grades)
    percent *= 100.0 / BIN_PERCENT
    percent += 0.5
    places = np.floor(percent).astype(np.int64)
    beats, heart_s = _heart(course, heart, moving)
    lowest = int(places.min()) if len(places) else 0
    places -= lowest
    of_each = (metres.compress(moving), seconds.compress(moving), beats, heart_s)
    sums = [np.bincount(places, weights=each) for each in of_each]
    return [
        GradeBin(
            grade_percent=BIN_PERCENT * bin_number,
            distance_m=way_m,
            moving_time_s=moving_s,
            heart_beats=heart_beats,
            heart_s=beating_s,
        )
        for bin_number, (way_m, moving_s, heart_beats, beating_s) in enumerate(
            zip(*[each.tolist() for each in sums], strict=True), lowest
        )
        if moving_s > 0
    ]


def _heart(
    course: DistanceTrack, heart: HeartRateIntervals | None, moving: npt.NDArray[np.bool_]
) -> tuple[Channel, Channel]:
    """Heartbeats and seconds with a known heart rate of each moving interval of the course."""
    if heart is None:
        nothing = np.zeros(int(np.count_nonzero(moving)))
        return nothing, nothing
    if heart.edges_s is course.time_s:
        beats, known_s = heart.heartrate_bpm * heart.moving_s, heart.moving_s
    else:
        beats, known_s = (
            steps_of(values_at(course.time_s, heart.edges_s, each))
            for each in (heart.moving_beats, heart.moving_until_s)
        )
    return beats.compress(moving) / 60.0, known_s.compress(moving)
