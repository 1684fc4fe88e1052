import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.critical_speed import RunEffort
from paceport.training.metrics.endurance_model import EnduranceModel, fit_endurance_model
from paceport.training.metrics.marathon_formulas import (
    is_in_tandas_range,
    tanda_marathon_s,
    vickers_one_race_s,
    vickers_two_races_s,
)
from paceport.training.metrics.race_models import (
    MODELS,
    Evidence,
    ModelTime,
    RaceModelName,
    TrainingRun,
    evidence,
)
from paceport.training.metrics.race_prediction import riegel_s, vdot, vdot_time_s
from paceport.units import MILE_M

HALF, MARATHON = 21_097.5, 42_195.0
DAY = date(2026, 5, 1)


def clock(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def effort(run_id: int, distance_m: float, time_s: float, days_ago: int = 10, is_race: bool = True) -> RunEffort:
    return RunEffort(
        run_id=run_id,
        day=DAY - timedelta(days=days_ago),
        distance_m=distance_m,
        time_s=time_s,
        is_race=is_race,
    )


def answer(name: RaceModelName, known: Evidence, distance_m: float) -> ModelTime | None:
    return next(model for model in MODELS if model.name == name).predict(known, distance_m)


@pytest.mark.parametrize(("miles", "time"), [(20, "3:28:01.2"), (40, "3:20:24.3"), (60, "3:13:19.6")])
def test_the_marathon_from_a_half_and_the_mileage(miles: float, time: str) -> None:
    assert vickers_one_race_s(HALF, 5400, miles * MILE_M) == pytest.approx(clock(time), abs=0.06)


def test_the_marathon_from_two_races_and_the_mileage() -> None:
    found = vickers_two_races_s((10_000, 2400), (HALF, 5400), 40 * MILE_M)

    assert found == pytest.approx(clock("3:17:49.1"), abs=0.06)


@pytest.mark.parametrize(
    ("km", "pace_s", "time"), [(60, 300, "3:19:41.9"), (40, 330, "3:39:18.7"), (80, 285, "3:06:41.5")]
)
def test_the_marathon_from_training_alone(km: float, pace_s: float, time: str) -> None:
    assert tanda_marathon_s(km * 1000, 1000 / pace_s) == pytest.approx(clock(time), abs=0.06)


@settings(max_examples=50)
@given(st.floats(4900, 32_000), st.floats(2.2, 6.5), st.floats(1.1, 1.24), st.floats(0, 120_000))
def test_the_formulas_of_the_marathon_agree_with_another_writing(
    distance_m: float, speed_mps: float, exponent: float, weekly_m: float
) -> None:
    """In minutes, miles and logarithms to the base of 2, as coefficients of a vector."""
    minutes, share = distance_m / speed_mps / 60, np.array([1.0, weekly_m / 16_093.44])
    longer = (1.8 * distance_m, 60 * minutes * 1.8**exponent)

    one = vickers_one_race_s(distance_m, 60 * minutes, weekly_m)
    two = vickers_two_races_s((distance_m, 60 * minutes), longer, weekly_m)
    alone = tanda_marathon_s(weekly_m + 1.0, speed_mps)

    metres_a_minute = MARATHON / (minutes * 2 ** (1.07 * math.log2(MARATHON / distance_m)))
    assert one == pytest.approx(
        MARATHON / (np.array([0.16018617, 0.06423826]) @ share + 0.83076202 / 60 * metres_a_minute)
    )
    steepness = np.array([1.4510756 - 0.23797948 * exponent, -0.01410023]) @ share
    assert two == pytest.approx(
        60 * minutes * 2 ** (exponent * math.log2(1.8) + steepness * math.log2(MARATHON / longer[0]))
    )
    a_kilometre = np.array([17.1, 140, 0.55]) @ [
        1,
        2 ** (-0.0053 * (weekly_m + 1) / 1000 / math.log(2)),
        1000 / speed_mps,
    ]
    assert alone == pytest.approx(42.195 * a_kilometre)


@pytest.mark.parametrize(
    ("model", "times"),
    [
        ((5.0, 0.06), ("17:49.9", "37:26.9", "1:23:31.3", "2:56:26.8")),
        ((4.2, 0.08), ("22:09.4", "47:33.5", "1:49:00.4", "3:57:13.7")),
    ],
)
def test_times_of_the_endurance_model(model: tuple[float, float], times: tuple[str, ...]) -> None:
    runner = EnduranceModel(speed_mps=model[0], decline=model[1], races=3)

    for distance_m, time in zip((5000, 10_000, HALF, MARATHON), times, strict=True):
        assert runner.time_s(distance_m) == pytest.approx(clock(time), abs=0.06)


@pytest.mark.parametrize(
    "found",
    [
        vickers_one_race_s(0, 5400, 50_000),
        vickers_one_race_s(HALF, 0, 50_000),
        vickers_one_race_s(HALF, 5400, -1),
        vickers_two_races_s((HALF, 5400), (10_000, 2400), 50_000),
        vickers_two_races_s((10_000, 2400), (HALF, 2300), 50_000),
        vickers_two_races_s((10_000, 2400), (HALF, 5400), -1),
        tanda_marathon_s(0, 3),
        tanda_marathon_s(50_000, 0),
    ],
)
def test_formulas_have_no_answer_to_what_is_no_race_and_no_training(found: float | None) -> None:
    assert found is None


def test_tandas_range_is_that_of_his_runners() -> None:
    assert [is_in_tandas_range(clock(time)) for time in ("2:46:59", "2:47:00", "3:36:00", "3:36:01")] == [
        False,
        True,
        True,
        False,
    ]


@settings(max_examples=25)
@given(st.floats(2.2, 6.8), st.floats(0.04, 0.134), st.lists(st.floats(400, 28_000), min_size=3, max_size=6))
def test_a_runner_is_found_back_from_races(speed_mps: float, decline: float, times_s: list[float]) -> None:
    races = [(speed_mps * time * (1 - decline * math.log(time / 360)), time) for time in times_s]

    found = fit_endurance_model(races)

    if len(set(races)) < 3 or max(times_s) < 2 * min(times_s):
        assert found is None
        return
    assert found is not None
    assert (found.speed_mps, found.decline) == pytest.approx((speed_mps, decline), rel=1e-6)
    assert found.time_s(races[0][0]) == pytest.approx(times_s[0], abs=0.01)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(1500, 50_000), st.floats(3, 6)), min_size=3, max_size=6))
