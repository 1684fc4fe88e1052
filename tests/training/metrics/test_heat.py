from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.heat import ELY_MEN_SLOWER_PERCENT, HeatEffect, HeatRun, heat_effect
from paceport.training.metrics.unknown import Unknown

DAY = date(2025, 1, 1)


def runs(
    count: int, per_c: float, seed: int, noise: float = 0.02, warm_c: float = 10.0, length_days: int = 700
) -> list[HeatRun]:
    """Runs of an athlete whose speed changes with heart rate, season and temperature; it is warm in summer."""
    rng = np.random.default_rng(seed)
    made = []
    for place in range(count):
        days = place * length_days // count
        warm = 12 - warm_c * np.cos(2 * np.pi * days / 365) + rng.normal(0, warm_c / 3)
        rate = rng.uniform(135, 165)
        form = 0.04 * np.cos(2 * np.pi * (days - 240) / 365)  # fittest in late summer, as many are
        log = 1.0 + 0.006 * (rate - 150) + form + per_c * warm + rng.normal(0, noise)
        made.append(
            HeatRun(
                day=DAY + timedelta(days=days),
                temperature_c=float(warm),
                adjusted_speed_mps=float(np.exp(log)),
                heartrate_bpm=float(rate),
            )
        )
    return made


def known(made: list[HeatRun]) -> HeatEffect:
    found = heat_effect(made)
    assert isinstance(found, HeatEffect)
    return found


def test_the_effect_is_found_back() -> None:
    found = known(runs(300, -0.003, seed=1))

    assert found.percent_per_c == pytest.approx(-0.3, abs=0.1)
    assert found.low_percent_per_c < -0.3 < found.high_percent_per_c
    assert found.is_clear
    assert found.runs == 300


def test_no_effect_is_not_clear() -> None:
    assert not known(runs(60, 0.0, seed=2)).is_clear


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    found = [known(runs(60, -0.002, seed=seed)) for seed in range(100)]

    held = sum(one.low_percent_per_c <= -0.2 <= one.high_percent_per_c for one in found)
    assert 88 <= held <= 99


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (runs(39, -0.003, seed=3), "it takes 40 runs"),
        (runs(60, -0.003, seed=3, warm_c=0.5), "hardly differ"),
        (runs(60, -0.003, seed=3, length_days=1600), "same weeks"),
        ([replace(one, heartrate_bpm=100 + one.temperature_c) for one in runs(60, -0.003, seed=3)], "hardly differ"),
    ],
)
def test_each_gate_says_why(made: list[HeatRun], reason: str) -> None:
    found = heat_effect(made)

    assert isinstance(found, Unknown)
    assert reason in found.reason


def test_forty_runs_in_the_same_months_are_enough() -> None:
    assert known(runs(40, -0.003, seed=6, length_days=300)).runs == 40


def test_runs_without_a_temperature_do_not_count() -> None:
    lost = HeatRun(day=DAY, temperature_c=float("nan"), adjusted_speed_mps=3, heartrate_bpm=150)

    assert known([*runs(60, -0.003, seed=4), lost]).runs == 60


def test_the_published_slowing_grows_with_the_heat() -> None:
    slower = [percent for _, percent in ELY_MEN_SLOWER_PERCENT]

    assert slower == sorted(slower) == [1.7, 2.5, 3.3, 4.5]


@settings(max_examples=20)
@given(st.integers(60, 90), st.integers(0, 10_000))
def test_it_agrees_with_least_squares_of_numpy(count: int, seed: int) -> None:
    made = runs(count, -0.002, seed, length_days=500)

    found = known(made)

    blocks = [(one.day - DAY).days // 28 for one in made]
    table = np.array(
        [
            [one.temperature_c, one.heartrate_bpm, *(float(block == each) for each in sorted(set(blocks)))]
            for one, block in zip(made, blocks, strict=True)
        ]
    )
    logs = np.log([one.adjusted_speed_mps for one in made])
    coefficients, left, _, _ = np.linalg.lstsq(table, logs, rcond=None)
    error = np.sqrt(left[0] / (count - table.shape[1]) * np.linalg.inv(table.T @ table)[0, 0])
    assert found.percent_per_c == pytest.approx(100 * coefficients[0], rel=1e-6)
    # Student's 95 % deviate: 2.086 for 20 degrees of freedom, 1.993 for 72.
    half = (found.high_percent_per_c - found.low_percent_per_c) / 2
    assert 1.99 <= half / (100 * error) <= 2.087
