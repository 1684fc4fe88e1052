"""How wide a terminal is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

_COLUMNS, _LEAST_COLUMNS = 100, 20


def terminal_columns(environ: Mapping[str, str], stream: TextIO) -> int:
    """How wide the terminal of a stream is: as COLUMNS says, else as it says itself, else 100 columns."""
    given = environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given):
        return max(int(given), _LEAST_COLUMNS)
    try:
        return max(os.get_terminal_size(stream.fileno()).columns or _COLUMNS, _LEAST_COLUMNS)
    except (OSError, ValueError):
        return _COLUMNS
