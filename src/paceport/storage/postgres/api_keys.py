"""Keys of the owner's own programs, stored as digests, and a row for each use of one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from paceport.storage.postgres.database import Database

_ADD = """
INSERT INTO paceport.api_key (name, key_sha256, scopes, athletes, made_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_COLUMNS = "name, scopes, athletes, made_at, used_at"
_LIST = f"SELECT {_COLUMNS} FROM paceport.api_key ORDER BY name"  # noqa: S608  # names of ours
_REMOVE = "DELETE FROM paceport.api_key WHERE name = %s"
# One question for all: is it a key, what may it do, and the row of its use. When it was last used is of interest to the
# minute; were it written at each use, programs with one key would wait for each other's row.
_USE = f"""
WITH key AS (
    SELECT {_COLUMNS} FROM paceport.api_key WHERE key_sha256 = %(key)s
), touched AS (
    UPDATE paceport.api_key SET used_at = %(now)s
    WHERE key_sha256 = %(key)s AND (used_at IS NULL OR used_at < %(now)s - interval '1 minute')
), noted AS (
    INSERT INTO paceport.token_use (key_name, athlete_id, need, outcome, used_at)
    SELECT name, %(athlete)s, %(need)s, %(outcome)s, %(now)s FROM key
    WHERE EXISTS (SELECT 1 FROM paceport.athlete WHERE athlete_id = %(athlete)s AND state = 'member')
    RETURNING id
)
SELECT noted.id, {_COLUMNS} FROM key LEFT JOIN noted ON true
"""  # noqa: S608  # names of ours
_USE_BYTES = _USE.encode()
_OUTCOME = "UPDATE paceport.token_use SET outcome = %s WHERE id = %s"
_ERASE_OLD = "DELETE FROM paceport.token_use WHERE used_at <= %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What a key may do. `scopes` are words with commas, `athletes` their ids; None for every athlete.

    `used_at` is right to the minute.
    """

    name: str
    scopes: str
    athletes: tuple[int, ...] | None
    made_at: datetime
    used_at: datetime | None

    def allows_as(self, other: ApiKey) -> bool:
        """Whether it may do what the other may, and no more."""
        return (self.name, self.scopes, self.athletes) == (other.name, other.scopes, other.athletes)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedUse:
    """One use of a key. `id` is its row, None where the athlete is no member, or leaves: then nothing is noted."""

    id: int | None
    key: ApiKey


class ApiKeys:
    """All keys. Raises StoreErrors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, key: str, *, scopes: str, athletes: Sequence[int] | None, now: datetime) -> bool:
        """Store a key's digest; False where there is one of that name."""
        values = (name, digest(key), scopes, None if athletes is None else list(athletes), now)
        return self._database.run(lambda connection: connection.execute(_ADD.encode(), values).rowcount) > 0

    def list(self) -> list[ApiKey]:
        """All keys by name."""
        rows = self._database.run(lambda connection: connection.execute(_LIST.encode()).fetchall())
        return [_key(row) for row in rows]

    def remove(self, name: str) -> bool:
        """Make a key worthless; whether there was one of that name."""
        return self._database.run(lambda connection: connection.execute(_REMOVE.encode(), (name,)).rowcount) > 0

    def note_use(self, key: str, *, athlete_id: int, need: str, outcome: str, now: datetime) -> NotedUse | None:
        """Note that a key is used, before anything is given out; None where it is none of ours: nothing is noted."""
        values = {"key": digest(key), "athlete": athlete_id, "need": need, "outcome": outcome, "now": now}
        row = self._database.run(lambda connection: connection.execute(_USE_BYTES, values).fetchone())
        return None if row is None else NotedUse(id=row[0], key=_key(row[1:]))

    def note_outcome(self, use: NotedUse, outcome: str) -> None:
        """Say how a use ended."""
        if use.id is not None:
            self._database.run(lambda connection: connection.execute(_OUTCOME.encode(), (outcome, use.id)))

    def erase_uses(self, *, before: datetime) -> int:
        """Forget uses before then; how many."""
        return self._database.run(lambda connection: connection.execute(_ERASE_OLD.encode(), (before,)).rowcount)


def digest(key: str) -> bytes:
    """What a key is found by. Keys are random and long, so a plain digest is enough."""
    return hashlib.sha256(b"paceport api key " + key.encode(errors="replace")).digest()


def _key(row: Sequence[Any]) -> ApiKey:
    name, scopes, athletes, made_at, used_at = row
    allowed = None if athletes is None else tuple(athletes)
    return ApiKey(name=name, scopes=scopes, athletes=allowed, made_at=made_at, used_at=used_at)
