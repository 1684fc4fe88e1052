import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.training.metrics.elevation import elevation, elevation_profile, gain_and_loss_m, is_smooth
from training.metrics.made import Channel, channel, course_of, steady

ALTITUDES = st.lists(st.integers(-50, 50), min_size=2, max_size=60).map(channel)
NOTHING = float("nan")


def test_a_saw_tooth_on_the_flat_is_no_climb() -> None:
    run = steady(3.0, 1000)
    teeth = channel(100 + 0.5 * (-1.0) ** np.arange(1001))

    for barometric in (True, False, None):
        found = elevation(run, teeth, barometric=barometric)
        assert found is not None
        assert (found.gain_m, found.loss_m) == (0, 0)


def test_a_hill_is_climbed_and_descended() -> None:
    found = elevation(steady(3.0, 200), channel([*range(100), *range(100, -1, -1)]), barometric=True)

    assert found is not None
    assert (found.gain_m, found.loss_m, found.lowest_m, found.highest_m) == (100, 100, 0, 100)
    assert found.is_barometric


def test_a_change_counts_from_the_threshold_on() -> None:
    assert gain_and_loss_m(channel([0, 1.9]), 2.0) == (0, 0)
    assert gain_and_loss_m(channel([0, 2.0]), 2.0) == (2, 0)
    assert gain_and_loss_m(channel([0, 1.5, 2.5]), 2.0) == (2.5, 0)


def test_steps_of_a_fifth_of_a_metre_add_up_to_the_threshold() -> None:
    assert gain_and_loss_m(channel(np.arange(0, 2.01, 0.2)), 2.0)[0] == pytest.approx(2.0)


@given(ALTITUDES)
def test_a_higher_threshold_of_nothing_is_the_sum_of_rises(altitude_m: Channel) -> None:
    assert gain_and_loss_m(altitude_m, 0.0)[0] == np.maximum(np.diff(altitude_m), 0).sum()


@given(ALTITUDES, st.integers(1, 20))
def test_gain_less_loss_is_the_difference_of_the_ends_within_the_threshold(altitude_m: Channel, threshold: int) -> None:
    gained, lost = gain_and_loss_m(altitude_m, threshold)

    assert abs((gained - lost) - (altitude_m[-1] - altitude_m[0])) < threshold
    assert gained <= np.maximum(np.diff(altitude_m), 0).sum()


@given(ALTITUDES, st.integers(-1000, 1000))
def test_sea_level_does_not_matter(altitude_m: Channel, lift_m: int) -> None:
    assert gain_and_loss_m(altitude_m + lift_m, 3.0) == gain_and_loss_m(altitude_m, 3.0)


def test_one_leap_of_a_receiver_is_not_a_climb() -> None:
    altitude_m = np.full(301, 50.0)
    altitude_m[100:102] = 80.0

    found = elevation(steady(3.0, 300), altitude_m, barometric=False)

    assert found is not None
    assert found.gain_m == 0


def test_unknown_sensors_are_judged_by_their_leaps() -> None:
    run, rng = steady(3.0, 1000), np.random.default_rng(5)
    calm = 50 + 10 * np.sin(np.arange(1001) / 100)

    assert is_smooth(run, calm)
    assert not is_smooth(run, calm + rng.normal(0, 5, 1001))


@pytest.mark.parametrize("altitude_m", [None, channel([NOTHING] * 3), channel([NOTHING, 5, NOTHING])])
def test_without_altitudes_nothing_is_known(altitude_m: Channel | None) -> None:
    run = course_of([0, 1, 2], [0, 3, 6])

    assert elevation(run, altitude_m, barometric=None) is None
    assert elevation_profile(run, altitude_m, barometric=None) is None


def test_a_treadmill_that_stands_in_one_place_has_no_profile() -> None:
    assert elevation_profile(course_of([0, 1, 2], [7, 7, 7]), channel([1, 2, 3]), barometric=True) is None


def test_an_even_slope_keeps_its_shape_in_the_profile() -> None:
    run = steady(5.0, 400)

    along = elevation_profile(run, 0.1 * run.distance_m, barometric=True)

    assert along is not None
    assert np.diff(along.distance_m) == pytest.approx(5.0)
    inner = slice(4, -4)  # the window is cut at the ends
    assert along.altitude_m[inner] == pytest.approx(0.1 * along.distance_m[inner])


def test_the_mean_runs_over_35_metres() -> None:
    run = steady(5.0, 400)
    altitude_m = np.zeros(401)
    altitude_m[200] = 7.0

    along = elevation_profile(run, altitude_m, barometric=True)

    assert along is not None
    assert np.flatnonzero(along.altitude_m > 0.5).tolist() == list(range(197, 204))
    assert along.altitude_m.max() == pytest.approx(1.0)


@pytest.mark.parametrize("metres", [20, 33, 36, 400])
def test_the_window_is_cut_at_both_ends(metres: int) -> None:
    run = steady(5.0, metres // 5)
    altitude_m = 100 + np.arange(float(len(run.time_s))) ** 2

    along = elevation_profile(run, altitude_m, barometric=True)

    assert along is not None
    recorded = np.interp(along.distance_m, run.distance_m, altitude_m)
    windows = [recorded[max(place - 3, 0) : place + 4] for place in range(len(recorded))]
    assert along.altitude_m == pytest.approx(np.array([window.mean() for window in windows]))


def test_a_distance_that_cannot_be_does_not_fill_the_memory() -> None:
    along = elevation_profile(course_of([0, 1, 2], [0, 1, 9e6]), channel([1, 2, 3]), barometric=True)

    assert along is not None
    assert len(along.distance_m) <= 200_001
