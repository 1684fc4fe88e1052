import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.training.metrics.trimp import Sex, TrimpVariant, banister_trimp, edwards_trimp, heartrate_stress
from training.metrics.made import channel


def steady_trimp(
    minutes: int, rate: float, rest: float, highest: float, sex: Sex | None, variant: TrimpVariant = "banister"
) -> float:
    seconds = np.ones(minutes * 60)
    found = banister_trimp(seconds * rate, seconds, rest_bpm=rest, max_bpm=highest, sex=sex, variant=variant)
    assert found is not None
    return found


def test_half_an_hour_at_130() -> None:
    assert steady_trimp(30, 130, 40, 200, "male") == pytest.approx(31.80, abs=0.005)
    assert steady_trimp(30, 130, 40, 200, "female") == pytest.approx(37.13, abs=0.005)
    assert steady_trimp(30, 130, 40, 200, "female", variant="fellrnr") == pytest.approx(27.63, abs=0.005)


def test_an_hour_at_160() -> None:
    assert steady_trimp(60, 160, 50, 190, "male") == pytest.approx(136.38, abs=0.005)
    assert steady_trimp(60, 160, 50, 190, "female") == pytest.approx(150.58, abs=0.005)


def test_a_minute_is_worth_4_37_at_most() -> None:
    assert steady_trimp(1, 200, 50, 200, "male") == pytest.approx(4.3654, abs=1e-4)
    assert steady_trimp(1, 230, 50, 200, "male") == pytest.approx(4.3654, abs=1e-4)


def test_below_rest_nothing_counts() -> None:
    assert steady_trimp(10, 40, 50, 200, "male") == 0


def test_an_unknown_sex_gets_the_male_constants() -> None:
    assert steady_trimp(30, 130, 40, 200, None) == steady_trimp(30, 130, 40, 200, "male")


def test_a_maximum_not_above_rest_makes_no_load() -> None:
    assert banister_trimp(channel([120]), channel([60]), rest_bpm=60, max_bpm=60) is None
    assert banister_trimp(channel([120]), channel([60]), rest_bpm=math.nan, max_bpm=180) is None


@given(st.lists(st.tuples(st.integers(40, 210), st.integers(1, 20)), min_size=1, max_size=40))
def test_any_run_agrees_with_a_plain_loop(pairs: list[tuple[int, int]]) -> None:
    expected = 0.0
    for rate, seconds in pairs:
        share = min(max((rate - 50) / 140, 0.0), 1.0)
        expected += seconds / 60 * share * 0.86 * math.exp(1.67 * share)

    found = banister_trimp(
        channel([rate for rate, _ in pairs]),
        channel([seconds for _, seconds in pairs]),
        rest_bpm=50,
        max_bpm=190,
        sex="female",
    )

    assert found == pytest.approx(expected)


@given(st.lists(st.integers(60, 190), min_size=2, max_size=40))
def test_the_mean_rate_always_underestimates(rates: list[int]) -> None:
    seconds = np.ones(len(rates))
    each = banister_trimp(channel(rates), seconds, rest_bpm=50, max_bpm=190)
    flat = banister_trimp(np.full(len(rates), np.mean(rates)), seconds, rest_bpm=50, max_bpm=190)

    assert each is not None
    assert flat is not None
    assert flat <= each + 1e-9


def test_edwards_weighs_the_tenths() -> None:
    minutes = channel([10, 20, 15, 5, 2])

    assert edwards_trimp(channel([110, 130, 150, 170, 190]), 60 * minutes, max_bpm=200) == 125


@pytest.mark.parametrize(("rate", "weight"), [(99, 0), (100, 1), (119, 1), (120, 2), (179, 4), (180, 5), (230, 5)])
def test_a_tenth_begins_at_its_edge(rate: float, weight: int) -> None:
    assert edwards_trimp(channel([rate]), channel([60]), max_bpm=200) == weight


@pytest.mark.parametrize("highest", [170, 180, 190, 200])
def test_exactly_nine_tenths_is_the_fifth_zone(highest: int) -> None:
    assert edwards_trimp(channel([highest * 9 // 10]), channel([60]), max_bpm=highest) == 5


def test_edwards_needs_a_maximum() -> None:
    assert edwards_trimp(channel([120]), channel([60]), max_bpm=0) is None


def test_an_hour_at_the_threshold_is_a_stress_of_100() -> None:
    load = steady_trimp(60, 168, 50, 190, "male")

    assert heartrate_stress(load, threshold_bpm=168, rest_bpm=50, max_bpm=190, sex="male") == pytest.approx(100)
    assert heartrate_stress(load / 2, threshold_bpm=168, rest_bpm=50, max_bpm=190, sex="male") == pytest.approx(50)
    assert heartrate_stress(load, threshold_bpm=45, rest_bpm=50, max_bpm=190, sex="male") is None
