import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.streams import Streams
from paceport.training.metrics.distance import DistanceTrack, distance_track
from paceport.training.metrics.elevation import elevation_profile
from paceport.training.metrics.grade_adjusted_pace import grade_ratio
from paceport.training.metrics.heart_rate import HeartRateIntervals, heart_rate_intervals
from paceport.training.metrics.moving_time import moving_clock_s
from paceport.training.metrics.pace_by_grade import GradeBin, add_grade_bins
from paceport.training.metrics.run_grade_bins import profile_grade_bins
from training.metrics.made import Channel, channel, course_of


def grade_bin(grade_percent: int, seconds: float, speed_mps: float = 3.0) -> GradeBin:
    return GradeBin(
        grade_percent=grade_percent,
        distance_m=seconds * speed_mps,
        moving_time_s=seconds,
        heart_beats=2 * seconds,
        heart_s=seconds,
    )


def bins_of(
    course: DistanceTrack, altitude_m: Channel | None, heart: HeartRateIntervals | None = None
) -> list[GradeBin]:
    along = elevation_profile(course, altitude_m, barometric=True)
    if along is None:
        return []
    return profile_grade_bins(course, along, grade_ratio(along), moving_clock_s(course), heart)


def test_a_steady_slope_is_one_bin_with_its_speed_and_heart_rate() -> None:
    time_s = np.arange(0.0, 1001.0)
    streams = Streams(
        time_s=time_s,
        distance_m=3.0 * time_s,
        altitude_m=100 + 0.06 * 3.0 * time_s,
        heartrate_bpm=np.full(len(time_s), 150.0),
    )
    course = distance_track(streams)
    assert course is not None

    bins = bins_of(course, streams.altitude_m, heart_rate_intervals(streams, course))

    main = max(bins, key=lambda one: one.moving_time_s)
    assert main.grade_percent == 6
    assert main.moving_time_s > 950  # the mean over 35 m is flatter at both ends
    assert main.speed_mps == pytest.approx(3)
    assert main.heartrate_bpm == pytest.approx(150)
    assert sum(one.distance_m for one in bins) == pytest.approx(3000)


def test_bins_of_many_runs_are_put_together_and_short_ones_left_out() -> None:
    bins = add_grade_bins([grade_bin(4, 40), grade_bin(-2, 59), grade_bin(4, 20, 2.0), grade_bin(0, 600)])

    assert [(one.grade_percent, one.moving_time_s) for one in bins] == [(0, 600), (4, 60)]
    assert bins[1].speed_mps == pytest.approx((40 * 3 + 20 * 2) / 60)
    assert bins[1].heartrate_bpm == pytest.approx(120)


def test_without_a_heart_rate_a_bin_has_none() -> None:
    assert GradeBin(grade_percent=0, distance_m=100, moving_time_s=30).heartrate_bpm is None


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 40), st.integers(-6, 6)), min_size=5, max_size=30))
def test_the_bins_agree_with_a_loop(made: list[tuple[int, int, int]]) -> None:
    steps = channel(made)
    edges = np.concatenate(([[0.0, 0.0, 0.0]], np.cumsum(steps, axis=0)))
    course, altitude_m = course_of(edges[:, 0], edges[:, 1]), channel(edges[:, 2])

    bins = bins_of(course, altitude_m)

    along = elevation_profile(course, altitude_m, barometric=True)
    if along is None:
        assert bins == []
        return
    grades = grade_ratio(along)
    expected: dict[int, float] = {}
    slow = [step_m < 0.89408 * step_s for step_s, step_m, _ in made]
    for place, (step_s, step_m, _) in enumerate(made):
        first, last = place, place
        while first > 0 and slow[first - 1]:
            first -= 1
        while last + 1 < len(slow) and slow[last + 1]:
            last += 1
        stands = slow[place] and sum(each[0] for each in made[first : last + 1]) > 15
        if step_m == 0 or stands:
            continue
        middle_m = edges[place, 1] + step_m / 2
        percent = 100 * float(np.interp(middle_m, along.distance_m, grades))
        name = 2 * math.floor(percent / 2 + 0.5)
        expected[name] = expected.get(name, 0) + step_s
    assert {one.grade_percent: one.moving_time_s for one in bins} == pytest.approx(expected)
