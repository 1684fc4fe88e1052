import math
import warnings
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from paceport.training.metrics.best_efforts import STANDARD_SPANS_M, best_efforts
from training.metrics.made import Channel, channel, course_of, steady, walks

JAGGED = ([0, 100, 200, 260, 360], [0, 400, 800, 1100, 1500])


def best_s(walk: tuple[object, object], span_m: float) -> float | None:
    efforts = best_efforts(course_of(*walk), [span_m])
    return efforts[0].elapsed_time_s if efforts else None


def test_a_steady_run_is_as_fast_everywhere() -> None:
    run = steady(4.0, 500)

    found = {effort.span_m: effort.elapsed_time_s for effort in best_efforts(run)}

    assert found[400.0] == 100.0
    assert found[1000.0] == 250.0
    assert set(found) == {400.0, 804.672, 1000.0, 1609.344}


def test_the_ends_of_an_effort_are_interpolated() -> None:
    assert best_s(JAGGED, 400) == 85.0
    assert best_s(JAGGED, 300) == 60.0


def test_an_effort_says_where_it_was() -> None:
    (effort,) = best_efforts(course_of(*JAGGED), [300])

    assert (effort.start_s, effort.end_s, effort.start_m) == (200, 260, 800)


def test_a_run_just_too_short_has_no_effort() -> None:
    assert best_s(([0, 1000], [0, 4999.99]), 5000) is None
    assert best_s(([0, 1000], [0, 5000]), 5000) == 1000


def test_the_clock_runs_on_in_pauses() -> None:
    assert best_s(([0, 100, 400, 500], [0, 300, 300, 600]), 600) == 500


def test_standing_before_and_after_does_not_count() -> None:
    assert best_s(([0, 60, 160, 300], [0, 0, 400, 400]), 400) == 100


@example(200 + 1.5 * math.ulp(1000), 1000 + math.ulp(1000), 20, 1, 3)  # their sum rounds past the end
@given(st.floats(0, 1e5), st.floats(0, 1e5), st.integers(0, 40), st.integers(1, 40), st.integers(0, 40))
def test_standing_round_the_whole_of_a_run_does_not_count_wherever_it_begins(
    began_m: float, end_m: float, before: int, running: int, after: int
) -> None:
    assume(end_m - began_m > 0.1)
    course = [began_m] * before + np.linspace(began_m, end_m, running + 1).tolist() + [end_m] * after

    assert best_s((range(len(course)), course), end_m - began_m) == pytest.approx(running, abs=1e-9)


@pytest.mark.parametrize("span_m", [0.0, -5.0, math.nan, math.inf])
def test_a_span_that_is_none_has_no_effort(span_m: float) -> None:
    assert best_s(([0, 100], [0, 400]), span_m) is None


def test_the_spans_are_those_people_race() -> None:
    assert len(STANDARD_SPANS_M) == 14
    assert list(STANDARD_SPANS_M) == sorted(STANDARD_SPANS_M)
    assert {400, 804.672, 1000, 1609.344, 3218.688, 5000, 10000, 15000, 16093.44, 20000, 21097.5} < set(
        STANDARD_SPANS_M
    )
    assert STANDARD_SPANS_M[-3:] == (30000, 42195, 50000)


def two_pointers(time_s: list[float], distance_m: list[float], span_m: float) -> float | None:
    """The definition, told plainly: starts on samples with the end interpolated, then ends on samples mirrored."""
    best = math.inf
    for mirrored in (False, True):
        times = [-t for t in reversed(time_s)] if mirrored else time_s
        metres = [-d for d in reversed(distance_m)] if mirrored else distance_m
        end = 0
        for start in range(len(times)):
            while end < len(times) and metres[end] - metres[start] < span_m:
                end += 1
            if end == len(times):
                break
            share = (metres[start] + span_m - metres[end - 1]) / (metres[end] - metres[end - 1])
            best = min(best, times[end - 1] + share * (times[end] - times[end - 1]) - times[start])
    return None if best == math.inf else best