def test_the_fit_agrees_with_numpy_and_so_do_its_gates(made: list[tuple[float, float]]) -> None:
    races = [(metres, metres / speed) for metres, speed in made]

    found = fit_endurance_model(races)

    best = {
        metres: min(time for m, time in races if m == metres and time >= 360) for metres, time in races if time >= 360
    }
    if len(best) < 3 or max(best.values()) < 2 * min(best.values()):
        assert found is None
        return
    time_s = np.array(list(best.values()))
    slope, speed_mps = np.polyfit(np.log(time_s / 360), np.array(list(best)) / time_s, 1)
    is_a_runner = 2 <= speed_mps <= 7 and 0.039 <= -slope / speed_mps <= 0.135
    assert (found is not None) == is_a_runner
    if found is not None:
        assert (found.speed_mps, found.decline) == pytest.approx((speed_mps, -slope / speed_mps), rel=1e-6)


def test_the_endurance_model_leaves_short_and_endless_distances_alone() -> None:
    runner = EnduranceModel(speed_mps=5.0, decline=0.06, races=3)

    assert runner.time_s(1799) is None
    assert runner.time_s(200_000) is None


def test_evidence_is_cut_to_its_windows() -> None:
    efforts = [effort(days, 5000, 1200, days) for days in (0, 1, 90, 91)]
    races = [effort(days, 5000, 1200, days) for days in (0, 1, 365, 366)]

    known = evidence(before=DAY, efforts=efforts, races=races, training=[])

    assert [one.run_id for one in known.efforts] == [1, 90]
    assert [one.run_id for one in known.races] == [1, 365]
    assert (known.weekly_distance_m, known.training_speed_mps) == (None, None)


def training(*days_ago: int) -> list[TrainingRun]:
    return [
        TrainingRun(day=DAY - timedelta(days=days), distance_m=16_000, moving_time_s=5000 + 100 * days)
        for days in days_ago
    ]


