from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.effective_vo2max import SteadyRun, effective_vo2max, oxygen_cost_ml, share_of_vo2max
from paceport.training.metrics.pace_load import moving_way
from paceport.training.metrics.run_parts import speed_spread_ratio
from paceport.training.metrics.unknown import Unknown
from training.metrics.made import channel, course_of, steady

RUN = SteadyRun(adjusted_speed_mps=200 / 60, heartrate_bpm=150, moving_time_s=1800, elapsed_time_s=1900)


def test_two_hundred_metres_a_minute_at_150_of_190() -> None:
    assert oxygen_cost_ml(200 / 60) == pytest.approx(36.0116)
    assert share_of_vo2max(150 / 190) == pytest.approx(0.65543, abs=1e-5)
    assert effective_vo2max(RUN, max_bpm=190) == pytest.approx(54.944, abs=5e-4)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"moving_time_s": 1199.0, "elapsed_time_s": 1200.0}, "shorter than 20 minutes"),
        ({"elapsed_time_s": 2120.0}, "stands still"),
        ({"heartrate_coverage_ratio": 0.89}, "known for less"),
        ({"speed_spread_ratio": 0.16}, "not steady"),
        ({"heartrate_bpm": 119.0}, "outside 63"),
        ({"heartrate_bpm": 191.0}, "outside 63"),
        ({"adjusted_speed_mps": 0.3}, "costs no oxygen"),
        ({"adjusted_speed_mps": float("nan")}, "costs no oxygen"),
        ({"moving_time_s": float("nan")}, "shorter than 20 minutes"),
    ],
)
def test_each_gate_says_why(changed: dict[str, float], reason: str) -> None:
    found = effective_vo2max(replace(RUN, **changed), max_bpm=190)

    assert isinstance(found, Unknown)
    assert reason in found.reason


@pytest.mark.parametrize(
    "changed",
    [
        {"moving_time_s": 1200.0, "elapsed_time_s": 1400.0},
        {"elapsed_time_s": 2115.0},
        {"heartrate_coverage_ratio": 0.9},
        {"speed_spread_ratio": 0.15},
        {"heartrate_bpm": 120.0},
        {"heartrate_bpm": 190.0},
    ],
)
def test_on_its_limit_it_is_known(changed: dict[str, float]) -> None:
    assert isinstance(effective_vo2max(replace(RUN, **changed), max_bpm=190), float)


@pytest.mark.parametrize("max_bpm", [None, 0.0])
def test_without_a_maximum_it_is_not_known(max_bpm: float | None) -> None:
    assert isinstance(effective_vo2max(RUN, max_bpm=max_bpm), Unknown)


@settings(max_examples=25)
@given(st.floats(2, 6), st.floats(0.65, 0.99), st.integers(160, 210))
def test_the_heart_rate_it_gives_is_the_one_that_was_run(speed_mps: float, ratio: float, max_bpm: int) -> None:
    found = effective_vo2max(replace(RUN, adjusted_speed_mps=speed_mps, heartrate_bpm=ratio * max_bpm), max_bpm=max_bpm)

    assert not isinstance(found, Unknown)
    metres_a_minute = speed_mps * 60
    used_percent = 100 * (metres_a_minute * (0.182258 + 0.000104 * metres_a_minute) - 4.6) / found
    assert 0.64 * used_percent + 37 == pytest.approx(100 * ratio)


def test_a_steady_run_has_no_spread_and_intervals_have() -> None:
    time_s = np.arange(1201.0)
    speeds = np.where((time_s // 60) % 2 == 0, 2.0, 4.0)
    course = course_of(time_s, np.concatenate(([0.0], np.cumsum(speeds[:-1]))))

    assert speed_spread_ratio(moving_way(steady(3.0, 1200), None)) == pytest.approx(0, abs=1e-9)
    assert speed_spread_ratio(moving_way(course, None)) == pytest.approx(1 / 3)
    assert speed_spread_ratio(moving_way(steady(3.0, 599), None)) is None


def test_a_stop_is_no_change_of_speed() -> None:
    course = course_of(channel([0, 600, 900, 1500]), channel([0, 1800, 1800, 3600]))

    assert speed_spread_ratio(moving_way(course, None)) == pytest.approx(0, abs=1e-9)
