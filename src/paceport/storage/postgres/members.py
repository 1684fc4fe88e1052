"""The athletes of a service: who belongs to it, who is leaving, and who has work to be done.

These statements see rows of several athletes. They give ids, times and counts, and never what is stored of anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from paceport.storage.postgres.database import Database

MemberState = Literal["member", "leaving"]

# A login that comes back cancels a departure that has not begun.
_JOIN = """
INSERT INTO paceport.athlete (athlete_id, oauth_origin, client_id, joined_at, listing_at)
VALUES (%(athlete)s, %(origin)s, %(client)s, %(now)s, %(now)s)
ON CONFLICT (athlete_id) DO UPDATE SET oauth_origin = excluded.oauth_origin, client_id = excluded.client_id,
    state = 'member', trouble = '', dead_at = NULL, check_at = NULL, check_since = NULL,
    listing_at = least(paceport.athlete.listing_at, excluded.listing_at)
RETURNING (xmax = 0)
"""
_LEAVE = """
UPDATE paceport.athlete SET state = 'leaving', listing_at = joined_at WHERE athlete_id = %s AND state <> 'leaving'
"""
_LEAVE_DEAD = """
UPDATE paceport.athlete SET state = 'leaving', listing_at = joined_at WHERE dead_at <= %s AND state <> 'leaving'
"""
_COUNT = "SELECT state, count(*) FROM paceport.athlete GROUP BY state"
_TROUBLED = "SELECT athlete_id, trouble FROM paceport.athlete WHERE trouble <> '' ORDER BY athlete_id LIMIT %s"
# Logins that were stored without joining: by the command line, or by a process that died in between.
_NOT_JOINED = """
SELECT g.athlete::bigint, g.oauth_origin, g.client_id FROM paceport.grant_record AS g
WHERE g.athlete ~ '^[0-9]{1,18}$' AND g.status <> 'needs_consent'
    AND NOT EXISTS (SELECT 1 FROM paceport.athlete AS a WHERE a.athlete_id = g.athlete::bigint)
