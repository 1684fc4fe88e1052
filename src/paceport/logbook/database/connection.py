"""Opening both databases: their files, their migrations, one connection, the views over it, and what SQLite says."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import Busy, StoreError, StoreUnreadable, StoreUnwritable
from paceport.logbook.database.activity_record import moment_text
from paceport.logbook.database.migrations import CACHE, OWN, migrate
from paceport.logbook.database.views import joined_views

_WAIT_S = 10.0


def connect(own: Path, cache: Path, clock: Clock) -> sqlite3.Connection:
    """One connection for writing: own.db as `main`, cache.db as `cache`, the views over both as temporary views.

    Both are created or brought to today's schema first. Raises StoreTooNew, StoreUnreadable, StoreUnwritable, Busy.
    """
    for path, database in ((own, OWN), (cache, CACHE)):
        with translate_errors(path):
            _create_private(path)
            migrate(path, database)
    with translate_errors(own):
        connection = sqlite3.connect(own, isolation_level=None, timeout=_WAIT_S)
        try:
            connection.execute("ATTACH DATABASE ? AS cache", (str(cache),))
            _prepare(connection, clock)
            # A deleted cached row must leave no byte behind; the setting is the connection's, not the file's.
            connection.execute("PRAGMA cache.secure_delete = ON")
            connection.execute("PRAGMA main.synchronous = NORMAL")
            connection.execute("PRAGMA cache.synchronous = NORMAL")
            connection.executescript(joined_views())
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def connect_to_read(own: Path, cache: Path, clock: Clock) -> sqlite3.Connection:
    """One connection that cannot write. A database of a newer schema is read as far as its own views go.

    Raises StoreUnreadable where there is no logbook yet.
    """
    if not own.exists():
        raise StoreUnreadable(path=str(own), why="there is no logbook yet", fix="paceport import export.zip")
    with translate_errors(own):
        connection = sqlite3.connect(
            f"{own.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=_WAIT_S
        )
        try:
            _prepare(connection, clock)
            own_is_ours = connection.execute("PRAGMA main.user_version").fetchone()[0] == OWN.newest
            attached = own_is_ours and _attach_to_read(connection, cache)
            if attached:
                connection.executescript(joined_views())
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def _attach_to_read(connection: sqlite3.Connection, cache: Path) -> bool:
    if not cache.exists():
        return False
    connection.execute("ATTACH DATABASE ? AS cache", (f"{cache.resolve().as_uri()}?mode=ro",))
    return bool(connection.execute("PRAGMA cache.user_version").fetchone()[0] == CACHE.newest)


def _prepare(connection: sqlite3.Connection, clock: Clock) -> None:
    connection.create_function("now_utc", 0, lambda: moment_text(clock.now()))
    # Sorting must not spill cached rows into files of the system.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA foreign_keys = ON")


def _create_private(path: Path) -> None:
    """The file, readable by its owner alone, in a folder that is created the same way."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


@contextlib.contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """SQLite's and the system's complaints about a file, as our errors."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _operational(path, error) from error
    except sqlite3.DatabaseError as error:
        raise StoreUnreadable(path=str(path), why=str(error), fix="move that file away, then import again") from error
    except OSError as error:
        raise StoreUnwritable(path=str(path), why=error.strerror or str(error)) from error


def _operational(path: Path, error: sqlite3.OperationalError) -> StoreError | Busy:
    text = str(error)
    if "locked" in text or "busy" in text:
        return Busy(what=f"{path} is being written", holder="another process")
    return StoreUnwritable(path=str(path), why=text)
