"""Routes run again and again: found among the sandbox athlete's runs, told with the runs' own numbers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from statistics import median

import numpy as np
import pytest

from paceport.sandbox.athletes.activity import Activity
from paceport.training.history.favourite_routes import favourite_routes, routes_of
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.polyline import encode


@pytest.fixture
def outside(history: History) -> Run:
    """One run with a track."""
    return next(run for run in history.runs if run.polyline is not None and not run.is_indoor)


def over_one_route(history: History, run: Run, speeds_mps: Sequence[float | None], days: int = 7) -> History:
    """The run as often as there are speeds, one each `days` days."""
    every = tuple(
        replace(
            run,
            id=number + 1,
            start=run.start + timedelta(days=days * number),
            local_start=run.local_start + timedelta(days=days * number),
            speed_mps=speed_mps,
            adjusted_speed_mps=None,
        )
        for number, speed_mps in enumerate(speeds_mps)
    )
    return replace(history, runs=every)


def test_the_favourite_loops_of_the_sandbox_athlete_are_found(
    history: History, activities: tuple[Activity, ...]
) -> None:
    truths = {one.id: one.truth for one in activities}
    loops: dict[tuple[str, float], set[int]] = {}
    for run in history.runs:
        truth = truths[run.id]
        if truth is not None and run.polyline is not None and not run.is_indoor:
            loops.setdefault((truth.route, round(truth.distance_m, -2)), set()).add(run.id)
    often = [ids for ids in loops.values() if len(ids) >= 3]

    found = [{run.id for run in one.runs} for one in favourite_routes(history)]

    assert often
    assert all(any(ids <= group for group in found) for ids in often)
    assert all(len(group) >= 3 for group in found)


def test_the_numbers_are_those_of_the_runs(history: History) -> None:
    found = favourite_routes(history)

    assert found
    for one in found:
        assert [run.start for run in one.runs] == sorted(run.start for run in one.runs)
        assert one.length_m == median(run.distance_m or 0.0 for run in one.runs)
        assert one.best is not None
        assert one.best.speed_mps == max(run.speed_mps or 0.0 for run in one.runs)
        assert one.best_adjusted is not None
        assert one.best_adjusted.adjusted_speed_mps == max(run.adjusted_speed_mps or 0.0 for run in one.runs)
        assert all(abs((run.distance_m or 0.0) / one.length_m - 1) < 0.08 for run in one.runs)
        assert 0 <= one.reversed_runs < len(one.runs)


def test_twice_is_not_often(history: History, outside: Run) -> None:
    assert favourite_routes(over_one_route(history, outside, [3.0, 3.0])) == []
    assert len(favourite_routes(over_one_route(history, outside, [3.0, 3.0, 3.0]))) == 1


def test_the_change_over_time_is_that_of_the_runs(history: History, outside: Run) -> None:
    speeds = [3.0 + 0.1 * week * 7 / 365.25 for week in range(30)]

    (one,) = favourite_routes(over_one_route(history, outside, speeds))

    assert one.speed is not None
    assert one.speed.per_year == pytest.approx(0.1)
    assert one.speed.is_clear
    assert one.adjusted is None


@pytest.mark.parametrize(("weeks", "is_known"), [(7, False), (8, True)])
def test_with_too_few_weeks_the_change_is_not_known(history: History, outside: Run, weeks: int, is_known: bool) -> None:
    (one,) = favourite_routes(over_one_route(history, outside, [3.0 + 0.01 * week for week in range(weeks)]))

    assert (one.speed is not None) == is_known


def test_runs_without_a_pace_count_and_are_never_the_best(history: History, outside: Run) -> None:
    (one,) = favourite_routes(over_one_route(history, outside, [None, 3.0, None]))
    (none,) = favourite_routes(over_one_route(history, outside, [None, None, None]))

    assert len(one.runs) == 3
    assert one.best is one.runs[1]
    assert (none.best, none.best_adjusted, none.speed) == (None, None, None)


def test_damaged_treadmill_and_missing_tracks_have_no_route(history: History, outside: Run) -> None:
    every = over_one_route(history, outside, [3.0] * 3).runs
    short = encode(np.array([48.0, 48.001]), np.array([11.0, 11.0]))

    for changed in ({"polyline": "\x00"}, {"polyline": None}, {"is_indoor": True}, {"polyline": short}):
        odd = tuple(replace(run, **changed) for run in every)
        assert routes_of(replace(history, runs=odd)) == []
