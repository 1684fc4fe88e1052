import statistics
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance
from paceport.training.metrics.load_source import SOURCES, LoadSource
from paceport.training.metrics.pace_load import moving_way, stress_of_speeds
from paceport.training.metrics.training_load import (
    ActivityLoads,
    loads_on_one_scale,
    session_rpe_load,
    threshold_speed,
)
from training.metrics.made import Channel, channel, course_of, steady, walks

DAY = date(2026, 1, 1)


def activity(activity_id: int, sport: str = "Run", **by_source: float) -> ActivityLoads:
    named: dict[LoadSource, float] = {
        source: by_source[key] for source in SOURCES if (key := source.replace("-", "_")) in by_source
    }
    return ActivityLoads(activity_id=activity_id, day=DAY + timedelta(days=activity_id), sport=sport, by_source=named)


def stress_of(course: DistanceTrack, adjusted: AdjustedDistance | None, *, threshold_mps: float) -> float | None:
    way = moving_way(course, adjusted)
    return None if way is None else stress_of_speeds(way.smoothed_mps(), way.seconds, threshold_mps=threshold_mps)


def test_an_hour_at_the_threshold_is_a_hundred() -> None:
    assert stress_of(steady(4.0, 3600), None, threshold_mps=4.0) == pytest.approx(100)


def test_three_quarters_of_an_hour_below_the_threshold() -> None:
    assert stress_of(steady(4.0, 2700), None, threshold_mps=4.4) == pytest.approx(61.98, abs=0.005)


def test_grade_adjusted_speed_counts_and_standing_does_not() -> None:
    adjusted = AdjustedDistance(distance_m=channel([0, 7200]), adjusted_m=channel([0, 14400]))
    course = course_of([0, 1800, 1900, 3700], [0, 3600, 3600, 7200])

    assert stress_of(course, adjusted, threshold_mps=4.0) == pytest.approx(100)


def test_who_never_moved_has_no_pace_stress() -> None:
    assert stress_of(course_of([0, 100], [0, 1]), None, threshold_mps=4.0) is None


@settings(max_examples=25)
@given(walks())
def test_pace_stress_agrees_with_a_sum_by_hand(walk: tuple[Channel, Channel]) -> None:
    course = course_of(*walk)
    found = stress_of(course, None, threshold_mps=4.0)

    # Moving intervals by hand: a row of slow ones longer than 15 s is standing.
    steps = list(zip(np.diff(walk[0]).tolist(), np.diff(walk[1]).tolist(), strict=True))
    moving: list[tuple[float, float]] = []
    row: list[tuple[float, float]] = []
    for step in [*steps, (1.0, 1000.0)]:
        if step[1] < 0.89408 * step[0]:
            row.append(step)
            continue
        if sum(seconds for seconds, _ in row) <= 15:
            moving += row
        row = []
        moving.append(step)
    moving.pop()
    total = 0.0
    for place, (seconds, _) in enumerate(moving):
        middle = sum(s for s, _ in moving[:place]) + seconds / 2
        half = max(30.0, seconds) / 2
        window_s = window_m = at = 0.0
        for length, metres in moving:
            inside = max(0.0, min(at + length, middle + half) - max(at, middle - half))
            window_s, window_m = window_s + inside, window_m + metres * inside / length
            at += length
        total += seconds * (window_m / window_s / 4.0) ** 2
    assert found == (pytest.approx(total / 36.0) if moving else None)


def test_an_hour_at_five_is_three_hundred() -> None:
    assert session_rpe_load(5, 60) == 300


@pytest.mark.parametrize(("exertion", "minutes"), [(-1, 60), (10.5, 60), (5, 0), (float("nan"), 60), (5, float("inf"))])
def test_what_is_no_session_has_no_load(exertion: float, minutes: float) -> None:
    assert session_rpe_load(exertion, minutes) is None


def test_the_threshold_speed_says_where_it_comes_from() -> None:
    everything = threshold_speed(setting_mps=4.2, critical_mps=4.4, best_hour_mps=3.9)
    without_setting = threshold_speed(setting_mps=None, critical_mps=4.4, best_hour_mps=3.9)
    hour_alone = threshold_speed(setting_mps=None, critical_mps=None, best_hour_mps=3.9)

    assert [(one.speed_mps, one.source) for one in (everything, without_setting, hour_alone) if one is not None] == [
        (4.2, "your settings"),
        (4.4, "critical speed"),
        (3.9, "best hour"),
    ]
    assert threshold_speed(setting_mps=None, critical_mps=None, best_hour_mps=None) is None


