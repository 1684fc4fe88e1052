"""Opening both databases: their files, their migrations, one connection, and the views over both."""

import contextlib
import math
import re
import sqlite3
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import StoreUnreadable, StoreUnwritable
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.cache_schema import CACHE_MIGRATIONS
from paceport.logbook.database.database_errors import (
    GuardedConnection,
    database_error,
    file_uri,
    is_out_of_room,
    needs_more_rights,
    translate_errors,
    with_logs,
)
from paceport.logbook.database.migrations import CACHE, LOCK_WAIT_S, OWN, migrate
from paceport.logbook.database.moments import moment_text
from paceport.logbook.database.temporary_views import TemporaryViews, make_temporary_views
from paceport.storage.access import is_there
from paceport.storage.folder_lock import files_stay, folder_stays
from paceport.storage.private_files import create_private, make_owner_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDatabases:
    """own.db as `main`, cache.db as `cache`, the views over both as temporary views, made when one is first named.

    `read_only_because` says why nothing can be written; "" where everything can.
    """

    connection: sqlite3.Connection
    read_only_because: str = ""


def connect(own: Path, cache: Path, clock: Clock) -> OpenDatabases:
    """One connection for writing; where the files may only be read, one for reading.

    Both files are created or brought to today's schema first. Raises StoreTooNew, StoreUnreadable, StoreUnwritable,
    Busy.
    """
    try:
        return OpenDatabases(connection=_connect_to_write(own, cache, clock))
    except StoreUnwritable as error:
        if not is_there(own):
            raise
        with files_stay(own.parent), files_stay(cache.parent):
            connection = _open_read_only(own, clock)
            if _schema(connection, "main") != OWN.newest:
                connection.close()
                raise
            _attach_read_only(connection, own, cache)
            make_temporary_views(connection)
        if isinstance(connection, GuardedConnection):
            connection.read_only_because = error
        return OpenDatabases(connection=connection, read_only_because=f"{error.path}: {error.why}")


def connect_to_read(own: Path, cache: Path, clock: Clock) -> sqlite3.Connection:
    """One connection that cannot write. A database of a newer schema is read as far as its own views go.

    Its errors are SQLite's own. Raises StoreUnreadable where there is no logbook yet.
    """
    if not is_there(own):
        raise StoreUnreadable(path=str(own), why="there is no logbook yet", fix="paceport import export.zip")
    with files_stay(own.parent), files_stay(cache.parent), translate_errors(own, cache):
        connection = _open_read_only(own, clock, factory=sqlite3.Connection)
        try:
            if _schema(connection, "main") == OWN.newest and _attach_read_only(connection, own, cache):
                make_temporary_views(connection)
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def _connect_to_write(own: Path, cache: Path, clock: Clock) -> sqlite3.Connection:
    with contextlib.ExitStack() as opening:
        for path, database in ((own, OWN), (cache, CACHE)):
            opening.enter_context(folder_stays(path.parent, make_owner_folder))
            create_private(path, b"")
            with translate_errors(path):
                migrate(path, database)
        return _opened_to_write(own, cache, clock)


def _opened_to_write(own: Path, cache: Path, clock: Clock) -> sqlite3.Connection:
    connection = _open(file_uri(own, "rw"), own, cache, clock)
    assert isinstance(connection, GuardedConnection)
    try:
        connection.execute("ATTACH DATABASE ? AS cache", (file_uri(cache, "rw"),))
        # A deleted cached row must leave no byte behind; the setting is the connection's, not the file's.
        connection.execute("PRAGMA cache.secure_delete = ON")
        connection.execute("PRAGMA main.synchronous = NORMAL")
        connection.execute("PRAGMA cache.synchronous = NORMAL")
        connection.views = TemporaryViews()
    except BaseException:
        connection.close()
        raise
    return connection


def _open(
    uri: str, own: Path, cache: Path | None, clock: Clock, factory: type[sqlite3.Connection] = GuardedConnection
) -> sqlite3.Connection:
    with translate_errors(own):
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=LOCK_WAIT_S, factory=factory)
    if isinstance(connection, GuardedConnection):
        connection.files, connection.clock = (own, cache), clock
    # A byte that is no UTF-8 must not stop a whole answer.
    connection.text_factory = lambda content: content.decode(errors="replace")
    # One moment for the whole of a statement, as SQLite's own clock has; else it would be asked for every row.
    connection.create_function("now_utc", 0, lambda: moment_text(clock.now()), deterministic=True)
    # Not every SQLite has it.
    connection.create_function("log10", 1, _log10, deterministic=True)
    # Sorting must not spill cached rows into files of the system.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _log10(value: object) -> float | None:
    return math.log10(value) if isinstance(value, int | float) and value > 0 else None


def _open_read_only(
    own: Path, clock: Clock, factory: type[sqlite3.Connection] = GuardedConnection
) -> sqlite3.Connection:
    return _open(read_only_uri(own), own, None, clock, factory)


def read_only_uri(path: Path) -> str:
    """The address that opens a database for reading, on a read-only medium too. Raises as `database_error`."""
    uri = file_uri(path, "ro")
    try:
        _probe(uri)
    except sqlite3.Error as error:
        log = with_logs(path)[1]
        is_whole_without = not (is_there(log) and log.stat().st_size)
        if not (needs_more_rights(error) or is_out_of_room(error)) or not is_whole_without:
            raise database_error(error, path) from error
        # SQLite wants to make log files even for reading; without one there is nothing in it that could be missed.
        uri += "&immutable=1"
        with translate_errors(path):
            _probe(uri)
    return uri


def _probe(uri: str) -> None:
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=LOCK_WAIT_S)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _schema(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}.user_version").fetchone()[0])


def _attach_read_only(connection: sqlite3.Connection, own: Path, cache: Path) -> bool:
    """Attach the cache; an empty one in memory where there is none that can be read. False for a newer one's."""
    if isinstance(connection, GuardedConnection):
        connection.files = (own, cache)
    if is_there(cache):
        connection.execute("ATTACH DATABASE ? AS cache", (read_only_uri(cache),))
        if _schema(connection, "cache") == CACHE.newest:
            return True
        connection.execute("DETACH DATABASE cache")
    connection.execute("ATTACH DATABASE ':memory:' AS cache")
    for statement in _cache_statements():
        connection.execute(statement)
    return True


def _cache_statements() -> list[str]:
    """What makes today's tables of the cache in an empty database attached as `cache`."""
    with contextlib.closing(sqlite3.connect(":memory:")) as made:
        for script in CACHE_MIGRATIONS:
            made.executescript(script)
        tables = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger' ORDER BY type DESC"
        statements = made.execute(tables).fetchall()
    return [re.sub(r"^CREATE (TABLE|INDEX) ", r"CREATE \1 cache.", sql) for (sql,) in statements]
