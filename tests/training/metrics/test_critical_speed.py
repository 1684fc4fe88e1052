from datetime import date, timedelta
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.critical_speed import (
    RunEffort,
    critical_speed,
    maximal_efforts,
    recent_critical_speed,
)

THREE = [(1200.0, 200.0), (2400.0, 440.0), (3600.0, 680.0)]
DAY = date(2026, 5, 1)


def effort(run_id: int, distance_m: float, time_s: float, days_ago: int = 10) -> RunEffort:
    return RunEffort(run_id=run_id, day=DAY - timedelta(days=days_ago), distance_m=distance_m, time_s=time_s)


def test_three_efforts_on_a_line() -> None:
    line = critical_speed(THREE)

    assert line is not None
    assert (line.speed_mps, line.reserve_m, line.fit_r2) == pytest.approx((5.0, 200.0, 1.0))
    assert (line.efforts, line.shortest_s, line.longest_s) == (3, 200, 680)


def test_three_efforts_near_a_line() -> None:
    line = critical_speed([(1200, 225), (2400, 469), (3600, 714)])

    assert line is not None
    assert line.speed_mps == pytest.approx(4.907969, abs=1e-6)
    assert line.reserve_m == pytest.approx(96.5267, abs=1e-4)
    assert 4.94 - 3 * 0.32 < line.speed_mps < 4.94 + 3 * 0.32  # Kordi, Menzies and Galbraith 2019
    assert 123 - 3 * 58 < line.reserve_m < 123 + 3 * 58


@settings(max_examples=25)
@given(
    st.floats(2.5, 6.5),
    st.floats(0, 500),
    st.lists(st.tuples(st.floats(120, 1500), st.floats(0.94, 1.06)), min_size=3, max_size=6),
)
def test_a_line_agrees_with_numpy_and_so_do_its_gates(
    speed_mps: float, reserve_m: float, made: list[tuple[float, float]]
) -> None:
    time_s = np.array([time for time, _ in made])
    distance_m = np.array([(speed_mps * time + reserve_m) * noise for time, noise in made])

    line = critical_speed(list(zip(distance_m.tolist(), time_s.tolist(), strict=True)))

    bands = len(set(np.digitize(time_s, [240, 480, 900]).tolist()))
    if bands < 3:
        assert line is None
        return
    slope, offset = np.polyfit(time_s, distance_m, 1)
    r2 = np.corrcoef(time_s, distance_m)[0, 1] ** 2
    worst = np.max(np.abs(slope * time_s + offset - distance_m) / distance_m)
    margins = [offset - 50, 450 - offset, r2 - 0.95, 0.05 - worst]
    if min(map(abs, margins)) > 1e-6:
        assert (line is not None) == (min(margins) > 0 and slope > 0)
    if line is not None:
        assert (line.speed_mps, line.reserve_m, line.fit_r2) == pytest.approx((slope, offset, r2), rel=1e-6, abs=1e-4)


@pytest.mark.parametrize(
    "efforts",
    [
        [],
        THREE[:2],
        [*THREE[:2], (8000, 1501)],  # the third is too long an effort
        [*THREE[:2], (650, 90)],  # too short
        [*THREE[:2], (2450, 450), (2500, 460)],  # two bands alone
        [(3600, 200), (2400, 440), (1200, 680)],  # faster over more: the speed is negative
        [(1000, 250), (2000, 450), (3200, 690)],  # the reserve is negative
        [(1049, 200), (2249, 440), (3449, 680)],  # a reserve of 49 m: an even run, not three maximal efforts
        [(1451, 200), (2651, 440), (3851, 680)],  # a reserve of 451 m
        [(1200, 200), (2400, 300), (2500, 680)],  # not a line
        [(1200, 200), (2400, 440), (4200, 680), (5200, 1000)],  # r² is high, one effort lies more than 5 % off
    ],
)
def test_what_makes_no_line_is_not_known(efforts: list[tuple[float, float]]) -> None:
    assert critical_speed(efforts) is None


def test_a_line_tells_times_where_it_is_valid() -> None:
    line = critical_speed(THREE)

    assert line is not None
    assert line.time_s(5000) == pytest.approx(960)
    assert line.time_s(200) is None
    assert [line.is_valid_for(time_s) for time_s in (199, 200, 1360, 1361)] == [False, True, True, False]


def test_a_line_is_never_valid_beyond_an_hour() -> None:
    line = critical_speed([(1200, 200), (3600, 680), (7700, 1500)])

    assert line is not None
    assert line.is_valid_for(3000)
    assert not line.is_valid_for(3001)


def test_pieces_of_one_run_are_never_used_together() -> None:
    one_run = [effort(1, *pair) for pair in THREE]

    assert len(maximal_efforts(one_run, before=DAY)) == 1
    assert recent_critical_speed(one_run, before=DAY) is None


def test_three_runs_give_the_line_even_where_the_fastest_run_is_best_in_every_band() -> None:
    efforts = [effort(1, 1205, 200), effort(1, 2405, 440), effort(1, 3600, 680), effort(2, *THREE[1])]
    efforts += [effort(3, *THREE[0])]

    line = recent_critical_speed(efforts, before=DAY)

    assert line is not None
    assert (line.speed_mps, line.reserve_m) == pytest.approx((5.0, 200.0))


@pytest.mark.parametrize("days_ago", [0, 91])
def test_efforts_of_that_day_and_of_long_ago_do_not_count(days_ago: int) -> None:
    efforts = [effort(place, *pair, days_ago=days_ago) for place, pair in enumerate(THREE)]

    assert maximal_efforts(efforts, before=DAY) == []


def test_efforts_of_the_ninetieth_day_count() -> None:
    assert len(maximal_efforts([effort(1, *THREE[0], days_ago=90)], before=DAY)) == 1


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(500, 7000), st.integers(100, 1600)), max_size=9))
def test_the_choice_is_the_best_of_all_choices(made: list[tuple[int, int, int]]) -> None:
    efforts = [effort(*one) for one in made]

    chosen = maximal_efforts(efforts, before=DAY)

    def worth(choice: list[RunEffort]) -> tuple[int, float]:
        return len(choice), sum(one.distance_m / one.time_s ** (1 / 1.06) for one in choice)

    def band(time_s: float) -> int | None:
        edges = (120, 240, 480, 900, 1500)
        return min(sum(time_s >= edge for edge in edges), 4) if 120 <= time_s <= 1500 else None

    best: tuple[int, float] = (0, 0.0)
    for order in permutations(range(6), 4):  # which run each band gets; a run without an effort there leaves it empty
        choice = []
        for wanted, run_id in enumerate(order, start=1):
            fits = [one for one in efforts if one.run_id == run_id and band(one.time_s) == wanted]
            if fits:
                choice.append(max(fits, key=lambda one: worth([one])))
        best = max(best, worth(choice))
    assert worth(chosen) == pytest.approx(best)
    assert len({one.run_id for one in chosen}) == len(chosen)
