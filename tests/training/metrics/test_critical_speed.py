from datetime import date, timedelta
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.critical_speed import (
    RunEffort,
    critical_speed,
    maximal_efforts,
    recent_critical_speed,
    why_not_known,
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


def naive_line(efforts: list[RunEffort]) -> tuple[float, float] | None:
    """Critical speed and D' by M19, in the plainest way: every choice of runs is looked at, numpy fits the line."""
    bands = [(120.0, 240.0), (240.0, 480.0), (480.0, 900.0), (900.0, 1500.0 + 1e-9)]
    recent = [one for one in efforts if DAY - timedelta(days=90) <= one.day < DAY]
    in_band = [[one for one in recent if low <= one.time_s < high] for low, high in bands]
    best: tuple[tuple[int, float], list[RunEffort]] = ((0, 0.0), [])
    for choice in product(*([*band, None] for band in in_band)):
        taken = [one for one in choice if one is not None]
        if len({one.run_id for one in taken}) == len(taken):
            worth = len(taken), sum(one.distance_m * one.time_s ** (0.06 / 1.06 - 1) for one in taken)
            best = max(best, (worth, taken), key=lambda pair: pair[0])
    taken = best[1]
    if len(taken) < 3:
        return None
    time_s, distance_m = np.array([one.time_s for one in taken]), np.array([one.distance_m for one in taken])
    speed, reserve = np.polyfit(time_s, distance_m, 1)
    off = distance_m - (speed * time_s + reserve)
    r2 = 1 - float(np.sum(off**2)) / float(np.sum((distance_m - distance_m.mean()) ** 2))
    is_good = speed > 0 and 50 <= reserve <= 450 and r2 >= 0.95 and bool(np.all(np.abs(off) <= 0.05 * distance_m))
    return (float(speed), float(reserve)) if is_good else None


MADE_EFFORT = st.builds(
    lambda run_id, time_s, reserve_m, noise, days_ago: effort(
        run_id, (4.0 * time_s + reserve_m) * noise, time_s, days_ago
    ),
    st.integers(1, 4),
    st.sampled_from([119.9, 120.0, 180.0, 239.9, 240.0, 400.0, 480.0, 700.0, 900.0, 1200.0, 1500.0, 1500.1]),
    st.sampled_from([20.0, 60.0, 200.0, 440.0, 500.0]),
    st.floats(0.9, 1.0),
    st.sampled_from([0, 1, 45, 90, 91]),
)


@settings(max_examples=60)
@given(st.lists(MADE_EFFORT, max_size=9))
def test_critical_speed_and_its_reason_agree_with_the_plainest_way(efforts: list[RunEffort]) -> None:
    line, because = recent_critical_speed(efforts, before=DAY), why_not_known(efforts, before=DAY)

    expected = naive_line(efforts)

    assert (line is None) == bool(because)
    assert (None if line is None else (line.speed_mps, line.reserve_m)) == (
        None if expected is None else pytest.approx(expected, rel=1e-6)
    )


def four_efforts(*distances_m: float) -> list[RunEffort]:
    """Efforts of four runs, one in each span."""
    times_s = (150.0, 300.0, 600.0, 1200.0)
    return [effort(run, distance_m, times_s[run]) for run, distance_m in enumerate(distances_m)]


@pytest.mark.parametrize(
    ("efforts", "because"),
    [
        ([], "the last 90 days have none"),
        ([effort(1, 1000, 300)], "have them in 4 to 8 minutes alone"),
        ([effort(1, 1000, 300), effort(2, 4500, 1500)], "in 4 to 8 and 15 to 25 minutes alone"),
        # Four spans, all of one run.
        ([effort(1, 4 * time_s, time_s) for time_s in (150, 300, 600, 1200)], "minutes alone"),
        ([effort(run, 4.0 * time_s, time_s) for run, time_s in enumerate((150, 300, 600))], "(D') is 0 m, and 50 to"),
        ([effort(1, 700, 150), effort(2, 1300, 300), effort(3, 1300, 800)], "D') is"),
        ([effort(1, 1200, 150), effort(2, 1100, 300), effort(3, 1000, 800)], "not farther"),
        (four_efforts(930, 1380, 2700, 4570), "effort of 5 minutes lies 6.8 % off it"),
        (four_efforts(690, 1200, 3010, 4240), "r² is 0.941, and 0.95 is needed"),
        (four_efforts(830, 1440, 2510, 4690), ""),
    ],
)
def test_what_is_missing_for_a_critical_speed_is_said(efforts: list[RunEffort], because: str) -> None:
    found = why_not_known(efforts, before=DAY)

    assert because in found
    assert bool(because) == bool(found)
