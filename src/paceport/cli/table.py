"""The one table: columns drop out where the terminal is narrow, then rows become blocks; no number is ever cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from paceport.cli.text_layout import cell_width, labelled, short_name, shorten, widest_word, wrap
from paceport.lazy_dataclass import dataclass

ColumnKind = Literal["number", "id", "date", "word", "name", "prose"]
KEY = 9  # the importance of a column without which its row says nothing
_GAP = "  "
_FLUSH_RIGHT = ("number", "id")
# The least room for what may be shortened (names) or wrapped (prose): first with some comfort, then without.
_COMFORT = {"name": 20, "prose": 32}
_LEAST = {"name": 12, "prose": 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    `kind`: numbers and ids are set flush right; those, dates and words are never cut or wrapped, names are shortened
    with …, prose is wrapped at words. `importance` (1 to KEY): where the room is short, the column with the least
    leaves first, of equals the one further right; a KEY column stays.
    """

    heading: str
    kind: ColumnKind
    importance: int


def numbers(*headings: str, importance: int = 5) -> list[Column]:
    """Columns of numbers that matter alike."""
    return [Column(heading=heading, kind="number", importance=importance) for heading in headings]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableText:
    """A table drawn: the first `heading_lines` of its lines are headings; `left_out` names columns without room."""

    lines: Sequence[str]
    heading_lines: int
    left_out: tuple[str, ...]


def draw_table(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, width: int | None) -> TableText:
    """The table within `width` columns of a terminal; None: as wide as it needs to be, nothing cut or wrapped."""
    if any(column.kind == "name" for column in columns):
        rows = [
            [short_name(cell) if column.kind == "name" else cell for column, cell in zip(columns, row, strict=True)]
            for row in rows
        ]
    natural = [max(map(cell_width, cells)) for cells in zip(*rows, strict=True)] if rows else [0] * len(columns)
    if width is None:
        widths = {at: max(natural[at], cell_width(column.heading)) for at, column in enumerate(columns)}
    else:
        fitting = _fit(columns, natural, _unbroken(columns, rows, width), width)
        if fitting is None:
            return TableText(lines=list(_blocks(columns, rows, width)), heading_lines=0, left_out=())
        widths = fitting
    headings = _row_lines(columns, [column.heading for column in columns], widths, is_heading=True)
    lines = [line for row in rows for line in _row_lines(columns, row, widths)]
    left_out = (column.heading for at, column in enumerate(columns) if at not in widths)
    return TableText(
        lines=[*headings, *lines], heading_lines=len(headings), left_out=tuple(name for name in left_out if name)
    )


def _unbroken(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """The width of the widest word of each column of prose, which wrapping does not break; 0 for the others."""
    return [
        max((widest_word(row[at], width) for row in rows), default=0) if column.kind == "prose" else 0
        for at, column in enumerate(columns)
    ]


def _fit(
    columns: Sequence[Column], natural: Sequence[int], unbroken: Sequence[int], width: int
) -> dict[int, int] | None:
    """The width of each column that stays, by its place; None where not even the key columns have room."""
    kept = list(range(len(columns)))
    while kept:
        for least, headings in ((_COMFORT, False), (_LEAST, True)):
            widths = {
                at: max(_least_width(columns[at], natural[at], least, wrap_heading=headings), unbroken[at])
                for at in kept
            }
            spare = width - sum(widths.values()) - len(_GAP) * (len(kept) - 1)
            if spare >= 0:
                return _spread(widths, {at: max(natural[at], cell_width(columns[at].heading)) for at in kept}, spare)
        weakest = min(kept, key=lambda at: (columns[at].importance, -at))
        if columns[weakest].importance >= KEY:
            return None
        kept.remove(weakest)
    return None


def _least_width(column: Column, natural: int, least: dict[str, int], *, wrap_heading: bool) -> int:
    words = column.heading.split() if wrap_heading else [column.heading]
    return max(min(natural, least.get(column.kind, natural)), *map(cell_width, words), 0)


def _spread(widths: dict[int, int], wanted: dict[int, int], spare: int) -> dict[int, int]:
    """What room is left goes to the narrowest column that still wants some, a column of the terminal at a time."""
    while spare > 0:
        hungry = [at for at in widths if widths[at] < wanted[at]]
        if not hungry:
            break
        narrowest = min(hungry, key=lambda at: widths[at])
        widths[narrowest] += 1
        spare -= 1
    return widths


def _row_lines(
    columns: Sequence[Column], row: Sequence[str], widths: dict[int, int], *, is_heading: bool = False
) -> list[str]:
    """The lines of one row: one, unless prose or a heading is wrapped."""
    cells = [
        (wrap(row[at], width) if is_heading or columns[at].kind == "prose" else [shorten(row[at], width)])
        if cell_width(row[at]) > width
        else [row[at]]
        for at, width in widths.items()
    ]
    height = max(map(len, cells))
    lines = []
    for number in range(height):
        padded = []
        for (at, width), cell in zip(widths.items(), cells, strict=True):
            # Headings stand on their column: the last line of a short one beside the last of a tall one.
            place = number - (height - len(cell)) if is_heading else number
            text = cell[place] if 0 <= place < len(cell) else ""
            blank = " " * (width - cell_width(text))
            padded.append(blank + text if columns[at].kind in _FLUSH_RIGHT else text + blank)
        lines.append(_GAP.join(padded).rstrip())
    return lines


def _blocks(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Each row as lines of heading and value, a blank line between rows. Nothing is left out but empty cells."""
    beside = max(cell_width(column.heading) for column in columns) + len(": ") + 1
    room = max(width - beside, _LEAST["name"])
    for number, row in enumerate(rows):
        if number:
            yield ""
        pairs = [
            (column.heading, shorten(cell, room) if column.kind == "name" else cell)
            for column, cell in zip(columns, row, strict=True)
            if cell
        ]
        yield from labelled(pairs, width, colon=":")
