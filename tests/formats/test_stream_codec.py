"""Streams ↔ blocks."""

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.fit_writer import hour_of_running
from paceport.formats.stream_codec import HEADER, STEPS, decode, decode_streams, encode, encode_streams
from paceport.formats.tracks.read_file import read_tracks

FLOATS = st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=40)


@given(values=FLOATS)
@settings(max_examples=80, deadline=None)
def test_a_channel_of_unknown_kind_comes_back_to_the_bit(values: list[float]) -> None:
    channel = np.array(values, dtype=np.float64)

    assert decode(encode(channel, "mood")).tobytes() == channel.tobytes()


@pytest.mark.parametrize("kind", STEPS)
@given(numbers=st.lists(st.none() | st.integers(-(10**6), 10**6), max_size=40))
@settings(max_examples=25, deadline=None)
def test_values_on_the_grid_come_back_exactly_and_gaps_stay_gaps(kind: str, numbers: list[int | None]) -> None:
    numerator, denominator = STEPS[kind][-1]
    if kind == "time_s":
        numbers = [*sorted({number for number in numbers if number is not None})]
    channel = np.array([np.nan if number is None else number * numerator / denominator for number in numbers])

    np.testing.assert_array_equal(decode(encode(channel, kind)), channel)


@pytest.mark.parametrize("kind", STEPS)
@given(values=st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=40))
@settings(max_examples=25, deadline=None)
def test_other_values_come_back_within_half_the_resolution(kind: str, values: list[float]) -> None:
    numerator, denominator = STEPS[kind][-1]
    channel = np.array(sorted(values) if kind == "time_s" else values)

    assert np.abs(decode(encode(channel, kind)) - channel).max() <= numerator / denominator / 2 * 1.01


def test_milliseconds_are_no_noise_of_whole_seconds() -> None:
    assert decode(encode(np.array([0.0, 1.001, 499.999]), "time_s")).tolist() == [0, 1.001, 499.999]


def test_a_block_that_states_its_own_size_is_refused_before_memory_is_claimed() -> None:
    block = encode(np.arange(9.0), "mood")
    content = zstandard.ZstdDecompressor().decompress(block[HEADER.size :], max_output_size=72)

    with pytest.raises(ValueError, match="states a size"):
        decode(block[: HEADER.size] + zstandard.ZstdCompressor(write_content_size=True).compress(content))


def test_times_closer_than_a_millisecond_stay_apart() -> None:
    channel = np.array([0.0, 0.0001, 0.0002, 1.0])

    assert decode(encode(channel, "time_s")).tobytes() == channel.tobytes()


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e300, 2.0**60])
def test_what_does_not_fit_is_kept_exactly(value: float) -> None:
    channel = np.array([1.005, value, np.nan])

    assert decode(encode(channel, "distance_m")).tobytes() == channel.tobytes()


def test_degrees_of_a_fit_device_come_back_to_the_bit() -> None:
    channel = np.arange(-(2.0**31), 2.0**31, 12_345_677) * np.float64(180 / 2**31)

    assert decode(encode(channel, "latitude_deg")).tobytes() == channel.tobytes()


def test_an_hour_comes_back_and_takes_a_twelfth_of_its_text() -> None:
    (track,) = read_tracks(hour_of_running(seconds=1200), "x.fit")

    blocks = encode_streams(track.streams)
    back = decode_streams(blocks)

    text = sum(len(repr(np.round(channel, 7).tolist())) for channel in track.streams.channels().values())
    assert sum(map(len, blocks.values())) < text / 12
    for name, channel in track.streams.channels().items():
        np.testing.assert_allclose(back.channels()[name], channel, rtol=0, atol=1e-9)


def test_a_steady_clock_costs_next_to_nothing() -> None:
    assert len(encode(np.arange(3600.0), "time_s")) < 60


@given(place=st.integers(0, 10_000), value=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_damaged_block_gives_value_error_or_an_array(place: int, value: int, cut: bool) -> None:
    block = bytearray(encode(np.cumsum(np.linspace(0, 3, 50)), "distance_m"))
    place %= len(block)
    block[place] = value
    try:
        channel = decode(bytes(block[:place] if cut else block))
    except ValueError:
        return
    assert channel.dtype == np.float64


@pytest.mark.parametrize("block", [b"", b"\x09" * HEADER.size, b"\x01" * 40])
def test_what_is_no_block_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError, match="block"):
        decode(block)
