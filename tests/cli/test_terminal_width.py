"""How wide a terminal is taken to be."""

import io

import pytest

from paceport.cli.terminal_width import terminal_columns


@pytest.mark.parametrize(
    ("columns", "width"), [("60", 60), ("7", 20), ("0", 100), ("wide", 100), ("-5", 100), ("²", 100), ("", 100)]
)
def test_columns_decides_where_it_is_a_number(columns: str, width: int) -> None:
    assert terminal_columns({"COLUMNS": columns}, io.StringIO()) == width
