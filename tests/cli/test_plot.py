"""Plots of characters: within their width, true to the values, quiet about what is not known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.cli.plot import Plot, draw, share_bar

values_or_gaps = st.lists(st.one_of(st.just(math.nan), st.floats(-1e6, 1e6)), max_size=60)


def label(value: float) -> str:
    return f"{value:.0f}"


def heights(lines: list[str]) -> list[int]:
    """How high each column of a bar plot without labels reaches, in eighths."""
    columns = max(len(line) for line in lines)
    padded = [line.ljust(columns) for line in lines]
    return [sum(" ▁▂▃▄▅▆▇█".index(line[column]) for line in padded) for column in range(columns)]


@given(
    values=values_or_gaps, width=st.integers(1, 140), rows=st.integers(1, 8), bars=st.booleans(), plain=st.booleans()
)
def test_no_line_is_wider_than_told(values: list[float], width: int, rows: int, bars: bool, plain: bool) -> None:
    plot = Plot(values=values, label=label, ticks=((0.0, "a long tick"), (1.0, "end")), is_bars=bars)

    lines = draw(plot, width=width, rows=rows, plain=plain)

    assert all(len(line) <= width for line in lines)
    assert bool(lines) == any(math.isfinite(value) for value in values)
    assert not plain or all(line.isascii() for line in lines)


def test_a_rising_line_rises_from_the_lower_left_to_the_upper_right() -> None:
    lines = draw(Plot(values=list(range(100)), label=label), width=24, rows=4, plain=True)
    first_marks = [line.index("*") for line in lines[:4]]

    assert first_marks == sorted(first_marks, reverse=True)
    assert lines[0].lstrip().startswith("99")
    assert lines[3].lstrip().startswith("0")


def test_bars_stand_as_high_as_their_values() -> None:
    lines = draw(Plot(values=[0, 1, 2, 4], label=label, is_bars=True), width=4, rows=4)

    assert heights(lines) == [0, 8, 16, 32]


def test_the_smallest_bar_still_shows() -> None:
    lines = draw(Plot(values=[1000, 0.001], label=label, is_bars=True), width=2, rows=4)

    assert heights(lines) == [32, 1]


def test_a_gap_stays_empty() -> None:
    lines = draw(Plot(values=[1.0, math.nan, math.nan, math.nan, 1.0], label=label), width=5, rows=2, plain=True)

    assert next(line for line in lines if "*" in line) == "*   *"


def test_a_lone_value_among_gaps_is_seen_at_any_width() -> None:
    plot = Plot(values=[math.nan, 5.0, math.nan], label=label)

    assert all(any("*" in line for line in draw(plot, width=width, plain=True)) for width in range(1, 60))


def test_a_steep_line_has_no_holes() -> None:
    lines = draw(Plot(values=[0.0] * 10 + [1.0] * 10, label=label), width=30, rows=6, plain=True)

    assert all("*" in line for line in lines[:6])


def test_ticks_that_would_touch_are_left_out() -> None:
    ticks = [(place / 20, f"tick{place:02d}") for place in range(21)]
    axis = draw(Plot(values=[1, 2], label=label, ticks=ticks), width=40)[-1]

    words = axis.split()
    assert words[0] == "tick00"
    assert all(word.startswith("tick") and len(word) == 6 for word in words)


@pytest.mark.parametrize(("share", "text"), [(0.0, ""), (math.nan, ""), (0.01, "▌"), (0.5, "█████"), (1.0, "█" * 10)])
def test_a_share_is_a_bar_of_that_length(share: float, text: str) -> None:
    assert share_bar(share, 10) == text
