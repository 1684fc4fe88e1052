from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.training.metrics.critical_speed import TimedEffort, back_test, critical_speed

THREE = [(1200.0, 200.0), (2400.0, 440.0), (3600.0, 680.0)]
DAY = date(2026, 5, 1)


def race(days_ago: int, distance_m: float, time_s: float) -> TimedEffort:
    return TimedEffort(day=DAY - timedelta(days=days_ago), distance_m=distance_m, time_s=time_s)


def test_three_efforts_on_a_line() -> None:
    line = critical_speed(THREE)

    assert line is not None
    assert (line.speed_mps, line.reserve_m, line.fit_r2) == pytest.approx((5.0, 200.0, 1.0))
    assert line.efforts == 3


def test_three_efforts_near_a_line() -> None:
    line = critical_speed([(1200, 225), (2400, 469), (3600, 714)])

    assert line is not None
    assert line.speed_mps == pytest.approx(4.907969, abs=1e-6)
    assert line.reserve_m == pytest.approx(96.5267, abs=1e-4)
    assert 4.94 - 3 * 0.32 < line.speed_mps < 4.94 + 3 * 0.32  # Kordi, Menzies and Galbraith 2019
    assert 123 - 3 * 58 < line.reserve_m < 123 + 3 * 58


@given(st.lists(st.tuples(st.floats(400, 6000), st.floats(120, 900)), min_size=3, max_size=8))
def test_any_line_agrees_with_numpy(efforts: list[tuple[float, float]]) -> None:
    line = critical_speed(efforts)

    if line is not None:
        slope, offset = np.polyfit([time for _, time in efforts], [distance for distance, _ in efforts], 1)
        assert (line.speed_mps, line.reserve_m) == pytest.approx((slope, offset), rel=1e-6, abs=1e-4)
        assert line.fit_r2 >= 0.99


@pytest.mark.parametrize(
    "efforts",
    [
        [],
        THREE[:2],
        [*THREE[:2], (8000, 901)],  # the third is too long an effort
        [*THREE[:2], (400, 60)],  # too short
        [(3600, 200), (2400, 440), (1200, 680)],  # faster over more: the speed is negative
        [(1000, 250), (2000, 450), (3200, 690)],  # the reserve is negative
        [(1200, 200), (2400, 300), (2500, 680)],  # not a line
        [(1200, 300), (1200, 300), (1200, 300)],
        [(1200, 300), (2400, 300), (3600, 300)],
    ],
)
def test_what_makes_no_line_is_not_known(efforts: list[tuple[float, float]]) -> None:
    assert critical_speed(efforts) is None


def test_a_line_tells_times() -> None:
    line = critical_speed(THREE)

    assert line is not None
    assert line.time_s(5000) == pytest.approx(960)
    assert line.time_s(200) is None


def test_a_race_is_predicted_from_the_days_before_it() -> None:
    efforts = [race(10, *THREE[0]), race(20, *THREE[1]), race(30, *THREE[2]), race(5, 1200.0, 260.0)]

    (outcome,) = back_test([race(0, 5000, 1000)], efforts)

    assert outcome.predicted_s == pytest.approx(960)
    assert outcome.error_ratio == pytest.approx(-0.04)


def test_a_race_never_predicts_itself() -> None:
    own = [race(0, *effort) for effort in THREE]

    assert back_test([race(0, 5000, 960)], own) == []


def test_efforts_too_long_ago_do_not_count() -> None:
    efforts = [race(91, *effort) for effort in THREE]

    assert back_test([race(0, 5000, 960)], efforts) == []
    assert len(back_test([race(0, 5000, 960)], efforts, window_days=91)) == 1


def test_races_come_back_by_date() -> None:
    efforts = [race(40, *effort) for effort in THREE]

    outcomes = back_test([race(0, 5000, 960), race(3, 3000, 560)], efforts)

    assert [outcome.race.distance_m for outcome in outcomes] == [3000, 5000]
