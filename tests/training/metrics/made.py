"""Made-up runs for these tests, and the strategies that make random ones."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from paceport.streams import Streams
from paceport.training.metrics.distance import DistanceTrack, distance_track
from paceport.training.metrics.elevation import elevation_profile
from paceport.training.metrics.grade_adjusted_pace import (
    AdjustedDistance,
    GradeModel,
    adjusted_distance,
    grade_ratio,
)

Channel = npt.NDArray[np.float64]


def channel(values: object) -> Channel:
    return np.asarray(values, dtype=np.float64)


def course_of(time_s: object, distance_m: object) -> DistanceTrack:
    made = distance_track(Streams(time_s=channel(time_s), distance_m=channel(distance_m)))
    assert made is not None
    return made


def steady(speed_mps: float, seconds: int) -> DistanceTrack:
    """A run at one speed, a sample a second."""
    time_s = np.arange(seconds + 1.0)
    return course_of(time_s, time_s * speed_mps)


def grade_adjusted(
    course: DistanceTrack, altitude_m: Channel | None, *, barometric: bool | None, model: GradeModel = "strava"
) -> AdjustedDistance | None:
    along = elevation_profile(course, altitude_m, barometric=barometric)
    return None if along is None else adjusted_distance(along, grade_ratio(along), model=model)


def time_in_zones_s(
    heartrate_bpm: Iterable[float], seconds: Iterable[float], edges_bpm: Sequence[float]
) -> tuple[float, ...]:
    """Seconds in each of the len(edges) + 1 zones, told plainly; a rate on an edge belongs to the harder zone."""
    zones_s = [0.0] * (len(edges_bpm) + 1)
    for rate, spent_s in zip(heartrate_bpm, seconds, strict=True):
        zones_s[bisect_right(edges_bpm, rate)] += float(spent_s)
    return tuple(zones_s)


@st.composite
def walks(draw: st.DrawFn, longest: int = 40) -> tuple[Channel, Channel]:
    """Time strictly rising, distance never falling: whole numbers, so that sums are exact; stops and leaps included."""
    count = draw(st.integers(2, longest))
    steps_s = draw(st.lists(st.integers(1, 30), min_size=count - 1, max_size=count - 1))
    steps_m = draw(st.lists(st.integers(0, 60), min_size=count - 1, max_size=count - 1))
    return channel(np.concatenate(([0], np.cumsum(steps_s)))), channel(np.concatenate(([0], np.cumsum(steps_m))))
