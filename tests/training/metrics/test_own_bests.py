import pytest

from paceport.training.metrics.own_bests import (
    FEWEST_OTHER_RUNS,
    FEWEST_OTHERS_TO_TELL,
    BeyondOthers,
    RunBest,
    beyond_other_runs,
    is_no_run,
    least_share,
)
from paceport.training.metrics.race_prediction import riegel_s

SPANS_M = (400.0, 1000.0, 5000.0, 10_000.0)


def runs(count: int, five_km_s: float = 1500.0) -> list[RunBest]:
    """Runs of about one speed, each a second slower than the one before."""
    return [
        RunBest(number, span_m, riegel_s(5000.0, five_km_s + number, span_m))
        for number in range(count)
        for span_m in SPANS_M
    ]


def test_a_ride_among_runs_is_beyond_them() -> None:
    ride = [RunBest(99, span_m, span_m / 6.0) for span_m in SPANS_M]

    found = {one.best for one in beyond_other_runs([*runs(40), *ride])}

    assert found == {one for one in ride if one.span_m >= 1000.0}


@pytest.mark.parametrize("gain", [0.02, 0.1, 0.2])
def test_the_race_of_somebody_who_only_jogged_counts(gain: float) -> None:
    race = [RunBest(99, one.span_m, (1 - gain) * one.elapsed_time_s) for one in runs(1)]

    assert beyond_other_runs([*runs(40), *race]) == []


def test_a_sprint_after_years_of_jogging_counts() -> None:
    jog_s = riegel_s(5000.0, 1800.0, 400.0)

    assert beyond_other_runs([*runs(200, 1800.0), RunBest(999, 400.0, 0.6 * jog_s)]) == []
    assert beyond_other_runs([*runs(200, 1800.0), RunBest(999, 400.0, 0.5 * jog_s)]) != []


def test_one_bad_recording_does_not_vouch_for_another() -> None:
    twins = [RunBest(number, 5000.0, 700.0) for number in (98, 99)]

    assert [one.best for one in beyond_other_runs([*runs(30), *twins])] == twins


def test_few_runs_judge_nobody() -> None:
    fast = RunBest(99, 5000.0, 700.0)

    assert beyond_other_runs([*runs(FEWEST_OTHER_RUNS - 1), fast]) == []
    assert [one.best for one in beyond_other_runs([*runs(FEWEST_OTHER_RUNS), fast])] == [fast]


def test_years_of_getting_faster_leave_no_effort_in_doubt() -> None:
    beginner = [RunBest(number, 5000.0, 2100.0 - 3.0 * number) for number in range(300)]

    assert beyond_other_runs(beginner) == []


def test_the_allowed_time_is_that_of_the_others_at_that_distance() -> None:
    found = beyond_other_runs([*runs(FEWEST_OTHER_RUNS), RunBest(99, 10_000.0, 1500.0)])

    # The second best of five.
    assert [one.allowed_s for one in found] == [pytest.approx(riegel_s(5000.0, 1501.0, 10_000.0))]
    assert found[0].best.elapsed_time_s < least_share(10_000.0) * found[0].allowed_s


def test_a_distance_that_nothing_comes_near_is_not_judged() -> None:
    sprints = [RunBest(number, 400.0, 90.0) for number in range(30)]

    assert beyond_other_runs([*sprints, RunBest(99, 10_000.0, 1600.0)]) == []


@pytest.mark.parametrize(("gain", "is_doubted"), [(0.05, False), (0.08, True), (0.2, True)])
def test_a_run_without_signs_is_held_to_the_third_best(gain: float, is_doubted: bool) -> None:
    fast = [RunBest(99, one.span_m, (1 - gain) * one.elapsed_time_s) for one in runs(3) if one.run_id == 2]

    assert beyond_other_runs([*runs(12), *fast]) == []
    found = beyond_other_runs([*runs(12), *fast], {99})

    assert {one.best.span_m for one in found} == ({5000.0, 10_000.0} if is_doubted else set()) | (
        {1000.0} if gain == 0.2 else set()
    )
    assert all(one.lacks_signs and one.allowed_s == pytest.approx(fast_s(one.best)) for one in found)


def fast_s(best: RunBest) -> float:
    """What the third best of those runs makes possible."""
    return riegel_s(5000.0, 1502.0, best.span_m)


def test_nine_other_runs_tell_nothing_of_a_run_without_signs() -> None:
    fast = RunBest(99, 5000.0, 1300.0)

    assert beyond_other_runs([*runs(FEWEST_OTHERS_TO_TELL - 1), fast], {99}) == []
    assert [one.best for one in beyond_other_runs([*runs(FEWEST_OTHERS_TO_TELL), fast], {99})] == [fast]


@pytest.mark.parametrize(
    ("span_m", "time_s", "is_ride"),
    [(5000.0, 840.0, True), (5000.0, 860.0, False), (1000.0, 640.0, True), (1000.0, 660.0, False)],
)
def test_what_is_a_sixth_too_fast_over_a_long_way_was_no_run(span_m: float, time_s: float, is_ride: bool) -> None:
    assert is_no_run(BeyondOthers(RunBest(1, span_m, time_s), 1000.0, lacks_signs=True)) == is_ride
