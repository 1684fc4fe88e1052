"""What the processes of a service tell each other: sessions that were ended, and how many places the app has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from paceport.storage.postgres.database import Database

_JOINED = """
SELECT joined_at FROM paceport.athlete WHERE athlete_id = %(athlete)s AND state = 'member'
    AND NOT EXISTS (SELECT 1 FROM paceport.ended_session WHERE cookie_sha256 = %(cookie)s)
"""
_END = "INSERT INTO paceport.ended_session (cookie_sha256, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_EXPIRED = "DELETE FROM paceport.ended_session WHERE expires_at <= %s"
_SET_CAPACITY = """
INSERT INTO paceport.capacity (places) VALUES (%s) ON CONFLICT (is_only) DO UPDATE SET places = excluded.places
"""
_CAPACITY = "SELECT places FROM paceport.capacity"


class ServiceRows:
    """Reads and writes them. Raises StoreErrors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def joined_at(self, athlete_id: int, *, cookie: str) -> datetime | None:
        """Since when the athlete of a session is a member; None for who is none, and where the session was ended."""
        found: datetime | None = self._first(_JOINED, {"athlete": athlete_id, "cookie": _digest(cookie)})
        return found

    def end_session(self, cookie: str, *, expires_at: datetime) -> None:
        """Let the cookie prove nothing any more, in whosever hands it is; remembered until it has expired by itself."""
        self._change(_END, (_digest(cookie), expires_at))

    def erase_expired(self, *, now: datetime) -> int:
        """Forget ended sessions whose cookies have expired; how many."""
        return self._change(_EXPIRED, (now,))

    def set_capacity(self, places: int) -> None:
        """Note how many athletes the app may have, as the service was told when it started."""
        self._change(_SET_CAPACITY, (places,))

    def capacity(self) -> int | None:
        """How many athletes the app may have; None where no service ever started."""
        found: int | None = self._first(_CAPACITY)
        return found

    def _first(self, statement: str, values: Mapping[str, object] | Sequence[object] = ()) -> Any:  # noqa: ANN401  # a column of any type
        row = self._database.run(lambda connection: connection.execute(statement.encode(), values).fetchone())
        return None if row is None else row[0]

    def _change(self, statement: str, values: Sequence[object]) -> int:
        return self._database.run(lambda connection: connection.execute(statement.encode(), values).rowcount)


def _digest(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode(errors="replace")).digest()
