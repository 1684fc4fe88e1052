import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.intensity_distribution import (
    distribution_by_heart_rate,
    distribution_by_speed,
    polarisation_index,
)


@pytest.mark.parametrize(("shares", "index"), [((0.8, 0.05, 0.15), 2.380), ((0.75, 0.15, 0.10), 1.699)])
def test_the_index_of_published_shares(shares: tuple[float, float, float], index: float) -> None:
    assert polarisation_index(*shares) == pytest.approx(index, abs=5e-4)


def test_above_two_is_polarised() -> None:
    polarised, pyramidal = distribution_by_heart_rate([70, 10, 5, 10, 5]), distribution_by_heart_rate([70, 5, 15, 5, 5])

    assert polarised is not None
    assert pyramidal is not None
    assert (polarised.is_polarised, pyramidal.is_polarised) == (True, False)


def test_no_moderate_time_is_read_as_a_hundredth() -> None:
    assert polarisation_index(0.8, 0, 0.2) == pytest.approx(math.log10(0.8 / 0.01 * 0.19 * 100))
    assert polarisation_index(0.995, 0, 0.005) == 0


@pytest.mark.parametrize(("shares", "index"), [((0.8, 0.2, 0.0), 0.0), ((0.3, 0.02, 0.68), None), ((0, 1, 0), None)])
def test_where_the_index_was_not_made_for_the_shares(shares: tuple[float, float, float], index: float | None) -> None:
    assert polarisation_index(*shares) == index


def test_speeds_are_divided_at_82_per_cent_of_critical_speed_and_at_it() -> None:
    found = distribution_by_speed([(3.27, 1), (3.28, 2), (4.0, 4), (4.01, 8)], critical_mps=4.0)

    assert found is not None
    assert (found.easy_s, found.moderate_s, found.hard_s) == (1, 6, 8)
    assert found.by == "critical speed"


def test_what_is_not_known_has_no_distribution() -> None:
    assert distribution_by_speed([(3.0, 1)], critical_mps=0) is None
    assert distribution_by_heart_rate([1, 2, 3]) is None
    nothing = distribution_by_heart_rate([0, 0, 0, 0, 0])
    assert nothing is not None
    assert (nothing.shares(), nothing.polarisation_index(), nothing.is_polarised) == (None, None, False)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 100), min_size=5, max_size=5))
def test_the_index_agrees_with_a_difference_of_logarithms(seconds: list[int]) -> None:
    found = distribution_by_heart_rate(seconds)
    assert found is not None
    easy, moderate, hard = seconds[0] + seconds[1], seconds[2], seconds[3] + seconds[4]

    index = found.polarisation_index()

    if easy == 0 or hard > easy:
        assert index is None
    elif hard == 0:
        assert index == 0
    elif moderate > 0:
        total = easy + moderate + hard
        expected = math.log10(easy) - math.log10(moderate) + math.log10(hard) - math.log10(total) + 2
        assert index == pytest.approx(expected)
        assert found.is_polarised == (easy * hard > moderate * total)
