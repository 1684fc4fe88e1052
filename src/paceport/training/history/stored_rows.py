"""Rows of numbers that are stored as JSON."""

from __future__ import annotations

import json


def stored_rows(text: str | None, width: int) -> list[list[float]]:
    """Stored rows of so many numbers; none of what cannot be read."""
    try:
        rows = json.loads(text) if text else []
        return [[float(value) for value in row] for row in rows if len(row) == width]
    except (ValueError, TypeError, RecursionError):
        return []
