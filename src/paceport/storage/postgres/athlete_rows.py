"""What is stored of each athlete: API replies with their expiry, own files for as long as the athlete wants, results.

Every statement names one athlete: nothing of one is ever read with another's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from paceport.storage.postgres.database import Connection, Database

ReplyKind = Literal["summary", "detail", "streams"]
_KINDS: tuple[ReplyKind, ...] = ("summary", "detail", "streams")
# Every table that names athletes: whatever is made anew for an athlete is counted and erased with the rest. The last is
# the membership itself.
_BY_NUMBER = ("reply", "own_file", "own_file_done", "result", "inbox", "fetch", "token_use", "athlete")
_BY_TEXT = ("grant_record", "grant_journal", "rate_waiter")

_SAVE_REPLY = """
INSERT INTO paceport.reply (athlete_id, endpoint, object_id, body, fetched_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (athlete_id, endpoint, object_id)
DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at, expires_at = excluded.expires_at
"""
_SAVE_RESULT = """
INSERT INTO paceport.result
    (athlete_id, activity_id, started_at, metrics, schema_number, expires_at, own_file, source, changed_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp())
ON CONFLICT (athlete_id, activity_id) DO UPDATE SET started_at = excluded.started_at, metrics = excluded.metrics,
    schema_number = excluded.schema_number, expires_at = excluded.expires_at, own_file = excluded.own_file,
    source = excluded.source, changed_at = excluded.changed_at
"""
_SAVE_DONE = """
INSERT INTO paceport.own_file_done (athlete_id, sha256, schema_number, trouble) VALUES (%s, %s, %s, %s)
ON CONFLICT (athlete_id, sha256) DO UPDATE SET schema_number = excluded.schema_number, trouble = excluded.trouble
"""
# The same file may have come alone before, and now in an export whose table calls it by its name there.
_ADD_OWN_FILE = """
INSERT INTO paceport.own_file (athlete_id, sha256, name, content) VALUES (%s, %s, %s, %s)
ON CONFLICT (athlete_id, sha256) DO UPDATE SET name = excluded.name
    WHERE excluded.name LIKE 'activities/%%' AND paceport.own_file.name NOT LIKE 'activities/%%'
RETURNING (xmax = 0)
"""
_UNREAD = """
SELECT o.name, o.content FROM paceport.own_file AS o
LEFT JOIN paceport.own_file_done AS d ON d.athlete_id = o.athlete_id AND d.sha256 = o.sha256
WHERE o.athlete_id = %s AND d.schema_number IS DISTINCT FROM %s
ORDER BY o.name NOT LIKE '%%.csv', o.added_at, o.sha256 LIMIT %s
"""
_READ_AGAIN = "DELETE FROM paceport.own_file_done WHERE athlete_id = %s AND sha256 = ANY(%s)"
_RESULT_COLUMNS = (*("activity_id", "started_at", "metrics", "schema_number", "expires_at", "own_file", "changed_at"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReply:
    """An answer of the API as it came. `object_id` is the activity; after `expires_at` it counts as gone."""

    kind: ReplyKind
    object_id: int
    body: bytes
    fetched_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """What was computed of an activity: `metrics` is JSON, `expires_at` that of what it comes from.

    Of an own file (`own_file` is its sha256) nothing expires, and the id is below zero. Reading gives `changed_at`.
    """

    activity_id: int
    started_at: datetime
    metrics: str
    schema_number: int
    expires_at: datetime | None
    own_file: str = ""
    changed_at: datetime | None = None


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
        values = (reply.kind, reply.object_id, reply.body, reply.fetched_at, reply.expires_at)
        self._run(_SAVE_REPLY, *values)

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

    def save_fetched(self, replies: Sequence[StoredReply], result: StoredResult | None) -> bool:
        """Keep an activity's answers and result together, in place of all that was kept of it.

        False, and nothing is kept, where the athlete is no member any more or something newer is there.
        """

        def work(connection: Connection) -> bool:
            with connection.transaction():
                if not self._is_member(connection) or self._has_newer(connection, replies):
                    return False
                for reply in replies:
                    key = (self._athlete_id, reply.object_id)
                    connection.execute("DELETE FROM paceport.reply WHERE (athlete_id, object_id) = (%s, %s)", key)
                for reply in replies:
                    whole = (self._athlete_id, reply.kind, reply.object_id, reply.body, reply.fetched_at)
                    connection.execute(_SAVE_REPLY.encode(), (*whole, reply.expires_at))
                if result is not None:
                    _save_result(connection, self._athlete_id, result)
                return True

        return self._database.run(work)

    def _has_newer(self, connection: Connection, replies: Sequence[StoredReply]) -> bool:
        """Whether a part is kept that was fetched later: a worker that was paused brings what is no longer true."""
        statement = b"""
SELECT 1 FROM paceport.reply WHERE athlete_id = %s AND endpoint = %s AND object_id = %s AND fetched_at > %s
"""
        keys = ((self._athlete_id, reply.kind, reply.object_id, reply.fetched_at) for reply in replies)
        return any(connection.execute(statement, key).fetchone() is not None for key in keys)

    def save_own_results(self, sha256: str, results: Sequence[StoredResult], *, schema_number: int, why: str) -> bool:
        """Keep what an own file holds, in place of what was computed of it before; `why` it cannot be read, or ""."""

        def work(connection: Connection) -> bool:
            with connection.transaction():
                if not self._is_member(connection):
                    return False
                key = (self._athlete_id, sha256)
                connection.execute("DELETE FROM paceport.result WHERE (athlete_id, own_file) = (%s, %s)", key)
                for result in results:
                    _save_result(connection, self._athlete_id, result)
                connection.execute(_SAVE_DONE.encode(), (*key, schema_number, why))
                return True

        return self._database.run(work)

    def _is_member(self, connection: Connection) -> bool:
        # Locked, so that an erasure waits for this or this for it.
        statement = b"SELECT 1 FROM paceport.athlete WHERE athlete_id = %s AND state = 'member' FOR SHARE"
        return connection.execute(statement, (self._athlete_id,)).fetchone() is not None

    def reply(self, kind: ReplyKind, object_id: int, *, now: datetime) -> StoredReply | None:
        """One answer, if it lives."""
        statement = """
SELECT endpoint, object_id, body, fetched_at, expires_at FROM paceport.reply
WHERE athlete_id = %s AND endpoint = %s AND object_id = %s AND expires_at > %s
"""
        values = (self._athlete_id, kind, object_id, now)
        row = self._database.run(lambda connection: connection.execute(statement.encode(), values).fetchone())
        if row is None:
            return None
        return StoredReply(kind=row[0], object_id=row[1], body=bytes(row[2]), fetched_at=row[3], expires_at=row[4])

    def results(self, *, now: datetime) -> list[StoredResult]:
        """Those that live, oldest run first."""
        statement = """
SELECT activity_id, coalesce(started_at, 'epoch'), metrics::text, schema_number, expires_at, own_file, changed_at
FROM paceport.result WHERE athlete_id = %s AND (expires_at IS NULL OR expires_at > %s) ORDER BY started_at, activity_id
"""
        values = (self._athlete_id, now)
        rows = self._database.run(lambda connection: connection.execute(statement.encode(), values).fetchall())
        return [StoredResult(**dict(zip(_RESULT_COLUMNS, row, strict=True))) for row in rows]

    def unread_files(self, *, schema_number: int, most: int) -> list[OwnFile]:
        """Own files whose results are missing or of another schema number, tables first."""
        values = (self._athlete_id, schema_number, most)
        rows = self._database.run(lambda connection: connection.execute(_UNREAD.encode(), values).fetchall())
        return [OwnFile(name=row[0], content=bytes(row[1])) for row in rows]

    def read_again(self, sha256s: Sequence[str]) -> int:
        """Let own files count as unread; how many had been read."""
        return self._run(_READ_AGAIN, list(sha256s))

    def forget_activity(self, activity_id: int) -> None:
        """Erase what the API said of an activity that was deleted there, and what was computed from it."""

        def work(connection: Connection) -> None:
            with connection.transaction():
                key = (self._athlete_id, activity_id)
                connection.execute("DELETE FROM paceport.reply WHERE (athlete_id, object_id) = (%s, %s)", key)
                connection.execute("DELETE FROM paceport.result WHERE (athlete_id, activity_id) = (%s, %s)", key)

        self._database.run(work)

    def add_own_file(self, file: OwnFile) -> bool | None:
        """Keep a file of a member's; False where it is there already. None where the athlete has left: nothing is kept
        then.
        """

        def work(connection: Connection) -> bool | None:
            with connection.transaction():
                if not self._is_member(connection):
                    return None
                values = (self._athlete_id, file.sha256, file.name, file.content)
                row = connection.execute(_ADD_OWN_FILE.encode(), values).fetchone()
                return row is not None and bool(row[0])

        return self._database.run(work)

    def own_files(self) -> Iterator[OwnFile]:
        """Every file of the athlete's, oldest first; one is in memory at a time."""
        for sha256 in self.own_file_names():
            file = self.own_file(sha256)
            if file is not None:
                yield file

    def own_file_names(self) -> dict[str, str]:
        """The name of each own file by its sha256, oldest first."""
        listing = b"SELECT sha256, name FROM paceport.own_file WHERE athlete_id = %s ORDER BY added_at, sha256"
        key = (self._athlete_id,)
        return dict(self._database.run(lambda connection: connection.execute(listing, key).fetchall()))

    def own_bytes(self) -> int:
        """How large all own files are together."""
        statement = b"SELECT coalesce(sum(octet_length(content)), 0) FROM paceport.own_file WHERE athlete_id = %s"
        key = (self._athlete_id,)
        row = self._database.run(lambda connection: connection.execute(statement, key).fetchone())
        return int(row[0]) if row is not None else 0

    def own_file(self, sha256: str) -> OwnFile | None:
        """One own file."""
        statement = b"SELECT name, content FROM paceport.own_file WHERE (athlete_id, sha256) = (%s, %s)"
        key = (self._athlete_id, sha256)
        row = self._database.run(lambda connection: connection.execute(statement, key).fetchone())
        return None if row is None else OwnFile(name=row[0], content=bytes(row[1]))

    def counts(self) -> dict[str, int]:
        """How many rows there are of this athlete, by table, in every table that names athletes."""
        by_number = [f"SELECT '{name}', count(*) FROM paceport.{name} WHERE athlete_id = %(id)s" for name in _BY_NUMBER]  # noqa: S608  # names of ours
        by_text = [f"SELECT '{name}', count(*) FROM paceport.{name} WHERE athlete = %(text)s" for name in _BY_TEXT]  # noqa: S608  # names of ours
        named = "SELECT 'api_key', count(*) FROM paceport.api_key WHERE %(id)s = ANY(athletes)"
        statement = " UNION ALL ".join((*by_number, *by_text, named))
        values = {"id": self._athlete_id, "text": str(self._athlete_id)}
        return dict(self._database.run(lambda connection: connection.execute(statement.encode(), values).fetchall()))

    def erase(self, *, with_membership: bool = True) -> None:
        """Erase everything of this athlete but the login, which is revoked first, and is then not there any more.

        Without the membership it is known that the athlete is leaving until the login is gone, too.
        """

        def work(connection: Connection) -> None:
            with connection.transaction():
                for table in _BY_NUMBER if with_membership else _BY_NUMBER[:-1]:
                    statement = f"DELETE FROM paceport.{table} WHERE athlete_id = %s"  # noqa: S608  # names of ours
                    connection.execute(statement.encode(), (self._athlete_id,))
                connection.execute("DELETE FROM paceport.rate_waiter WHERE athlete = %s", (str(self._athlete_id),))
                connection.execute(
                    "UPDATE paceport.api_key SET athletes = array_remove(athletes, %s)", (self._athlete_id,)
                )

        self._database.run(work)

    def _run(self, statement: str, *values: object) -> int:
        whole = (self._athlete_id, *values)
        return self._database.run(lambda connection: connection.execute(statement.encode(), whole).rowcount)


def _save_result(connection: Connection, athlete_id: int, result: StoredResult) -> None:
    source = "file" if result.own_file else "api"
    whole = (athlete_id, result.activity_id, result.started_at, result.metrics, result.schema_number)
    connection.execute(_SAVE_RESULT.encode(), (*whole, result.expires_at, result.own_file, source))
