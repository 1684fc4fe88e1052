from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.critical_speed import RunEffort
from paceport.training.metrics.race_back_test import (
    PastPrediction,
    Recommendation,
    back_test,
    comparable_tests,
    model_errors,
    recommend,
)
from paceport.training.metrics.race_models import MODELS, Evidence, ModelTime, RaceModel, RaceModelName, evidence
from paceport.training.metrics.unknown import Unknown

HALF, MARATHON = 21_097.5, 42_195.0
DAY = date(2026, 5, 1)


def race(run_id: int, distance_m: float, time_s: float, days_ago: int = 10, is_race: bool = True) -> RunEffort:
    return RunEffort(
        run_id=run_id, day=DAY - timedelta(days=days_ago), distance_m=distance_m, time_s=time_s, is_race=is_race
    )


def steady(speed_mps: float, is_within_range: bool = True) -> Callable[[Evidence, float], ModelTime | None]:
    def predict(known: Evidence, distance_m: float) -> ModelTime | None:
        return ModelTime(time_s=distance_m / speed_mps, is_within_range=is_within_range, efforts=known.efforts)

    return predict


def model(
    name: RaceModelName, speed_mps: float, is_within_range: bool = True, long_error_s: float | None = 600.0
) -> RaceModel:
    return RaceModel(
        name=name,
        title=name,
        needs="nothing",
        error_ratio=0.05,
        long_error_s=long_error_s,
        predict=steady(speed_mps, is_within_range),
    )


KNOWN = Evidence(before=DAY)


def past(distance_m: float, shares: list[float], name: RaceModelName = "riegel") -> list[PastPrediction]:
    """Tests in which the races took these shares of the predicted time."""
    return [
        PastPrediction(race=race(place, distance_m, 1000 * share), model=name, predicted_s=1000)
        for place, share in enumerate(shares)
    ]


def recommended(
    distance_m: float, tests: list[PastPrediction], *models: RaceModel, known: Evidence = KNOWN
) -> Recommendation:
    found = recommend(distance_m, known, tests, models=models)
    assert isinstance(found, Recommendation)
    return found


def test_each_race_is_predicted_from_what_came_before_it() -> None:
    races = [race(2, 10_000, 2400, 5), race(1, 5000, 1200, 40)]

    def before(day: date) -> Evidence:
        return evidence(before=day, efforts=races, races=races, training=[])

    found = back_test(races, before)

    assert {one.race.run_id for one in found} == {2}
    assert {one.model for one in found} == {"riegel", "vdot"}
    assert next(one for one in found if one.model == "riegel").predicted_s == pytest.approx(2501.92, abs=0.01)
    assert next(one for one in found if one.model == "riegel").error_ratio == pytest.approx(0.04247, abs=1e-4)


@pytest.mark.parametrize(
    "known",
    [
        Evidence(before=DAY, efforts=(race(1, 5000, 1200, 10),)),
        Evidence(before=DAY - timedelta(days=10), races=(race(1, 5000, 1200, 10),)),
        Evidence(before=DAY - timedelta(days=9)),
    ],
)
def test_a_race_never_predicts_itself(known: Evidence) -> None:
    with pytest.raises(ValueError, match="what came after it"):
        back_test([race(1, 5000, 1200, 10)], lambda _: known)


def test_the_table_of_errors_is_the_mean_of_the_absolute_errors() -> None:
    found = model_errors([*past(5000, [1.25, 1 / 1.1]), *past(5000, [1.0], "vdot")])

    assert found["riegel"].mean_error_ratio == pytest.approx((0.2 + 0.1) / 2)
    assert (found["riegel"].races, found["vdot"].races) == (2, 1)


def test_the_model_with_the_least_error_on_three_races_is_recommended() -> None:
    tests = [*past(10_000, [1.02, 1.03, 1.01]), *past(10_000, [1.1, 0.9, 1.0], "vdot")]

    found = recommended(10_000, tests, model("vdot", 4.0), model("riegel", 5.0))

    assert (found.model, found.chosen_by, found.races, found.time_s) == ("riegel", "back-test", 3, 2000)


def test_two_races_choose_no_model() -> None:
    found = recommended(10_000, past(10_000, [1.0, 1.0]), model("riegel", 5.0), model("vdot", 4.0))

    assert (found.model, found.chosen_by, found.races) == ("vdot", "published error", 0)
    assert (found.low_s, found.high_s) == pytest.approx((2375, 2625))


def test_the_marathon_without_marathons_is_predicted_by_mileage() -> None:
    halves = past(HALF, [1.0, 1.0, 1.0, 1.0], "vdot")

    found = recommended(MARATHON, halves, model("vdot", 4.0), model("marathon-by-mileage", 3.5))

    assert (found.model, found.chosen_by) == ("marathon-by-mileage", "published error")
    assert (found.time_s - found.low_s, found.high_s - found.time_s) == pytest.approx((600, 600))


def test_marathons_of_ones_own_choose_for_the_marathon() -> None:
    tests = [*past(MARATHON, [1.0, 1.01, 0.99], "vdot"), *past(MARATHON, [1.1] * 3, "marathon-by-mileage")]

    assert recommended(MARATHON, tests, model("vdot", 4.0), model("marathon-by-mileage", 3.5)).model == "vdot"


