from datetime import date, timedelta
from itertools import pairwise
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.training.metrics.fitness_and_form import acute_chronic_ratio, daily_loads, form, strain

WEEK = [100, 0, 50, 80, 0, 0, 120]
LOADS = st.lists(st.floats(0, 500), min_size=1, max_size=60)
FIRST = date(2026, 3, 1)


def test_a_load_of_100_for_42_days() -> None:
    last = form([100] * 42)[-1]

    assert last.fitness == pytest.approx(63.212056, abs=1e-6)
    assert last.fatigue == pytest.approx(99.752125, abs=1e-6)


def test_one_day_moves_fitness_and_fatigue_by_their_shares() -> None:
    (day,) = form([1.0])

    assert day.fitness == pytest.approx(0.0235283133, abs=1e-10)
    assert day.fatigue == pytest.approx(0.1331221002, abs=1e-10)


def test_a_week_of_training() -> None:
    last = form(WEEK)[-1]

    assert (last.fitness, last.fatigue) == pytest.approx((7.6851, 32.3205), abs=5e-5)
    assert last.form == pytest.approx(-13.8772, abs=5e-5)
    assert form(WEEK, convention="same-day")[-1].form == pytest.approx(-24.6354, abs=5e-5)


@given(LOADS)
def test_form_is_the_day_before(loads: list[float]) -> None:
    days = form(loads)

    assert days[0].form == 0
    for before, after in pairwise(days):
        assert after.form == before.fitness - before.fatigue


@given(LOADS, st.floats(0, 200), st.floats(0, 200))
def test_any_days_agree_with_the_weighted_sum(loads: list[float], fitness: float, fatigue: float) -> None:
    last = form(loads, fitness_before=fitness, fatigue_before=fatigue)[-1]

    for value, seed, tau in ((last.fitness, fitness, 42), (last.fatigue, fatigue, 7)):
        told = seed * exp(-len(loads) / tau)
        for ago, load in enumerate(reversed(loads)):
            told += load * (1 - exp(-1 / tau)) * exp(-ago / tau)
        assert value == pytest.approx(told, abs=1e-6)


def test_no_days_have_no_form() -> None:
    assert form([]) == []


def test_days_without_a_run_are_zero_and_two_runs_add_up() -> None:
    loads = daily_loads(
        [(FIRST, 50.0), (FIRST + timedelta(days=2), 10.0), (FIRST, 5.0), (FIRST - timedelta(days=1), 99.0)],
        first=FIRST,
        last=FIRST + timedelta(days=3),
    )

    assert loads == [55, 0, 10, 0]


def test_the_ratio_after_a_doubled_week() -> None:
    loads = [100] * 21 + [200] * 7

    assert acute_chronic_ratio(loads) == pytest.approx(1.6)
    assert acute_chronic_ratio(loads, variant="uncoupled") == pytest.approx(2.0)
    assert acute_chronic_ratio(loads, variant="ewma") == pytest.approx(1.339350, abs=1e-6)


def test_the_exponential_ratio_weighs_a_day_by_two_over_days_plus_one() -> None:
    loads = [0.0] * 27 + [1.0]

    assert acute_chronic_ratio(loads, variant="ewma") == pytest.approx(0.25 / (2 / 29))
    assert pytest.approx(0.068966, abs=1e-6) == 2 / 29


def test_the_ratio_looks_at_the_last_28_days_only() -> None:
    assert acute_chronic_ratio([900] * 50 + [100] * 21 + [200] * 7) == pytest.approx(1.6)


@pytest.mark.parametrize("loads", [[], [100] * 27, [0] * 40])
@pytest.mark.parametrize("variant", ["coupled", "uncoupled", "ewma"])
def test_too_few_days_or_none_trained_have_no_ratio(loads: list[float], variant: str) -> None:
    assert acute_chronic_ratio(loads, variant=variant) is None  # type: ignore[arg-type]  # one of the three words


def test_rest_before_this_week_has_no_uncoupled_ratio() -> None:
    assert acute_chronic_ratio([0] * 21 + [100] * 7, variant="uncoupled") is None
    assert acute_chronic_ratio([0] * 21 + [100] * 7) == pytest.approx(4)


def test_monotony_and_strain_of_a_week() -> None:
    week = [60, 0, 45, 30, 0, 90, 75]

    sample, population = strain(week), strain(week, population=True)

    assert sample is not None
    assert population is not None
    assert (sample.monotony, sample.strain) == pytest.approx((1.220935, 366.28), abs=5e-3)
    assert sample.monotony == pytest.approx(1.220935, abs=1e-6)
    assert population.monotony == pytest.approx(1.318761, abs=1e-6)
    assert population.strain == pytest.approx(395.63, abs=5e-3)


def test_only_the_last_seven_days_count() -> None:
    assert strain([500, 1, *WEEK]) == strain(WEEK)


@pytest.mark.parametrize("loads", [[], [1, 2, 3], [50] * 7, [0] * 7])
def test_equal_days_or_too_few_have_no_monotony(loads: list[float]) -> None:
    assert strain(loads) is None
