"""Weeks of sessions: what a life leads to."""

from collections import Counter
from datetime import date, timedelta

import pytest

from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.training_plan import (
    Race,
    Session,
    TrainingProfile,
    choose_workout,
    interpolate,
    season,
    sessions,
)

LIFE = TrainingProfile(
    first_day=date(2024, 1, 1),
    speeds=((date(2024, 1, 1), 3.5),),
    weeks=((date(2024, 1, 1), 45.0),),
    gaps=((date(2024, 4, 1), date(2024, 4, 14)),),
    trips=((date(2024, 7, 1), date(2024, 7, 14), 1),),
    races=(Race(day=date(2024, 5, 11), name="Ten", distance_m=10000.0),),
)
LAST = date(2024, 12, 31)
RUNS = {"easy", "recovery", "long", "workout", "trail", "commute", "treadmill", "manual", "race"}


@pytest.fixture(scope="module")
def year() -> list[Session]:
    return list(sessions(LIFE, "key", LAST))


def test_sessions_come_in_order_within_the_life(year: list[Session]) -> None:
    days = [session.day for session in year]

    assert days == sorted(days)
    assert LIFE.first_day <= days[0]
    assert days[-1] <= LAST


def test_the_kilometres_are_about_what_the_life_says(year: list[Session]) -> None:
    total_m = sum(session.distance_m for session in year if session.kind in RUNS)

    assert total_m / 1000.0 == pytest.approx(45.0 * 50, rel=0.15)


def test_gaps_are_empty(year: list[Session]) -> None:
    assert not [one for one in year if date(2024, 4, 1) <= one.day <= date(2024, 4, 14)]


def test_trips_are_spent_elsewhere(year: list[Session]) -> None:
    away = [one for one in year if date(2024, 7, 1) <= one.day <= date(2024, 7, 14)]

    assert away
    assert {one.place for one in away} == {1}
    assert {one.kind for one in away} <= {"easy", "long"}


def test_a_race_is_run_on_its_day_and_nothing_else(year: list[Session]) -> None:
    (race,) = [one for one in year if one.kind == "race"]

    assert [one for one in year if one.day == race.day and one.kind in RUNS] == [race]
    assert race.race is LIFE.races[0]


def test_every_kind_of_session_occurs(year: list[Session]) -> None:
    kinds = Counter(session.kind for session in year)

    assert kinds.keys() >= RUNS - {"manual"} | {"ride", "walk", "weights"}
    assert kinds["long"] >= 35


def test_sessions_are_missed_sometimes() -> None:
    always = TrainingProfile(first_day=LIFE.first_day, speeds=LIFE.speeds, weeks=LIFE.weeks, missed=0.0)
    rarely = TrainingProfile(first_day=LIFE.first_day, speeds=LIFE.speeds, weeks=LIFE.weeks, missed=0.3)

    counts = [sum(one.kind in RUNS for one in sessions(training, "key", LAST)) for training in (always, rarely)]

    assert 0.6 * counts[0] < counts[1] < 0.8 * counts[0]


def test_nobody_runs_the_day_after_a_marathon() -> None:
    marathon = Race(day=date(2024, 5, 11), name="Far", distance_m=42195.0)
    training = TrainingProfile(first_day=LIFE.first_day, speeds=LIFE.speeds, weeks=LIFE.weeks, races=(marathon,))

    after = [one for one in sessions(training, "key", LAST) if one.day == marathon.day + timedelta(days=1)]

    assert not [one for one in after if one.kind in RUNS]


def test_one_key_gives_one_year(year: list[Session]) -> None:
    assert list(sessions(LIFE, "key", LAST)) == year
    assert list(sessions(LIFE, "another", LAST)) != year


def test_values_lie_on_the_line_between_days() -> None:
    line = ((date(2024, 1, 1), 1.0), (date(2024, 1, 11), 2.0), (date(2024, 1, 21), 0.0))

    found = [interpolate(line, date(2024, 1, day)) for day in (1, 6, 11, 16, 21, 30)]

    assert [*found, interpolate(line, date(2023, 1, 1))] == pytest.approx([1.0, 1.5, 2.0, 1.0, 0.0, 0.0, 1.0])


def test_seasons_are_turned_round_in_the_south() -> None:
    assert season(date(2024, 7, 20), northern=True) > 0.9
    assert season(date(2024, 1, 20), northern=True) < -0.9
    assert season(date(2024, 7, 20), northern=False) < -0.9


def test_track_workouts_fill_the_laps_they_take() -> None:
    for number in range(40):
        name, laps, steps = choose_workout(random_stream(f"workout {number}"), 11000.0)
        total_m = sum(step.distance_m for step in steps)
        assert laps == 0 or 0.0 <= 400.0 * laps - total_m <= 400.0, name
        assert max(step.pace for step in steps) < 1.15
