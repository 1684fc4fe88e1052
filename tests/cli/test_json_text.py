"""JSON of many rows is written at once, and is what the json module writes with an indent of two."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.cli.output import json_text
from paceport.text import clean

TEXTS = st.text(max_size=8) | st.sampled_from(
    ["},\n    {", "},\\n    {", '"}', "\x1b[31m", "\u202eevil", "é\x7f", "\ud800"]
)
VALUES = TEXTS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.lists(st.dictionaries(st.sampled_from(["id", "name", "speed_mps"]), VALUES, min_size=1), max_size=4)


@settings(max_examples=50)
@given(ROWS)
def test_rows_come_back_as_they_were_and_indented(rows: list[dict[str, object]]) -> None:
    text = json_text(rows)

    assert json.loads(text) == rows
    assert text.count("\n") == json.dumps(rows, indent=2).count("\n")
    assert all(clean(char) == char for char in set(text) - {"\n"})
