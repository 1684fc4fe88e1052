"""The encoded channels of an activity as they are shown: own ones as amended, else cached ones."""

from __future__ import annotations

import sqlite3
from typing import Any


def shown_blocks(connection: sqlite3.Connection, activity_id: int, *, own_only: bool) -> dict[str, bytes]:
    """The encoded channels by name; nothing cached with `own_only`, or where amendments decide on the samples."""
    return dict(_rows(connection, "channel, block", activity_id, own_only=own_only))


def shown_channels(connection: sqlite3.Connection, activity_id: int, *, own_only: bool) -> tuple[str, ...]:
    """The names of the same channels; the channels themselves are not read."""
    return tuple(name for (name,) in _rows(connection, "channel", activity_id, own_only=own_only))


def _rows(connection: sqlite3.Connection, columns: str, activity_id: int, *, own_only: bool) -> list[tuple[Any, ...]]:
    # Names of ours; no value goes in.
    own = f"SELECT {columns} FROM main.shown_stream WHERE activity_id = ?"  # noqa: S608
    rows = connection.execute(own, (activity_id,)).fetchall()
    amended = "SELECT 1 FROM main.amended WHERE activity_id = ? AND extent > 1"
    if rows or own_only or connection.execute(amended, (activity_id,)).fetchone():
        return rows
    cached = f"SELECT {columns} FROM cache.stream WHERE activity_id = ? AND expires_at > now_utc()"  # noqa: S608
    return connection.execute(cached, (activity_id,)).fetchall()
