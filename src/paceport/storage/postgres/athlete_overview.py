"""What an athlete's own page says: what is stored of this athlete, and until when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from paceport.storage.postgres.database import Database

_JOINED = "SELECT joined_at FROM paceport.athlete WHERE athlete_id = %(athlete)s AND state = 'member'"
_REPLIES = """
SELECT endpoint, count(*), max(expires_at) FROM paceport.reply
WHERE athlete_id = %(athlete)s AND expires_at > %(now)s GROUP BY endpoint
ORDER BY array_position(ARRAY['summary', 'detail', 'streams'], endpoint)
"""
_ACTIVITIES = """
SELECT object_id, body, expires_at FROM paceport.reply
WHERE athlete_id = %(athlete)s AND endpoint = 'summary' AND expires_at > %(now)s ORDER BY object_id DESC LIMIT %(most)s
"""
_FILES = """
SELECT o.name, octet_length(o.content), o.added_at, d.sha256 IS NOT NULL, coalesce(d.trouble, '')
FROM paceport.own_file AS o
LEFT JOIN paceport.own_file_done AS d ON d.athlete_id = o.athlete_id AND d.sha256 = o.sha256
WHERE o.athlete_id = %(athlete)s ORDER BY o.added_at DESC, o.name LIMIT %(most)s
"""
_FILE_TOTALS = """
SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM paceport.own_file WHERE athlete_id = %(athlete)s
"""
_RESULTS = "SELECT count(*) FROM paceport.result WHERE athlete_id = %(athlete)s"
_USES = """
SELECT used_at, key_name, need, outcome FROM paceport.token_use WHERE athlete_id = %(athlete)s
ORDER BY used_at DESC, id DESC LIMIT %(most)s
"""
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReplies:
    """API replies of one kind: how many, and when the last of them expires."""

    kind: str
    count: int
    last_expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredActivity:
    """An activity whose reply is stored. `name` and `day` are as Strava wrote them, "" where it did not."""

    id: int
    name: str
    day: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of the athlete's own. Once it `is_read`, `trouble` says why it could not be used, "" where it could."""

    name: str
    size: int
    added_at: datetime
    is_read: bool
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUse:
    """One use of the athlete's login by a program of the owner."""

    used_at: datetime
    key_name: str
    need: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AthleteOverview:
    """Everything that the page says. Lists have the newest hundred; the totals count all. `file_bytes` is a size."""

    replies: tuple[StoredReplies, ...]
    activities: tuple[StoredActivity, ...]
    files: tuple[StoredFile, ...]
    file_count: int
    file_bytes: int
    result_count: int
    uses: tuple[TokenUse, ...]


def joined_at(database: Database, athlete_id: int) -> datetime | None:
    """Since when the athlete is a member; None for who is none or is leaving. Raises StoreErrors."""
    rows = _rows(database, _JOINED, {"athlete": athlete_id})
    found: datetime | None = rows[0][0] if rows else None
    return found


def read_overview(database: Database, athlete_id: int, *, now: datetime) -> AthleteOverview:
    """What is stored of one athlete now. Raises StoreErrors."""
    values = {"athlete": athlete_id, "now": now, "most": _MOST}
    (totals,) = _rows(database, _FILE_TOTALS, values)
    return AthleteOverview(
        replies=tuple(
            StoredReplies(kind=row[0], count=row[1], last_expires_at=row[2])
            for row in _rows(database, _REPLIES, values)
        ),
        activities=tuple(_activity(*row) for row in _rows(database, _ACTIVITIES, values)),
        files=tuple(
            StoredFile(name=row[0], size=row[1], added_at=row[2], is_read=row[3], trouble=row[4])
            for row in _rows(database, _FILES, values)
        ),
        file_count=totals[0],
        file_bytes=int(totals[1]),
        result_count=_rows(database, _RESULTS, values)[0][0],
        uses=tuple(
            TokenUse(used_at=row[0], key_name=row[1], need=row[2], outcome=row[3])
            for row in _rows(database, _USES, values)
        ),
    )


def _activity(object_id: int, body: bytes, expires_at: datetime) -> StoredActivity:
    try:
        found = json.loads(bytes(body))
    except ValueError:
        found = None
    said = found if isinstance(found, dict) else {}
    name, day = str(said.get("name") or ""), str(said.get("start_date_local") or "")[:10]
    return StoredActivity(id=object_id, name=name, day=day, expires_at=expires_at)


def _rows(database: Database, statement: str, values: dict[str, Any]) -> list[Any]:
    return database.run(lambda connection: connection.execute(statement.encode(), values).fetchall())
