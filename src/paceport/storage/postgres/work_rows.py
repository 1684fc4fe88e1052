"""What is to be done for one athlete: events that wait, activities to fetch, the next listing.

Every statement names one athlete: nothing of one is ever read with another's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from paceport.storage.postgres.database import Database

_EVENTS = """
SELECT id, object_type, object_id, aspect, event_at, updates, done_at IS NOT NULL FROM paceport.inbox AS e
WHERE athlete_id = %(athlete)s AND EXISTS (
    SELECT 1 FROM paceport.inbox AS n WHERE n.athlete_id = %(athlete)s AND n.object_type = e.object_type
        AND n.object_id = e.object_id AND n.done_at IS NULL)
ORDER BY event_at, id
"""
_END_EVENTS = "UPDATE paceport.inbox SET done_at = %(now)s WHERE athlete_id = %(athlete)s AND id = ANY(%(ids)s)"
_WANT = """
INSERT INTO paceport.fetch AS f (athlete_id, activity_id, started_at, due_at, turn, parts, expires_at)
VALUES (%(athlete)s, %(activity)s, %(started_at)s, %(due_at)s, %(turn)s, %(parts)s, %(expires_at)s)
ON CONFLICT (athlete_id, activity_id) DO UPDATE SET
    started_at = coalesce(excluded.started_at, f.started_at),
    parts = CASE WHEN f.fetched_at IS NULL OR (f.due_at IS NOT NULL AND f.turn > 20 AND f.parts <> excluded.parts)
        THEN 'all' ELSE excluded.parts END,
    due_at = excluded.due_at, turn = excluded.turn, attempts = 0, expires_at = excluded.expires_at
"""
_KNOWN = """
SELECT activity_id, started_at, digest, listed_digest, fetched_at, due_at, turn, parts, attempts FROM paceport.fetch
WHERE athlete_id = %(athlete)s
"""
_DUE = _KNOWN + " AND due_at <= %(now)s AND turn >= %(least)s ORDER BY turn DESC, due_at, activity_id LIMIT %(most)s"
_ONE = _KNOWN + " AND activity_id = %(activity)s"
# Two workers with the same job make one attempt of it, and an event that came in between keeps its own.
_ATTEMPT = """
UPDATE paceport.fetch SET attempts = attempts + 1, due_at = %(next_at)s
WHERE athlete_id = %(athlete)s AND activity_id = %(activity)s AND attempts = %(attempts)s
"""
_PUT_OFF = """
UPDATE paceport.fetch SET attempts = %(attempts)s, due_at = %(until)s
WHERE athlete_id = %(athlete)s AND activity_id = %(activity)s
"""
_WANT_STREAMS = """
UPDATE paceport.fetch SET parts = 'streams', digest = %(digest)s, started_at = %(started_at)s
WHERE athlete_id = %(athlete)s AND activity_id = %(activity)s
"""
_FETCHED = """
UPDATE paceport.fetch SET digest = %(digest)s, listed_digest = '', started_at = %(started_at)s,
    fetched_at = %(fetched_at)s, due_at = %(due_at)s, turn = %(turn)s, parts = 'all', attempts = 0,
    expires_at = %(expires_at)s
WHERE athlete_id = %(athlete)s AND activity_id = %(activity)s
"""
_LISTED = """
UPDATE paceport.fetch SET listed_digest = %(digest)s WHERE athlete_id = %(athlete)s AND activity_id = %(activity)s
"""
_STOP = """
UPDATE paceport.fetch SET due_at = NULL, attempts = 0 WHERE athlete_id = %(athlete)s AND activity_id = %(activity)s
"""
_NEWER = "SELECT count(*) FROM paceport.fetch WHERE athlete_id = %(athlete)s AND started_at > %(started_at)s"
_FORGET = "DELETE FROM paceport.fetch WHERE athlete_id = %(athlete)s AND activity_id = %(activity)s"
_STATE = """
SELECT state, joined_at, listing_at, listed_at, check_at, check_since, trouble, client_id FROM paceport.athlete
WHERE athlete_id = %(athlete)s
"""
_SET_LISTED = """
UPDATE paceport.athlete SET listed_at = %(now)s, listing_at = %(next_at)s, trouble = '', dead_at = NULL
WHERE athlete_id = %(athlete)s
"""
_PUT_OFF_LISTING = "UPDATE paceport.athlete SET listing_at = %(until)s WHERE athlete_id = %(athlete)s"
_CHECK = """
UPDATE paceport.athlete SET check_at = %(at)s,
    check_since = CASE WHEN %(at)s::timestamptz IS NULL THEN NULL ELSE coalesce(check_since, %(at)s) END
