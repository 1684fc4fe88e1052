"""Streams from samples, and the figures that follow from them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.sandbox.athletes.geometry import along_track_m
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.recording_builder import recording_from_samples
from paceport.sandbox.athletes.recording_summary import summarize_recording


def steady(seconds: int = 600, speed_mps: float = 3.0) -> Recording:
    return recording_from_samples(
        time_s=list(range(seconds + 1)), distance_m=[speed_mps * second for second in range(seconds + 1)]
    )


def with_stop(stop_s: int) -> Recording:
    """Ten minutes at 3 m/s, a stop, ten minutes more."""
    distance_m = [3.0 * s for s in range(601)] + [1800.0] * stop_s + [1800.0 + 3.0 * s for s in range(1, 601)]
    return recording_from_samples(time_s=list(range(len(distance_m))), distance_m=distance_m)


@pytest.mark.parametrize(("stop_s", "moving_time_s"), [(60, 1200), (16, 1200), (15, 1215), (10, 1210)])
def test_only_stops_of_more_than_15_seconds_are_taken_out(stop_s: int, moving_time_s: int) -> None:
    figures = summarize_recording(with_stop(stop_s))

    assert figures.elapsed_time_s == 1200 + stop_s
    assert figures.moving_time_s == moving_time_s


def test_a_gap_without_progress_is_a_stop() -> None:
    recording = recording_from_samples(
        time_s=[*range(101), *range(400, 501)],
        distance_m=[*(3.0 * s for s in range(101)), *(300.0 + 3.0 * s for s in range(101))],
    )

    assert summarize_recording(recording).moving_time_s == 200
    assert not recording.moving[101]


def test_times_start_at_zero_and_rise() -> None:
    recording = recording_from_samples(
        time_s=[100.0, 101.0, 101.2, 101.1, 103.0, 102.0, 104.0], distance_m=[0, 3, 4, 4, 9, 9, 12]
    )

    assert recording.time_s.tolist() == [0, 1, 3, 4]
    assert recording.distance_m.tolist() == [0.0, 3.0, 9.0, 12.0]


def test_missing_samples_take_the_value_before_them() -> None:
    recording = recording_from_samples(
        time_s=[0, 1, 2, 3], distance_m=[0, 3, 6, 9], heartrate_bpm=[None, 120, None, 122], watts=[None] * 4
    )

    assert recording.heartrate_bpm is not None
    assert recording.heartrate_bpm.tolist() == [120, 120, 120, 122]
    assert recording.watts is None


def test_distance_that_falls_back_stays_where_it_was() -> None:
    recording = recording_from_samples(time_s=[0, 1, 2, 3], distance_m=[5.0, 8.0, 7.0, 11.0])

    assert recording.distance_m.tolist() == [0.0, 3.0, 3.0, 6.0]


def test_without_distance_it_is_measured_along_the_track() -> None:
    track = [(51.5 + 0.0001 * step, 0.0) for step in range(11)]

    recording = recording_from_samples(time_s=list(range(0, 44, 4)), latlng=track)

    assert recording.distance_m[-1] == pytest.approx(111.2, abs=0.05)


def test_a_known_distance_between_cities_is_found() -> None:
    lyon_paris = np.array([(45.7597, 4.8422), (48.8567, 2.3508)])

    assert along_track_m(lyon_paris)[-1] == pytest.approx(392217.26, abs=1.0)


def test_without_any_distance_the_time_counts_as_moving() -> None:
    recording = recording_from_samples(time_s=list(range(601)), heartrate_bpm=[90] * 601)

    assert not recording.has_distance
    assert summarize_recording(recording).moving_time_s == 600
    assert summarize_recording(recording).average_speed_mps == 0.0


def test_streams_are_rounded_as_they_are_printed() -> None:
    recording = recording_from_samples(
        time_s=[0, 1, 2],
        distance_m=[0.0, 3.14159, 6.6666],
        latlng=[(59.123456789, 15.987654321)] * 3,
        altitude_m=[10.123, 10.27, 10.31],
        heartrate_bpm=[120.4, 120.6, 121.0],
    )

    assert recording.distance_m.tolist() == [0.0, 3.1, 6.7]
    assert recording.latlng is not None
    assert recording.latlng[0].tolist() == [59.123457, 15.987654]
    assert recording.altitude_m is not None
    assert recording.altitude_m.tolist() == [10.2, 10.2, 10.4]
    assert recording.heartrate_bpm is not None
    assert recording.heartrate_bpm.tolist() == [120, 121, 121]


def test_streams_cannot_be_written_to() -> None:
    recording = steady()

    with pytest.raises(ValueError, match="read-only"):
        recording.distance_m[0] = 1.0


def test_laps_begin_at_the_sample_of_their_time() -> None:
    recording = recording_from_samples(
        time_s=list(range(1000, 1101)), distance_m=[3.0 * s for s in range(101)], lap_times_s=[1000, 1040, 1070, 5000]
    )

    assert recording.lap_starts == (0, 40, 70)


def test_a_file_without_samples_is_refused() -> None:
    with pytest.raises(ValueError, match="samples"):
        recording_from_samples(time_s=[])


def test_channels_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="2 samples"):
        recording_from_samples(time_s=[0, 1, 2], heartrate_bpm=[100, 101])


def test_a_steady_slope_is_a_steady_grade() -> None:
    recording = recording_from_samples(
        time_s=list(range(400)), distance_m=[3.0 * s for s in range(400)], altitude_m=[0.15 * s for s in range(400)]
    )

    assert recording.grade_percent[50:350] == pytest.approx(5.0, abs=0.6)


numbers = st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(float("nan")), st.just(float("inf")))
places = st.one_of(st.none(), st.tuples(st.floats(-90, 90), st.floats(-180, 180)))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(numbers, numbers, places, numbers, numbers), min_size=1, max_size=40),
    lap_times_s=st.lists(st.floats(-1e6, 1e6), max_size=4),
)
def test_whatever_a_file_holds_becomes_a_consistent_recording_or_is_refused(
    rows: list[tuple[float | None, float | None, tuple[float, float] | None, float | None, float | None]],
    lap_times_s: list[float],
) -> None:
    time_s, distance_m, latlng, altitude_m, heartrate_bpm = (list(channel) for channel in zip(*rows, strict=True))
    if not any(value is not None and np.isfinite(value) for value in time_s):
        with pytest.raises(ValueError, match="times"):
            recording_from_samples(time_s=time_s, distance_m=distance_m)
        return

    recording = recording_from_samples(
        time_s=time_s,
        distance_m=distance_m,
        latlng=latlng,
        altitude_m=altitude_m,
        heartrate_bpm=heartrate_bpm,
        lap_times_s=lap_times_s,
    )

    figures = summarize_recording(recording)
    assert recording.time_s[0] == 0
    assert (np.diff(recording.time_s) > 0).all()
    assert (np.diff(recording.distance_m) >= 0).all()
    assert 0 <= figures.moving_time_s <= figures.elapsed_time_s
    assert all(0 <= start < len(recording) for start in recording.lap_starts)
