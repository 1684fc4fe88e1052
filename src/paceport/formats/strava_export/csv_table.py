"""A table of the export, line by line: any delimiter, encodings, newlines in quotes; a bad line is one line."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from paceport.errors import FileError
from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from _csv import Reader

# Strava cuts descriptions far below this; the csv module's own limit of 128 kB would stop at a long one.
_LONGEST_CELL = 16 * 2**20
_LONGEST_LINE = 2 * _LONGEST_CELL
_MOST_NAMED = 5
_NOT_UTF8 = "some letters are not UTF-8 and were read as Windows-1252"
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What `surrogateescape` makes of bytes that are not UTF-8.
_NO_UTF8 = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """One record: where it begins in the file (the header is line 1), its cells, and why it is none, if so."""

    number: int
    cells: tuple[str, ...]
    why: str = ""


class CsvTable:
    """A table that is read anew each time it is asked for its lines, so that it need not fit into memory.

    Opening raises FileError if there is no header. `notes` grow while lines are read.
    """

    def __init__(self, open_stream: Callable[[], io.BufferedReader], name: str) -> None:
        self._open, self._name = open_stream, name
        self.notes: tuple[str, ...] = ()
        self.bytes_read = 0
        first = next(self._records(), None)
        if first is None:
            raise FileError(path=name, why="it is empty", fix="download the export again")
        if first.why:
            raise FileError(path=name, why=f"it is not a table ({first.why})", fix="download the export again")
        self.header = first.cells

    def lines(self) -> Iterator[TableLine]:
        """All lines behind the header, short ones filled with blanks, blank ones left out."""
        width = len(self.header)
        records = self._records()
        next(records, None)
        for line in records:
            missing = width - len(line.cells)
            if missing > 0 and not line.why:
                why = "a quotation mark is not closed" if any(_swallowed(cell) for cell in line.cells) else ""
                line = TableLine(number=line.number, cells=line.cells + ("",) * missing, why=why)
            yield line

    def _records(self) -> Iterator[TableLine]:
        before = csv.field_size_limit(_LONGEST_CELL)
        try:
            with self._open() as binary:
                encoding = _encoding(binary.peek(2)[:2])
                errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
                stream = io.TextIOWrapper(binary, encoding=encoding, errors=errors, newline="")
                first = stream.readline(_LONGEST_LINE)
                if first.startswith(("<!DOCTYPE", "<html", "PK")):
                    raise FileError(path=self._name, why="it is not a table", fix="download the export again")
                delimiter = max(",;\t", key=first.count)
                yield from self._parsed(csv.reader(self._text(first, stream), delimiter=delimiter))
        finally:
            csv.field_size_limit(before)

    def _text(self, first: str, stream: io.TextIOWrapper) -> Iterator[str]:
        line = first
        self.bytes_read = 0
        while line:
            self.bytes_read += len(line)
            if not line.isascii() and _NO_UTF8.search(line):
                self.notes = (_NOT_UTF8,)
                line = _NO_UTF8.sub(_windows_letter, line)
            yield line
            line = stream.readline(_LONGEST_LINE)

    @staticmethod
    def _parsed(reader: "Reader") -> Iterator[TableLine]:
        begun = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield TableLine(number=begun, cells=(), why=f"it is not a table row ({error})")
            else:
                if any(cells):
                    yield TableLine(number=begun, cells=tuple(cells))
            begun = reader.line_num + 1


def _encoding(begin: bytes) -> str:
    """That of a table which begins so: with a mark, or in UTF-16 without one, where every other byte is 0."""
    if begin in _MARKS:
        return _MARKS[begin]
    if len(begin) == 2 and begin.count(0) == 1:
        return "utf-16-le" if begin[1] == 0 else "utf-16-be"
    return "utf-8-sig"


def _windows_letter(match: re.Match[str]) -> str:
    """A byte that is not UTF-8, as the spreadsheets of Western Windows write it; the rest of its line may be UTF-8."""
    return bytes([ord(match[0]) - 0xDC00]).decode("windows-1252", "replace")


def read_table(content: bytes, name: str) -> tuple[tuple[str, ...], list[tuple[str, ...]], tuple[str, ...]]:
    """A small table whole, as (header, lines, notes); lines that are none are left out, and the notes count them.

    Raises FileError if there is no header.
    """
    table = CsvTable(lambda: io.BufferedReader(io.BytesIO(content)), name)
    lines = list(table.lines())
    bad = [f"line {line.number}: {line.why}" for line in lines if line.why]
    long = [f"line {line.number}" for line in lines if any(line.cells[len(table.header) :])]
    notes = [f"{name}: {note}" for note in table.notes]
    if bad:
        notes.append(f"{name}: {len(bad)} of {len(lines)} lines could not be read and were left out ({_few(bad)})")
    if long:
        notes.append(f"{name}: more cells than there are columns: {_few(long)}")
    return table.header, [line.cells for line in lines if not line.why], tuple(notes)


def _few(texts: Sequence[str]) -> str:
    return "; ".join(texts[:_MOST_NAMED]) + ("; …" if len(texts) > _MOST_NAMED else "")


def _swallowed(cell: str) -> bool:
    """Whether a cell holds lines that look like rows of the table: a number and a comma at their beginning."""
    return any(line[:5].isdigit() and "," in line[:14] for line in cell.split("\n")[1:])
