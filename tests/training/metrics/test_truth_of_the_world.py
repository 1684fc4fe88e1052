"""The simulated athlete's own truth, without its recordings: what was run, how hard, and how much heat took."""

from collections import Counter
from statistics import fmean

import pytest

from paceport.sandbox.athletes.activity import Activity, Truth
from paceport.sandbox.athletes.population import Population
from paceport.training.metrics.critical_speed import RunEffort
from paceport.training.metrics.heat import HeatEffect, HeatRun, heat_effect
from paceport.training.metrics.race_back_test import Recommendation, back_test, model_errors, recommend
from paceport.training.metrics.race_detection import race_signs, standard_distance_m
from paceport.training.metrics.race_models import Evidence, TrainingRun, evidence

RACE = 1  # Strava's workout type

Known = list[tuple[Activity, Truth]]


@pytest.fixture(scope="module")
def runs(population: Population) -> Known:
    """All runs of the athlete who races, oldest first."""
    everything = sorted(population.activities(population.people[0].id), key=lambda one: one.start)
    return [(one, one.truth) for one in everything if one.is_run and one.truth is not None]


def effort(activity: Activity, truth: Truth) -> RunEffort:
    return RunEffort(
        run_id=activity.id,
        day=activity.start.date(),
        distance_m=standard_distance_m(truth.distance_m) or truth.distance_m,
        time_s=truth.duration_s + truth.standing_s,
        is_race=activity.workout_type == RACE,
    )


@pytest.fixture(scope="module")
def races(runs: Known) -> list[RunEffort]:
    return [effort(*one) for one in runs if one[0].workout_type == RACE]


@pytest.fixture(scope="module")
def known_before(runs: Known, races: list[RunEffort]) -> dict[int, Evidence]:
    """What was known before each race, by its run."""
    efforts = [effort(*one) for one in runs]
    training = [
        TrainingRun(day=activity.start.date(), distance_m=truth.distance_m, moving_time_s=truth.duration_s)
        for activity, truth in runs
    ]
    return {race.run_id: evidence(before=race.day, efforts=efforts, races=races, training=training) for race in races}


def test_four_races_in_five_lie_in_the_recommended_range(
    races: list[RunEffort], known_before: dict[int, Evidence]
) -> None:
    by_day = {race.day: known_before[race.run_id] for race in races}
    past = back_test(races, by_day.__getitem__)

    found = []
    for race in races:
        earlier = [one for one in past if one.race.day < race.day]
        one = recommend(race.distance_m, known_before[race.run_id], earlier)
        if isinstance(one, Recommendation):
            found.append((one, race))

    inside = [one.low_s <= race.time_s <= one.high_s for one, race in found]
    assert len(found) > 40
    assert fmean(inside) >= 0.8
    assert fmean((one.high_s - one.low_s) / one.time_s for one, _ in found) < 0.15
    assert fmean(abs(one.time_s / race.time_s - 1) for one, race in found) < 0.03


def test_the_models_of_races_are_within_three_per_cent(
    races: list[RunEffort], known_before: dict[int, Evidence]
) -> None:
    by_day = {race.day: known_before[race.run_id] for race in races}

    errors = model_errors(back_test(races, by_day.__getitem__))

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
