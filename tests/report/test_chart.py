from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.report.chart import Scale, area, bars, dots, duration_steps, line, round_steps, stairs


def test_a_scale_puts_its_low_end_at_the_bottom() -> None:
    assert [Scale(low=10, high=20)(value) for value in (10, 15, 20)] == [100, 50, 0]


def test_a_scale_may_run_downwards_as_a_pace_does() -> None:
    assert [Scale(low=400, high=300)(value) for value in (400, 300)] == [100, 0]


def test_round_steps_are_round_and_inside() -> None:
    assert round_steps(0, 82, 4) == [0, 25, 50, 75]
    assert round_steps(-13, 27, 4) == [-10, 0, 10, 20]
    assert round_steps(5, 5) == [5]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 8))
def test_round_steps_stay_inside_and_are_few(low: float, span: float, most: int) -> None:
    steps = round_steps(low, low + span, most)

    assert len(steps) <= most + 2
    assert all(low - 1e-6 * span <= step <= low + span + 1e-6 * span for step in steps)


def test_clock_steps_are_those_of_a_clock() -> None:
    assert duration_steps(251, 431, 5) == [300, 360, 420]
    assert duration_steps(0, 3 * 86400, 4)[1] % 3600 == 0


def test_a_line_breaks_where_nothing_is_known() -> None:
    assert line([(0, 1), (1, 2), (2, None), (3, nan), (4, 5.5)]) == "M0 1L1 2M4 5.5h0"


def test_stairs_stay_at_a_height_until_the_next_point() -> None:
    assert stairs([(1, 50), (3, 20)], 9) == "M1 50H3V20H9"
    assert stairs([], 9) == ""


@pytest.mark.parametrize("path", [dots([(1, 2)]), bars([(1, 2)], 3), area([(1, 2), (3, 4)])])
def test_paths_begin_with_a_place(path: str) -> None:
    assert path.startswith("M1 ")


def test_a_bar_without_height_is_not_drawn() -> None:
    assert bars([(0, 100), (7, 50)], 6) == "M7 100V50h6V100z"