def test_races_of_about_the_distance_count_before_all_shorter_ones() -> None:
    near, far = past(10_000, [1.0] * 3), past(1609.344, [1.0] * 5)

    assert comparable_tests([*near, *far], 12_000) == near
    assert comparable_tests([*near, *far], 5000) == [*near, *far]
    assert comparable_tests([*near, *far], MARATHON) == []


@pytest.mark.parametrize(("distance_m", "counts"), [(6660, False), (6670, True), (14_990, True), (15_010, False)])
def test_comparable_is_from_two_thirds_to_one_and_a_half_times(distance_m: float, counts: bool) -> None:
    own, other = past(10_000, [1.0] * 3), past(distance_m, [1.0])

    assert comparable_tests([*own, *other], 10_000) == [*own, *(other if counts else [])]


@pytest.mark.parametrize(("distance_m", "counts"), [(29_990, False), (30_000, True)])
def test_from_thirty_kilometres_on_races_stand_for_the_marathon(distance_m: float, counts: bool) -> None:
    other = past(distance_m, [1.0])

    assert comparable_tests(other, MARATHON) == (other if counts else [])


def test_the_published_range_of_each_model_is_that_of_its_publication() -> None:
    halves = {one.name: (one.half_width_s(10_000, 1000), one.half_width_s(30_000, 10_000)) for one in MODELS}

    # A normal deviate of 1.2816 holds 80 %: 3.25 % mean absolute error, and root mean squares in minutes.
    deviate, short = 1.281552, 1000 * 0.0325 * 1.281552 / 0.797885
    assert halves["riegel"] == halves["vdot"] == pytest.approx((short, deviate * 60 * 381**0.5), abs=1)
    assert halves["marathon-by-mileage"] == pytest.approx((short, deviate * 60 * 228**0.5), abs=1)
    assert halves["marathon-by-training"] == pytest.approx((short, deviate * 60 * 5.4), abs=1)
    assert halves["endurance-model"] == halves["critical-speed"] == pytest.approx((short, 10 * short), abs=0.1)


def test_the_range_of_nine_races_is_their_central_four_fifths() -> None:
    shares = [0.97, 0.98, 0.99, 1.0, 1.0, 1.0, 1.01, 1.02, 1.06]

    found = recommended(10_000, past(10_000, shares), model("riegel", 5.0))

    assert (found.low_s, found.high_s) == pytest.approx((2000 * 0.97, 2000 * 1.06))


def test_the_range_of_few_races_is_not_narrower_than_published() -> None:
    found = recommended(10_000, past(10_000, [1.0, 1.01, 1.2]), model("riegel", 5.0))

    assert (found.low_s, found.high_s) == pytest.approx((1900, 2400))


def test_a_model_outside_its_range_is_the_last_resort() -> None:
    outside, inside = model("vdot", 4.0, is_within_range=False), model("riegel", 5.0)

    assert recommended(10_000, [], outside, inside).model == "riegel"
    assert not recommended(10_000, [], outside).is_within_range


def test_nothing_known_recommends_nothing() -> None:
    found = recommend(10_000, Evidence(before=DAY), [])

    assert isinstance(found, Unknown)
    assert "no effort" in found.reason


@pytest.mark.parametrize("is_race", [True, False])
def test_an_effort_that_was_no_race_is_said_to_be_none(is_race: bool) -> None:
    known = Evidence(before=DAY, efforts=(race(1, 5000, 1200, is_race=is_race),))

    assert recommended(10_000, [], model("riegel", 5.0), known=known).starts_from_no_race != is_race


def test_a_race_may_be_a_fifth_faster_than_a_time_from_no_race() -> None:
    known = Evidence(before=DAY, efforts=(race(1, 5000, 1200, is_race=False),))
    enough = past(10_000, [1.0] * 9, "riegel")

    untested, tested = (recommended(10_000, tests, model("riegel", 5.0), known=known) for tests in ([], enough))

    assert (untested.low_s, untested.high_s) == pytest.approx((1600, 2100))
    assert (tested.low_s, tested.high_s) == pytest.approx((2000, 2000))


@settings(max_examples=25)
@given(st.lists(st.floats(0.8, 1.3), min_size=9, max_size=30))
def test_the_range_agrees_with_numpy_and_holds_the_time(shares: list[float]) -> None:
    found = recommended(10_000, past(10_000, shares), model("riegel", 5.0))

    low, high = np.quantile(shares, [0.1, 0.9], method="weibull")
    assert found.low_s == pytest.approx(2000 * min(low, 1))
    assert found.high_s == pytest.approx(2000 * max(high, 1))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["riegel", "vdot", "endurance-model"]), st.floats(0.8, 1.3)), max_size=15))
def test_the_choice_agrees_with_a_count(made: list[tuple[RaceModelName, float]]) -> None:
    tests = [
        PastPrediction(race=race(place, 5000, 1000), model=name, predicted_s=1000 * share)
        for place, (name, share) in enumerate(made)
    ]

    found = recommended(5000, tests, model("vdot", 4.0), model("riegel", 5.0), model("endurance-model", 4.5))

    errors: dict[str, float] = {}
    for name in ("vdot", "riegel", "endurance-model"):
        own = [abs(share - 1) for each, share in made if each == name]
        if len(own) >= 3:
            errors[name] = sum(own) / len(own)
    assert found.chosen_by == ("back-test" if errors else "published error")
    if errors:
        assert errors[found.model] == pytest.approx(min(errors.values()))
    else:
        assert found.model == "vdot"
