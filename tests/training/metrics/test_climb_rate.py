from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.climb_rate import Climb, climbs, mean_rate_m_per_h, profile_climbs, run_climbs
from paceport.training.metrics.elevation import ElevationProfile
from training.metrics.made import channel, course_of


def test_a_hill_has_its_rate_and_its_flat_approach_is_no_part_of_it() -> None:
    found = climbs([0, 600, 1200, 1800], [100, 100, 200, 150])

    assert found == [Climb(start_s=600, end_s=1200, rise_m=100)]
    assert mean_rate_m_per_h(found) == pytest.approx(600)


@pytest.mark.parametrize(
    ("heights", "rises"),
    [
        ([0, 29.9, 0], []),
        ([0, 30, 0], [30]),
        ([0, 20, 11, 35], [35]),  # a dip of 9 m does not end a rise
        ([0, 20, 10, 35], []),  # one of 10 m does
        ([0, 40, 0, 50, 0], [40, 50]),
        ([50, 0, 40], [40]),
        ([], []),
        ([7], []),
    ],
)
def test_rises_of_thirty_metres_count(heights: list[float], rises: list[float]) -> None:
    assert [climb.rise_m for climb in climbs([100.0 * place for place in range(len(heights))], heights)] == rises


def test_the_mean_rate_weighs_by_time() -> None:
    rises = [Climb(start_s=0, end_s=1800, rise_m=300), Climb(start_s=0, end_s=3600, rise_m=900)]

    assert mean_rate_m_per_h(rises) == pytest.approx(800)
    assert mean_rate_m_per_h([]) is None


def test_a_run_up_a_hill_climbs() -> None:
    time_s = np.arange(0.0, 2001.0)
    course = course_of(time_s, 2.5 * time_s)
    altitude_m = channel(np.interp(time_s, [0, 500, 1500, 2000], [100, 100, 300, 300]))

    climbed = run_climbs(course, altitude_m, barometric=True)

    assert [climb.rise_m for climb in climbed] == pytest.approx([200], abs=1)
    assert mean_rate_m_per_h(climbed) == pytest.approx(720, rel=0.03)  # the ends are smoothed over 35 m
    assert run_climbs(course, None, barometric=True) == []


def test_nothing_climbs_across_a_gap() -> None:
    time_s = np.arange(0.0, 1001.0)
    course = course_of(time_s, 2.5 * time_s)
    gaps = np.arange(1000) == 200

    rises = run_climbs(replace(course, gaps=gaps), channel(0.2 * time_s), barometric=True)

    assert [climb.end_s <= 200 or climb.start_s >= 201 for climb in rises] == [True, True]


@settings(max_examples=25)
@given(st.lists(st.integers(0, 80), min_size=2, max_size=25))
def test_the_rises_agree_with_a_search_over_all_pairs(heights: list[int]) -> None:
    found = climbs([float(place) for place in range(len(heights))], [float(height) for height in heights])

    # A pair of places is a rise if nothing between them is lower, higher, or 10 m below what was reached. The largest
    # one is always among the rises, because a rise ends only at such a fall.
    def is_rise(first: int, last: int) -> bool:
        between = heights[first : last + 1]
        reached = [max(between[: place + 1]) for place in range(len(between))]
        falls = [top - height for top, height in zip(reached, between, strict=True)]
        return min(between) == between[0] and max(between) == between[-1] and max(falls) < 10

    pairs = [(a, b) for a in range(len(heights)) for b in range(a + 1, len(heights)) if is_rise(a, b)]
    best = max((heights[b] - heights[a] for a, b in pairs), default=0)
    assert max((climb.rise_m for climb in found), default=0) == (best if best >= 30 else 0)
    assert all(is_rise(int(climb.start_s), int(climb.end_s)) for climb in found)
    assert all(one.end_s <= other.start_s for one, other in pairwise(found))


@settings(max_examples=25)
@given(st.lists(st.integers(0, 80), min_size=2, max_size=40))
def test_the_rises_of_a_run_are_those_of_all_its_points(heights: list[int]) -> None:
    time_s = 60.0 * np.arange(len(heights))
    course, along = course_of(time_s, 2.0 * time_s), np.array(heights, dtype=np.float64)

    found = profile_climbs(course, ElevationProfile(distance_m=course.distance_m, altitude_m=along))

    assert found == climbs(time_s.tolist(), along.tolist())
