"""The table: what it leaves out first, and that it never cuts a number."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.cli.table import KEY, Column, ColumnKind, draw_table
from paceport.cli.text_layout import cell_width

COLUMNS = [
    Column(heading="Date", kind="date", importance=KEY),
    Column(heading="km", kind="number", importance=KEY),
    Column(heading="Load", kind="number", importance=2),
    Column(heading="Climb m", kind="number", importance=3),
    Column(heading="Id", kind="id", importance=8),
    Column(heading="Name", kind="name", importance=6),
]
ROW = ["2026-11-28", "300.12", "10,287", "12,345", "98765432109876501", "Round the lake with friends"]


def test_a_wide_terminal_and_a_pipe_show_all() -> None:
    for width in (None, 90):
        drawn = draw_table(COLUMNS, [ROW], width=width)

        assert drawn.left_out == ()
        assert drawn.lines[1].split("  ")[-1] == ROW[-1]


def test_names_shrink_first() -> None:
    drawn = draw_table(COLUMNS, [ROW], width=77)

    assert drawn.left_out == ()
    assert "Round the lake with…" in drawn.lines[-1]


def test_then_the_least_important_columns_leave() -> None:
    assert draw_table(COLUMNS, [ROW], width=56).left_out == ("Load", "Climb m")
    assert draw_table(COLUMNS, [ROW], width=40).left_out == ("Load", "Climb m", "Name")
    assert draw_table(COLUMNS, [ROW], width=20).left_out == ("Load", "Climb m", "Id", "Name")


def test_then_rows_become_blocks_with_every_column() -> None:
    columns = [replace(column, importance=KEY) for column in COLUMNS]

    drawn = draw_table(columns, [ROW, ROW], width=30)

    assert drawn.left_out == ()
    assert drawn.lines.count("") == 1
    assert drawn.lines[:6] == [
        "Date:     2026-11-28",
        "km:       300.12",
        "Load:     10,287",
        "Climb m:  12,345",
        "Id:       98765432109876501",
        "Name:     Round the lake with…",
    ]


def test_headings_wrap_at_words_where_the_room_is_short() -> None:
    columns = [Column(heading="Times set", kind="number", importance=KEY)] * 3

    drawn = draw_table(columns, [["1", "2", "3"]], width=19)

    assert drawn.heading_lines == 2
    assert drawn.lines[:2] == ["Times  Times  Times", "  set    set    set"]


def test_prose_wraps_within_its_column() -> None:
    columns = [Column(heading="Id", kind="id", importance=KEY), Column(heading="Because", kind="prose", importance=KEY)]

    drawn = draw_table(columns, [["98765432109876501", "on a treadmill the distance is an estimate"]], width=45)

    assert drawn.lines[1:] == ["98765432109876501  on a treadmill the", "                   distance is an estimate"]


KINDS: tuple[ColumnKind, ...] = ("number", "id", "date", "word", "name", "prose")
TEXT = st.text(st.sampled_from("ab 漢é👍🏽"), max_size=30).map(str.strip)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.integers(1, KEY), st.integers(0, 10**17), TEXT), min_size=1, max_size=9
    ),
    st.integers(20, 120),
)
def test_no_number_is_cut_and_no_line_is_too_long(cells: list[tuple[ColumnKind, int, int, str]], width: int) -> None:
    columns = [
        Column(heading=f"Col {chr(65 + at)}", kind=kind, importance=weight)
        for at, (kind, weight, _, _) in enumerate(cells)
    ]
    row = [text if kind in ("name", "prose") else str(number) for kind, _, number, text in cells]

    drawn = draw_table(columns, [row], width=width)

    words = " ".join(drawn.lines).split()
    for column, cell in zip(columns, row, strict=True):
        if column.kind not in ("name", "prose") and column.heading not in drawn.left_out:
            assert cell in words
    assert max(map(cell_width, drawn.lines)) <= width
