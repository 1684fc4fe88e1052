"""Bodies: hills, hearts and races."""

from itertools import pairwise

import numpy as np
import pytest

from paceport.sandbox.athletes.physiology import Fitness, drift_bpm, faded, grade_cost, heat_ratio, lagged
from paceport.training.metrics.grade_adjusted_pace import minetti_factor, strava_factor

FITNESS = Fitness(
    threshold_speed_mps=4.0, threshold_heartrate_bpm=170.0, resting_heartrate_bpm=50.0, max_heartrate_bpm=188.0
)


def test_a_percent_uphill_costs_more_than_a_percent_downhill_gives() -> None:
    up, down = grade_cost(np.array([1.0, -1.0]))

    assert up == pytest.approx(1.034)
    assert down == pytest.approx(0.9795)


def test_gently_down_is_cheapest_and_cliffs_cost_no_more_than_the_steepest_known() -> None:
    grades = np.arange(-45.0, 46.0)
    found = grade_cost(grades)

    assert -12.0 <= grades[int(found.argmin())] <= -7.0
    assert found[0] == found[23]
    assert (np.diff(found[grades >= -5.0]) >= 0.0).all()


def test_the_grades_cost_something_else_than_the_analysis_assumes() -> None:
    """What an analysis finds back in these runs, it finds in spite of its own curve."""
    grades = np.array([-6.0, -3.0, 3.0, 6.0, 9.0])

    for assumed in (strava_factor, minetti_factor):
        assert np.abs(grade_cost(grades) / assumed(grades / 100.0) - 1.0).max() > 0.015


def test_heat_takes_speed_as_a_parabola_and_cool_days_take_none() -> None:
    assert [heat_ratio(degrees) for degrees in (-10.0, 0.0, 10.0)] == [0.0, 0.0, 0.0]
    assert heat_ratio(30.0) == pytest.approx(4.0 * heat_ratio(20.0))
    assert 0.03 < heat_ratio(30.0) < 0.06


def test_a_heart_rises_less_and_less() -> None:
    first, second = (float(drift_bpm(to_s, 8.0) - drift_bpm(to_s - 1800, 8.0)) for to_s in (1800, 3600))

    assert first > 1.5 * second > 0.0
    assert float(drift_bpm(36_000, 8.0)) < 8.0


def test_a_run_fades_most_at_its_end_round_its_mean_pace() -> None:
    shares = np.linspace(0.0, 1.0, 2001)
    pace = faded(shares, 0.06)

    assert pace[-1] - pace[0] == pytest.approx(0.06)
    assert float(pace.mean()) == pytest.approx(1.0, abs=1e-4)
    assert pace[-1] - pace[1000] > 2.0 * (pace[1000] - pace[0])


def test_threshold_is_held_for_an_hour() -> None:
    assert FITNESS.race_speed_mps(14400.0) == pytest.approx(4.0)
    assert FITNESS.heartrate_bpm(4.0) == 170.0


def test_doubling_a_race_costs_more_the_longer_it_is() -> None:
    times = [
        distance_m / FITNESS.race_speed_mps(distance_m) for distance_m in (2500.0, 5000.0, 10000.0, 20000.0, 40000.0)
    ]
    costs = [double / single / 2.0 for single, double in pairwise(times)]

    assert costs == sorted(costs)
    assert 1.01 < costs[0] < 1.045 < costs[-1] < 1.09


def test_the_heart_is_63_percent_there_after_one_lag() -> None:
    found = lagged([160.0] * 6, 100.0, 5.0, 30.0)

    assert found[-1] == pytest.approx(100.0 + 60.0 * (1.0 - np.exp(-1.0)))
    assert found == sorted(found)
