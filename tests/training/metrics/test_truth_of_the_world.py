"""The simulated athlete's own truth, without its recordings: what was run, how hard, and how much heat took."""

from collections import Counter
from statistics import fmean

import pytest

from makers.prediction_errors import Racer, effort, predicted_races, racers
from paceport.sandbox.athletes.activity import Activity, Truth
from paceport.sandbox.athletes.population import Population
from paceport.training.metrics.effective_vo2max import SteadyRun, effective_vo2max
from paceport.training.metrics.heat import HeatEffect, HeatRun, heat_effect
from paceport.training.metrics.maximum_heart_rate import RunHeartRate, maximum_heart_rate
from paceport.training.metrics.race_back_test import model_errors
from paceport.training.metrics.race_detection import race_signs
from paceport.training.metrics.race_prediction import vdot
from paceport.training.metrics.trend import trend

Known = list[tuple[Activity, Truth]]


@pytest.fixture(scope="module")
def runs(population: Population) -> Known:
    """All runs of the athlete who races, oldest first."""
    everything = sorted(population.activities(population.people[0].id), key=lambda one: one.start)
    return [(one, one.truth) for one in everything if one.is_run and one.truth is not None]


@pytest.fixture(scope="module")
def racer(population: Population) -> Racer:
    return next(racers(population))


def test_four_races_in_five_lie_in_the_recommended_range(racer: Racer) -> None:
    _, found = predicted_races(racer)

    widths = [(one.recommendation.high_s - one.recommendation.low_s) / one.recommendation.time_s for one in found]
    assert len(found) > 40
    assert fmean(one.is_inside for one in found) >= 0.8
    assert fmean(widths) < 0.15
    assert fmean(abs(one.error_ratio) for one in found) < 0.03


def test_the_models_of_races_are_within_three_per_cent(racer: Racer) -> None:
    errors = model_errors(predicted_races(racer)[0])

    assert {name: error.mean_error_ratio < 0.03 for name, error in errors.items() if error.races > 20} == {
        "riegel": True,
        "vdot": True,
        "endurance-model": True,
    }


def test_most_races_are_detected_and_no_training_run(runs: Known) -> None:
    newest = runs[-500:]
    efforts = [effort(*one) for one in newest]
    found: Counter[tuple[bool, bool]] = Counter()
    for (activity, truth), own in zip(newest, efforts, strict=True):
        others = [one for one in efforts if one.run_id != own.run_id and abs((one.day - own.day).days) < 180]
        signs = race_signs(
            title=activity.name,
            distance_m=truth.distance_m,
            elapsed_time_s=own.time_s,
            moving_time_s=truth.duration_s,
            other_bests=others,
        )
        assert signs is not None
        found[own.is_race, signs.looks_like_a_race] += 1

    assert found[True, True] >= 0.8 * (found[True, True] + found[True, False])
    assert found[False, True] <= 0.002 * found[False, False]


def test_the_effect_of_heat_is_found_back(runs: Known) -> None:
    made = [
        HeatRun(
            day=activity.start.date(),
            temperature_c=truth.temperature_c,
            adjusted_speed_mps=truth.flat_speed_mps,
            heartrate_bpm=truth.heartrate_bpm,
        )
        for activity, truth in runs
        if truth.duration_s > 1200
    ]

    found = heat_effect(made)

    assert isinstance(found, HeatEffect)
    # Heat takes the square of the degrees above 10 °C: no line has one true slope. From week to week it is this one.
    assert found.low_percent_per_c < -0.047 < found.high_percent_per_c
    assert found.is_clear


def test_the_maximum_of_the_heart_is_found_from_below(runs: Known, population: Population) -> None:
    hardest = [
        RunHeartRate(day=activity.start.date(), best_minute_bpm=truth.heartrate_bpm_at(truth.duration_s))
        for activity, truth in runs
    ]

    found = maximum_heart_rate(hardest, today=hardest[-1].day)

    true_bpm = population.people[0].max_heartrate_bpm
    assert found is not None
    # The hardest minute of the world's races is at 94 % of what the heart could do.
    assert 0.93 * true_bpm < found.bpm < true_bpm


@pytest.mark.parametrize("first_year", [2020, 2021, 2022, 2023, 2024, 2025])
def test_the_trend_of_the_oxygen_uptake_is_found_back(runs: Known, population: Population, first_year: int) -> None:
    true_bpm = population.people[0].max_heartrate_bpm
    found, true = [], []
    for activity, truth in runs:
        run = SteadyRun(
            adjusted_speed_mps=truth.flat_speed_mps,
            heartrate_bpm=truth.heartrate_bpm,
            moving_time_s=truth.duration_s,
            elapsed_time_s=truth.duration_s + truth.standing_s,
        )
        value = effective_vo2max(run, max_bpm=true_bpm)
        hour = vdot(3600 * truth.threshold_speed_mps, 3600.0)
        if first_year <= activity.start.year <= first_year + 1 and isinstance(value, float) and hour:
            found.append((activity.start.date(), value))
            true.append((activity.start.date(), hour))
    change, true_change = trend(found), trend(true)

    assert change is not None
    assert true_change is not None
    assert abs(change.per_year - true_change.per_year) < 0.5  # ml per kg and minute; the true ones are -0.1 to 4.2
