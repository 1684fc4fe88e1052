"""Distances and durations as a runner types them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.errors import UsageError
from paceport.parse_quantities import parse_distance_m, parse_duration_s, parse_race_distance_m
from paceport.units import duration_text


@given(st.integers(60, 999 * 3600))
def test_a_duration_reads_back_as_it_was_written(seconds: int) -> None:
    assert parse_duration_s(duration_text(seconds)) == seconds


@pytest.mark.parametrize("text", ["45", "1:2", "45:60", "1:60:00", "-1:00", "", "1:00:00:00", "\uff14:00", "\u0664:00"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_duration_s(text)


@pytest.mark.parametrize(("text", "metres"), [("10km", 10_000), ("6.2 mi", 9_977.9), ("800m", 800)])
def test_a_distance_needs_its_unit(text: str, metres: float) -> None:
    assert parse_distance_m(text) == pytest.approx(metres, abs=0.1)


@pytest.mark.parametrize("text", ["10", "km", "10 miles", "-3km", "1e9km", "nankm", ""])
def test_what_is_no_distance_with_a_unit_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_distance_m(text)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("10k", 10000),
        ("5 km", 5000),
        ("400m", 400),
        ("half", 21097.5),
        ("Marathon", 42195),
        ("mile", 1609.344),
        ("2 miles", 3218.688),
        ("½ mile", 804.672),
        ("12,5km", 12500),
    ],
)
def test_distances_are_read_as_people_write_them(text: str, metres: float) -> None:
    assert parse_race_distance_m(text) == pytest.approx(metres)


@pytest.mark.parametrize("text", ["", "far", "10", "-5k", "0k", "99m", "1001km", "1e5km", "5 parsecs", "k" * 10_000])
def test_what_is_no_distance_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_race_distance_m(text)
