"""Text in terminal columns: nothing that may be copied is broken, no number is cut, no character is torn."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.cli.text_layout import cell_width, clusters, labelled, short_name, shorten, wrap

FAMILY, FLAG, ACCENT = "👨‍👩‍👧‍👦", "🇩🇪", "e\u0301"
WORDS = st.sampled_from(
    [
        "run",
        "1,234,567",
        "2026-11-28",
        "12:34:56",
        "/a/long/path/of/a/file",
        "東京湾一周",
        FAMILY,
        FLAG,
        ACCENT,
        "km",
        "-7",
    ]
)
TEXTS = st.lists(WORDS, max_size=20).map(" ".join)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Morning Run", 20, "Morning Run"),
        ("Morning Run", 8, "Morning…"),
        ("Lap 12345 of the lake", 8, "Lap…"),
        ("Lap 12345 of the lake", 10, "Lap…"),
        ("Lap 12345 of the lake", 13, "Lap 12345 of…"),
        ("10 km on 2026-11-28", 15, "10 km on…"),
        ("東京湾一周", 5, "東京…"),
        (FAMILY + FAMILY, 9, FAMILY + "…"),
    ],
)
def test_a_name_is_shortened_between_characters_and_before_a_number(text: str, width: int, shown: str) -> None:
    assert shorten(text, width) == shown


@settings(max_examples=100)
@given(TEXTS, st.integers(1, 60))
def test_what_is_shortened_fits_and_ends_beside_no_digit(text: str, width: int) -> None:
    shown = shorten(text, width)

    assert cell_width(shown) <= max(width, 1)
    assert not re.search(r"\d…", shown)
    if shown != text:
        assert text.startswith(shown[:-1])
        assert "".join(clusters(text)) == text


@settings(max_examples=100)
@given(TEXTS, st.integers(8, 60))
def test_wrapping_loses_nothing_and_breaks_no_word(text: str, width: int) -> None:
    lines = wrap(text, width)

    assert "".join("".join(lines).split()) == "".join(text.split())
    for word in text.split():
        if word.isascii():
            assert any(word in line.split() for line in lines)
    assert all(cell_width(line) <= width or len(line.split()) == 1 for line in lines)


def test_a_command_stays_on_one_line() -> None:
    command = "paceport import export.zip"

    lines = wrap(f"Your own export keeps them for as long as you like: {command}", 30)

    assert command in lines


def test_a_command_that_ends_the_text_is_never_broken() -> None:
    command = f"paceport logbook --remove {10**16}"

    assert wrap(f"To do: {command}", 20)[-1] == command


def test_a_path_is_never_broken() -> None:
    path = "/media/watch/a/folder/with/a/long/name/98765432109876501.fit.gz"

    assert path in wrap(f"Written: {path} (3 runs)", 20)
    assert path in list(labelled([("settings", path)], 20))


def test_a_word_of_wide_characters_wraps_between_them() -> None:
    assert wrap("東京湾一周と富士山", 8) == ["東京湾一", "周と富士", "山"]


def test_items_of_a_list_hang_below_their_text() -> None:
    assert wrap("  - keep it for seven days", 16) == ["  - keep it for", "    seven days"]


@pytest.mark.parametrize("width", [20, 40, 60])
def test_values_stand_beside_their_names_or_below(width: int) -> None:
    pairs = [("Distance", "300.12 km"), ("Run id", "98765432109876501"), ("Note", "what was repaired " * 5)]

    lines = list(labelled(pairs, width))

    assert max(map(cell_width, lines)) <= width
    assert any("98765432109876501" in line for line in lines)


def test_a_name_made_to_harm_is_shortened_for_a_pipe_too() -> None:
    assert short_name("x" * 255) == "x" * 255
    assert len(short_name("x" * 10_000)) <= 255
    assert short_name("1" * 10_000) == "…"
