"""Connections to PostgreSQL: short pieces of work that outlive a restart of the server, and errors that say what to do.

Two pools: a lock is a transaction that stays open while Strava is asked, and whoever holds one still needs a second
connection for its journal. With one pool, holders of locks alone could use up all connections and wait for each other.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from paceport.clock import Clock
from paceport.errors import MissingExtra, StoreError, StoreTooNew, StoreUnreadable, StoreUnwritable, UsageError
from paceport.secret import Secret, mask_secrets
from paceport.storage.postgres.migrations import NEWEST, apply_migrations
from paceport.storage.postgres.waiting import BoundedConnection, Breaker, ServerSilent, Waits, bounding
from paceport.text import clean

try:
    import psycopg
    from psycopg import pq
    from psycopg.conninfo import conninfo_to_dict, make_conninfo
    from psycopg_pool import ConnectionPool, PoolTimeout
except ImportError as error:
    raise MissingExtra(extra="service", needed_for="PostgreSQL") from error

Connection = psycopg.Connection[Any]
Result = TypeVar("Result")
_CONNECT_S = 5
_PAUSE_S = 0.1
_LOST = {"57P01", "57P02", "57P03", "53300"}  # shut down, crashed, starting up, no connection free
_LONGEST_REASON = 200
_LONGEST_LOCK_WAIT_S = 30.0


def _is_starting(error: psycopg.Error, conninfo: str) -> bool:
    """Whether the server is there and will take connections soon: SQLSTATE 57P03, which a failed connection hides.

    The words of its message are in the server's own language; libpq's ping goes by the state.
    """
    if error.sqlstate == "57P03" or "the database system is" in str(error):
        return True
    if error.sqlstate is not None or isinstance(error, psycopg.errors.ConnectionTimeout):
        return False
    return bool(pq.PGconn.ping(conninfo.encode()) == pq.Ping.REJECT)


_WAITS = Waits()


class Database:
    """One PostgreSQL database, opened and brought up to date when it is first used. Safe to share between threads.

    `connections` is the most that each of both pools opens. After a fork the child opens its own. `worker` is a number
    that only this process has; it is in the name of each of its connections, so that others can see whether it lives.
    `waits` says how long a server is waited for that is away or silent.
    """

    def __init__(self, url: Secret, *, clock: Clock, connections: int = 4, waits: Waits = _WAITS) -> None:
        self._url, self._clock, self._connections, self._waits = url, clock, connections, waits
        self._breaker = Breaker()
        self._pools: _Pools | None = None
        self._opening = threading.Lock()

    @property
    def place(self) -> str:
        """The database in words, without user and password."""
        parts = _parts(self._url)
        host = parts.get("host") or parts.get("hostaddr") or "this machine"
        return f"the PostgreSQL database {parts.get('dbname') or parts.get('user') or ''!s} at {clean(str(host))}"

    @property
    def worker(self) -> int:
        """This process among all that use the database."""
        return self._open().worker

    @property
    def is_refusing(self) -> bool:
        """Whether `run` would refuse at once: the server is known to be away, and somebody asks it again."""
        return self._breaker.is_refusing

    @property
    def waits(self) -> Waits:
        """How long a server is waited for."""
        return self._waits

    def address(self, *, schema: str) -> Secret:
        """What another library connects with to the same database; its unqualified names are looked up in `schema`.

        Its connections bear this process's name. The tables are brought up to date before.
        """
        return Secret(_conninfo(self._url, worker=self.worker, schema=schema))

    def run(self, work: Callable[[Connection], Result], *, patience_s: float | None = None) -> Result:
        """What `work` gives with a connection; where that is lost, the whole again with another, for `patience_s`.

        So `work` must come to the same when it is done twice. Each of its statements is committed by itself, outside of
        a `connection.transaction()`. Without `patience_s` it is that of the handle, which may refuse at once.
        Raises StoreUnreadable, StoreUnwritable and StoreTooNew.
        """
        if patience_s is not None:
            return self._run(work, patience_s)
        if not self._waits.is_refusing:
            return self._run(work, self._waits.again_s)
        with self._breaker.asking() as was_away:
            try:
                found = self._run(work, 0.0 if was_away else self._waits.again_s)
            except StoreError as error:
                if isinstance(error.__cause__, Exception) and is_lost(error.__cause__):
                    self._breaker.note_silence(error)
                raise
            self._breaker.note_answer()
            return found

    def _run(self, work: Callable[[Connection], Result], patience_s: float) -> Result:
        give_up_at_s = self._clock.monotonic_s() + patience_s
        while True:
            try:
                with self._open().short.connection(timeout=self._waits.connect_s) as connection:
                    return work(connection)
            except (psycopg.Error, PoolTimeout) as error:
                if self._is_in_vain(error) or self._clock.monotonic_s() >= give_up_at_s:
                    raise self._error(error) from error
            self._drop_lost_connections()
            self._clock.sleep(_PAUSE_S)

    def _is_in_vain(self, error: Exception) -> bool:
        """Whether asking again brings nothing: it was no loss, or the wait for a silent server is over."""
        is_silence = isinstance(error, ServerSilent | PoolTimeout) and self._waits.answer_s is not None
        return is_silence or not is_lost(error)

    @contextmanager
    def hold(self, *, timeout_s: float) -> Iterator[Connection]:
        """A connection for as long as the block lasts, of those that locks are held with.

        Psycopg's own errors come through. Raises PoolTimeout where all are taken for `timeout_s`.
        """
        with self._open().locks.connection(timeout=max(timeout_s, 0.05)) as connection:
            yield connection

    def explain(self, error: Exception) -> StoreError:
        """One of our errors for one of psycopg's."""
        return self._error(error)

    def close(self) -> None:
        """Close all connections. The database can still be used; it opens new ones."""
        pools, self._pools = self._pools, None
        if pools is not None and pools.process == os.getpid():
            pools.short.close()
            pools.locks.close()

    def _open(self) -> _Pools:
        with self._opening:
            if self._pools is None or self._pools.process != os.getpid():
                self._bring_up_to_date()
                self._pools = _Pools(self._url, self._connections, self._waits)
            return self._pools

    def _bring_up_to_date(self) -> None:
        give_up_at_s = self._clock.monotonic_s() + self._waits.again_s
        conninfo = _conninfo(self._url, worker=0)
        while True:
            try:
                with psycopg.connect(conninfo) as connection:
                    found = apply_migrations(connection)
                break
            except psycopg.Error as error:
                # A server that says so is there in a moment; one that is not there is an error at once.
                if not _is_starting(error, conninfo) or self._clock.monotonic_s() >= give_up_at_s:
                    raise self._error(error) from error
            self._clock.sleep(_PAUSE_S)
        if found > NEWEST:
            raise StoreTooNew(path=self.place, found=found, know=NEWEST)

    def _drop_lost_connections(self) -> None:
        if self._pools is not None:
            self._pools.short.check()

    def _error(self, error: Exception) -> StoreError:
        if isinstance(error, PoolTimeout) and self._waits.answer_s is None:
            error = self._why_unreachable() or error
        text = mask_secrets(clean(str(error))).splitlines() or [type(error).__name__]
        why = text[-1].removeprefix("FATAL: ").strip()[:_LONGEST_REASON]
        state = getattr(error, "sqlstate", None)
        if state in {"42501", "25006"} or str(state).startswith("53"):
            return StoreUnwritable(path=self.place, why=why, fix="give its user the right and the room to write")
        message = " ".join(text)
        for words, (reason, fix) in _REASONS.items():
            if words in message:
                return StoreUnreadable(path=self.place, why=reason, fix=fix)
        return StoreUnreadable(path=self.place, why=why, fix="check the server and DATABASE_URL, then try again")

    def _why_unreachable(self) -> Exception | None:
        try:
            psycopg.connect(_conninfo(self._url, worker=0)).close()
        except psycopg.Error as error:
            return error
        return None