def test_the_chosen_source_is_taken_as_it_is() -> None:
    found = loads_on_one_scale([activity(1, trimp=80, pace_stress=50)])

    assert [(one.load, one.source, one.ratio) for one in found.loads] == [(80, "trimp", 1)]


def test_another_source_is_brought_to_the_scale_by_the_median_ratio() -> None:
    both = [activity(place, trimp=2.0 * (50 + place), pace_stress=50.0 + place) for place in range(9)]
    odd = activity(20, trimp=1000, pace_stress=10)
    alone = activity(21, "Ride", pace_stress=70)

    found = loads_on_one_scale([*both, odd, alone])

    assert found.ratios["pace-stress"].ratio == pytest.approx(2)
    assert found.ratios["pace-stress"].activities == 10
    assert found.loads[-1].load == pytest.approx(140)
    assert (found.loads[-1].source, found.loads[-1].sport) == ("pace-stress", "Ride")
    assert found.coverage_ratio == 1


def test_nine_in_common_are_too_few_and_coverage_says_so() -> None:
    both = [activity(place, trimp=100, pace_stress=50) for place in range(9)]

    found = loads_on_one_scale([*both, activity(21, pace_stress=70)])

    assert found.ratios == {}
    assert found.left_out == (21,)
    assert found.coverage_ratio == pytest.approx(0.9)


def test_power_stands_in_before_pace() -> None:
    both = [activity(place, trimp=100, pace_stress=50, work=500) for place in range(10)]

    found = loads_on_one_scale([*both, activity(21, pace_stress=70, work=1000)])

    assert found.loads[-1].source == "work"
    assert found.loads[-1].load == pytest.approx(200)


@pytest.mark.parametrize(
    ("with_heart", "with_pace", "chosen"),
    [(50, 50, "trimp"), (50, 60, "trimp"), (5, 50, "pace-stress"), (0, 3, "pace-stress"), (0, 0, "trimp")],
)
def test_auto_is_heart_rate_unless_it_leaves_out_much(with_heart: int, with_pace: int, chosen: LoadSource) -> None:
    activities = [
        activity(place, trimp=80.0, pace_stress=50.0) if place < with_heart else activity(place, pace_stress=50.0)
        for place in range(with_pace)
    ]

    assert loads_on_one_scale(activities, chosen="auto").chosen == chosen


def test_time_alone_is_worth_the_median_minute_of_its_kind_of_sport() -> None:
    rides = [
        ActivityLoads(activity_id=n, day=DAY, sport="Ride", by_source={"trimp": 60.0}, minutes=60.0) for n in range(9)
    ]
    gravel = ActivityLoads(activity_id=20, day=DAY, sport="GravelRide", by_source={"trimp": 300.0}, minutes=60.0)
    bare = ActivityLoads(activity_id=21, day=DAY, sport="MountainBikeRide", minutes=30.0)
    swim = ActivityLoads(activity_id=22, day=DAY, sport="Swim", minutes=30.0)

    found = loads_on_one_scale([*rides, gravel, bare, swim])

    assert [(one.load, one.source, one.ratio) for one in found.loads if one.activity_id == 21] == [(30, "duration", 1)]
    assert found.left_out == (22,)
    assert found.per_minute["ride"].activities == 10


def test_no_activities_have_no_loads() -> None:
    found = loads_on_one_scale([])

    assert (found.loads, found.left_out, found.coverage_ratio) == ((), (), 1)


@settings(max_examples=25)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["trimp", "work", "session-rpe"]), st.floats(0, 500), max_size=3), max_size=25
    ),
    st.sampled_from(["trimp", "session-rpe"]),
)
def test_the_scale_agrees_with_a_table(rows: list[dict[LoadSource, float]], chosen: LoadSource) -> None:
    activities = [
        ActivityLoads(activity_id=place, day=DAY, sport="Run", by_source=row) for place, row in enumerate(rows)
    ]

    found = loads_on_one_scale(activities, chosen=chosen)

    expected: dict[int, float] = {}
    for place, row in enumerate(rows):
        for source in ("trimp", "work", "session-rpe"):
            ratios = [one[chosen] / one[source] for one in rows if one.get(chosen, 0) > 0 and one.get(source, 0) > 0]
            if chosen in row:
                expected[place] = row[chosen]
            elif source in row and len(ratios) >= 10 and place not in expected:
                expected[place] = row[source] * statistics.median(ratios)
    assert {one.activity_id: one.load for one in found.loads} == pytest.approx(expected)
    assert set(found.left_out) == set(range(len(rows))) - set(expected)
