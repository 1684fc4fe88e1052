import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.streams import Streams
from paceport.training.metrics.power import PowerIntervals, power_intervals, power_stress
from training.metrics.made import channel

NOTHING = float("nan")


def power_of(power_w: list[float], step_s: float = 1.0) -> PowerIntervals | None:
    return power_intervals(Streams(time_s=channel(np.arange(len(power_w)) * step_s), power_w=channel(power_w)))


def known(power_w: list[float], step_s: float = 1.0) -> PowerIntervals:
    found = power_of(power_w, step_s)
    assert found is not None
    return found


def test_an_hour_at_the_threshold_is_a_hundred() -> None:
    power = known([250.0] * 3601)

    assert power.mean_w() == pytest.approx(250)
    assert power.work_kj() == pytest.approx(900)
    assert power.normalised_w() == pytest.approx(250)
    assert power_stress(power, threshold_w=250) == pytest.approx(100)


def test_intervals_count_more_than_their_mean() -> None:
    power = known(([0.0] * 120 + [400.0] * 120) * 10)

    normalised_w = power.normalised_w()
    assert normalised_w is not None
    assert normalised_w > 1.3 * power.mean_w()


def test_lost_power_lowers_the_coverage_and_is_no_zero() -> None:
    power = known([200.0] * 51 + [NOTHING] * 25 + [3001.0] * 25)

    assert power.mean_w() == pytest.approx(200)
    assert power.coverage_ratio == pytest.approx(0.5)
    assert [one.duration_s for one in power.bests_w()] == [15, 30]


def test_no_power_is_not_known() -> None:
    assert power_of([0.0] * 100) is None
    assert power_intervals(Streams(time_s=channel([0, 1]))) is None
    assert power_of([100.0]) is None


def test_a_pause_is_no_power() -> None:
    streams = Streams(time_s=channel([0, 30, 61, 71]), power_w=channel([100, 100, 100, 100]))

    power = power_intervals(streams)

    assert power is not None
    assert power.known_s.tolist() == [30, 0, 10]
    assert power.recorded_s == 40


@pytest.mark.parametrize("threshold_w", [0.0, -1.0, NOTHING])
def test_without_a_threshold_there_is_no_stress(threshold_w: float) -> None:
    assert power_stress(known([250.0] * 100), threshold_w=threshold_w) is None


def test_less_than_a_minute_has_no_stress() -> None:
    assert known([250.0] * 60).normalised_w() is None
    assert known([250.0] * 61).normalised_w() == pytest.approx(250)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 600), min_size=61, max_size=150))
def test_normalised_power_agrees_with_the_textbook(watts: list[int]) -> None:
    power = known([0.0, *map(float, watts)])

    rolling = [sum(watts[end - 30 : end]) / 30 for end in range(30, len(watts) + 1)]
    textbook = (sum(value**4 for value in rolling) / len(rolling)) ** 0.25
    assert power.normalised_w() == pytest.approx(textbook)
    best = [max(sum(watts[start : start + 15]) / 15 for start in range(len(watts) - 14))]
    assert power.bests_w((15.0,))[0].mean_per_s == pytest.approx(best[0])
    stress = power_stress(power, threshold_w=300)
    assert stress == pytest.approx(100 * len(watts) / 3600 * (textbook / 300) ** 2)
