import numpy as np
import pytest
from hypothesis import given

from paceport.training.metrics.moving_time import moving_clock_s, moving_intervals, moving_time_s
from training.metrics.made import Channel, channel, course_of, steady, walks


def with_stop(stop_s: int) -> tuple[Channel, Channel]:
    speeds = np.concatenate((np.full(600, 3.0), np.zeros(stop_s), np.full(600, 3.0)))
    return np.arange(len(speeds) + 1.0), np.concatenate(([0.0], np.cumsum(speeds)))


def test_a_minute_standing_is_taken_out() -> None:
    assert moving_time_s(course_of(*with_stop(60))) == 1200


def test_ten_seconds_standing_stay_in() -> None:
    assert moving_time_s(course_of(*with_stop(10))) == 1210


def test_exactly_fifteen_seconds_stay_in() -> None:
    assert moving_time_s(course_of(*with_stop(15))) == 1215
    assert moving_time_s(course_of(*with_stop(16))) == 1200


def test_a_pause_of_the_device_is_taken_out() -> None:
    assert moving_time_s(course_of([0, 100, 400, 500], [0, 300, 305, 605])) == 200


def test_a_gap_that_the_runner_ran_through_counts() -> None:
    assert moving_time_s(course_of([0, 100, 400, 500], [0, 300, 1200, 1500])) == 500


def test_a_mile_in_exactly_thirty_minutes_moves() -> None:
    assert moving_time_s(course_of([0, 1800], [0, 1610])) == 1800
    assert moving_time_s(course_of([0, 1800], [0, 1600])) == 0


def by_hand(time_s: Channel, distance_m: Channel) -> float:
    """The same rule, told sample by sample."""
    total = standing = 0.0
    for index in range(1, len(time_s)):
        step_s = float(time_s[index] - time_s[index - 1])
        if (distance_m[index] - distance_m[index - 1]) < 0.89408 * step_s:
            standing += step_s
            continue
        total += step_s + (standing if standing <= 15 else 0)
        standing = 0.0
    return total + (standing if standing <= 15 else 0)


@given(walks())
def test_any_run_agrees_with_a_plain_loop(walk: tuple[Channel, Channel]) -> None:
    assert moving_time_s(course_of(*walk)) == by_hand(*walk)


@given(walks())
def test_moving_time_never_exceeds_elapsed_time(walk: tuple[Channel, Channel]) -> None:
    run = course_of(*walk)

    assert 0 <= moving_time_s(run) <= run.elapsed_time_s


def test_the_moving_clock_stands_in_a_pause() -> None:
    clock = moving_clock_s(course_of([0, 100, 400, 500], [0, 300, 305, 605]))

    assert clock.tolist() == [0, 100, 100, 200]


def test_every_interval_of_a_steady_run_moves() -> None:
    run = steady(3.0, 100)

    assert moving_intervals(run.time_s, run.distance_m).all()
    assert moving_time_s(run) == 100


def test_no_interval_is_nothing() -> None:
    assert len(moving_intervals(channel([0]), channel([0]))) == 0


@pytest.mark.parametrize("speed_mps", [0.0, 0.5])
def test_a_run_that_never_moves_has_no_moving_time(speed_mps: float) -> None:
    assert moving_time_s(steady(speed_mps, 100)) == 0
