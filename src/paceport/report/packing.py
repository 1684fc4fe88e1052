"""Values that the script of the page reads when it needs them, as little text."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from typing import Any

TOGETHER = 32  # compressed as one: what they have in common is written once


def pack(values: Iterable[Any]) -> tuple[str, ...]:
    """The values in their order, `TOGETHER` in each text: raw DEFLATE of a JSON array, in base64."""
    every = list(values)
    return tuple(_compress(every[first : first + TOGETHER]) for first in range(0, len(every), TOGETHER))


def _compress(values: list[Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return base64.b64encode(packer.compress(text.encode()) + packer.flush()).decode()
