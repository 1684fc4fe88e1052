"""Bringing a database to today's schema: copied first, one migration at a time, each with its number in one step."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from paceport.errors import StoreTooNew, StoreUnreadable
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.cache_schema import CACHE_MIGRATIONS
from paceport.logbook.database.database_errors import GuardedConnection, is_locked_by_others
from paceport.logbook.database.own_schema import OWN_MIGRATIONS
from paceport.logbook.database.views import own_views
from paceport.storage.private_files import create_private
from paceport.storage.turns import turn

# How long a process waits for others that write.
LOCK_WAIT_S = 10.0
# Between SQLite's leave to be alone and the use of it another process may come in: rare twice, unheard of so often.
_MOST_TRIES = 100
# "PcLb" and "PcCa": `file own.db` tells ours from other SQLite files, and so do we.
_OWN_MARK, _CACHE_MARK = 0x50634C62, 0x50634361


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSchema:
    """What a file is to become: its mark (SQLite's application_id), its migrations, the views recreated behind them.

    `is_copied`: whether the file is copied before it is changed.
    """

    mark: int
    migrations: Sequence[str]
    views: str = ""
    is_copied: bool = False

    @property
    def newest(self) -> int:
        """The schema number this version knows."""
        return len(self.migrations)


OWN = DatabaseSchema(mark=_OWN_MARK, migrations=OWN_MIGRATIONS, views=own_views(), is_copied=True)
CACHE = DatabaseSchema(mark=_CACHE_MARK, migrations=CACHE_MIGRATIONS)


def schema_number(connection: sqlite3.Connection, path: Path, database: DatabaseSchema) -> int:
    """The schema number a file carries, 0 for an empty one. StoreUnreadable if it is another program's database."""
    # All three as of one moment: another process may be making the file right now.
    connection.execute("BEGIN")
    try:
        number = int(connection.execute("PRAGMA user_version").fetchone()[0])
        mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
        is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    finally:
        if connection.in_transaction:  # a damaged file may have ended it
            connection.execute("ROLLBACK")
    if mark != database.mark and not (is_empty and mark == 0):
        raise StoreUnreadable(
            path=str(path), why="it is another program's database", fix="move that file away, then try again"
        )
    return number


def migrate(path: Path, database: DatabaseSchema) -> int:
    """Bring the file at `path` (created if absent) to the newest schema and return the number it had before.

    A file that holds data is copied to `<name>.schema-<number>` first where the database wants it; the copy stays.
    Each migration and its number go in one transaction: a crash leaves the old schema or the new one. Raises
    StoreTooNew for a newer file, which stays untouched, StoreUnreadable for another program's, and SQLite's own errors.
    """
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=LOCK_WAIT_S)) as connection:
        before = schema_number(connection, path, database)
        if before > database.newest:
            raise StoreTooNew(path=str(path), found=before, know=database.newest)
        turn_on_wal(connection)
        if 0 < before < database.newest and database.is_copied:
            _copy(connection, path, before)
        for number in range(before, database.newest):
            _step(connection, database.migrations[number], number + 1, database.mark)
        if database.views and _views_differ(connection, database.views):
            with transaction(connection):
                for statement in _statements(database.views):
                    connection.execute(statement)
        return before


def turn_on_wal(connection: sqlite3.Connection) -> None:
    """Change the journal to a write-ahead log, for good. Raises SQLite's error where others hold the file too long.

    SQLite waits for no writer here: it says at once that the file is locked. It does wait for the right to be alone.
    """
    for _ in range(_MOST_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not is_locked_by_others(error):
                raise
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _step(connection: sqlite3.Connection, script: str, number: int, mark: int) -> None:
    with transaction(connection):
        # Another process may have done it while this one waited for the lock.
        if connection.execute("PRAGMA user_version").fetchone()[0] < number:
            # A table cannot be put in the place of another that views stand on. They are made anew behind this.
            for (view,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
                connection.execute(f'DROP VIEW "{view}"')
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {mark}")
            connection.execute(f"PRAGMA user_version = {number}")


def begin(connection: sqlite3.Connection) -> None:
    """Begin a transaction and take the lock for writing, in the order in which processes asked for it."""
    if not isinstance(connection, GuardedConnection):
        connection.execute("BEGIN IMMEDIATE")
        return
    own = connection.files[0]
    with turn(own.with_name(f"{own.name}-turn"), most_s=LOCK_WAIT_S, clock=connection.clock):
        connection.execute("BEGIN IMMEDIATE")


@contextlib.contextmanager
def one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read inside is of one moment, whoever writes meanwhile. Inside a transaction it is as of that one.

    Nothing may be written inside: SQLite would refuse it where another process has written since.
    """
    is_part = connection.in_transaction
    if not is_part:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if not is_part and connection.in_transaction:  # a damaged file may have ended it
            connection.execute("COMMIT")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside happens together or not at all; the lock is taken at the start.

    Inside another transaction it is a part of that one, which can still be undone alone.
    """
    is_part = connection.in_transaction
    if is_part:
        connection.execute("SAVEPOINT part")
    else:
        begin(connection)
    try:
        yield
    except BaseException:
        # A full disk may have ended the whole transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK TO part" if is_part else "ROLLBACK")
            if is_part:
                connection.execute("RELEASE part")
        raise
    connection.execute("RELEASE part" if is_part else "COMMIT")


def _statements(script: str) -> Iterator[str]:
    # executescript would commit on its own account before it starts.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _copy(connection: sqlite3.Connection, path: Path, number: int) -> None:
    """Copy the database to `<name>.schema-<number>`, unless another process has brought it beyond that meanwhile."""
    target = path.with_name(f"{path.name}.schema-{number}")
    with transaction(connection):
        if connection.execute("PRAGMA user_version").fetchone()[0] != number:
            return
        create_private(target, b"")  # closed to others before there is anything in it
        # A connection that holds the lock cannot be copied from.
        with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(target)) as copy:
            source.backup(copy)


def _views_differ(connection: sqlite3.Connection, views: str) -> bool:
    stored = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'view'")]
    return any(f"{sql};" not in views for sql in stored) or len(stored) != views.count("CREATE VIEW")
