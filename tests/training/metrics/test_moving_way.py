"""The moving intervals of a run put together, and their smoothed speeds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.channels import running_sums
from paceport.training.metrics.pace_load import MovingWay, moving_way
from training.metrics.made import channel, course_of, steady


def test_standing_is_left_out() -> None:
    way = moving_way(course_of([0, 60, 160, 220], [0, 180, 180, 360]), None)

    assert way is not None
    assert (way.smoothed_mps().tolist(), way.seconds.tolist()) == (pytest.approx([3, 3]), [60, 60])
    assert (way.clock_s.tolist(), way.reached_m.tolist()) == ([0, 60, 120], [0, 180, 360])
    assert moving_way(course_of([0, 100], [0, 0]), None) is None


def test_a_run_shorter_than_the_window_has_its_own_speed_throughout() -> None:
    way = moving_way(steady(3.0, 10), None)

    assert way is not None
    assert way.smoothed_mps() == pytest.approx(np.full(10, 3.0))


@settings(max_examples=40)
@given(st.lists(st.integers(0, 6), min_size=25, max_size=80), st.booleans())
def test_the_speed_is_the_mean_over_thirty_seconds_cut_at_both_ends(steps_m: list[int], is_by_the_second: bool) -> None:
    seconds = np.ones(len(steps_m))
    if not is_by_the_second:
        seconds[0] = 2.0
    way = MovingWay(seconds=seconds, clock_s=running_sums(seconds), reached_m=running_sums(channel(steps_m)))

    found = way.smoothed_mps()

    for place, middle_s in enumerate(((way.clock_s[1:] + way.clock_s[:-1]) / 2).tolist()):
        ends_s = [max(middle_s - 15, 0.0), min(middle_s + 15, way.clock_s[-1])]
        first_m, last_m = np.interp(ends_s, way.clock_s, way.reached_m)
        assert found[place] == pytest.approx((last_m - first_m) / (ends_s[1] - ends_s[0]))
