import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.streams import Streams
from paceport.training.metrics.distance import distance_track
from paceport.training.metrics.durability import Durability, Segment, drift_ratio, durability
from paceport.training.metrics.duration_names import drift_class_text
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance
from paceport.training.metrics.heart_rate import heart_rate_intervals
from paceport.training.metrics.run_parts import durability_segments
from paceport.training.metrics.unknown import Unknown
from training.metrics.made import channel

NOTHING = float("nan")


def parts(*ratios: float) -> list[Segment]:
    """A run whose segments, the first two apart, have these ratios to kilometres 5 to 10."""
    later = [
        Segment(start_m=10_000.0 + 5000 * place, heartrate_bpm=150 * ratio, adjusted_speed_mps=3.0)
        for place, ratio in enumerate(ratios)
    ]
    first = [Segment(start_m=start_m, heartrate_bpm=150, adjusted_speed_mps=3.0) for start_m in (0.0, 5000.0)]
    return [*first, *later]


def known(segments: list[Segment]) -> Durability:
    found = durability(segments)
    assert isinstance(found, Durability)
    return found


def test_more_heartbeats_for_less_speed() -> None:
    reference = Segment(start_m=5000, heartrate_bpm=160, adjusted_speed_mps=3.4)
    later = Segment(start_m=35_000, heartrate_bpm=168, adjusted_speed_mps=3.1)

    assert drift_ratio(reference, later) == pytest.approx(1.15161, abs=5e-6)


@pytest.mark.parametrize(
    ("ratio", "name"), [(1.0999, "low"), (1.1001, "moderate"), (1.1999, "moderate"), (1.2001, "high")]
)
def test_the_last_segment_gives_the_class(ratio: float, name: str) -> None:
    assert drift_class_text(known(parts(1.5, ratio)).last_ratio) == name


@pytest.mark.parametrize(
    ("ratios", "onset_m"),
    [
        ((1.0, 1.02, 1.03, 1.05), 20_000),
        ((1.03, 1.0, 1.03), 20_000),  # once is not for good
        ((1.03, 1.04), 10_000),
        ((1.0, 1.025), None),
        ((1.05, 1.0), None),
    ],
)
def test_it_sets_in_where_it_passes_for_good(ratios: tuple[float, ...], onset_m: float | None) -> None:
    assert known(parts(*ratios)).onset_m == onset_m


@pytest.mark.parametrize(
    ("segments", "reason"),
    [
        ([], "shorter than 15 km"),
        (parts(), "shorter than 15 km"),
        (parts(1.0)[2:], "shorter than 15 km"),
        (
            [
                *parts(1.0),
                Segment(start_m=15_000, heartrate_bpm=150, adjusted_speed_mps=3, heartrate_coverage_ratio=0.89),
            ],
            "less than 90",
        ),
        ([*parts(1.0), Segment(start_m=15_000, heartrate_bpm=0, adjusted_speed_mps=3)], "no heart rate"),
        ([*parts(1.0), Segment(start_m=15_000, heartrate_bpm=150, adjusted_speed_mps=0)], "no speed"),
    ],
)
def test_each_gate_says_why(segments: list[Segment], reason: str) -> None:
    found = durability(segments)

    assert isinstance(found, Unknown)
    assert reason in found.reason


def test_the_segments_of_a_run_that_fades() -> None:
    time_s = np.arange(0.0, 6001.0)
    distance_m = np.where(time_s <= 4000, 2.5 * time_s, 10_000 + 2.5 * (time_s - 4000))
    rate = np.where(time_s <= 4000, 150.0, 165.0)
    streams = Streams(time_s=time_s, distance_m=distance_m, heartrate_bpm=rate)
    course = distance_track(streams)
    assert course is not None

    segments = durability_segments(course, heart_rate_intervals(streams, course), None)

    assert [one.start_m for one in segments] == [0, 5000, 10_000]
    assert [one.heartrate_bpm for one in segments] == pytest.approx([150, 150, 165])
    assert known(segments).last_ratio == pytest.approx(1.1)


def test_grade_adjusted_metres_and_lost_heart_rates_are_in_the_segments() -> None:
    time_s = np.arange(0.0, 4001.0)
    rate = np.where(time_s > 3000, NOTHING, 150.0)
    streams = Streams(time_s=time_s, distance_m=2.5 * time_s, heartrate_bpm=rate)
    course = distance_track(streams)
    assert course is not None
    adjusted = AdjustedDistance(distance_m=channel([0, 5000, 10_000]), adjusted_m=channel([0, 5000, 12_000]))

    segments = durability_segments(course, heart_rate_intervals(streams, course), adjusted)

    assert [one.adjusted_speed_mps for one in segments] == pytest.approx([2.5, 3.5])
    assert [one.heartrate_coverage_ratio for one in segments] == pytest.approx([1, 0.5])
    assert durability_segments(course, None, None) == []


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(100, 200), st.floats(1.5, 6)), min_size=3, max_size=9))
def test_it_agrees_with_efficiency_factors(made: list[tuple[float, float]]) -> None:
    segments = [
        Segment(start_m=5000.0 * place, heartrate_bpm=rate, adjusted_speed_mps=speed)
        for place, (rate, speed) in enumerate(made)
    ]

    found = known(segments)

    metres_a_beat = [60 * speed / rate for rate, speed in made]
    expected = [metres_a_beat[1] / later for later in metres_a_beat[2:]]
    assert [one.ratio for one in found.drifts] == pytest.approx(expected)
    above = [ratio > 1.025 for ratio in expected]
    onsets = [place for place in range(len(above)) if all(above[place:])]
    assert found.onset_m == (10_000 + 5000 * onsets[0] if onsets else None)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(2, 5), st.integers(1, 60), st.sampled_from([130, 150, 170])), min_size=4, max_size=12
    )
)
def test_the_segments_of_any_run_agree_with_a_metre_by_metre_sum(parts: list[tuple[int, int, int]]) -> None:
    speeds = np.concatenate([np.full(60 * minutes, speed) for speed, minutes, _ in parts])
    rates = np.concatenate([np.full(60 * minutes, rate) for _, minutes, rate in parts]).astype(float)
    time_s, distance_m = np.arange(len(speeds) + 1.0), np.concatenate(([0], np.cumsum(speeds)))
    streams = Streams(time_s=time_s, distance_m=distance_m.astype(float), heartrate_bpm=np.append(rates[0], rates))
    course = distance_track(streams)
    assert course is not None

    found = durability_segments(course, heart_rate_intervals(streams, course), None)

    # Each metre by itself: how long it took, and how many beats.
    seconds = np.repeat(1.0 / speeds, speeds)
    beats = np.repeat(rates / 60.0 / speeds, speeds)
    count = len(seconds) // 5000
    assert [one.start_m for one in found] == [5000.0 * place for place in range(count)]
    for place, one in enumerate(found):
        part = slice(5000 * place, 5000 * (place + 1))
        assert one.adjusted_speed_mps == pytest.approx(5000 / seconds[part].sum())
        assert one.heartrate_bpm == pytest.approx(60 * beats[part].sum() / seconds[part].sum())