@given(walks(), st.integers(1, 400))
def test_any_run_agrees_with_two_pointers(walk: tuple[Channel, Channel], span_m: int) -> None:
    expected = two_pointers(walk[0].tolist(), walk[1].tolist(), float(span_m))

    found = best_s(walk, float(span_m))

    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.sampled_from([60, 300]), st.floats(0, 2), st.integers(0, 3))
def test_a_long_run_of_any_kind_agrees_with_two_pointers(seed: int, count: int, noise: float, odd: int) -> None:
    # Blocks of samples are passed over: stops, silences and leaps must not hide the fastest stretch.
    rng = np.random.default_rng(seed)
    seconds = rng.choice([1.0, 1.0, 4.0], count)
    speed_mps = np.maximum(3 + np.sin(np.arange(count) / 40) + rng.normal(0, noise, count), 0)
    for place, length in zip(rng.integers(0, count, odd), rng.integers(1, 60, odd), strict=True):
        speed_mps[place : place + length] = rng.choice([0.0, 9.0, 40.0])
        seconds[place] = rng.choice([1.0, 300.0])
    time_s, distance_m = np.cumsum(seconds), np.round(np.cumsum(speed_mps * seconds), 2)
    spans_m = [100.0, 250.0, 400.0, float(distance_m[-1] - distance_m[0])]

    found = {one.span_m: one.elapsed_time_s for one in best_efforts(course_of(time_s, distance_m), spans_m)}

    for span_m in spans_m:
        expected = two_pointers(time_s.tolist(), distance_m.tolist(), span_m)
        if expected is not None:  # the sum of a whole run and its start may round past its end
            assert found[span_m] == pytest.approx(expected, abs=1e-6)


def tried_all(time_s: Channel, distance_m: Channel, span_m: float) -> tuple[float, float, float] | None:
    """Seconds, start in seconds and start in metres of the fastest: every sample is tried as start, then as end."""
    if not 0 < span_m <= distance_m[-1] - distance_m[0]:
        return None
    ends_m, starts_m = distance_m + span_m, distance_m - span_m
    from_s = np.interp(-np.minimum(ends_m, distance_m[-1]), -distance_m[::-1], time_s[::-1]) - time_s
    from_s[(ends_m > distance_m[-1]) & (distance_m > distance_m[0])] = math.inf
    to_s = time_s - np.interp(starts_m, distance_m, time_s)
    to_s[starts_m < distance_m[0]] = math.inf
    start, end = from_s.argmin(), to_s.argmin()
    if from_s[start] <= to_s[end]:
        return from_s[start], time_s[start], distance_m[start]
    return to_s[end], time_s[end] - to_s[end], starts_m[end]


@settings(max_examples=100)
@given(
    seed=st.integers(0, 10_000),
    count=st.sampled_from([2, 5, 17, 40, 150]),
    beat_s=st.sampled_from([0.1, 1.0]),
    began_s=st.sampled_from([0.0, -1e5]),
    cuts=st.sampled_from([0, 1, 3, 30]),
)
def test_efforts_are_those_of_trying_all_between_gaps_to_the_bit(
    seed: int, count: int, beat_s: float, began_s: float, cuts: int
) -> None:
    rng = np.random.default_rng(seed)
    steps_s = beat_s * rng.choice([1.0, 1.0, 3.7], count)
    speed_mps = np.maximum(3 + np.sin(np.arange(count) / 20) + rng.normal(0, rng.choice([0.0, 1.0]), count), 0)
    time_s, distance_m = began_s + np.cumsum(steps_s), channel(np.round(np.cumsum(speed_mps * steps_s), 1))
    course = course_of(time_s, distance_m)
    cut = np.sort(rng.choice(count - 1, min(cuts, count - 1), replace=False))
    if cuts:
        course = replace(course, gaps=np.isin(np.arange(count - 1), cut))
    from_places_m = distance_m[-1] - rng.choice(distance_m, 4)  # so that stretches end at the very end
    spans_m = [7.5, 40.0, 100.0, *from_places_m.tolist(), float(distance_m[-1] - distance_m[0])]

    found = {one.span_m: (one.elapsed_time_s, one.start_s, one.start_m) for one in best_efforts(course, spans_m)}

    for span_m in spans_m:
        each = [
            tried_all(time_s[first:end], distance_m[first:end], span_m)
            for first, end in pairwise([0, *(cut + 1).tolist(), count])
        ]
        expected = min((one for one in each if one is not None), key=lambda one: one[0], default=None)
        assert found.get(span_m) == expected


