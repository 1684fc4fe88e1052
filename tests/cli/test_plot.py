"""Plots of characters: within their width, true to the values, quiet about what is not known."""

import math
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.cli.analysis.tables import month_ticks
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
    lines = draw(Plot(values=list(range(0, 101, 10)), label=label), width=24, rows=4, plain=True)
    first_marks = [line.index("*") for line in lines[:4]]

    assert first_marks == sorted(first_marks, reverse=True)
    assert lines[0].lstrip().startswith("100")
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


@pytest.mark.parametrize("values", [[5.0], [5.0, math.nan, math.nan], [math.nan, 5.0, math.nan], [math.nan, 5.0]])
def test_a_value_alone_is_a_dot_at_its_place(values: list[float]) -> None:
    lines = draw(Plot(values=values, label=lambda _: ""), width=61 + 2, rows=3, plain=True)
    marks = [(row, at) for row, line in enumerate(lines) for at, mark in enumerate(line[2:]) if mark == "*"]

    assert [at for _, at in marks] == [values.index(5.0) * 60 // max(len(values) - 1, 1)]


def test_a_line_ends_where_its_last_known_value_is() -> None:
    lines = draw(Plot(values=[1.0, 1.0, math.nan, 1.0, 1.0], label=label), width=41 + 3, rows=2, plain=True)
    line = next(line for line in lines if "*" in line).split("|")[1]

    assert line == "*" * 11 + " " * 19 + "*" * 11


def test_a_steep_line_has_no_holes() -> None:
    lines = draw(Plot(values=[0.0] * 10 + [1.0] * 10, label=label), width=30, rows=6, plain=True)

    assert all("*" in line for line in lines[:6])


@pytest.mark.parametrize("bars", [True, False])
def test_means_of_many_values_fill_the_height(bars: bool) -> None:
    values = [9.0 if place == 500 else float(place % 2) for place in range(1000)]

    lines = draw(Plot(values=values, label=label, is_bars=bars), width=30, rows=4, plain=True)

    assert lines[0].split("|")[1].strip(), "the top row is empty"
    assert not any("9" in line for line in lines)


def test_ticks_that_would_touch_are_left_out() -> None:
    ticks = [(place / 20, f"tick{place:02d}") for place in range(21)]
    axis = draw(Plot(values=[1, 2], label=label, ticks=ticks), width=40)[-1]

    words = axis.split()
    assert words[0] == "tick00"
    assert all(word.startswith("tick") and len(word) == 6 for word in words)


def axis_labels(lines: list[str]) -> list[str]:
    """What is written beside the vertical axis, from the top."""
    return [line.split("|")[0].strip() for line in lines if "|" in line and line.split("|")[0].strip()]


@given(low=st.floats(-1e5, 1e5), span=st.floats(0.5, 1e5), rows=st.integers(5, 8), bars=st.booleans())
def test_the_vertical_axis_marks_round_numbers_at_even_steps(low: float, span: float, rows: int, bars: bool) -> None:
    plot = Plot(values=[low, low + span], label=lambda value: f"{value:.4f}", is_bars=bars)

    marks = [float(text) for text in axis_labels(draw(plot, width=60, rows=rows, plain=True))]

    assert 2 <= len(marks) <= rows
    steps = {round(upper - lower, 3) for upper, lower in pairwise(marks)}
    assert len(steps) == 1
    step = steps.pop()
    assert f"{step:.3e}"[0] in "125"
    assert all(abs(mark / step - round(mark / step)) < 1e-3 for mark in marks)


def test_paces_are_marked_at_round_times() -> None:
    plot = Plot(
        values=[1000 / 391, 1000 / 258],
        label=lambda speed: f"{1000 / speed // 60:.0f}:{1000 / speed % 60:02.0f}",
        pace_of_m=1000.0,
    )

    assert axis_labels(draw(plot, width=60, plain=True)) == ["4:30", "5:00", "5:30", "6:00", "6:30"]


def test_heights_in_feet_are_marked_at_round_feet() -> None:
    plot = Plot(values=[100.0, 160.0], label=lambda metres: f"{metres / 0.3048:.0f}", unit=0.3048)

    assert axis_labels(draw(plot, width=60, plain=True)) == ["500", "450", "400", "350"]


def test_a_line_shows_where_zero_is_when_values_lie_on_both_sides() -> None:
    values = [-10.0] * 50 + [10.0] * 50
    lines = draw(Plot(values=values, label=label), width=60, plain=True)
    dotted = draw(Plot(values=values, label=label), width=60)
    below = draw(Plot(values=[-5.0, -10.0] * 20, label=label, from_zero=True), width=60)
    above = draw(Plot(values=[5.0, 10.0], label=label, from_zero=True), width=60, plain=True)

    at_zero = next(line for line in lines if line.lstrip().startswith("0"))
    assert at_zero.count("-") > 50
    assert not any("--" in line for line in above)
    assert below[0].lstrip().startswith("0 ┤⠁⠁⠁")
    assert any(sum(line.count(dot) for dot in "⠁⠂⠄⡀") > 50 for line in dotted)


@given(count=st.integers(1, 200), width=st.integers(12, 140))
def test_bars_use_the_whole_width(count: int, width: int) -> None:
    lines = draw(Plot(values=[1.0] * count, label=lambda _: "1", is_bars=True), width=width, plain=True)

    assert max(map(len, lines)) >= width - 1  # a blank may follow the last bar


def test_a_wide_plot_marks_every_month_and_a_narrow_one_every_second() -> None:
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    months = [(place / 11.5, f"{name} 26") for place, name in enumerate(names)]
    plot = Plot(values=list(range(365)), label=label, ticks=months)

    shown = {width: draw(plot, width=width)[-1].replace(" 26", "").split() for width in (60, 80, 120)}

    assert shown == {60: names[::2], 80: names[::2], 120: names}


def test_a_month_is_not_written_like_a_day() -> None:
    ticks = month_ticks([date(2026, 7, 27), date(2026, 8, 3), date(2026, 8, 10)])

    assert ticks == [(0.0, "2026-07"), (0.5, "2026-08")]


@pytest.mark.parametrize(("share", "text"), [(0.0, ""), (math.nan, ""), (0.01, "▌"), (0.5, "█████"), (1.0, "█" * 10)])
def test_a_share_is_a_bar_of_that_length(share: float, text: str) -> None:
    assert share_bar(share, 10) == text