def test_training_is_the_mean_of_eight_weeks() -> None:
    known = evidence(before=DAY, efforts=[], races=[], training=training(0, 1, 7, 8, 22, 56, 57))

    assert known.weekly_distance_m == pytest.approx(5 * 16_000 / 8)
    assert known.training_speed_mps == pytest.approx(80_000 / (25_000 + 9400))


def test_training_in_three_of_eight_weeks_says_nothing() -> None:
    assert evidence(before=DAY, efforts=[], races=[], training=training(1, 7, 8, 56)).weekly_distance_m is None


def known_of(*races: RunEffort, weekly_m: float | None = 40 * MILE_M) -> Evidence:
    return Evidence(
        before=DAY, efforts=races, races=tuple(one for one in races if one.is_race), weekly_distance_m=weekly_m
    )


def test_riegel_and_vdot_start_from_the_best_effort() -> None:
    known = known_of(effort(1, HALF, 5600), effort(2, 10_000, 2400), effort(3, 400, 60))

    riegel, by_vdot = answer("riegel", known, HALF), answer("vdot", known, HALF)

    assert riegel is not None
    assert by_vdot is not None
    assert riegel.time_s == pytest.approx(riegel_s(10_000, 2400, HALF))
    assert by_vdot.time_s == pytest.approx(vdot_time_s(vdot(10_000, 2400) or 0, HALF))
    assert [one.run_id for one in riegel.efforts] == [2]


def test_the_marathon_by_mileage_takes_two_races_where_there_are_two() -> None:
    found = answer("marathon-by-mileage", known_of(effort(1, 10_000, 2400), effort(2, HALF, 5400)), MARATHON)

    assert found is not None
    assert found.time_s == pytest.approx(clock("3:17:49.1"), abs=0.06)
    assert [one.run_id for one in found.efforts] == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        effort(2, 10_000, 2400),  # the ten kilometres of the same run are no race of their own
        effort(1, 10_000, 2400, is_race=False),
        effort(1, 15_000, 3700),  # too near the half marathon
        effort(1, 10_000, 2700),  # a bad day: faster over twice the way
        effort(1, 10_000, 2400, days_ago=91),
    ],
)
def test_without_a_second_race_it_takes_one(other: RunEffort) -> None:
    found = answer("marathon-by-mileage", known_of(other, effort(2, HALF, 5400, days_ago=5)), MARATHON)

    assert found is not None
    assert len(found.efforts) == 1


def test_models_without_an_answer_have_none() -> None:
    nothing = Evidence(before=DAY)
    race = known_of(effort(1, HALF, 5400), weekly_m=None)

    assert all(model.predict(nothing, MARATHON) is None for model in MODELS)
    assert answer("marathon-by-mileage", race, MARATHON) is None
    assert answer("marathon-by-training", race, MARATHON) is None
    assert answer("marathon-by-mileage", known_of(effort(1, HALF, 5400)), 41_000) is None
    assert answer("marathon-by-mileage", known_of(effort(1, 42_195, 12_000)), MARATHON) is None
    assert answer("endurance-model", race, MARATHON) is None
    assert answer("critical-speed", race, 5000) is None


def test_critical_speed_and_the_endurance_model_answer_where_they_can() -> None:
    efforts = [effort(1, 1200, 200), effort(2, 2400, 440), effort(3, 3600, 680)]
    runner = EnduranceModel(speed_mps=5.0, decline=0.06, races=3)
    races = [effort(run_id, d, runner.time_s(d) or 0) for run_id, d in enumerate((5000, 10_000, HALF))]

    line = answer("critical-speed", known_of(*efforts), 5000)
    endurance = answer("endurance-model", known_of(*races), MARATHON)

    assert line is not None
    assert line.time_s == pytest.approx(960)
    assert line.is_within_range
    assert endurance is not None
    assert endurance.time_s == pytest.approx(clock("2:56:26.8"), abs=0.1)


def test_tanda_answers_within_and_beyond_his_range() -> None:
    inside = Evidence(before=DAY, weekly_distance_m=60_000, training_speed_mps=1000 / 300)
    beyond = Evidence(before=DAY, weekly_distance_m=20_000, training_speed_mps=1000 / 400)

    answers = [answer("marathon-by-training", known, MARATHON) for known in (inside, beyond)]

    assert [one.is_within_range for one in answers if one is not None] == [True, False]


