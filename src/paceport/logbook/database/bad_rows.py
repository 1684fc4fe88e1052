"""Rows of activities that no reader of ours can take: found by one scan, so that they are passed over and named."""

import re
import sqlite3

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.checked_rows import is_checked
from paceport.logbook.database.own_schema import ACTIVITY_COLUMNS

_MOMENT, _CLOCK_FACE = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S"
_DECLARED = re.findall(r"^ {4}(\w+) +(TEXT|REAL|INTEGER)", ACTIVITY_COLUMNS, re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """An activity whose `column` holds what it cannot hold. `value` is that, cut short; `is_own`: it is in own.db."""

    id: int
    column: str
    value: str
    is_own: bool


def find_bad_rows(connection: sqlite3.Connection) -> tuple[BadRow, ...]:
    """All bad rows of both databases, the first bad column of each; own rows that were checked are not read again."""
    cases = " ".join(f"WHEN {_is_bad(name, kind)} THEN '{name}'" for name, kind in _DECLARED if name != "id")
    found = []
    for database in ("cache",) if is_checked(connection) else ("main", "cache"):
        # Names of ours; no value goes in.
        query = f"SELECT id, CASE {cases} END AS bad FROM {database}.activity WHERE bad IS NOT NULL ORDER BY id"  # noqa: S608
        for activity_id, column in connection.execute(query).fetchall():
            value = connection.execute(
                f"SELECT substr(CAST({column} AS TEXT), 1, 60) FROM {database}.activity WHERE id = ?",  # noqa: S608
                (activity_id,),
            ).fetchone()[0]
            found.append(BadRow(id=activity_id, column=column, value=str(value), is_own=database == "main"))
    return tuple(found)


def _is_bad(name: str, kind: str) -> str:
    if name in {"start_utc", "local_start"}:
        form = _MOMENT if name == "start_utc" else _CLOCK_FACE
        # What SQLite counts with and writes back the same is a date of the calendar, save that it knows a year 0.
        return f"ifnull(strftime('{form}', {name}, '+0 days'), '') <> {name} OR {name} < '0001'"
    if kind == "TEXT":
        return f"typeof({name}) NOT IN ('text', 'null')"
    if kind == "INTEGER":
        return f"typeof({name}) NOT IN ('integer', 'null')"
    return f"(typeof({name}) NOT IN ('real', 'integer', 'null') OR abs({name}) > 1e300)"
