import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.csv_text import csv_cell, csv_text
from paceport.text import clean

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\u2212"


@settings(max_examples=200)
@given(
    before=st.sampled_from(["", " ", "\t", "\r\n", "\0", "\u202e", "\ufeff", "\u200b", "\u2064 "]),
    sign=st.sampled_from(SIGNS),
    rest=st.text(),
)
def test_no_text_begins_like_a_formula(before: str, sign: str, rest: str) -> None:
    cell = str(csv_cell(before + sign + rest))

    assert cell.startswith("'")
    assert clean(cell) == cell


@settings(max_examples=200)
@given(rows=st.lists(st.lists(st.one_of(st.none(), st.integers(), st.text(), st.binary()), min_size=2, max_size=2)))
def test_every_row_reads_back_as_one_row_without_control_characters(rows: list[list[object]]) -> None:
    text = csv_text(["a", "b"], rows)

    found = list(csv.reader(io.StringIO(text)))
    assert len(found) == len(rows) + 1
    assert all(clean(cell) == cell for row in found for cell in row)


def test_numbers_stay_numbers_and_plain_text_stays_as_it_is() -> None:
    assert csv_text(["a", "b"], [[-1.5, "a=b"], [None, b"\x00\xff"]]) == "a,b\n-1.5,a=b\n,00ff\n"
