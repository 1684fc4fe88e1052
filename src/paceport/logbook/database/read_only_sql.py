"""Runs one SQL query without any way to write."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.connection import connect_to_read
from paceport.logbook.database.database_errors import database_error, is_about_the_file, raise_lost_interrupt
from paceport.logbook.database.views import VIEW_NAMES

# What a question may do: read tables and views, call functions, recurse, and look at a table's shape.
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_ALLOWED_PRAGMAS = frozenset({"table_info", "table_xinfo", "table_list", "index_list"})
_FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "writefile", "readfile", "edit"})
# What SQLite says of what we have forbidden.
_FORBIDDEN_BY_US = ("not authorized", "prohibited")
_STEPS_BETWEEN_LOOKS = 20_000
_ROWS_AT_ONCE = 1000
_LONGEST_VALUE = 32 * 1024**2
_MOST_MEMORY = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """The result of a question. `is_cut` says that more rows than asked for were found."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuery:
    """A question that is being answered: its columns, each name once, and its rows, by the thousand."""

    columns: tuple[str, ...]
    batches: Iterator[list[tuple[object, ...]]]


def run_query(
    own: Path, cache: Path, query: str, *, clock: Clock, limit_s: float = 30.0, most_rows: int | None = None
) -> QueryResult:
    """Run one SELECT over the documented views (and tables) and give its rows. Raises as `open_query`."""
    rows: list[tuple[object, ...]] = []
    with open_query(own, cache, query, clock=clock, limit_s=limit_s) as answer:
        for batch in answer.batches:
            rows += batch
            if most_rows is not None and len(rows) > most_rows:
                return QueryResult(columns=answer.columns, rows=rows[:most_rows], is_cut=True)
        return QueryResult(columns=answer.columns, rows=rows, is_cut=False)


@contextlib.contextmanager
def open_query(own: Path, cache: Path, query: str, *, clock: Clock, limit_s: float = 30.0) -> Iterator[OpenQuery]:
    """Ask one SELECT over the documented views (and tables); its rows are fetched as they are taken.

    The connection is read-only by file, by setting and by authorizer. Raises UsageError with SQLite's own words for a
    wrong question, for one that would change something, and for one that takes longer than `limit_s` (the taking of
    its rows included) or more than 1 GiB of memory; Busy and StoreErrors for the files.
    """
    with contextlib.closing(connect_to_read(own, cache, clock)) as connection:
        limits, authorizer = _Limits(clock=clock, limit_s=limit_s), _Authorizer()
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.set_authorizer(authorizer)
        connection.set_progress_handler(limits.are_reached, _STEPS_BETWEEN_LOOKS)
        translating = partial(_translating, own, cache, limits, authorizer)
        with translating():
            cursor = connection.execute(query)
        if cursor.description is None:
            raise UsageError(what="That is not a query", why="it has no result", fix="begin with SELECT or WITH")
        names = distinct_names([column[0] for column in cursor.description])
        yield OpenQuery(columns=names, batches=_batches(cursor, translating, limits))


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names of columns, those that occur again with a number: id, id_2."""
    found: list[str] = []
    for name in names:
        number, told_apart = 1, name
        while told_apart in found or (number > 1 and told_apart in names):
            number += 1
            told_apart = f"{name}_{number}"
        found.append(told_apart)
    return tuple(found)


def _batches(
    cursor: sqlite3.Cursor, translating: Callable[[], AbstractContextManager[None]], limits: _Limits
) -> Iterator[list[tuple[object, ...]]]:
    while True:
        with translating():
            rows = cursor.fetchmany(_ROWS_AT_ONCE)
        if not rows:
            return
        if limits.are_reached():
            raise limits.refusal()
        yield rows


class _Limits:
    """How long a question may take and how much memory; `refusal` says which it was.

    `were_reached` tells an end of ours from one by Ctrl-C, of which SQLite says the same where it comes in a look.
    """

    def __init__(self, *, clock: Clock, limit_s: float) -> None:
        self._clock, self._limit_s = clock, limit_s
        self._end_s = clock.monotonic_s() + limit_s
        self._most_bytes = _peak_memory() + _MOST_MEMORY
        self._is_memory = False
        self.were_reached = False

    def are_reached(self) -> bool:
        self._is_memory = _peak_memory() > self._most_bytes
        self.were_reached = self._is_memory or self._clock.monotonic_s() > self._end_s
        return self.were_reached

    def refusal(self) -> UsageError:
        if self._is_memory:
            return UsageError(
                what="The question took too much memory",
                why=f"it was stopped after using {_MOST_MEMORY // 1024**2} MiB",
                fix="ask for less: fewer columns, or a LIMIT",
            )
        return UsageError(
            what="The query took too long",
            why=f"it was stopped after {self._limit_s:g} seconds",
            fix="ask for less, for example with WHERE year = 2026, or give it more time: --limit-s",
        )


def _peak_memory() -> int:
    """The most memory that this process has held, in bytes; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@contextlib.contextmanager
def _translating(own: Path, cache: Path, limits: _Limits, authorizer: _Authorizer) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise limits.refusal() from error
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise_lost_interrupt(error)
        if "interrupted" in str(error):
            if not limits.were_reached:
                raise KeyboardInterrupt from error
            raise limits.refusal() from error
        if any(word in str(error) for word in _FORBIDDEN_BY_US) and not authorizer.has_refused:
            raise KeyboardInterrupt from error
        if isinstance(error, sqlite3.Error) and is_about_the_file(error):
            raise database_error(error, own, cache) from error
        raise _refusal(error) from error


class _Authorizer:
    """What SQLite asks before each thing that a question does; `has_refused` says whether anything was forbidden.

    SQLite says the same of Ctrl-C that comes while it asks.
    """

    def __init__(self) -> None:
        self.has_refused = False

    def __call__(
        self, action: int, first: str | None, second: str | None, _database: str | None, _view: str | None
    ) -> int:
        if action == sqlite3.SQLITE_PRAGMA:
            is_allowed = first in _ALLOWED_PRAGMAS
        else:
            is_forbidden_function = action == sqlite3.SQLITE_FUNCTION and second in _FORBIDDEN_FUNCTIONS
            is_allowed = action in _ALLOWED and not is_forbidden_function
        self.has_refused = self.has_refused or not is_allowed
        return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _refusal(error: sqlite3.Error | sqlite3.Warning) -> UsageError:
    text = str(error)
    if any(word in text for word in (*_FORBIDDEN_BY_US, "denied", "readonly")):
        return UsageError(
            what="That query would change something",
            why="a query may only read",
            fix="begin with SELECT or WITH; to change data, use another SQLite tool on the logbook's files",
        )
    if "too big" in text:
        return UsageError(
            what="A value of the answer is too long", why=text, fix="shorten it, for example with substr(…)"
        )
    if "one statement" in text:
        return UsageError(what="Those are several queries", why=text, fix="run one at a time")
    return UsageError(
        what="SQLite does not understand the query",
        why=text,
        fix=f"the views are {', '.join(VIEW_NAMES)}; their columns: PRAGMA table_info(run)",
    )
