"""Checks one database: undamaged, Paceport's, and not locked."""

import contextlib
import sqlite3
from pathlib import Path

from paceport.errors import StoreTooNew, StoreUnwritable
from paceport.logbook.database.connection import read_only_uri
from paceport.logbook.database.database_errors import damaged, file_uri, translate_errors
from paceport.logbook.database.migrations import CACHE, OWN, schema_number
from paceport.storage.access import denial, is_there


def check_database(path: Path) -> str:
    """What can be said of a sound database in a few words. Reads all of it, changes nothing.

    Raises StoreUnreadable for a damaged or foreign one, StoreTooNew, StoreUnwritable where it may only be read, Busy
    where another program is writing it.
    """
    if not is_there(path):
        return "not there yet"
    schema = CACHE if path.name == "cache.db" else OWN
    with translate_errors(path), contextlib.closing(sqlite3.connect(read_only_uri(path), uri=True)) as connection:
        number = schema_number(connection, path, schema)
        words = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if words != "ok":
        raise damaged(path, words)
    if number > schema.newest:
        raise StoreTooNew(path=str(path), found=number, know=schema.newest)
    if why := denial(path, write=True):
        raise StoreUnwritable(path=str(path), why=why, fix="make it writable, or only read it")
    with (
        translate_errors(path),
        contextlib.closing(sqlite3.connect(file_uri(path, "rw"), uri=True, timeout=0.2)) as connection,
    ):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    return f"whole, schema {number}"