def test_hardly_any_running_says_nothing_of_a_marathon() -> None:
    hardly = Evidence(before=DAY, weekly_distance_m=19_000, training_speed_mps=1000 / 400)

    assert answer("marathon-by-training", hardly, MARATHON) is None


@pytest.mark.parametrize(
    ("speed_mps", "decline", "is_a_runner"),
    [
        *((1.99, 0.06, False), (2.01, 0.06, True), (6.99, 0.06, True), (7.01, 0.06, False)),
        *((4.0, 0.0388, False), (4.0, 0.0392, True), (4.0, 0.1348, True), (4.0, 0.1352, False)),
    ],
)
def test_numbers_that_no_runner_has_are_no_model(speed_mps: float, decline: float, is_a_runner: bool) -> None:
    runner = EnduranceModel(speed_mps=speed_mps, decline=decline, races=3)
    races = [(runner.distance_m(time_s), time_s) for time_s in (400.0, 2000.0, 20_000.0)]

    assert (fit_endurance_model(races) is not None) == is_a_runner


def test_the_endurance_model_ends_after_eight_hours() -> None:
    runner = EnduranceModel(speed_mps=5.0, decline=0.06, races=3)

    assert runner.time_s(runner.distance_m(28_799)) == pytest.approx(28_799, abs=0.01)
    assert runner.time_s(runner.distance_m(28_801)) is None


@pytest.mark.parametrize(
    ("distance_m", "time_s", "is_basis"),
    [
        *((1610, 209, False), (1610, 211, True), (1609, 300, False)),
        *((42_195, 14_399, True), (42_195, 14_401, False)),
    ],
)
def test_predictions_start_from_a_mile_and_more_of_plausible_length(
    distance_m: float, time_s: float, is_basis: bool
) -> None:
    assert (known_of(effort(1, distance_m, time_s)).basis() is not None) == is_basis


@pytest.mark.parametrize(("time_s", "is_within"), [(209, False), (211, True), (13_799, True), (13_801, False)])
def test_riegel_says_where_it_was_fitted(time_s: float, is_within: bool) -> None:
    distance_m = 5000 * (time_s / 1200) ** (1 / 1.06)

    found = answer("riegel", known_of(effort(1, 5000, 1200)), distance_m)

    assert found is not None
    assert found.time_s == pytest.approx(time_s)
    assert found.is_within_range == is_within


@pytest.mark.parametrize(
    ("distance_m", "time_s", "answers"),
    [(4899, 1100, False), (4901, 1100, True), (31_999, 9000, True), (32_001, 9000, False)],
)
def test_the_marathon_by_mileage_starts_from_five_to_thirty_two_kilometres(
    distance_m: float, time_s: float, answers: bool
) -> None:
    found = answer("marathon-by-mileage", known_of(effort(1, distance_m, time_s)), MARATHON)

    assert (found is not None) == answers


@pytest.mark.parametrize(("ratio", "answers"), [(0.9895, False), (0.9905, True), (1.0095, True), (1.0105, False)])
def test_the_formulas_of_the_marathon_answer_within_one_per_cent_of_it(ratio: float, answers: bool) -> None:
    found = answer("marathon-by-mileage", known_of(effort(1, HALF, 5400)), ratio * MARATHON)

    assert (found is not None) == answers


@pytest.mark.parametrize(
    ("stretch", "exponent", "races"),
    [
        *((1.49, 1.06, 1), (1.51, 1.06, 2)),
        *((2.0, 0.995, 1), (2.0, 1.005, 2), (2.0, 1.245, 2), (2.0, 1.255, 1)),
    ],
)
def test_two_races_must_lie_apart_and_have_a_plausible_exponent(stretch: float, exponent: float, races: int) -> None:
    shorter, longer = effort(1, 10_000, 2400), effort(2, 10_000 * stretch, 2400 * stretch**exponent)

    found = answer("marathon-by-mileage", known_of(shorter, longer), MARATHON)

    assert found is not None
    assert len(found.efforts) == races