def test_of_efforts_as_fast_the_one_that_starts_on_a_sample_is_told() -> None:
    (effort,) = best_efforts(course_of([0, 100, 150], [0, 400, 600]), [500])

    assert (effort.elapsed_time_s, effort.start_s) == (125, 0)


def test_of_efforts_as_fast_before_and_after_a_gap_the_first_is_told() -> None:
    course = replace(course_of([0, 100, 200, 300], [0, 400, 400, 800]), gaps=np.array([False, True, False]))

    (effort,) = best_efforts(course, [400])

    assert (effort.elapsed_time_s, effort.start_s) == (100, 0)


def test_an_effort_over_the_whole_run_begins_with_it_whatever_rounding_says() -> None:
    span_m = 1.7 - 0.6
    assert 0.6 + span_m > 1.7

    (effort,) = best_efforts(course_of([7, 10], [0.6, 1.7]), [span_m])

    assert (effort.elapsed_time_s, effort.start_s, effort.start_m) == (3, 7, 0.6)


def test_the_fastest_at_the_very_end_starts_on_its_sample_to_the_bit() -> None:
    time_s = 0.1 * np.arange(40)
    distance_m = np.cumsum(np.where(np.arange(40) <= 16, 0.7, 1.1)).round(1)

    (effort,) = best_efforts(course_of(time_s, distance_m), [float(distance_m[-1] - distance_m[16])])

    assert (effort.start_s, effort.start_m) == (time_s[16], distance_m[16])


def test_a_span_is_told_as_a_fraction_whatever_it_was_given_as() -> None:
    (effort,) = best_efforts(steady(4.0, 200), [400])

    assert isinstance(effort.span_m, float)


@settings(max_examples=30)
@given(walks(longest=12), st.integers(1, 100))
def test_no_start_whatever_is_faster(walk: tuple[Channel, Channel], span_m: int) -> None:
    best = best_s(walk, float(span_m))
    if best is None:
        return

    total_m = float(walk[1][-1])
    for start_m in np.linspace(0, total_m - span_m, 201):
        # Just inside the span's ends, so that standing at either of them is on the runner's side.
        begin_s = np.interp(start_m, walk[1], walk[0])
        end_s = np.interp(-(start_m + span_m), -walk[1][::-1], walk[0][::-1])
        assert end_s - begin_s >= best - 1e-6


@given(walks())
def test_longer_spans_never_take_less_time(walk: tuple[Channel, Channel]) -> None:
    found = best_efforts(course_of(*walk), [50, 100, 200, 400])

    times = [effort.elapsed_time_s for effort in found]
    assert times == sorted(times)


@given(walks())
def test_an_effort_covers_its_span_between_its_ends(walk: tuple[Channel, Channel]) -> None:
    for effort in best_efforts(course_of(*walk), [50, 100]):
        # Where the runner stands, one distance has many times: the ends may lie anywhere in the stand.
        assert effort.end_s - effort.start_s == pytest.approx(effort.elapsed_time_s)
        covered_m = np.interp(effort.end_s, *walk) - np.interp(effort.start_s, *walk)
        assert covered_m == pytest.approx(effort.span_m, abs=1e-6)
        assert np.interp(effort.start_s, *walk) == pytest.approx(effort.start_m, abs=1e-6)


def test_standing_still_raises_no_warning() -> None:
    time_s, distance_m = np.arange(2000.0), np.repeat(np.arange(20.0) * 50, 100)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert best_efforts(course_of(time_s, distance_m)) != []
        assert best_efforts(course_of(time_s, channel(np.zeros(2000)))) == []
