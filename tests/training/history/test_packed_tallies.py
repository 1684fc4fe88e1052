"""Tallies that are stored in binary say what their JSON says, and what is no tally is none."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.history.heart_rate_seconds import packed_heart_rate, parse_heart_rate_seconds
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.speed_seconds import (
    SpeedSeconds,
    SpeedSums,
    parse_speed_seconds,
    unpack_speed_seconds,
)
from training.metrics.made import time_in_zones_s

SECONDS = st.lists(st.integers(0, 4_000_000).map(lambda ms: ms / 1000), min_size=1, max_size=40)


@settings(max_examples=50)
@given(
    SECONDS,
    st.integers(30, 220),
    st.integers(0, 10_000),
    st.lists(st.integers(25, 260), min_size=1, unique=True),
    st.data(),
)
def test_packed_seconds_at_each_heart_rate_give_the_same_zones_and_loads(
    known_s: list[float], first_bpm: int, coverage: int, edges: list[int], data: st.DataObject
) -> None:
    moving_s = [data.draw(st.sampled_from([0.0, one])) for one in known_s]
    plain = {"first_bpm": first_bpm, "known_s": known_s, "moving_s": moving_s, "coverage_ratio": coverage / 10_000}
    athlete = AthleteFacts(max_bpm=190, rest_bpm=50, zone_edges_bpm=tuple(map(float, sorted(edges))))

    packed, text = parse_heart_rate_seconds(packed_heart_rate(plain)), parse_heart_rate_seconds(json.dumps(plain))

    assert packed is not None
    assert text is not None
    rates = range(first_bpm, first_bpm + len(known_s))
    assert packed.time_in_zones_s(athlete) == pytest.approx(time_in_zones_s(rates, moving_s, athlete.zone_edges_bpm))
    for one in (packed, text):
        assert one.load(athlete) == packed.load(athlete)
        assert one.edwards_load(athlete) == packed.edwards_load(athlete)
        assert one.coverage_ratio == coverage / 10_000


def test_an_edge_between_two_beats_counts_like_every_other() -> None:
    plain = {"first_bpm": 120, "known_s": [1.0, 2.0, 4.0], "moving_s": [1.0, 2.0, 4.0], "coverage_ratio": 1.0}
    heart = parse_heart_rate_seconds(packed_heart_rate(plain))

    assert heart is not None
    assert heart.time_in_zones_s(AthleteFacts(zone_edges_bpm=(120.5, 122.0))) == (1.0, 2.0, 4.0)


def test_more_than_fits_is_stored_as_text() -> None:
    assert packed_heart_rate({"first_bpm": 150, "known_s": [5e6], "moving_s": [0.0], "coverage_ratio": 1.0}) is None
    assert SpeedSeconds(first_step=1, seconds=(5e8,)).packed() is None


@settings(max_examples=50)
@given(st.integers(0, 250), st.lists(st.integers(0, 10**6).map(lambda tenths: tenths / 10), min_size=1, max_size=60))
def test_packed_seconds_at_each_speed_are_those_of_the_text(first_step: int, seconds: list[float]) -> None:
    tally = SpeedSeconds(first_step=first_step, seconds=tuple(seconds))

    assert unpack_speed_seconds(tally.packed()) == tally == parse_speed_seconds(tally.to_json())


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 520), st.lists(st.integers(0, 2**32 - 1), max_size=9)), max_size=6))
def test_sums_of_packed_tallies_are_those_of_each(made: list[tuple[int, list[int]]]) -> None:
    tallies = [
        SpeedSeconds(first_step=first_step, seconds=tuple(each / 10 for each in tenths)) for first_step, tenths in made
    ]
    sums, expected = SpeedSums(), list[float]()

    for place, one in enumerate(tallies):
        packed, text = (None, one.to_json()) if place % 3 == 2 else (one.packed(), None)
        assert sums.add(packed, text)
        one.add_to(expected)

    assert not sums.add(b"odd", "{}")
    found = list(sums.total().seconds)
    longest = max(len(found), len(expected))
    assert found + [0.0] * (longest - len(found)) == pytest.approx(expected + [0.0] * (longest - len(expected)))


@pytest.mark.parametrize("block", [b"", b"x", b"four!", b"1234", b"123456781234"])
def test_bytes_that_are_no_tally_are_none(block: bytes) -> None:
    assert parse_heart_rate_seconds(block) is None
    assert len(block) % 4 == 0 or unpack_speed_seconds(block) is None
