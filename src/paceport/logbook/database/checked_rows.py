"""Whether every own row was found readable and computed, and none has changed since.

The mark stands in a table that triggers empty with every change of an activity or a result, whoever makes it. So one
look at it takes the place of reading all rows before every answer.
"""

import sqlite3

from paceport.logbook.database.migrations import transaction


def is_checked(connection: sqlite3.Connection, mark: str | None = None) -> bool:
    """Whether nothing has changed since a check; with a `mark`, since one that ended with it."""
    query = "SELECT 1 FROM main.checked WHERE mark != '' AND ifnull(mark = :mark, 1)"
    return connection.execute(query, {"mark": mark}).fetchone() is not None


def check_token(connection: sqlite3.Connection, *, is_ended: bool = True) -> str | None:
    """The token of the check since which nothing has changed, or of the one that is under way; None without one."""
    row = connection.execute(f"SELECT token FROM main.checked WHERE mark {'!=' if is_ended else '='} ''").fetchone()  # noqa: S608  # ours
    return str(row[0]) if row else None


def begin_check(connection: sqlite3.Connection) -> str:
    """A token to end the check with, after every row has been read."""
    token = str(connection.execute("SELECT hex(randomblob(16))").fetchone()[0])
    with transaction(connection):
        connection.execute("DELETE FROM main.checked")
        connection.execute("INSERT INTO main.checked VALUES (?, '')", (token,))
    return token


def end_check(connection: sqlite3.Connection, token: str, mark: str) -> None:
    """Say that all was in order; of no effect where something changed, or another check began, meanwhile."""
    connection.execute("UPDATE main.checked SET mark = ? WHERE token = ?", (mark, token))
