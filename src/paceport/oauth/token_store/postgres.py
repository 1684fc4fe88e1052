"""The token store that is a PostgreSQL database, for athletes and workers on many machines.

    paceport.grant_lock     one row while somebody holds the grant: SELECT … FOR UPDATE in a transaction of its own
            .grant_record   the grant, encrypted, with its generation: replaced only where that is the expected one
            .grant_journal  what is about to be sent, and the raw answer, each committed before the next step
            .app            client id and secret, encrypted

The lock's transaction holds nothing but the lock, so records and journals are durable as soon as they are written, and
a holder that dies takes only its lock along. If its connection is cut instead, it may still wait for Strava's answer:
until a minute has passed nobody else asks with the same refresh token, unless the holder has surely ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from paceport.clock import Clock
from paceport.errors import StoreChanged, StoreError, StoreUnreadable, StoreUnwritable
from paceport.http_message import origin_of
from paceport.oauth.token_store import postgres_statements as sql
from paceport.oauth.token_store.base import App, DamagedRecord, Grant, GrantKey, JournalAnswer, RefreshJournal
from paceport.oauth.token_store.journal import ANSWER_AT, read_answer, read_journal, write_answer, write_journal
from paceport.oauth.token_store.postgres_lock import GrantLocks, LockRow, lock_row
from paceport.oauth.token_store.record import distinct, grant_slug, read_app, read_grant, write_app, write_grant
from paceport.storage.postgres.database import Connection, Database
from paceport.storage.postgres.sealing import KeyMissing, Sealer
from paceport.storage.process_lock import process_identity

# What a process has read it keeps until the token has so much left: then a newer one may lie there.
_REMEMBERED_UNTIL_S = 120.0
_WRITE_PATIENCE_S = 30.0


class PostgresTokenStore:
    """A `TokenStore` in PostgreSQL. Nothing is opened until it is used. `database` is the one that it lies in."""

    def __init__(self, database: Database, sealer: Sealer, *, clock: Clock) -> None:
        self.database, self._sealer, self._clock = database, sealer, clock
        self._locks = GrantLocks(database, clock=clock)
        self._remembered = _RememberedGrants(clock)

    def grants(self) -> list[Grant]:
        """All whole records, ordered by profile and key. Raises KeyMissing where none can be read for want of a key."""
        return distinct(self._whole(self._fetch(sql.READ_ALL)))

    def grants_of(self, profile: str, oauth_origin: str) -> list[Grant]:
        """Those of one profile at one server, found by an index."""
        found = distinct(self._whole(self._fetch(sql.READ_PROFILE, profile, oauth_origin)))
        for grant in found:
            self._remembered.keep(grant)
        return found

    def damaged(self) -> list[DamagedRecord]:
        """The records that cannot be read."""
        found = [(row, self._try_to_open(row)) for row in self._fetch(sql.READ_ALL)]
        return [
            DamagedRecord(name=_slug(row), profile=str(row[3]), error=grant)
            for row, grant in found
            if isinstance(grant, StoreError)
        ]

    def remove_damaged(self, record: DamagedRecord) -> None:
        """Forget a record that cannot be read, with its journal."""
        for row in self._fetch(sql.READ_ALL):
            if _slug(row) == record.name:
                self.remove(_key(row))

    def read(self, key: GrantKey) -> Grant | None:
        """The record: as it is now where the lock is held, else as this process read it while its token lives."""
        remembered = None if self._locks.is_held_here(lock_row(key)) else self._remembered.get(key)
        if remembered is not None:
            return remembered
        rows = self._fetch(sql.READ, *lock_row(key))
        if not rows:
            self._remembered.forget(key)
            return None
        grant = self._open(rows[0])
        self._remembered.keep(grant)
        return grant

    @contextmanager
    def lock(self, key: GrantKey, *, timeout_s: float = 30.0) -> Iterator[None]:
        """Hold this grant alone, on all machines. Raises Busy, naming the holder where it is known."""
        self._remembered.forget(key)
        with self._locks.hold(lock_row(key), what=f"the login {grant_slug(key)}", timeout_s=timeout_s):
            yield

    def save(self, grant: Grant, *, expect_generation: int) -> Grant:
        """Replace the record if it is still of that generation, and give it as saved. Raises StoreChanged."""
        row, saved = lock_row(grant.key), replace(grant, generation=expect_generation + 1, copied_from="")
        values = (saved.profile, saved.generation, saved.expires_at, saved.status, self._seal(saved))
        self._remembered.forget(grant.key)
        if expect_generation == 0:
            count = self._change(sql.INSERT, *values, *row)
        else:
            count = self._change(sql.UPDATE, *values, *row, expect_generation)
        if count == 0 and not self._is_stored(row, values[-1]):
            raise StoreChanged(path=_place("grant_record", row))
        return saved

    def move(self, old_key: GrantKey, grant: Grant) -> Grant:
        """Put the grant in the place of the record without an athlete, in one transaction."""
        old, new = lock_row(old_key), lock_row(grant.key)
        known = [self._open(row).generation for each in (old, new) for row in self._fetch(sql.READ, *each)]
        saved = replace(grant, generation=1 + max([grant.generation, *known]), copied_from="")
        values = (saved.profile, saved.generation, saved.expires_at, saved.status, self._seal(saved))

        def change_over(connection: Connection) -> None:
            with connection.transaction():
                for row in (old, new):
                    connection.execute(sql.DELETE.encode(), row)
                connection.execute(sql.INSERT.encode(), (*values, *new))

        self.database.run(change_over)
        self._remembered.forget(old_key)
        self._remembered.forget(grant.key)
        return saved

    def remove(self, key: GrantKey) -> None:
        """Forget the grant and its journal."""
        row = lock_row(key)

        def erase(connection: Connection) -> None:
            with connection.transaction():
                connection.execute(sql.DELETE_JOURNAL.encode(), row)
                connection.execute(sql.DELETE.encode(), row)

        self.database.run(erase)
        self._remembered.forget(key)

    def journal(self, key: GrantKey) -> RefreshJournal | None:
        """The unfinished refresh, if any; its answer only if it is whole."""
        row = lock_row(key)
        found = next(iter(self._fetch(sql.READ_JOURNAL, *row)), None)
        if found is None:
            return None
        journal = read_journal(bytes(found[0]), path=_place("grant_journal", row))
        if journal is None or found[1] is None:
            return journal
        answer = self._sealer.open(bytes(found[1]), place=_place("grant_journal", row))
        return replace(journal, answer=read_answer(answer))

    def begin_journal(self, key: GrantKey, journal: RefreshJournal) -> None:
        """Write down what is about to be sent, on a second connection, in place of any older journal.

        Raises StoreUnwritable where the lock was lost with its connection: then nothing may be sent.
        """
        row = lock_row(key)
        self._locks.check_held(row)
        self._change(sql.BEGIN_JOURNAL, *row, write_journal(journal)[:ANSWER_AT], process_identity())
        self._locks.note_journal(row, is_open=True)

    def add_journal_answer(self, key: GrantKey, answer: JournalAnswer) -> None:
        """Add the raw answer to the journal that was begun."""
        row = lock_row(key)
        sealed = self._sealer.seal(write_answer(answer), place=_place("grant_journal", row))
        self._change(sql.ADD_ANSWER, sealed, *row, process_identity())

    def drop_journal(self, key: GrantKey) -> None:
        """The refresh is settled. Without the lock the journal may be somebody else's by now, who settles it."""
        if self._locks.is_lost(lock_row(key)):
            return
        self._change(sql.DELETE_JOURNAL, *lock_row(key))
        self._locks.note_journal(lock_row(key), is_open=False)

    def apps(self) -> list[App]:
        """All apps, ordered by origin and client id."""
        return sorted(
            (self._open_app(row) for row in self._fetch(sql.READ_APPS)), key=lambda app: (app.origin, app.client_id)
        )

    def app(self, oauth_url: str, client_id: str) -> App | None:
        """The app of that client id at that OAuth server."""
        row = next(iter(self._fetch(sql.READ_APP, origin_of(oauth_url), client_id)), None)
        return None if row is None else self._open_app(row)

    def save_app(self, app: App) -> None:
        """Keep an app, in place of any of the same client id at the same server."""
        place = f"paceport.app {app.origin} {app.client_id}"
        sealed = self._sealer.seal(write_app(app), place=place)
        self._change(sql.SAVE_APP, app.origin, app.client_id, sealed)

    def remove_app(self, oauth_url: str, client_id: str) -> None:
        """Forget an app."""
        self._change(sql.DELETE_APP, origin_of(oauth_url), client_id)

    def reseal(self) -> int:
        """Encrypt under the newest key whatever another one has encrypted; how many rows that were.

        Workers go on meanwhile: a row that somebody replaced in between has the newest key already, or is tried again.
        """
        changed = 0
        for table, (select, update) in sql.RESEAL.items():
            for *row, sealed in self._fetch(select):
                newer = self._sealer.reseal(bytes(sealed), place=" ".join((table, *row)))
                if newer is not None:
                    changed += self._change(update, newer, *row, sealed)
        return changed

    def close(self) -> None:
        """Close all connections; the store opens new ones when it is used again."""
        self.database.close()

    def _fetch(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self.database.run(lambda connection: connection.execute(statement.encode(), values).fetchall())

    def _change(self, statement: str, *values: object) -> int:
        """How many rows a statement has changed. What must not be lost waits long for a server that starts again."""
        try:
            return self.database.run(
                lambda connection: connection.execute(statement.encode(), values).rowcount, patience_s=_WRITE_PATIENCE_S
            )
        except StoreUnreadable as error:
            raise StoreUnwritable(path=self.database.place, why=error.why, fix=error.fix) from error

    def _is_stored(self, row: LockRow, sealed: bytes) -> bool:
        """Whether this very value lies there: an earlier try arrived, and only its answer was lost."""
        return bool(self._fetch(sql.IS_STORED, *row, sealed))

    def _whole(self, rows: list[tuple[Any, ...]]) -> list[Grant]:
        found = [self._try_to_open(row) for row in rows]
        whole = [grant for grant in found if isinstance(grant, Grant)]
        missing = next((each for each in found if isinstance(each, KeyMissing)), None)
        if missing is not None and not whole:
            raise missing
        return whole

    def _try_to_open(self, row: tuple[Any, ...]) -> Grant | StoreError:
        try:
            return self._open(row)
        except StoreError as error:
            return error

    def _open(self, row: tuple[Any, ...]) -> Grant:
        origin, client_id, athlete, _profile, sealed = row
        place = _place("grant_record", (str(origin), str(client_id), str(athlete)))
        return read_grant(self._sealer.open(bytes(sealed), place=place), path=place, rests_at=place)

    def _seal(self, grant: Grant) -> bytes:
        place = _place("grant_record", lock_row(grant.key))
        return self._sealer.seal(write_grant(grant, rests_at=place), place=place)

    def _open_app(self, row: tuple[Any, ...]) -> App:
        origin, client_id, sealed = row
        place = f"paceport.app {origin} {client_id}"
        return read_app(self._sealer.open(bytes(sealed), place=place), path=place)


class _RememberedGrants:
    """What this process has read, as long as its tokens have time enough left."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._grants: dict[GrantKey, Grant] = {}

    def get(self, key: GrantKey) -> Grant | None:
        grant = self._grants.get(key)
        return grant if grant is not None and self._is_living(grant) else None

    def keep(self, grant: Grant) -> None:
        if self._is_living(grant):
            self._grants[grant.key] = grant

    def forget(self, key: GrantKey) -> None:
        self._grants.pop(key, None)

    def _is_living(self, grant: Grant) -> bool:
        return grant.status == "ok" and grant.left_s(self._clock.now()) > _REMEMBERED_UNTIL_S


def _key(row: tuple[Any, ...]) -> GrantKey:
    origin, client_id, athlete = (str(value) for value in row[:3])
    return GrantKey(oauth_origin=origin, client_id=client_id, athlete_id=None if athlete == "unknown" else int(athlete))


def _slug(row: tuple[Any, ...]) -> str:
    return grant_slug(_key(row))


def _place(table: str, row: LockRow) -> str:
    """A row in words, for errors; what was encrypted for it can be opened nowhere else."""
    return " ".join((f"paceport.{table}", *row))
