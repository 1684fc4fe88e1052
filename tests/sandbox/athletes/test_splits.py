"""Parts add up to the whole; best efforts are the best by brute force."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from paceport.sandbox.athletes import activity_parts
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.recording_builder import recording_from_samples
from paceport.sandbox.athletes.splits import MILE_M, best_efforts, laps, splits


@pytest.fixture(scope="module")
def runs(population: Population) -> list[Activity]:
    """Some of everything that has a distance, of everybody."""
    chosen = [one for person in population.people for one in population.activities(person.id)[::41]]
    return [one for one in chosen if one.recording is not None and one.recording.has_distance]


def uneven(seed: int, count: int = 900) -> Recording:
    rng = random_stream(f"uneven {seed}")
    time_s, distance_m = [0], [0.0]
    for _ in range(count):
        step = rng.choice((1, 1, 1, 2, 5))
        time_s.append(time_s[-1] + step)
        distance_m.append(distance_m[-1] + step * rng.uniform(1.0, 5.0))
    return recording_from_samples(time_s=time_s, distance_m=distance_m)


@pytest.mark.parametrize("unit_m", [1000.0, MILE_M])
def test_splits_add_up_to_the_whole(runs: list[Activity], unit_m: float) -> None:
    for activity in runs:
        assert activity.recording is not None
        found = splits(activity.recording, unit_m)
        figures = activity.summary
        assert sum(one.distance_m for one in found) == pytest.approx(figures.distance_m, abs=0.05)
        assert sum(one.elapsed_time_s for one in found) == figures.elapsed_time_s
        assert sum(one.moving_time_s for one in found) == figures.moving_time_s
        assert len(found) == int(np.ceil(figures.distance_m / unit_m))


def test_all_splits_but_the_last_are_whole(runs: list[Activity]) -> None:
    for activity in runs:
        assert activity.recording is not None
        step_m = float(np.diff(activity.recording.distance_m, prepend=0.0).max())
        assert all(abs(one.distance_m - 1000.0) <= step_m + 0.1 for one in splits(activity.recording)[:-1])


def test_laps_cover_the_whole_and_share_their_ends(runs: list[Activity]) -> None:
    for activity in runs:
        assert activity.recording is not None
        found, figures = activity_parts.laps(activity), activity.summary
        assert (found[0].start_index, found[-1].end_index) == (0, len(activity.recording) - 1)
        assert all(one.end_index == other.start_index for one, other in pairwise(found))
        assert sum(one.distance_m for one in found) == pytest.approx(figures.distance_m, abs=0.05)
        assert sum(one.moving_time_s for one in found) == figures.moving_time_s
        assert sum(one.elapsed_time_s for one in found) == figures.elapsed_time_s


def test_intervals_show_in_the_laps(population: Population) -> None:
    name = "6 \u00d7 800 m"
    workout = next(one for one in population.activities(population.people[0].id) if one.name == name)

    found = activity_parts.laps(workout)

    fast = [one for one in found if one.distance_m == pytest.approx(800.0, abs=8.0)]
    assert len(found) == 14
    assert len(fast) == 6
    slowest = min(one.average_speed_mps for one in fast)
    assert all(one.average_speed_mps < slowest for one in found if one not in fast)


def best_by_force(time_s: Sequence[int], distance_m: Sequence[float], span_m: float) -> int:
    return min(
        time_s[last] - time_s[first]
        for first in range(len(time_s))
        for last in range(first, len(time_s))
        if distance_m[last] - distance_m[first] >= span_m - 1e-6
    )


@pytest.mark.parametrize("seed", range(3))
def test_best_efforts_are_the_best_by_brute_force(seed: int) -> None:
    recording = uneven(seed, 400)
    time_s, distance_m = recording.time_s.tolist(), recording.distance_m.tolist()

    for effort in best_efforts(recording)[:4]:
        span_m = {"400m": 400.0, "1/2 mile": 804.672, "1K": 1000.0, "1 mile": MILE_M}[effort.name]
        assert effort.elapsed_time_s == best_by_force(time_s, distance_m, span_m)
        assert distance_m[effort.end_index] - distance_m[effort.start_index] >= span_m - 1e-6
        assert time_s[effort.end_index] - time_s[effort.start_index] == effort.elapsed_time_s


def test_a_steady_run_is_equally_fast_everywhere() -> None:
    recording = recording_from_samples(time_s=list(range(501)), distance_m=[4.0 * s for s in range(501)])

    found = {one.name: one.elapsed_time_s for one in best_efforts(recording)}

    assert found == {"400m": 100, "1/2 mile": 202, "1K": 250, "1 mile": 403}


def test_distances_that_were_not_covered_have_no_effort() -> None:
    recording = recording_from_samples(time_s=[0, 130], distance_m=[0.0, 399.9])

    assert best_efforts(recording) == ()


def test_a_run_of_exactly_the_distance_has_the_effort() -> None:
    recording = recording_from_samples(
        time_s=list(range(0, 1001, 10)), distance_m=[float(s) for s in range(0, 1001, 10)]
    )

    assert best_efforts(recording)[-1].name == "1K"


def test_efforts_grow_longer_with_distance(runs: list[Activity]) -> None:
    for activity in runs:
        assert activity.recording is not None
        times = [one.elapsed_time_s for one in best_efforts(activity.recording)]
        assert times == sorted(times)


def test_without_distance_there_are_no_splits() -> None:
    assert splits(recording_from_samples(time_s=list(range(100)), heartrate_bpm=[100] * 100)) == ()
    assert len(laps(recording_from_samples(time_s=list(range(100)), heartrate_bpm=[100] * 100))) == 1


def test_uphill_splits_are_worth_more_than_their_speed() -> None:
    recording = recording_from_samples(
        time_s=list(range(1001)), distance_m=[2.0 * s for s in range(1001)], altitude_m=[0.2 * s for s in range(1001)]
    )

    first, second = splits(recording)

    assert first.average_speed_mps == 2.0
    assert second.grade_adjusted_speed_mps == pytest.approx(2.95, abs=0.06)  # 10 %: 1.475 times
    assert first.elevation_difference_m == 100.0
