from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.training.metrics.eddington import eddington, eddington_number
from paceport.training.metrics.streaks import streaks
from paceport.training.metrics.totals import RunFacts, totals, week_of
from paceport.units import MILE_M

DAY = date(2026, 3, 4)  # a Wednesday
DAYS = st.integers(0, 60).map(lambda offset: DAY + timedelta(days=offset))


def outing(
    day: date = DAY, distance_m: float | None = 10_000, gear: str | None = None, load: float | None = None
) -> RunFacts:
    return RunFacts(day=day, distance_m=distance_m, moving_time_s=3000, gear=gear, load=load)


@pytest.mark.parametrize(
    ("amounts", "number"),
    [
        ([5, 5, 5, 5], 4),
        ([5, 5, 5, 5, 5], 5),
        (list(range(1, 11)), 5),
        ([10.0, 8.9, 3, 3, 3], 3),
        ([70] * 70, 70),
        ([], 0),
        ([0.99], 0),
        ([1], 1),
    ],
)
def test_the_eddington_number(amounts: list[float], number: int) -> None:
    assert eddington_number(amounts).number == number


def miles(*distances_m: float) -> int:
    runs = [outing(DAY + timedelta(days=number), distance_m) for number, distance_m in enumerate(distances_m)]
    return eddington(runs, MILE_M).number


@pytest.mark.parametrize("number", range(1, 40))
@pytest.mark.parametrize("step_m", [10.0, 1.0, 0.1])
def test_a_mile_is_a_mile_however_it_was_rounded(number: int, step_m: float) -> None:
    written_m = round(round(number * MILE_M / step_m) * step_m, 1)

    assert miles(*[written_m] * number) == number
    assert miles(*[written_m - 20.0] * number) < number


@given(st.lists(st.integers(1, 499), min_size=2, max_size=4))
def test_coarse_distances_add_up_to_no_kilometre_that_was_not_run(tens_m: list[int]) -> None:
    total_m = 10 * sum(tens_m)
    whole = [outing(DAY, 10.0 * tens) for tens in tens_m]

    assert (eddington(whole, total_m + 10.0).number, eddington(whole, float(total_m)).number) == (0, 1)


def test_the_next_number_needs_days_of_one_more() -> None:
    assert eddington_number([70] * 70).days_to_next == 71
    assert eddington_number([5, 5, 5, 5, 9]).days_to_next == 5
    assert eddington_number([]).days_to_next == 1


@given(st.lists(st.floats(0, 30), max_size=60))
def test_no_other_number_is_right(amounts: list[float]) -> None:
    found = eddington_number(amounts)

    reached = [int(amount + 1e-9) for amount in amounts]
    expected = max(e for e in range(len(amounts) + 1) if sum(amount >= e for amount in reached) >= e)
    assert found.number == expected
    more = [*amounts, *[expected + 1.0] * found.days_to_next]
    assert eddington_number(more).number == expected + 1
    assert eddington_number(more[:-1]).number == expected


def test_it_counts_days_and_not_runs() -> None:
    runs = [outing(distance_m=1500), outing(distance_m=600), outing(day=DAY + timedelta(days=1), distance_m=2000)]

    assert eddington(runs, 1000).number == 2
    assert eddington(runs, 1609.344).number == 1


def test_a_run_of_unknown_distance_adds_nothing() -> None:
    assert eddington([outing(distance_m=None), outing(distance_m=1000)], 1000).number == 1


def test_a_week_begins_on_monday() -> None:
    assert week_of(DAY) == date(2026, 3, 2)
    assert week_of(date(2026, 3, 8)) == date(2026, 3, 2)
    assert week_of(date(2026, 3, 9)) == date(2026, 3, 9)
    assert week_of(date(2027, 1, 1)) == date(2026, 12, 28)


def test_totals_by_week_month_and_year() -> None:
    runs = [outing(date(2025, 12, 31)), outing(date(2026, 1, 1)), outing(date(2026, 1, 5))]

    by_week = totals(runs, lambda one: week_of(one.day))
    by_month = totals(runs, lambda one: one.day.replace(day=1))
    by_year = totals(runs, lambda one: one.day.year)

    assert [(one.key, one.runs) for one in by_week] == [(date(2025, 12, 29), 2), (date(2026, 1, 5), 1)]
    assert [(one.key, one.distance_m) for one in by_month] == [(date(2025, 12, 1), 10_000), (date(2026, 1, 1), 20_000)]
    assert [(one.key, one.moving_time_s) for one in by_year] == [(2025, 3000), (2026, 6000)]


def test_what_nobody_knows_is_not_zero() -> None:
    (total,) = totals([outing(distance_m=None), outing(distance_m=None)], lambda one: one.day.year)

    assert (total.runs, total.distance_m, total.elevation_gain_m, total.load) == (2, None, None, None)


def test_a_total_is_of_the_runs_that_know() -> None:
    (total,) = totals([outing(load=50), outing(load=None)], lambda one: one.day.year)

    assert (total.runs, total.load) == (2, 50)


def test_mileage_of_shoes_leaves_out_runs_without() -> None:
    shoes = totals([outing(gear="Blue"), outing(), outing(gear="Blue"), outing(gear="Red")], lambda one: one.gear)

    assert {one.key: one.distance_m for one in shoes} == {"Blue": 20_000, "Red": 10_000}


@given(st.lists(st.tuples(DAYS, st.integers(0, 50_000)), max_size=40))
def test_totals_add_up(pairs: list[tuple[date, int]]) -> None:
    runs = [outing(day, metres) for day, metres in pairs]

    found = totals(runs, lambda one: week_of(one.day))

    assert sum(total.runs for total in found) == len(runs)
    assert sum(total.distance_m or 0 for total in found) == sum(metres for _, metres in pairs)


def test_three_days_in_a_row() -> None:
    found = streaks([DAY - timedelta(days=ago) for ago in (0, 1, 2, 4, 9)], today=DAY)

    assert (found.current_days, found.longest_days, found.longest_days_end) == (3, 3, DAY)
    assert (found.current_weeks, found.longest_weeks) == (2, 2)


def test_a_streak_lives_until_its_next_day_is_over() -> None:
    days = [DAY - timedelta(days=1), DAY - timedelta(days=2)]

    assert streaks(days, today=DAY).current_days == 2
    assert streaks(days, today=DAY + timedelta(days=1)).current_days == 0
    assert streaks(days, today=DAY + timedelta(days=7)).current_weeks == 1
    assert streaks(days, today=DAY + timedelta(days=14)).current_weeks == 0


def test_no_runs_are_no_streak() -> None:
    found = streaks([], today=DAY)

    assert (found.current_days, found.longest_days, found.longest_days_end, found.longest_weeks) == (0, 0, None, 0)


def test_days_to_come_do_not_count() -> None:
    assert streaks([DAY + timedelta(days=1)], today=DAY).longest_days == 0


@given(st.sets(DAYS, max_size=40))
def test_any_days_agree_with_a_walk_over_the_calendar(days: set[date]) -> None:
    today = DAY + timedelta(days=60)
    longest = length = 0
    for offset in range(61):
        length = length + 1 if DAY + timedelta(days=offset) in days else 0
        longest = max(longest, length)

    found = streaks(days, today=today)

    assert found.longest_days == longest
    assert found.current_days <= found.longest_days
