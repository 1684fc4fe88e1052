"""How values show themselves in Python: a short line at a prompt, a small HTML table in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from paceport.text import clean

_LONGEST_CELL = 60
_MOST_IN_A_REPR = 6


def short_repr(kind: str, fields: Iterable[tuple[str, object]]) -> str:
    """`Run(id=7, name='Morning Run', …)`: at most six fields, unknown ones left out."""
    known = [(name, value) for name, value in fields if value is not None]
    shown = [f"{name}={_cut(repr(value))}" for name, value in known[:_MOST_IN_A_REPR]]
    return f"{kind}({', '.join([*shown, *(['…'] if len(known) > _MOST_IN_A_REPR else [])])})"


def html_facts(fields: Iterable[tuple[str, object]]) -> str:
    """A table of two columns, name and value; unknown ones left out. Every text is escaped."""
    from html import escape  # a notebook alone needs it

    rows = (f"<tr><th>{escape(name)}</th>{_cell(value)}</tr>" for name, value in fields if value is not None)
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def html_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, left_out: int = 0) -> str:
    """A table with a heading; `left_out` is how many more rows there are. Every text is escaped."""
    from html import escape

    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    more = f'<tr><td colspan="{len(columns)}">… {left_out:,} more</td></tr>' if left_out else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}{more}</tbody></table>"


def _cell(value: object) -> str:
    from html import escape

    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    style = ' style="text-align: right"' if is_number else ""
    return f"<td{style}>{escape(_cut(_text(value)))}</td>"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, list | tuple | dict):
        return f"{len(value)} {'value' if len(value) == 1 else 'values'}"
    return clean(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
