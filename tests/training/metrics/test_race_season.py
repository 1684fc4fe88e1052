from datetime import date, timedelta

import pytest

from paceport.training.metrics.race_season import RaceCandidate, likely_races, race_reason

FIRST = date(2026, 3, 1)


def run(number: int, title: str = "Morning run", distance_m: float = 8300.0, pace_s: float = 330.0) -> RaceCandidate:
    time_s = distance_m / 1000 * pace_s
    return RaceCandidate(
        run_id=number,
        day=FIRST + timedelta(days=number),
        title=title,
        distance_m=distance_m,
        elapsed_time_s=time_s,
        moving_time_s=time_s,
    )


JOGS = [run(number) for number in range(20)]
BESTS = {jog.run_id: [(1000.0, 320.0), (5000.0, 1640.0)] for jog in JOGS}


def test_a_fast_standard_distance_among_jogs_looks_like_a_race() -> None:
    race = run(30, distance_m=10_030.0, pace_s=280.0)

    found = likely_races([*JOGS, race], BESTS)

    assert list(found) == [30]
    assert race_reason(found[30], "10 km") == "it is 10 km long, it is about as fast as your other bests allow"


def test_a_title_and_a_distance_are_enough() -> None:
    slow = run(30, "Citylauf", distance_m=10_030.0, pace_s=340.0)

    assert list(likely_races([*JOGS, slow], BESTS)) == [30]
    assert likely_races([*JOGS, run(30, "Intervals", distance_m=10_030.0, pace_s=280.0)], BESTS) == {}


def test_its_own_bests_do_not_make_a_jog_a_race() -> None:
    jog = run(30, distance_m=10_000.0, pace_s=345.0)

    assert likely_races([*JOGS, jog], {**BESTS, 30: [(10_000.0, 3450.0)]}) == {}


@pytest.mark.parametrize("days", [-400, 400])
def test_bests_of_another_year_say_nothing(days: int) -> None:
    fast = RaceCandidate(
        run_id=99,
        day=FIRST + timedelta(days=days),
        title="Easy going",
        distance_m=5000.0,
        elapsed_time_s=1000.0,
        moving_time_s=1000.0,
    )
    race = run(30, distance_m=10_030.0, pace_s=280.0)

    assert list(likely_races([*JOGS, race, fast], {**BESTS, 99: [(5000.0, 1000.0)]})) == [30]
