"""Bodies: hills, hearts and races."""

import numpy as np
import pytest

from paceport.sandbox.athletes.physiology import Fitness, grade_cost, lagged

FITNESS = Fitness(
    threshold_speed_mps=4.0, threshold_heartrate_bpm=170.0, resting_heartrate_bpm=50.0, max_heartrate_bpm=188.0
)


@pytest.mark.parametrize(
    ("grade_percent", "expected"),
    [(-20.0, 1.085), (-10.0, 0.8775), (0.0, 1.0), (10.0, 1.475), (20.0, 2.30), (30.0, 3.16)],
)
def test_the_cost_of_a_grade_goes_through_the_published_points(grade_percent: float, expected: float) -> None:
    assert float(grade_cost(np.array([grade_percent]))[0]) == pytest.approx(expected, abs=0.005)


def test_gently_down_is_cheapest_and_cliffs_cost_no_more_than_the_steepest_known() -> None:
    grades = np.arange(-45.0, 46.0)
    found = grade_cost(grades)

    assert -12.0 <= grades[int(found.argmin())] <= -7.0
    assert found[0] == found[23]
    assert (np.diff(found[grades >= -5.0]) >= 0.0).all()


def test_threshold_is_held_for_an_hour() -> None:
    assert FITNESS.race_speed_mps(14400.0) == pytest.approx(4.0)
    assert FITNESS.heartrate_bpm(4.0) == 170.0


def test_doubling_a_race_costs_six_percent() -> None:
    five, ten = (distance_m / FITNESS.race_speed_mps(distance_m) for distance_m in (5000.0, 10000.0))

    assert ten / five == pytest.approx(2.0**1.06)


def test_the_heart_is_63_percent_there_after_one_lag() -> None:
    found = lagged([160.0] * 6, 100.0, 5.0, 30.0)

    assert found[-1] == pytest.approx(100.0 + 60.0 * (1.0 - np.exp(-1.0)))
    assert found == sorted(found)
