"""One question in SQL, answered without any chance to write."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import UsageError
from paceport.logbook.database.connection import connect_to_read
from paceport.logbook.database.database_errors import database_error, is_about_the_file
from paceport.logbook.database.views import VIEW_NAMES

# What a question may do: read tables and views, call functions, recurse, and look at a table's shape.
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_ALLOWED_PRAGMAS = frozenset({"table_info", "table_xinfo", "table_list", "index_list"})
_FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "writefile", "readfile", "edit"})
_STEPS_BETWEEN_LOOKS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """The result of a question. `is_cut` says that more rows than asked for were found."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    is_cut: bool


def run_query(
    own: Path, cache: Path, query: str, *, clock: Clock, limit_s: float = 30.0, most_rows: int | None = None
) -> QueryResult:
    """Run one SELECT over the documented views (and tables) and give its rows.

    The connection is read-only by file, by setting and by authorizer. Raises UsageError with SQLite's own words for a
    wrong question, for one that would change something, and for one that takes longer than `limit_s`.
    """
    with contextlib.closing(connect_to_read(own, cache, clock)) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(_authorize)
        end = clock.monotonic_s() + limit_s
        connection.set_progress_handler(lambda: clock.monotonic_s() > end, _STEPS_BETWEEN_LOOKS)
        try:
            cursor = connection.execute(query)
            rows = cursor.fetchall() if most_rows is None else cursor.fetchmany(most_rows + 1)
        except (sqlite3.Error, sqlite3.Warning) as error:
            if isinstance(error, sqlite3.Error) and is_about_the_file(error):
                raise database_error(error, own, cache) from error
            raise _refusal(error, limit_s) from error
        if cursor.description is None:
            raise UsageError(what="That is no question", why="it has no result", fix="begin with SELECT or WITH")
        columns = tuple(column[0] for column in cursor.description)
        is_cut = most_rows is not None and len(rows) > most_rows
        return QueryResult(columns=columns, rows=rows[:most_rows], is_cut=is_cut)


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _view: str | None) -> int:
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first in _ALLOWED_PRAGMAS else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and second in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _refusal(error: sqlite3.Error | sqlite3.Warning, limit_s: float) -> UsageError:
    text = str(error)
    if "interrupted" in text:
        return UsageError(
            what="The question took too long",
            why=f"it was stopped after {limit_s:g} seconds",
            fix="ask for less, for example with WHERE year = 2026",
        )
    if "not authorized" in text or "denied" in text or "prohibited" in text or "readonly" in text:
        return UsageError(
            what="That would do more than read",
            why="a question may only read",
            fix="begin with SELECT or WITH; the logbook's files are SQLite, other tools may do the rest",
        )
    if "one statement" in text:
        return UsageError(what="Those are several questions", why=text, fix="ask one at a time")
    return UsageError(
        what="SQLite does not understand the question",
        why=text,
        fix=f"the views are {', '.join(VIEW_NAMES)}; their columns: PRAGMA table_info(run)",
    )