_REASONS = {
    "password authentication failed": ("the server refuses the password", "correct the password in DATABASE_URL"),
    "no password supplied": ("the server wants a password", "add the password to DATABASE_URL"),
    "Connection refused": ("no server answers there", "start PostgreSQL, or correct host and port in DATABASE_URL"),
    "No such file or directory": ("no server answers there", "start PostgreSQL, or correct the host in DATABASE_URL"),
    "couldn't get a connection": ("no connection was free in time", "check that the server answers"),
    "timeout": ("the server did not answer in time", "check host, port and firewall in the way to DATABASE_URL"),
    "failed to resolve host": ("there is no such host", "correct the host in DATABASE_URL"),
    "does not exist": ("that database or that user does not exist", "create it (createdb), or correct DATABASE_URL"),
}


class _Pools:
    def __init__(self, url: Secret, connections: int, waits: Waits) -> None:
        self.process, self.worker = os.getpid(), secrets.randbits(48)
        conninfo = _conninfo(url, worker=self.worker)
        # Who waits for a lock is not waiting for a silent server.
        bounds = (waits.answer_s, None if waits.answer_s is None else waits.answer_s + _LONGEST_LOCK_WAIT_S)
        self.short, self.locks = (
            ConnectionPool(
                conninfo,
                connection_class=BoundedConnection,
                configure=bounding(bound),
                min_size=0,
                max_size=connections,
                max_idle=60,
                kwargs={"autocommit": True},
                open=True,
            )
            for bound in bounds
        )


def is_lost(error: Exception) -> bool:
    """Whether this says that the connection is gone, or none is to be had: not that the work was wrong."""
    if isinstance(error, PoolTimeout | psycopg.InterfaceError):
        return True
    state = getattr(error, "sqlstate", None)
    return isinstance(error, psycopg.OperationalError) and (state is None or state[:2] == "08" or state in _LOST)


def worker_name(worker: int) -> str:
    """What the connections of a worker are called."""
    return f"paceport {worker:x}"


def _parts(url: Secret) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(url.reveal()))
    except psycopg.Error:
        # Outside of the cause: what psycopg says may quote the address, with its password.
        pass
    raise UsageError(
        what="DATABASE_URL is not the address of a PostgreSQL database",
        why="it cannot be read as one",
        fix="write it like postgresql://user:password@host:5432/database",
    )


def _conninfo(url: Secret, *, worker: int, schema: str = "") -> str:
    parts = _parts(url)
    if parts.get("password"):
        Secret(str(parts["password"]))  # so that no message shows it
    # What has returned is on the disk, whatever the server's settings say of others.
    search = f" -c search_path={schema}" if schema else ""
    options = f"{parts.get('options') or ''} -c synchronous_commit=on{search}".strip()
    defaults = {
        "connect_timeout": _CONNECT_S,
        # A holder whose machine is gone is noticed within half a minute.
        "keepalives": 1,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
    return make_conninfo(**(defaults | parts | {"options": options, "application_name": worker_name(worker)}))
