"""Whose views answer a question about both databases: the temporary ones over both, or those of own.db alone."""

import sqlite3

# The tables of the cache that runs and efforts show something of.
_SHOWN_FROM_CACHE = ("activity", "effort", "same", "tombstone", "other_recording", "activity_load")


def schema_to_ask(connection: sqlite3.Connection) -> str:
    """`temp`, or `main`: the views of own.db show the same where nothing is cached, and need no joins for it."""
    some = " OR ".join(f"EXISTS (SELECT 1 FROM cache.{table})" for table in _SHOWN_FROM_CACHE)  # noqa: S608  # ours
    return "temp" if connection.execute(f"SELECT {some}").fetchone()[0] else "main"
