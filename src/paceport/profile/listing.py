"""A list of runs or activities that becomes a data frame in one line and shows itself as a table in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar, overload

from paceport.notebook import html_table

_MOST_SHOWN = 20


class Listed(Protocol):
    """What a listing holds: a value that gives its fields as a dict."""

    def to_dict(self) -> dict[str, object]:
        """The fields by name."""
        ...


Row = TypeVar("Row", bound=Listed, covariant=True)  # nothing of a listing can be changed


class Listing(Sequence[Row]):
    """Values of one kind, newest first: a sequence that cannot be changed.

    `to_dicts()` is what pandas, Polars and pyarrow make a table of. A notebook shows the first twenty as a table.
    """

    __slots__ = ("_columns", "_noun", "_rows")

    def __init__(self, rows: Iterable[Row], *, noun: str, columns: Sequence[str]) -> None:
        self._rows = tuple(rows)
        self._noun = noun
        self._columns = tuple(columns)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Listing[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Listing[Row]:
        if isinstance(at, slice):
            return Listing(self._rows[at], noun=self._noun, columns=self._columns)
        return self._rows[at]

    def __len__(self) -> int:
        return len(self._rows)

    def to_dicts(self) -> list[dict[str, object]]:
        """Each value's fields by name, in order."""
        return [row.to_dict() for row in self._rows]

    def __repr__(self) -> str:
        days = [_day(row) for row in (*self._rows[:1], *self._rows[-1:])]
        span = f", {days[-1]} to {days[0]}" if days and None not in days else ""
        return f"<{len(self):,} {self._noun}{span}>"

    def _repr_html_(self) -> str:
        shown = self._rows[:_MOST_SHOWN]
        cells = ([getattr(row, name) for name in self._columns] for row in shown)
        return html_table(self._columns, cells, left_out=len(self) - len(shown))


def _day(row: object) -> date | None:
    moment = getattr(row, "local_start", None) or getattr(row, "start_local", None) or getattr(row, "start", None)
    return moment.date() if isinstance(moment, datetime) else None
