"""What the page sends with the wish to import: the options of the command, and what it did not send of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paceport.profile.reading_options import ReadingOptions, reading_options

_MOST_COUNTED = 10**7


def options_asked(fields: Mapping[str, Any]) -> ReadingOptions:
    """The fields `timezone`, `sport`, `date_order` and `map`, one `Header=field` a line, as the command takes them.

    Raises UsageError where the command does.
    """
    lines = (line.strip() for line in _text(fields, "map").splitlines())
    return reading_options(
        timezone=_text(fields, "timezone"),
        sport=_text(fields, "sport"),
        pairs=[line for line in lines if line],
        date_order=_text(fields, "date_order"),
    )


def passed_over_text(fields: Mapping[str, Any]) -> str:
    """Which files of a folder were not sent, from the fields `hidden` and `others`; "" where all were."""
    hidden, others = _count(fields, "hidden"), _count(fields, "others")
    parts = [
        f"{hidden:,} hidden {'file or folder' if hidden == 1 else 'files or folders'}" if hidden else "",
        f"{others:,} {'file' if others == 1 else 'files'} of other kinds" if others else "",
    ]
    told = " and ".join(part for part in parts if part)
    return f"Not sent from the folder: {told}" if told else ""


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _count(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST_COUNTED else 0
