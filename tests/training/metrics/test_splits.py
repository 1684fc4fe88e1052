import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.streams import Streams
from paceport.training.metrics.heart_rate import heart_rate_intervals
from paceport.training.metrics.moving_time import moving_time_s
from paceport.training.metrics.splits import splits
from training.metrics.made import Channel, channel, course_of, grade_adjusted, steady, walks


def test_kilometres_and_what_is_left() -> None:
    parts = splits(steady(4.0, 625), 1000)

    assert [part.distance_m for part in parts] == [1000, 1000, 500]
    assert [part.elapsed_time_s for part in parts] == [250, 250, 125]
    assert [part.speed_mps for part in parts] == [4, 4, 4]
    assert [part.number for part in parts] == [1, 2, 3]


def test_a_run_of_whole_kilometres_has_nothing_left() -> None:
    assert len(splits(steady(4.0, 750), 1000)) == 3


def test_miles() -> None:
    assert [part.distance_m for part in splits(steady(4.0, 500), 1609.344)] == pytest.approx([1609.344, 390.656])


def test_standing_at_the_end_belongs_to_the_last_split() -> None:
    (only,) = splits(course_of([0, 250, 310], [0, 1000, 1000]), 1000)

    assert (only.elapsed_time_s, only.moving_time_s) == (310, 250)


def test_a_pause_is_in_the_elapsed_time_of_its_split_alone() -> None:
    time_s = np.concatenate((np.arange(0, 301), 400 + np.arange(0, 201)))
    distance_m = 4.0 * np.arange(502)

    parts = splits(course_of(time_s, distance_m), 1000)

    assert [part.elapsed_time_s for part in parts] == pytest.approx([250, 349, 1.0], abs=1.1)
    assert [part.moving_time_s for part in parts] == pytest.approx([250, 250, 1.0], abs=1.1)


def test_a_split_in_which_nobody_moved_has_no_speed() -> None:
    run = course_of([0, 100, 200, 300], [0, 1000, 2000, 3000])
    worth = grade_adjusted(run, channel([0, 0, 0, 0]), barometric=True)

    parts = splits(run, 1000, adjusted=worth, moving_clock=channel([0, 100, 100, 100.5]))

    assert [part.moving_time_s for part in parts] == [100, 0, 0.5]
    assert [part.speed_mps for part in parts] == [10, None, 2000]
    assert [part.adjusted_speed_mps for part in parts] == [pytest.approx(10), None, pytest.approx(2000)]


@pytest.mark.parametrize(
    ("total_m", "unit_m", "lengths_m"),
    [
        (2000.0005, 1000, [1000, 1000.0005]),
        (2000.002, 1000, [1000, 1000, 0.002]),
        (1_000_001, 1e6, [1_000_001]),
        (1_000_002, 1e6, [1e6, 2]),
    ],
)
def test_a_rest_of_a_millionth_belongs_to_the_last_split(total_m: float, unit_m: float, lengths_m: list[float]) -> None:
    parts = splits(course_of([0, 1000], [0, total_m]), unit_m)

    assert [part.distance_m for part in parts] == pytest.approx(lengths_m)


@given(walks(), st.sampled_from([50.0, 100.0, 1000.0, 1609.344]))
def test_splits_add_up_to_the_run(walk: tuple[Channel, Channel], unit_m: float) -> None:
    run = course_of(*walk)

    parts = splits(run, unit_m)

    if not parts:
        assert run.total_m == 0
        return
    assert sum(part.distance_m for part in parts) == pytest.approx(run.total_m)
    assert sum(part.elapsed_time_s for part in parts) == pytest.approx(run.elapsed_time_s)
    assert sum(part.moving_time_s for part in parts) == pytest.approx(moving_time_s(run))
    assert all(part.distance_m == pytest.approx(unit_m) for part in parts[:-1])
    assert 0 < parts[-1].distance_m <= unit_m * (1 + 1e-9)


@given(walks())
def test_rises_and_adjusted_metres_add_up_too(walk: tuple[Channel, Channel]) -> None:
    run = course_of(*walk)
    altitude_m = np.sin(run.time_s / 60) * 20
    worth = grade_adjusted(run, altitude_m, barometric=True)

    parts = splits(run, 100, altitude_m=altitude_m, adjusted=worth)

    if parts and worth is not None:
        assert sum(part.elevation_difference_m or 0 for part in parts) == pytest.approx(altitude_m[-1] - altitude_m[0])
        ran = [(part.adjusted_speed_mps or 0) * part.moving_time_s for part in parts if part.moving_time_s > 0]
        assert sum(ran) <= worth.total_m * (1 + 1e-9)


def test_a_split_uphill_is_worth_more_than_it_shows() -> None:
    time_s = np.arange(501.0)
    run = course_of(time_s, 4 * time_s)
    worth = grade_adjusted(run, np.maximum(0.0, time_s - 250) * 0.2, barometric=True)
    assert worth is not None

    flat_mps, uphill_mps = (part.adjusted_speed_mps or 0.0 for part in splits(run, 1000, adjusted=worth))

    assert flat_mps == pytest.approx(4.0, rel=0.05)
    assert uphill_mps > 4.5
    assert 250 * (flat_mps + uphill_mps) == pytest.approx(worth.total_m)


def test_heart_rate_is_the_mean_of_the_splits_own_seconds() -> None:
    time_s = np.arange(501.0)
    rate = np.where(time_s <= 250, 140.0, 160.0)
    streams = Streams(time_s=time_s, distance_m=4 * time_s, heartrate_bpm=rate)
    run = course_of(time_s, 4 * time_s)

    parts = splits(run, 1000, heart=heart_rate_intervals(streams, run))

    assert [part.heartrate_bpm for part in parts] == pytest.approx([140, 160])


def test_a_split_without_heart_rate_does_not_know_it() -> None:
    time_s = np.arange(501.0)
    rate = np.where(time_s <= 250, 140.0, np.nan)
    run = course_of(time_s, 4 * time_s)

    parts = splits(run, 1000, heart=heart_rate_intervals(Streams(time_s=time_s, heartrate_bpm=rate), run))

    assert [part.heartrate_bpm for part in parts] == [pytest.approx(140), None]


def test_nothing_but_times_is_known_of_a_bare_run() -> None:
    (only,) = splits(steady(4.0, 100), 1000)

    assert (only.elevation_difference_m, only.heartrate_bpm, only.adjusted_speed_mps) == (None, None, None)


def test_a_run_that_stood_still_has_no_splits() -> None:
    assert splits(steady(0.0, 100), 1000) == []


def test_a_distance_that_cannot_be_has_no_splits() -> None:
    assert splits(course_of([0, 1], [0, 9e6]), 1000) == []
    assert len(splits(course_of([0, 86400], [0, 300_000]), 1000)) == 300
    assert len(splits(course_of([0, 86400], [0, 2_000_000]), 1000)) == 2000


def test_altitudes_missing_at_the_ends_are_held() -> None:
    (only,) = splits(
        course_of([0, 100, 200, 300], [0, 300, 600, 900]), 1000, altitude_m=channel([np.nan, 5, 9, np.nan])
    )

    assert only.elevation_difference_m == 4
