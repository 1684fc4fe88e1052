from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from paceport.training.metrics.trend import Trend, trend

MONDAY = date(2025, 1, 6)


def weekly(values: object) -> list[tuple[date, float]]:
    return [(MONDAY + timedelta(weeks=index), float(value)) for index, value in enumerate(np.asarray(values))]


def test_a_straight_line_is_found() -> None:
    found = trend(weekly(3.0 + 0.002 * np.arange(52)))

    assert found is not None
    assert found.per_year == pytest.approx(0.002 * 365.25 / 7)
    assert found.low_per_year == pytest.approx(found.high_per_year)
    assert found.is_clear
    assert found.level == pytest.approx(3.0 + 0.002 * 51)
    assert (found.weeks, found.first, found.last) == (52, MONDAY, MONDAY + timedelta(weeks=51))


def test_nothing_but_noise_is_not_clear() -> None:
    found = trend(weekly(3 + np.random.default_rng(3).normal(0, 0.2, 40)))

    assert found is not None
    assert not found.is_clear
    assert found.low_per_year < 0 < found.high_per_year


def test_the_interval_holds_the_truth_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(300):
        found = trend(weekly(3 + 0.004 * np.arange(30) + rng.normal(0, 0.15, 30)))
        assert found is not None
        held += found.low_per_year <= 0.004 * 365.25 / 7 <= found.high_per_year

    assert 0.92 <= held / 300 <= 0.985


def test_one_broken_run_does_not_turn_it() -> None:
    values = 3.0 + 0.002 * np.arange(52)
    values[51] = 300.0

    found = trend(weekly(values))

    assert found is not None
    assert found.per_year == pytest.approx(0.002 * 365.25 / 7, rel=0.01)


@pytest.mark.parametrize("weeks", [0, 1, 7])
def test_too_few_weeks_are_not_known(weeks: int) -> None:
    assert trend(weekly(np.ones(weeks))) is None


def test_eight_weeks_are_enough() -> None:
    assert trend(weekly(np.arange(8))) is not None


def test_many_runs_of_one_week_are_one_week() -> None:
    assert trend([(MONDAY, 3.0 + 0.01 * index) for index in range(100)]) is None


def test_runs_of_one_week_count_by_their_median() -> None:
    pairs = weekly(np.full(10, 3.0))
    races = [(day, 5.0) for day, _ in pairs[:1]]
    easy = [(day, 3.0) for day, _ in pairs[:1]]

    found = trend([*pairs, *races, *easy])

    assert found is not None
    assert (found.per_year, found.low_per_year, found.high_per_year) == (0, 0, 0)
    assert not found.is_clear


def test_what_is_no_number_is_left_out() -> None:
    assert trend(weekly([float("nan")] * 20)) is None
    assert trend(weekly([*[float("inf")] * 5, *[1.0] * 7])) is None


def test_the_same_values_give_the_same_answer_in_any_order() -> None:
    values = weekly(np.random.default_rng(1).normal(3, 0.2, 30))

    assert trend(values) == trend(values[::-1])


def test_any_values_agree_with_all_pairs_by_hand() -> None:
    values = np.random.default_rng(8).normal(3, 0.5, 15)
    slopes = sorted((values[j] - values[i]) / ((j - i) * 7 / 365.25) for i in range(15) for j in range(i + 1, 15))

    found = trend(weekly(values))

    assert found is not None
    assert found.per_year == pytest.approx(slopes[len(slopes) // 2])
    # Sen's interval: 15 * 14 * 35 / 18 = 408.33, times 1.96 squared under the root.
    half = 1.959964 * np.sqrt(15 * 14 * 35 / 18)
    assert found.low_per_year == pytest.approx(slopes[int((105 - half) / 2)])
    assert found.high_per_year == pytest.approx(slopes[int(np.ceil((105 + half) / 2))])


def test_equal_weeks_narrow_the_interval_as_kendall_says() -> None:
    values = 3 + np.floor(np.arange(40) / 8 + np.random.default_rng(2).normal(0, 1.2, 40))
    tied = sum(count * (count - 1) * (2 * count + 5) for count in (1, 2, 4, 12, 6, 4, 8, 3))
    slopes = sorted((values[j] - values[i]) / ((j - i) * 7 / 365.25) for i in range(40) for j in range(i + 1, 40))
    half = 1.959964 * np.sqrt((40 * 39 * 85 - tied) / 18)

    found = trend(weekly(values))

    assert sorted(np.unique(values, return_counts=True)[1]) == [1, 2, 3, 4, 4, 6, 8, 12]
    assert found is not None
    assert found.low_per_year == pytest.approx(slopes[int((780 - half) / 2)])
    assert found.high_per_year == pytest.approx(slopes[int(np.ceil((780 + half) / 2))])


def test_a_change_of_speed_becomes_seconds_of_pace_with_its_ends_in_order() -> None:
    # 0.1 m/s a year at 4 m/s: a kilometre takes 1000 / 16 * 0.1 s less.
    made = Trend(per_year=0.1, low_per_year=0.05, high_per_year=0.2, weeks=9, first=MONDAY, last=MONDAY, level=4.0)

    assert made.pace_change_s(1000.0) == pytest.approx((-6.25, -12.5, -3.125))
    assert replace(made, level=0.0).pace_change_s(1000.0) is None
