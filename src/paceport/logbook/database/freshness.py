"""How new a logbook is: its newest run, the last import and the last sync."""

import sqlite3
from datetime import date, datetime

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.schema_to_ask import schema_to_ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """`newest_run` is the local day of the newest run that is not dated in the future; None where there is none.

    Only then `newest_activity` and `newest_sport` are those of the newest activity of another sport.

    `imported_at` and `synced_at` are when the last import and the last complete sync ended or began, UTC; None for
    never, or for longer ago than the cache remembers.
    """

    newest_run: date | None
    newest_activity: date | None = None
    newest_sport: str | None = None
    imported_at: datetime | None = None
    synced_at: datetime | None = None


def read_freshness(connection: sqlite3.Connection, now: datetime) -> Freshness:
    """What an open store says of it, as of `now`."""
    moment = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    views = schema_to_ask(connection)
    newest = _one(connection, f"SELECT max(local_date) FROM {views}.run WHERE start_utc <= ?", moment)  # noqa: S608  # ours
    imported = _one(connection, "SELECT max(finished) FROM main.intake WHERE finished <= ?", moment)
    synced = _one(
        connection,
        "SELECT value FROM cache.state WHERE key = 'complete' AND expires_at > now_utc() AND value <= ?",
        moment,
    )
    other: tuple[str, str] | None = None
    if newest is None:
        query = (
            f"SELECT local_date, sport FROM {views}.any_sport WHERE start_utc <= ? ORDER BY start_utc DESC, id LIMIT 1"  # noqa: S608  # ours
        )
        other = connection.execute(query, (moment,)).fetchone()
    return Freshness(
        newest_run=date.fromisoformat(newest) if newest else None,
        newest_activity=date.fromisoformat(other[0]) if other else None,
        newest_sport=other[1] if other else None,
        imported_at=datetime.fromisoformat(imported) if imported else None,
        synced_at=datetime.fromisoformat(synced) if synced else None,
    )


def _one(connection: sqlite3.Connection, query: str, moment: str) -> str | None:
    row = connection.execute(query, (moment,)).fetchone()
    return str(row[0]) if row and row[0] is not None else None
