"""What is stored of each athlete: API replies with their expiry, own files for as long as the athlete wants, results.

Every statement names one athlete: nothing of one is ever read with another's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from paceport.storage.postgres.database import Connection, Database

ReplyKind = Literal["summary", "detail", "streams"]
_KINDS: tuple[ReplyKind, ...] = ("summary", "detail", "streams")
# Every table that names athletes: whatever is made anew for an athlete is counted and erased with the rest.
_BY_NUMBER = ("reply", "own_file", "own_file_done", "result", "inbox", "fetch", "athlete")
_BY_TEXT = ("grant_record", "grant_journal", "rate_waiter")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReply:
    """An answer of the API as it came. `object_id` is the activity; after `expires_at` it counts as gone."""

    kind: ReplyKind
    object_id: int
    body: bytes
    fetched_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """A file that the athlete brought, byte for byte."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """What it is found by, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


class AthleteRows:
    """The rows of one athlete. Raises StoreErrors."""

    def __init__(self, database: Database, athlete_id: int) -> None:
        self._database, self._athlete_id = database, athlete_id

    def save_reply(self, reply: StoredReply) -> None:
        """Keep an answer in place of an older one of the same kind and activity."""
        statement = """
INSERT INTO paceport.reply (athlete_id, endpoint, object_id, body, fetched_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (athlete_id, endpoint, object_id)
DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at, expires_at = excluded.expires_at
"""
        values = (reply.kind, reply.object_id, reply.body, reply.fetched_at, reply.expires_at)
        self._run(statement, *values)

    def replies(self, *, now: datetime) -> Iterator[StoredReply]:
        """Those that live, each activity's summary before its parts."""
        statement = """
SELECT endpoint, object_id, body, fetched_at, expires_at FROM paceport.reply
WHERE athlete_id = %s AND expires_at > %s ORDER BY object_id, array_position(%s, endpoint)
"""
        values = (self._athlete_id, now, list(_KINDS))
        rows = self._database.run(lambda connection: connection.execute(statement.encode(), values).fetchall())
        for kind, object_id, body, fetched_at, expires_at in rows:
            yield StoredReply(
                kind=kind, object_id=object_id, body=bytes(body), fetched_at=fetched_at, expires_at=expires_at
            )

    def forget_activity(self, activity_id: int) -> None:
        """Erase what the API said of an activity that was deleted there, and what was computed from it."""

        def work(connection: Connection) -> None:
            with connection.transaction():
                key = (self._athlete_id, activity_id)
                connection.execute("DELETE FROM paceport.reply WHERE (athlete_id, object_id) = (%s, %s)", key)
                connection.execute("DELETE FROM paceport.result WHERE (athlete_id, activity_id) = (%s, %s)", key)

        self._database.run(work)

    def add_own_file(self, file: OwnFile) -> bool:
        """Keep a file of the athlete's; False where it is there already."""
        statement = """
INSERT INTO paceport.own_file (athlete_id, sha256, name, content) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
        return self._run(statement, file.sha256, file.name, file.content) > 0

    def own_files(self) -> Iterator[OwnFile]:
        """Every file of the athlete's, oldest first; one is in memory at a time."""
        listing = "SELECT sha256 FROM paceport.own_file WHERE athlete_id = %s ORDER BY added_at, sha256"
        key = (self._athlete_id,)
        names = self._database.run(lambda connection: connection.execute(listing.encode(), key).fetchall())
        statement = b"SELECT name, content FROM paceport.own_file WHERE (athlete_id, sha256) = (%s, %s)"
        for (sha256,) in names:
            both = (self._athlete_id, sha256)
            row = self._database.run(lambda connection, both=both: connection.execute(statement, both).fetchone())  # type: ignore[misc]  # a default binds the loop's value
            if row is not None:
                yield OwnFile(name=row[0], content=bytes(row[1]))

    def counts(self) -> dict[str, int]:
        """How many rows there are of this athlete, by table, in every table that names athletes."""
        by_number = [f"SELECT '{name}', count(*) FROM paceport.{name} WHERE athlete_id = %(id)s" for name in _BY_NUMBER]  # noqa: S608  # names of ours
        by_text = [f"SELECT '{name}', count(*) FROM paceport.{name} WHERE athlete = %(text)s" for name in _BY_TEXT]  # noqa: S608  # names of ours
        statement = " UNION ALL ".join((*by_number, *by_text))
        values = {"id": self._athlete_id, "text": str(self._athlete_id)}
        return dict(self._database.run(lambda connection: connection.execute(statement.encode(), values).fetchall()))

    def erase(self) -> None:
        """Erase everything of this athlete but the login, which is revoked first, and is then not there any more."""

        def work(connection: Connection) -> None:
            with connection.transaction():
                for table in _BY_NUMBER:
                    statement = f"DELETE FROM paceport.{table} WHERE athlete_id = %s"  # noqa: S608  # names of ours
                    connection.execute(statement.encode(), (self._athlete_id,))
                connection.execute("DELETE FROM paceport.rate_waiter WHERE athlete = %s", (str(self._athlete_id),))

        self._database.run(work)

    def _run(self, statement: str, *values: object) -> int:
        whole = (self._athlete_id, *values)
        return self._database.run(lambda connection: connection.execute(statement.encode(), whole).rowcount)
