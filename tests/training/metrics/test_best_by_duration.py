from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.streams import Streams
from paceport.training.metrics.best_by_duration import best_means
from paceport.training.metrics.best_minute import best_minute_bpm
from paceport.training.metrics.best_speeds import best_speeds
from paceport.training.metrics.distance import distance_track
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance
from paceport.training.metrics.heart_rate import heart_rate_intervals
from paceport.training.metrics.pace_duration_curve import RunBestSpeed, pace_duration_curve
from training.metrics.made import Channel, channel, course_of, steady, walks

NOTHING = float("nan")
DAY = date(2026, 3, 1)


def best(time_s: object, total: object, duration_s: float) -> float | None:
    found = best_means(channel(time_s), channel(total), durations_s=(duration_s,))
    return found[0].mean_per_s if found else None


def total_at(walk: tuple[Channel, Channel], at_s: float) -> float:
    """What was added up until a moment, by hand."""
    times, totals = walk[0].tolist(), walk[1].tolist()
    place = max(index for index in range(len(times) - 1) if times[index] <= at_s)
    share = (at_s - times[place]) / (times[place + 1] - times[place])
    return float(totals[place] + share * (totals[place + 1] - totals[place]))


def test_a_steady_run_is_as_fast_over_every_duration() -> None:
    found, adjusted = best_speeds(steady(3.0, 700), None)

    assert [one.duration_s for one in found] == [15, 30, 60, 120, 300, 600]
    assert [one.mean_per_s for one in found] == pytest.approx([3.0] * 6)
    assert adjusted == []


def test_the_ends_may_lie_between_samples() -> None:
    assert best([0, 100, 160, 260], [0, 400, 700, 1100], 80) == pytest.approx((300 + 80) / 80)


@settings(max_examples=25)
@given(walks(), st.integers(1, 400))
def test_no_start_on_a_fine_grid_is_better(walk: tuple[Channel, Channel], duration_s: int) -> None:
    found = best(*walk, duration_s)

    total_s = int(walk[0][-1])
    if duration_s > total_s:
        assert found is None
        return
    starts = [half / 2 for half in range(2 * (total_s - duration_s) + 1)]
    gains = [total_at(walk, start + duration_s) - total_at(walk, start) for start in starts]
    # Whole seconds are a fine enough grid: the best stretch has an end on a sample, and samples lie on whole seconds.
    assert found == pytest.approx(max(gains) / duration_s)


@settings(max_examples=25)
@given(walks(), st.integers(1, 400))
def test_samples_between_whole_seconds_give_the_same(walk: tuple[Channel, Channel], duration_s: int) -> None:
    whole, between = best(*walk, duration_s), best(walk[0] + 0.25, walk[1], duration_s)

    assert between == (None if whole is None else pytest.approx(whole))


def test_nothing_lies_across_a_gap() -> None:
    time_s, total = channel([0, 10, 20, 30, 50]), channel([0, 10, 1000, 1010, 1030])
    gaps = np.array([False, True, False, False])

    found = best_means(time_s, total, durations_s=(10, 30, 40), gaps=gaps)

    assert [(one.duration_s, one.mean_per_s, one.start_s) for one in found] == [(10, 1, 0), (30, 1, 20)]


def test_a_duration_of_all_of_it_is_found() -> None:
    assert best([0.1, 0.3, 0.7], [0, 1, 2], 0.7 - 0.1) == pytest.approx(2 / 0.6)
    assert best([0, 1], [0, 1], 0) is None


def test_metres_and_grade_adjusted_metres_are_counted_apart() -> None:
    course = steady(3.0, 100)
    adjusted = AdjustedDistance(distance_m=channel([0, 300]), adjusted_m=channel([0, 360]))

    raw, worth = best_speeds(course, adjusted, durations_s=(60,))

    assert [one.mean_per_s for one in (*raw, *worth)] == pytest.approx([3.0, 3.6])


def test_the_hardest_minute_needs_every_second() -> None:
    time_s = np.arange(0.0, 301.0)
    rate = np.where((time_s > 100) & (time_s <= 160), 180.0, 120.0)
    streams = Streams(time_s=time_s, heartrate_bpm=rate)
    lost = Streams(time_s=time_s, heartrate_bpm=np.where(time_s == 130, NOTHING, rate))

    assert best_minute_bpm(heart_rate_intervals(streams, distance_track(streams))) == pytest.approx(180)
    found = best_minute_bpm(heart_rate_intervals(lost, None))
    assert found == pytest.approx((30 * 180 + 30 * 120) / 60)
    assert best_minute_bpm(None) is None
    short = Streams(time_s=time_s[:50], heartrate_bpm=rate[:50])
    assert best_minute_bpm(heart_rate_intervals(short, None)) is None


@settings(max_examples=25)
@given(st.lists(st.sampled_from([NOTHING, 0.0, 90.0, 120.0, 150.0, 180.0]), min_size=2, max_size=150))
def test_the_hardest_minute_agrees_with_trying_every_second(rates: list[float]) -> None:
    # Three second samples, so that a minute may begin and end between two of them.
    streams = Streams(time_s=channel(np.arange(len(rates)) * 3.0), heartrate_bpm=channel(rates))
    seconds = [rate for rate in rates[1:] for _ in range(3)]

    found = best_minute_bpm(heart_rate_intervals(streams, None))

    windows = [seconds[start : start + 60] for start in range(len(seconds) - 59)]
    whole = [sum(window) / 60 for window in windows if all(rate >= 25 for rate in window)]
    assert found == (pytest.approx(max(whole)) if whole else None)


def one(run_id: int, days: int, duration_s: float, speed_mps: float) -> RunBestSpeed:
    return RunBestSpeed(run_id=run_id, day=DAY + timedelta(days=days), duration_s=duration_s, speed_mps=speed_mps)


def test_each_season_has_its_curve_and_ties_stay_with_the_first() -> None:
    bests = [one(3, 400, 60, 5.0), one(2, 1, 60, 5.0), one(2, 1, 15, 6.0), one(1, 0, 60, 4.0)]

    curve = pace_duration_curve(bests)

    assert list(curve.seasons) == ["2026", "2027"]
    assert [best.run_id for best in curve.overall.values()] == [2, 2]
    assert list(curve.overall) == [15, 60]
    assert curve.seasons["2027"][60].run_id == 3


def test_what_nobody_can_run_is_on_no_curve() -> None:
    curve = pace_duration_curve([one(1, 0, 60, 12.0), one(1, 0, 3600, 3.0)])

    assert list(curve.overall) == [3600]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(0, 900), st.sampled_from([60.0, 600.0]), st.floats(1, 5)), max_size=12
    )
)
def test_the_curve_of_all_is_the_best_of_the_seasons(made: list[tuple[int, int, float, float]]) -> None:
    curve = pace_duration_curve([one(*each) for each in made])

    for duration_s in (60.0, 600.0):
        speeds = [speed for _, _, duration, speed in made if duration == duration_s]
        seasons = [
            curve.seasons[name][duration_s].speed_mps for name in curve.seasons if duration_s in curve.seasons[name]
        ]
        assert (duration_s in curve.overall) == bool(speeds)
        if speeds:
            assert curve.overall[duration_s].speed_mps == max(speeds) == max(seasons)


def test_a_course_with_a_leap_has_no_best_across_it() -> None:
    assert best_speeds(course_of([0, 10], [0, 30]), None, durations_s=(15,)) == ([], [])
