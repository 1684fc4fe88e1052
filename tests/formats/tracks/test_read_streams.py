"""Raw samples → streams: times, impossible values, distance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.formats.tracks.read_streams import read_streams
from paceport.formats.tracks.sample_table import Samples
from paceport.formats.tracks.time_order import longest_increasing

NAN = float("nan")
NOON = 1_700_000_000.0


def samples(times: list[float], **channels: list[float]) -> Samples:
    return Samples(
        epoch_s=np.array(times, dtype=float),
        channels={name: np.array(values, dtype=float) for name, values in channels.items()},
    )


def test_times_count_from_the_first_sample() -> None:
    start, streams, notes = read_streams(samples([NOON, NOON + 1, NOON + 60], heartrate_bpm=[100, 101, 150]))

    assert (start, streams.time_s.tolist(), notes) == (NOON, [0, 1, 60], [])


@pytest.mark.parametrize(("stated", "first"), [(-4.0, 4.0), (5.0, 0.0), (-7200.0, 0.0)])
def test_a_stated_start_holds_when_it_is_a_little_earlier(stated: float, first: float) -> None:
    start, streams, _ = read_streams(samples([NOON, NOON + 1]), start_s=NOON + stated)

    assert streams.time_s.tolist() == [first, first + 1]
    assert start == NOON - first


def test_samples_of_one_time_are_joined_and_the_later_value_wins() -> None:
    _, streams, notes = read_streams(
        samples([NOON, NOON, NOON, NOON + 1], heartrate_bpm=[100, 110, NAN, 120], altitude_m=[NAN, NAN, 5, NAN])
    )

    assert streams.time_s.tolist() == [0, 1]
    np.testing.assert_array_equal(streams.heartrate_bpm, [110, 120])
    np.testing.assert_array_equal(streams.altitude_m, [5, NAN])
    assert "2 samples" in notes[0]


def test_a_sample_from_the_past_and_one_from_the_future_are_left_out() -> None:
    times = [NOON, NOON + 1, NOON + 9000, NOON + 2, NOON + 3, NOON - 50, NOON + 4]
    _, streams, notes = read_streams(samples(times, power_w=[0, 1, 99, 2, 3, 99, 4]))

    assert streams.time_s.tolist() == [0, 1, 2, 3, 4]
    assert streams.power_w is not None
    assert streams.power_w.tolist() == [0, 1, 2, 3, 4]
    assert "2 samples whose time ran backwards" in notes[0]


@given(st.lists(st.integers(0, 30), max_size=40))
@settings(max_examples=80, deadline=None)
def test_the_longest_increasing_series_is_increasing_and_longest(values: list[int]) -> None:
    places = longest_increasing(np.array(values, dtype=float))
    best = [1] * len(values)
    for later in range(len(values)):
        for earlier in range(later):
            if values[earlier] < values[later]:
                best[later] = max(best[later], best[earlier] + 1)

    assert len(places) == max(best, default=0)
    assert (np.diff(places) > 0).all()
    assert (np.diff(np.array(values)[places]) > 0).all()


def test_gaps_stay_and_a_jump_of_years_does_not() -> None:
    times = [NOON - 9e8, NOON - 9e8 + 1, NOON, NOON + 1, NOON + 40_000]
    start, streams, notes = read_streams(samples(times))

    assert (start, streams.time_s.tolist()) == (NOON, [0, 1, 40_000])
    assert "seven days" in notes[0]


def test_samples_without_a_time_are_left_out_with_a_note() -> None:
    _, streams, notes = read_streams(samples([NAN, NOON, float("inf")], power_w=[1, 2, 3]))

    assert streams.power_w is not None
    assert streams.power_w.tolist() == [2]
    assert notes == ["2 samples without a time were left out"]


def test_positions_off_the_globe_are_left_out_with_a_note() -> None:
    _, streams, notes = read_streams(
        samples(
            [NOON, NOON + 1, NOON + 2, NOON + 3, NOON + 4],
            latitude_deg=[46, 91, 46, float("inf"), NAN],
            longitude_deg=[7, 7, -181, 7, NAN],
        )
    )

    assert streams.latitude_deg is not None
    assert np.isnan(streams.latitude_deg).tolist() == [False, True, True, True, True]
    assert streams.longitude_deg is not None
    assert np.isnan(streams.longitude_deg).tolist() == [False, True, True, True, True]
    assert notes == ["3 positions outside the valid range were left out"]


def test_a_channel_without_any_value_is_no_channel() -> None:
    _, streams, _ = read_streams(
        samples([NOON, NOON + 1], heartrate_bpm=[0, 0], power_w=[NAN, NAN], cadence_spm=[0, 0])
    )

    assert list(streams.channels()) == ["time_s", "cadence_spm"]


def test_nothing_gives_empty_streams() -> None:
    _, streams, _ = read_streams(samples([], latitude_deg=[], longitude_deg=[]))

    assert len(streams) == 0
    assert list(streams.channels()) == ["time_s"]
