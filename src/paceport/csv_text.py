"""CSV that a spreadsheet may open: no cell is taken for a formula, and no cell contains control characters."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from unicodedata import category

from paceport.text import clean

# A spreadsheet runs what begins so; OWASP, "CSV Injection", read November 2026. The full-width signs are taken for
# the plain ones by spreadsheets of East Asian editions, and blanks before a sign are passed over by some.
_FORMULA_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b")


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Each row as one line of CSV with its line end; give the heading as the first row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in rows:
        writer.writerow([csv_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A whole table as CSV."""
    return "".join(csv_lines([columns, *rows]))


def csv_cell(value: object) -> object:
    """A cell made safe: text that begins like a formula gets an apostrophe before it, bytes are written in hex."""
    if isinstance(value, bytes):
        return value.hex()
    if not isinstance(value, str):
        return value
    text = clean(value)
    return f"'{text}" if _first_visible(text) in _FORMULA_SIGNS else text


def _first_visible(text: str) -> str:
    """The first character that is neither a blank nor a mark without a width: "" where there is none."""
    return next((char for char in text if not (char.isspace() or (char > "\x7f" and category(char) == "Cf"))), "")