"""
# The greatest turn of each athlete with something to do, the most urgent first, and of equals who waits longest.
_DUE = """
SELECT athlete_id, max(turn), min(due_at) FROM (
    SELECT athlete_id, 90 AS turn, joined_at AS due_at FROM paceport.athlete
        WHERE state = 'leaving' AND listing_at <= %(now)s
    UNION ALL SELECT athlete_id, 90, check_at FROM paceport.athlete WHERE check_at <= %(now)s AND state = 'member'
    UNION ALL SELECT athlete_id, 30, listing_at FROM paceport.athlete
        WHERE listing_at <= %(now)s AND trouble = '' AND state = 'member'
    UNION ALL SELECT athlete_id, CASE WHEN aspect = 'delete' OR object_type = 'athlete' THEN 90 ELSE 50 END, received_at
        FROM paceport.inbox WHERE done_at IS NULL
    UNION ALL SELECT f.athlete_id, f.turn, f.due_at FROM paceport.fetch AS f
        JOIN paceport.athlete AS a ON a.athlete_id = f.athlete_id AND a.trouble = '' WHERE f.due_at <= %(now)s
    UNION ALL SELECT o.athlete_id, 80, o.added_at FROM paceport.own_file AS o
        LEFT JOIN paceport.own_file_done AS d ON d.athlete_id = o.athlete_id AND d.sha256 = o.sha256
        WHERE d.schema_number IS DISTINCT FROM %(schema)s
) AS work WHERE turn >= %(least)s GROUP BY athlete_id ORDER BY 2 DESC, 3
"""
_WITH_RESULTS = "SELECT DISTINCT athlete_id FROM paceport.result ORDER BY athlete_id"
_ROWS = """
SELECT 'athletes', count(*) FROM paceport.athlete
UNION ALL SELECT 'replies', count(*) FROM paceport.reply
UNION ALL SELECT 'results', count(*) FROM paceport.result
UNION ALL SELECT 'own files', count(*) FROM paceport.own_file
UNION ALL SELECT 'events waiting', count(*) FROM paceport.inbox WHERE done_at IS NULL
UNION ALL SELECT 'fetches due', count(*) FROM paceport.fetch WHERE due_at <= %(now)s
UNION ALL SELECT 'backfill left', count(*) FROM paceport.fetch WHERE due_at IS NOT NULL AND turn = 10
"""
_EXPIRED = {
    "reply": "DELETE FROM paceport.reply WHERE expires_at <= %(now)s",
    "result": "DELETE FROM paceport.result WHERE expires_at <= %(now)s",
    "inbox": "DELETE FROM paceport.inbox WHERE received_at <= %(long_ago)s",
    "fetch": "DELETE FROM paceport.fetch WHERE expires_at <= %(now)s",
}
_OLDEST = "SELECT min(fetched_at) FROM paceport.reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAthlete:
    """An athlete with something to do: its turn as a number, and since when it is due."""

    athlete_id: int
    turn: int
    since: datetime


class Members:
    """All athletes of a service. Raises StoreErrors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def join(self, athlete_id: int, *, oauth_origin: str, client_id: str, now: datetime) -> bool:
        """Take an athlete in whose login is stored; whether that is news. The first listing is due at once."""
        values = {"athlete": athlete_id, "origin": oauth_origin, "client": client_id, "now": now}
        row = self._database.run(lambda connection: connection.execute(_JOIN.encode(), values).fetchone())
        return bool(row and row[0])

    def begin_leaving(self, athlete_id: int) -> bool:
        """Let the worker revoke the athlete's login and erase everything; whether there was such a member."""
        return self._database.run(lambda connection: connection.execute(_LEAVE.encode(), (athlete_id,)).rowcount) > 0

    def begin_leaving_dead(self, *, found_before: datetime) -> int:
        """The same for each whose login has been known to be dead since before then; how many."""
        statement = _LEAVE_DEAD.encode()
        return self._database.run(lambda connection: connection.execute(statement, (found_before,)).rowcount)

    def counts(self) -> Mapping[MemberState, int]:
        """How many athletes there are, by state: what fills the app's capacity."""
        return dict(self._all(_COUNT))

    def troubled(self, *, most: int = 20) -> list[tuple[int, str]]:
        """The athletes whose work stands still, each with why."""
        return [(row[0], row[1]) for row in self._all(_TROUBLED, (most,))]

    def not_joined(self) -> list[tuple[int, str, str]]:
        """Athletes whose login is stored and who are no members yet: id, OAuth origin, client id."""
        return [(row[0], row[1], row[2]) for row in self._all(_NOT_JOINED)]

    def due(self, *, now: datetime, schema_number: int, least: int) -> list[DueAthlete]:
        """Who has something to do in a turn of at least `least`. Results of own files are of that schema number."""
        values = {"now": now, "schema": schema_number, "least": least}
        return [DueAthlete(athlete_id=row[0], turn=row[1], since=row[2]) for row in self._all(_DUE, values)]

    def ids_with_results(self) -> list[int]:
        """The athletes of whom something was computed."""
        return [row[0] for row in self._all(_WITH_RESULTS)]

    def row_counts(self, *, now: datetime) -> Mapping[str, int]:
        """How many rows there are over all athletes, by what they are."""
        return dict(self._all(_ROWS, {"now": now}))

    def erase_expired(self, *, now: datetime, long_ago: datetime) -> Mapping[str, int]:
        """Erase what has expired, and events received before `long_ago`; how many rows of each table."""
        values = {"now": now, "long_ago": long_ago}
        return {
            table: self._database.run(
                lambda connection, statement=statement: connection.execute(statement.encode(), values).rowcount  # type: ignore[misc]  # a default binds the loop's value
            )
            for table, statement in _EXPIRED.items()
        }

    def oldest_reply_at(self) -> datetime | None:
        """When the oldest reply that is stored was fetched."""
        found: datetime | None = self._all(_OLDEST)[0][0]
        return found

    def _all(self, statement: str, values: Mapping[str, object] | tuple[object, ...] = ()) -> list[Any]:
        return self._database.run(lambda connection: connection.execute(statement.encode(), values).fetchall())
