"""Made-up runs for these tests, and the strategies that make random ones."""

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from paceport.streams import Streams
from paceport.training.metrics.distance import DistanceTrack, distance_track

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


@st.composite
def walks(draw: st.DrawFn, longest: int = 40) -> tuple[Channel, Channel]:
    """Time strictly rising, distance never falling: whole numbers, so that sums are exact; stops and leaps included."""
    count = draw(st.integers(2, longest))
    steps_s = draw(st.lists(st.integers(1, 30), min_size=count - 1, max_size=count - 1))
    steps_m = draw(st.lists(st.integers(0, 60), min_size=count - 1, max_size=count - 1))
    return channel(np.concatenate(([0], np.cumsum(steps_s)))), channel(np.concatenate(([0], np.cumsum(steps_m))))
