"""SQLite's and the system's errors about a database file as ours: damaged, locked, read-only and foreign."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from paceport.clock import Clock
from paceport.errors import Busy, PaceportError, StoreUnreadable, StoreUnwritable
from paceport.storage.access import denial

if TYPE_CHECKING:
    from paceport.logbook.database.temporary_views import TemporaryViews

# SQLite's result codes, https://sqlite.org/rescode.html; the lowest byte is the kind.
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_NOT_ALLOWED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN})
# The disk, a quota, or a limit on the size of files is used up; also where a file for reading must first be made.
_NO_ROOM = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMMAP,
    }
)
_OPERATIONAL = _LOCKED | _NOT_ALLOWED | frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM})

# What SQLite says of whatever is raised in a function that it calls.
_FUNCTION_RAISED = "user-defined function raised exception"

REBUILD = "paceport import --rebuild (it makes a new one from your originals and keeps the damaged file)"
ERASE_CACHE = "delete that file, then: paceport sync (it holds nothing of your own)"


def is_about_the_file(error: sqlite3.Error) -> bool:
    """Whether an error of a reading statement is about the file or the machine, not about the statement."""
    return _kind(error) in (_OPERATIONAL | _DAMAGED) - {sqlite3.SQLITE_READONLY}


def is_locked_by_others(error: sqlite3.Error) -> bool:
    """Whether another connection holds the file just now."""
    return _kind(error) in _LOCKED


def needs_more_rights(error: sqlite3.Error) -> bool:
    """Whether SQLite could not do with the file what it wanted to, be it only for making a log beside it."""
    return _kind(error) in _NOT_ALLOWED


def is_out_of_room(error: sqlite3.Error) -> bool:
    """Whether SQLite found no room for what it wanted to write."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) in _NO_ROOM


def file_uri(path: Path, mode: Literal["ro", "rw"]) -> str:
    """A database file's address for SQLite; it must be there already."""
    return f"{path.absolute().as_uri()}?mode={mode}"


def raise_lost_interrupt(error: sqlite3.Error | sqlite3.Warning) -> None:
    """Raise the KeyboardInterrupt of which SQLite has made this error, where it has.

    Python deals with a signal where its own code runs next, which may be in a function that SQLite calls: what is
    raised there becomes an error of the statement. Our functions raise nothing of their own.
    """
    if str(error) == _FUNCTION_RAISED:
        raise KeyboardInterrupt from error


def database_error(error: sqlite3.Error, own: Path, cache: Path | None = None) -> PaceportError:
    """SQLite's error as ours. Of two files that one connection holds, the one at fault is found and named.

    Raises KeyboardInterrupt where the error is one in truth.
    """
    raise_lost_interrupt(error)
    kind = _kind(error)
    paths = [own] if cache is None else [own, cache]
    if kind in _LOCKED:
        path = next((path for path in paths if _is_locked(path)), own)
        return Busy(what=f"{path} is being written", holder="another program")
    if kind in _DAMAGED:
        path = next((path for path in paths if is_damaged(path)), own)
        return damaged(path, str(error))
    if kind in _NOT_ALLOWED:
        path = next((path for path in paths if denial(path, write=True)), own)
        return _not_allowed(path, str(error))
    if kind == sqlite3.SQLITE_FULL:
        return StoreUnwritable(path=str(own), why="the disk is full")
    if is_out_of_room(error):
        return StoreUnwritable(path=str(own), why=f"the disk or your share of it is full ({error})")
    if kind in _OPERATIONAL:
        return StoreUnreadable(path=str(own), why=f"the system reports an error ({error})", fix="check the disk")
    return StoreUnreadable(path=str(own), why=f"it is not as this version wrote it ({error})", fix=_fix(own))


def damaged(path: Path, words: str) -> StoreUnreadable:
    """The error for a file that is no whole database; `words` are SQLite's."""
    return StoreUnreadable(path=str(path), why=f"the database is damaged ({words})", fix=_fix(path))


def is_damaged(path: Path) -> bool:
    """Whether a file is no whole database. Reads all of it. False where it is absent or cannot be opened."""
    try:
        with contextlib.closing(sqlite3.connect(file_uri(path, "ro"), uri=True)) as connection:
            rows = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error as error:
        return _kind(error) in _DAMAGED
    return rows != [("ok",)]


