import numpy as np
import pytest
from hypothesis import given

from paceport.training.metrics.elevation import elevation_profile
from paceport.training.metrics.grade_adjusted_pace import (
    adjusted_speed_mps,
    grade_ratio,
    minetti_cost_j_per_kg_m,
    minetti_factor,
    strava_factor,
)
from training.metrics.made import Channel, channel, course_of, grade_adjusted, steady, walks


@pytest.mark.parametrize(
    ("grade", "cost"), [(0.0, 3.6), (0.1, 5.9682), (-0.1, 2.1517), (0.45, 19.4260), (-0.45, 4.0323), (-0.1814, 1.7813)]
)
def test_minettis_polynomial(grade: float, cost: float) -> None:
    assert minetti_cost_j_per_kg_m(channel(grade)) == pytest.approx(cost, abs=1e-4)


@pytest.mark.parametrize(("grade", "measured"), [(0.45, 18.93), (-0.20, 1.73), (-0.45, 3.92)])
def test_minettis_polynomial_lies_near_what_was_measured(grade: float, measured: float) -> None:
    assert minetti_cost_j_per_kg_m(channel(grade)) == pytest.approx(measured, rel=0.05)


def test_running_costs_least_on_a_gentle_descent() -> None:
    grades = np.linspace(-0.45, 0.45, 90_001)

    assert grades[np.argmin(minetti_cost_j_per_kg_m(grades))] == pytest.approx(-0.1814, abs=1e-3)


def test_minettis_factor_is_one_on_the_flat() -> None:
    assert minetti_factor(channel([0, 0.1, -0.1])) == pytest.approx([1, 1.6578, 0.5977], abs=1e-4)


@pytest.mark.parametrize(
    ("percent", "factor"),
    [(0, 1), (-10, 0.8841), (-20, 1.0838), (5, 1.1915), (10, 1.4702), (20, 2.2449), (30, 3.1540)],
)
def test_the_curve_of_equal_heart_rate(percent: float, factor: float) -> None:
    assert strava_factor(channel(percent / 100)) == pytest.approx(factor, abs=1e-4)


@pytest.mark.parametrize(("percent", "point"), [(-10, 0.88), (-20, 1.09), (10, 1.47), (20, 2.30), (30, 3.16)])
def test_the_curve_runs_through_the_published_points(percent: float, point: float) -> None:
    assert strava_factor(channel(percent / 100)) == pytest.approx(point, rel=0.025)


def test_no_curve_is_followed_beyond_45_percent() -> None:
    beyond, edge = channel([-3.0, 3.0]), channel([-0.45, 0.45])

    assert minetti_factor(beyond).tolist() == minetti_factor(edge).tolist()
    assert strava_factor(beyond).tolist() == strava_factor(edge).tolist()


def test_the_grade_of_an_even_slope_is_found() -> None:
    run = steady(4.0, 500)

    along = elevation_profile(run, 300 - 0.07 * run.distance_m, barometric=True)

    assert along is not None
    assert grade_ratio(along)[5:-5] == pytest.approx(-0.07)


def test_flat_running_is_worth_what_it_is() -> None:
    run = steady(4.0, 500)

    for model in ("strava", "minetti"):
        worth = grade_adjusted(run, np.full(501, 80.0), barometric=True, model=model)
        assert worth is not None
        assert worth.total_m == pytest.approx(2000)
        assert adjusted_speed_mps(worth, 500.0) == pytest.approx(4.0)


def test_a_steady_climb_is_worth_its_factor() -> None:
    run = steady(3.0, 2000)

    worth = grade_adjusted(run, 0.1 * run.distance_m, barometric=True)

    assert worth is not None
    assert worth.total_m / run.total_m == pytest.approx(1.4702, rel=0.01)
    assert worth.adjusted_m_at(channel([0.0, 3000.0])) == pytest.approx([0.0, 3000 * 1.4702], rel=0.01)


def test_the_average_is_over_time_and_not_over_speeds() -> None:
    # 3 km flat at 5 m/s, then 3 km of 10 % at 2 m/s: 6 km worth 3000 + 1.47 * 3000 in 600 + 1500 s.
    time_s = np.arange(2101.0)
    distance_m = np.where(time_s <= 600, 5 * time_s, 3000 + 2 * (time_s - 600))
    run = course_of(time_s, distance_m)

    worth = grade_adjusted(run, np.maximum(run.distance_m - 3000, 0) * 0.1, barometric=True)

    assert adjusted_speed_mps(worth, 2100.0) == pytest.approx((3000 + 1.4702 * 3000) / 2100, rel=0.01)


@given(walks())
def test_adjusted_metres_never_fall(walk: tuple[Channel, Channel]) -> None:
    run = course_of(*walk)

    worth = grade_adjusted(run, np.cos(run.time_s) * 10, barometric=None)

    if worth is not None:
        assert (np.diff(worth.adjusted_m) > 0).all()
        assert 0.85 * run.total_m <= worth.total_m <= 5.5 * run.total_m


def test_without_altitude_or_metres_nothing_is_known() -> None:
    assert elevation_profile(steady(4.0, 10), None, barometric=True) is None
    assert elevation_profile(steady(0.0, 10), np.zeros(11), barometric=True) is None
    assert adjusted_speed_mps(None, 100.0) is None


def test_no_moving_time_means_no_speed() -> None:
    assert adjusted_speed_mps(grade_adjusted(steady(4.0, 100), np.zeros(101), barometric=True), 0.0) is None
