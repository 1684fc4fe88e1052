"""The refresh lock in PostgreSQL: `SELECT … FOR UPDATE` in a transaction that stays open as long as the lock is held.

It ends with its connection, so a dead holder needs no time limit. A transaction that hangs is ended by the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from paceport.clock import Clock
from paceport.errors import Busy, MissingExtra, StoreError, StoreUnwritable
from paceport.lazy_dataclass import dataclass
from paceport.oauth.token_store import postgres_statements as sql
from paceport.oauth.token_store.base import GrantKey
from paceport.storage.postgres.database import Connection, Database, is_lost
from paceport.storage.process_lock import has_surely_ended, process_identity

try:
    import psycopg
    from psycopg_pool import PoolTimeout
except ImportError as error:
    raise MissingExtra(extra="service", needed_for="PostgreSQL") from error

LockRow = tuple[str, str, str]
_LONGEST_IDLE_S = 90
_PAUSE_S = 0.1


def lock_row(key: GrantKey) -> LockRow:
    """The columns that a grant is found by."""
    return key.oauth_origin, key.client_id, "unknown" if key.athlete_id is None else str(key.athlete_id)


@dataclass(slots=True)
class _HeldLock:
    connection: Connection
    opened: ExitStack
    has_open_journal: bool = False


class GrantLocks:
    """The locks that this process holds through one token store."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._held: dict[LockRow, _HeldLock] = {}

    def is_held_here(self, row: LockRow) -> bool:
        """Whether a thread of this process holds it."""
        return row in self._held

    @contextmanager
    def hold(self, row: LockRow, *, what: str, timeout_s: float) -> Iterator[None]:
        """Hold the lock for the block. Raises Busy after `timeout_s` seconds, and StoreErrors."""
        held = self._acquire(row, what, timeout_s)
        self._held[row] = held
        try:
            yield
        finally:
            del self._held[row]
            self._release(row, held)

    def check_held(self, row: LockRow) -> None:
        """Raise StoreUnwritable where the connection that holds the lock was cut: somebody else may have it by now."""
        held = self._held.get(row)
        if held is None:
            return
        try:
            held.connection.execute("SELECT 1")
        except psycopg.Error as error:
            raise StoreUnwritable(
                path=self._database.place, why="the connection that held the lock was cut", fix="try again"
            ) from error

    def is_lost(self, row: LockRow) -> bool:
        """Whether this process took the lock and its connection was cut since."""
        try:
            self.check_held(row)
        except StoreUnwritable:
            return True
        return False

    def note_journal(self, row: LockRow, *, is_open: bool) -> None:
        """Note that a journal without an outcome lies there, or that it is settled."""
        if row in self._held:
            self._held[row].has_open_journal = is_open

    def _acquire(self, row: LockRow, what: str, timeout_s: float) -> _HeldLock:
        give_up_at_s = self._clock.monotonic_s() + timeout_s
        while True:
            left_s = give_up_at_s - self._clock.monotonic_s()
            try:
                held = self._take(row, max(left_s, 0.001))
                if not self._is_answer_awaited(held.connection, row):
                    return held
                self._release(row, held)
                holder = "a worker that lost its connection and may still get Strava's answer"
            except (psycopg.errors.LockNotAvailable, PoolTimeout) as error:
                raise Busy(what=what, holder=self._holder_text(row)) from error
            except psycopg.Error as error:
                if not is_lost(error) or left_s <= 0:
                    raise self._database.explain(error) from error
                holder = "PostgreSQL, which is starting again,"
            if left_s <= 0:
                raise Busy(what=what, holder=holder)
            self._clock.sleep(_PAUSE_S)

    def _take(self, row: LockRow, timeout_s: float) -> _HeldLock:
        with ExitStack() as opened:
            connection = opened.enter_context(self._database.hold(timeout_s=timeout_s))
            settings = f"lock_timeout = {max(1, round(timeout_s * 1000))}"
            idle = f"idle_in_transaction_session_timeout = {_LONGEST_IDLE_S * 1000}"
            connection.execute(f"BEGIN; SET LOCAL {settings}; SET LOCAL {idle}".encode())
            # A row that its holder deletes while we wait for it is none: then we make it.
            while connection.execute(sql.TAKE_LOCK.encode(), row).fetchone() is None:
                connection.execute(sql.MAKE_LOCK.encode(), row)
            return _HeldLock(connection, opened.pop_all())

    def _release(self, row: LockRow, held: _HeldLock) -> None:
        """End the transaction. It holds nothing to lose, so a connection that was cut is no error."""
        with held.opened:
            try:
                if held.has_open_journal:
                    _end_journal(held.connection, row)
                held.connection.execute(sql.DROP_UNUSED_LOCK.encode(), row)
                held.connection.execute("COMMIT")
            except psycopg.Error:
                if held.has_open_journal:
                    with suppress(StoreError):
                        self._database.run(lambda connection: _end_journal(connection, row))

    def _is_answer_awaited(self, connection: Connection, row: LockRow) -> bool:
        """Whether somebody who lost this lock with its connection may still write down an answer."""
        found = connection.execute(sql.WHO_AWAITS_ANSWER.encode(), row).fetchone()
        return found is not None and not has_surely_ended(str(found[0]))

    def _holder_text(self, row: LockRow) -> str:
        with suppress(StoreError):
            found = self._database.run(lambda one: one.execute(sql.WHO_BEGAN.encode(), row).fetchone(), patience_s=0)
            if found is not None:
                return str(found[0])
        return "another worker"


def _end_journal(connection: Connection, row: LockRow) -> None:
    """Note that nobody waits for the answer to this process's own journal any more."""
    connection.execute(sql.END_JOURNAL.encode(), (*row, process_identity()))
