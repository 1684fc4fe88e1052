"""Collects what could not be read: each row separately, parts of one field together."""

from __future__ import annotations

import re
from collections import Counter

from paceport.api.models.decoding import LeftOut

_MOST_ROWS_NAMED = 50
_INDEX = re.compile(r"\[\d+\]")


class LeftOutTally:
    """Gathers what `left_out` hears; `parts` has all of it, `lines` says it."""

    def __init__(self) -> None:
        self.parts: list[LeftOut] = []

    def add(self, part: LeftOut) -> None:
        """Hear of one."""
        self.parts.append(part)

    def lines(self) -> list[str]:
        """Sentences for a person: how many rows are missing, each of them, and each odd field with a count."""
        rows = [part for part in self.parts if part.is_row]
        lines = []
        if rows:
            words = "row could not be read and is" if len(rows) == 1 else "rows could not be read and are"
            lines.append(f"{len(rows)} {words} left out:")
            lines += [f"  {_row_text(row)}" for row in rows[:_MOST_ROWS_NAMED]]
            if len(rows) > _MOST_ROWS_NAMED:
                lines.append(f"  and {len(rows) - _MOST_ROWS_NAMED} more")
        odd = [part for part in self.parts if not part.is_row]
        counts = Counter(_field(part) for part in odd)
        first = {_field(part): part for part in reversed(odd)}
        for field, count in counts.items():
            more = f"; {count - 1} more like it" if count > 1 else ""
            lines.append(f"{first[field]}{more}")
        return lines

    def as_json(self) -> list[dict[str, object]]:
        """All of it, ready for JSON."""
        return [
            {
                "id": part.item_id,
                "path": part.path,
                "expected": part.expected,
                "found": part.found,
                "is_row": part.is_row,
            }
            for part in self.parts
        ]


def _row_text(row: LeftOut) -> str:
    whose = f"id {row.item_id}" if row.item_id is not None else "a row without an id"
    return f"{whose}: {row.path} holds {row.found}, not {row.expected}"


def _field(part: LeftOut) -> str:
    return _INDEX.sub("", part.path)