@contextlib.contextmanager
def translate_errors(own: Path, cache: Path | None = None) -> Iterator[None]:
    """SQLite's and the system's complaints about a file, as our errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise database_error(error, own, cache) from error
    except OSError as error:
        raise StoreUnwritable(path=str(own), why=error.strerror or str(error)) from error


class GuardedConnection(sqlite3.Connection):
    """A connection whose every error is one of ours and names the file at fault.

    Set `files` before the first use, and `clock` before the first transaction; `read_only_because` where the files
    could not be opened for writing; `views` where the temporary views are made when they are first named.
    """

    files: tuple[Path, Path | None]
    clock: Clock
    read_only_because: StoreUnwritable | None = None
    views: TemporaryViews | None = None

    def cursor(self, factory: Any = None) -> Any:  # noqa: ANN401  # as in the class below it
        """A cursor that is guarded too."""
        return super().cursor(factory or GuardedCursor)

    # Not every Python goes through `cursor` for these three.
    def execute(self, *arguments: Any) -> sqlite3.Cursor:  # passed on as they are
        return GuardedCursor(self).execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:  # passed on as they are
        return GuardedCursor(self).executemany(*arguments)

    def executescript(self, *arguments: Any) -> sqlite3.Cursor:  # passed on as they are
        return GuardedCursor(self).executescript(*arguments)


class GuardedCursor(sqlite3.Cursor):
    """A cursor of a GuardedConnection."""

    # Plain statements: a context manager around each would cost more than most queries.
    def execute(self, *arguments: Any) -> Self:  # passed on as they are
        try:
            self._prepare(arguments[0])
            return super().execute(*arguments)
        except sqlite3.Error as error:
            raise self._translated(error) from error

    def executemany(self, *arguments: Any) -> Self:  # passed on as they are
        try:
            self._prepare(arguments[0])
            return super().executemany(*arguments)
        except sqlite3.Error as error:
            raise self._translated(error) from error

    def executescript(self, *arguments: Any) -> Self:  # passed on as they are
        try:
            self._prepare(arguments[0])
            super().executescript(*arguments)
        except sqlite3.Error as error:
            raise self._translated(error) from error
        return self

    def fetchone(self) -> Any:  # noqa: ANN401  # a row of any shape
        try:
            return super().fetchone()
        except sqlite3.Error as error:
            raise self._translated(error) from error

    def fetchmany(self, size: int | None = 1000) -> list[Any]:
        try:
            return super().fetchmany(size)
        except sqlite3.Error as error:
            raise self._translated(error) from error

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.Error as error:
            raise self._translated(error) from error

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]  # rows, as the class below it
        # By the thousand: a guard around each row would cost more than the row.
        while rows := self.fetchmany():
            yield from rows

    def _prepare(self, statement: object) -> None:
        views: TemporaryViews | None = self.connection.views  # type: ignore[attr-defined]  # a GuardedConnection's
        if views is None:
            return
        if type(statement) is str and statement.startswith("ROLLBACK"):
            views.forget()
        else:
            views.prepare(self.connection, statement)

    def _translated(self, error: sqlite3.Error) -> PaceportError:
        if (views := getattr(self.connection, "views", None)) is not None:
            views.forget()  # the error may have undone a transaction
        own, cache = self.connection.files  # type: ignore[attr-defined]  # a GuardedConnection made this cursor
        because = getattr(self.connection, "read_only_because", None)
        if because is not None and _kind(error) == sqlite3.SQLITE_READONLY:
            return StoreUnwritable(path=because.path, why=because.why, fix=because.fix)
        return database_error(error, own, cache)


def with_logs(path: Path) -> list[Path]:
    """A database file and the log files that SQLite keeps beside it; each may be absent."""
    return [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]


def _kind(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) or 0) & 0xFF


def _fix(path: Path) -> str:
    return ERASE_CACHE if path.name == "cache.db" else REBUILD


def _not_allowed(path: Path, words: str) -> PaceportError:
    if why := denial(path):
        return StoreUnreadable(path=str(path), why=why, fix="run as its owner, or make it readable for you")
    return StoreUnwritable(
        path=str(path),
        why=denial(path, write=True) or words,
        fix="make it and its folder writable, or set PACEPORT_HOME to another place",
    )


def _is_locked(path: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(file_uri(path, "rw"), uri=True, timeout=0)) as connection:
            connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        return _kind(error) in _LOCKED
    return False