WHERE athlete_id = %(athlete)s
"""
_TROUBLE = "UPDATE paceport.athlete SET trouble = %(text)s WHERE athlete_id = %(athlete)s"
_DEAD = """
UPDATE paceport.athlete SET trouble = %(text)s, dead_at = coalesce(dead_at, %(now)s) WHERE athlete_id = %(athlete)s
"""
_LEAVE = "UPDATE paceport.athlete SET state = 'leaving', listing_at = joined_at WHERE athlete_id = %(athlete)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEvent:
    """An event of the inbox; `is_done` ones are there because a later one is about the same object."""

    id: int
    object_type: str
    object_id: int
    aspect: str
    event_at: datetime
    updates: str
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRow:
    """One activity: what was fetched last, and what is to be fetched when.

    `digest` is that of the activity as it was fetched, `listed_digest` that of a listing which differed and was
    followed. Nothing is to be fetched where `due_at` is None. `parts` is "all", "detail" or "streams".
    """

    activity_id: int
    started_at: datetime | None
    digest: str
    listed_digest: str
    fetched_at: datetime | None
    due_at: datetime | None
    turn: int
    parts: str
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """What is known of a member. `check_at`: when Strava is to be asked whether the athlete has left."""

    state: str
    joined_at: datetime
    listing_at: datetime
    listed_at: datetime | None
    check_at: datetime | None
    check_since: datetime | None
    trouble: str
    client_id: str


class AthleteWork:
    """The work of one athlete. Raises StoreErrors."""

    def __init__(self, database: Database, athlete_id: int) -> None:
        self._database, self._athlete_id = database, athlete_id

    def member(self) -> MemberRow | None:
        """The athlete as a member, None for one who is not."""
        rows = self._all(_STATE)
        names = ("state", "joined_at", "listing_at", "listed_at", "check_at", "check_since", "trouble", "client_id")
        return MemberRow(**dict(zip(names, rows[0], strict=True))) if rows else None

    def events(self) -> list[InboxEvent]:
        """The events that wait, in their own order, with all earlier ones about the same objects."""
        names = ("id", "object_type", "object_id", "aspect", "event_at", "updates", "is_done")
        return [InboxEvent(**dict(zip(names, row, strict=True))) for row in self._all(_EVENTS)]

    def end_events(self, ids: Sequence[int], *, now: datetime) -> None:
        """These have been worked on."""
        self._change(_END_EVENTS, ids=list(ids), now=now)

    def want(
        self,
        activity_id: int,
        *,
        turn: int,
        due_at: datetime,
        expires_at: datetime,
        parts: str = "all",
        started_at: datetime | None = None,
    ) -> None:
        """Have an activity fetched, instead of whatever was planned for it."""
        self._change(
            _WANT,
            activity=activity_id,
            turn=turn,
            due_at=due_at,
            expires_at=expires_at,
            parts=parts,
            started_at=started_at,
        )

    def fetches(self) -> dict[int, FetchRow]:
        """Every activity that is known, by id."""
        return {row.activity_id: row for row in map(_fetch_row, self._all(_KNOWN))}

    def fetch(self, activity_id: int) -> FetchRow | None:
        """One activity."""
        rows = self._all(_ONE, activity=activity_id)
        return _fetch_row(rows[0]) if rows else None

    def due(self, *, now: datetime, least: int, most: int) -> list[FetchRow]:
        """The next to be fetched in a turn of at least `least`."""
        return [_fetch_row(row) for row in self._all(_DUE, now=now, least=least, most=most)]

    def begin_attempt(self, row: FetchRow, *, next_at: datetime) -> None:
        """Note an attempt before it is made: if nobody comes back from it, the next is at `next_at`."""
        self._change(_ATTEMPT, activity=row.activity_id, attempts=row.attempts, next_at=next_at)

    def put_off(self, row: FetchRow, *, until: datetime) -> None:
        """Nothing was asked after all; ask at `until`, and count the attempt as not made."""
        self._change(_PUT_OFF, activity=row.activity_id, attempts=row.attempts, until=until)

    def want_streams(self, activity_id: int, *, digest: str, started_at: datetime) -> None:
        """The activity is there and its streams are not yet: only they are fetched the next time."""
        self._change(_WANT_STREAMS, activity=activity_id, digest=digest, started_at=started_at)

    def end_fetch(
        self,
        activity_id: int,
        *,
        digest: str,
        started_at: datetime,
        fetched_at: datetime,
        refresh_at: datetime,
        turn: int,
        expires_at: datetime,
    ) -> None:
        """All of it was fetched; it is due again at `refresh_at`."""
        self._change(
            _FETCHED,
            activity=activity_id,
            digest=digest,
            started_at=started_at,
            fetched_at=fetched_at,
            due_at=refresh_at,
            turn=turn,
            expires_at=expires_at,
        )

    def note_listed(self, activity_id: int, digest: str) -> None:
        """A listing shows another state than was fetched, and it is followed once."""
        self._change(_LISTED, activity=activity_id, digest=digest)

    def stop_fetching(self, activity_id: int) -> None:
        """Ask no more; what is stored of it expires."""
        self._change(_STOP, activity=activity_id)

    def newer_than(self, started_at: datetime) -> int:
        """How many known activities started later."""
        return int(self._all(_NEWER, started_at=started_at)[0][0])

    def forget(self, activity_id: int) -> None:
        """There is nothing to do for it any more."""
        self._change(_FORGET, activity=activity_id)

    def set_listed(self, *, now: datetime, next_at: datetime) -> None:
        """The activities were listed; trouble is over with that."""
        self._change(_SET_LISTED, now=now, next_at=next_at)

    def put_off_listing(self, until: datetime) -> None:
        """List later."""
        self._change(_PUT_OFF_LISTING, until=until)

    def check_at(self, moment: datetime | None) -> None:
        """Ask Strava then whether the athlete has left; None: it is known that not."""
        self._change(_CHECK, at=moment)

    def set_trouble(self, text: str) -> None:
        """Work stands still for this reason; "" ends it."""
        self._change(_TROUBLE, text=text)

    def set_dead(self, text: str, *, now: datetime) -> None:
        """The same, because Strava refuses the login: since then at the latest, until the athlete connects again."""
        self._change(_DEAD, text=text, now=now)

    def begin_leaving(self) -> None:
        """Everything of the athlete is to be erased."""
        self._change(_LEAVE)

    def _change(self, statement: str, **values: object) -> None:
        whole = {"athlete": self._athlete_id, **values}
        self._database.run(lambda connection: connection.execute(statement.encode(), whole))

    def _all(self, statement: str, **values: object) -> list[Any]:
        whole = {"athlete": self._athlete_id, **values}
        return self._database.run(lambda connection: connection.execute(statement.encode(), whole).fetchall())


def _fetch_row(row: Collection[Any]) -> FetchRow:
    return FetchRow(**dict(zip(_FETCH_COLUMNS, row, strict=True)))


_FETCH_COLUMNS = (
    *("activity_id", "started_at", "digest", "listed_digest", "fetched_at", "due_at", "turn", "parts", "attempts"),
)
