"""The temporary views over both databases, made when a statement first names one.

SQLite takes longer to read them than to answer most questions, and most are answered by the views of own.db, which are
in the file.
"""

import sqlite3
from itertools import pairwise

from paceport.logbook.database.views import joined_views, temporary_views

# What stands before the name of a table in our statements. None of them lists tables with commas.
_BEFORE_TABLES = frozenset({"FROM", "JOIN", "IN", "table_info", "table_xinfo"})
_MARKS = "()[],;=<>'\"\n\t"
_APART = str.maketrans(_MARKS, " " * len(_MARKS))
_MOST_REMEMBERED = 1000


class TemporaryViews:
    """Makes the views of one connection before the first statement that may name one of them.

    A statement that asks for `main.run` names none.
    """

    def __init__(self) -> None:
        self._names = frozenset(joined_views())
        self._are_made = False
        self._harmless: set[object] = set()

    def prepare(self, connection: sqlite3.Connection, statement: object) -> None:
        """Make the views where they are not yet made and the statement may name one."""
        if self._are_made or statement in self._harmless:
            return
        if self.names_one(str(statement)):
            make_temporary_views(connection)
            self._are_made = True
        elif len(self._harmless) < _MOST_REMEMBERED:
            self._harmless.add(statement)

    def forget(self) -> None:
        """To be called when a transaction may have been undone: views that were made in it are gone with it."""
        self._are_made = False

    def names_one(self, statement: str) -> bool:
        """Whether a statement may ask for one of the views."""
        words = statement.replace("main.", "main_").replace("temp.", " ").translate(_APART).split()
        return any(word in self._names and before in _BEFORE_TABLES for before, word in pairwise(words))


def make_temporary_views(connection: sqlite3.Connection) -> None:
    """Make the views anew, inside a transaction that may be under way."""
    for statement in temporary_views():
        sqlite3.Connection.cursor(connection, sqlite3.Cursor).execute(statement)
