from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.maximum_heart_rate import (
    RunHeartRate,
    expected_maximum_bpm,
    maximum_heart_rate,
    season_maxima,
)

TODAY = date(2026, 6, 1)


def run(best_minute_bpm: float, days_ago: int = 10, mean_bpm: float | None = None) -> RunHeartRate:
    return RunHeartRate(day=TODAY - timedelta(days=days_ago), best_minute_bpm=best_minute_bpm, mean_bpm=mean_bpm)


def test_the_third_highest_minute_counts() -> None:
    found = maximum_heart_rate([run(150), run(191), run(185), run(188)], today=TODAY)

    assert found is not None
    assert (found.bpm, found.runs, found.doubts) == (185, 4, ())


def test_fewer_than_three_runs_say_nothing() -> None:
    assert maximum_heart_rate([run(190), run(191)], today=TODAY) is None


def test_minutes_that_no_heart_beats_do_not_count() -> None:
    found = maximum_heart_rate([run(240), run(221), run(180), run(179), run(178)], today=TODAY)

    assert found is not None
    assert found.bpm == 178


@pytest.mark.parametrize(("days_ago", "runs"), [(730, 4), (731, 3), (-1, 3)])
def test_only_two_years_count(days_ago: int, runs: int) -> None:
    found = maximum_heart_rate([run(190), run(189), run(188), run(200, days_ago)], today=TODAY)

    assert found is not None
    assert found.runs == runs


def test_the_mean_for_an_age_is_tanakas() -> None:
    assert expected_maximum_bpm(40) == pytest.approx(180)


@pytest.mark.parametrize(("bpm", "is_low"), [(168, False), (167.9, True)])
def test_twelve_below_the_mean_for_the_age_is_probably_too_low(bpm: float, is_low: bool) -> None:
    found = maximum_heart_rate([run(bpm)] * 3, today=TODAY, age_years=40)

    assert found is not None
    assert bool(found.doubts) == is_low


@pytest.mark.parametrize(("recent_bpm", "is_low"), [(161.5, True), (162, False)])
def test_no_hard_run_in_ninety_days_is_doubtful(recent_bpm: float, is_low: bool) -> None:
    found = maximum_heart_rate([*[run(190, 200)] * 3, run(recent_bpm, 90), run(185, 91)], today=TODAY)

    assert found is not None
    assert bool(found.doubts) == is_low


def test_a_hundred_hours_at_one_rate_are_no_maximum_even_where_the_age_is_not_known() -> None:
    found = maximum_heart_rate([run(151, days, 150) for days in range(100)], today=TODAY)

    assert found is not None
    assert found.bpm == 151
    assert found.doubts == ("half of the runs have a mean above 90% of it",)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(100, 230), st.integers(0, 800)), max_size=12), st.floats(15, 80))
def test_it_agrees_with_a_count(made: list[tuple[float, int]], age: float) -> None:
    found = maximum_heart_rate([run(*one) for one in made], today=TODAY, age_years=age)

    rates = [rate for rate, days in made if days <= 730 and rate <= 220]
    if len(rates) < 3:
        assert found is None
        return
    assert found is not None
    assert sum(rate > found.bpm for rate in rates) <= 2
    assert sum(rate >= found.bpm for rate in rates) >= 3
    hard = any(rate > 0.85 * found.bpm for rate, days in made if days <= 90 and rate <= 220)
    assert bool(found.doubts) == (found.bpm < 208 - 0.7 * age - 12 or not hard)


def test_a_year_has_no_lower_maximum_than_a_later_one() -> None:
    easy = [RunHeartRate(day=date(2023, 5, day), best_minute_bpm=150.0) for day in range(1, 10)]
    hard = [RunHeartRate(day=date(2024, 5, day), best_minute_bpm=180.0 + day) for day in range(1, 4)]
    later = [RunHeartRate(day=date(2027, 5, day), best_minute_bpm=170.0) for day in range(1, 4)]

    found = season_maxima([*easy, *hard, *later], last=date(2027, 6, 1))

    assert found == {2023: 181.0, 2024: 181.0, 2027: 170.0}


def test_a_year_after_the_last_day_has_none() -> None:
    runs = [RunHeartRate(day=date(2036, 5, day), best_minute_bpm=190.0) for day in range(1, 10)]

    assert season_maxima(runs, last=date(2027, 1, 1)) == {}


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(120, 230), st.integers(0, 2500)), max_size=14))
def test_the_maxima_of_the_years_agree_with_a_search_over_all_days(made: list[tuple[float, int]]) -> None:
    first = date(2020, 1, 1)
    runs = [RunHeartRate(day=first + timedelta(days=days), best_minute_bpm=rate) for rate, days in made]
    last = first + timedelta(days=2000)

    found = season_maxima(runs, last=last)

    def third(day: date) -> float:
        rates = sorted(rate for rate, days in made if 0 <= (day - first).days - days <= 730 and rate <= 220)
        return rates[-3] if len(rates) > 2 else 0.0

    years = {run.day.year for run in runs if run.day <= last}
    ends = {year: third(min(date(year, 12, 31), last)) for year in years}
    expected = {year: max(bpm for later, bpm in ends.items() if later >= year) for year in years}
    assert found == {year: bpm for year, bpm in expected.items() if bpm > 0}
