"""What sync knows of the API's activities: how each was listed, and which of its parts were asked for."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from paceport.clock import Clock
from paceport.formats.tracks.track import Lap
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.cached_rows import CachedRows
from paceport.logbook.database.moments import moment_text, parse_moment
from paceport.sports import RUN_SPORTS

PartName = Literal["detail", "streams"]

_EXPIRING = (
    *("activity", "stream", "track_lap", "result", "effort", "assessment", "activity_load", "reply", "listed"),
    "fetched",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """An activity as a listing shows it. `place` is where a listing that stopped here goes on."""

    activity_id: int
    listing: str
    digest: str
    recording_digest: str
    resume_before: datetime
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPart:
    """A part that was asked for: what the listing said then, a hash over what came ("" for nothing), until when."""

    requested_digest: str
    content: str
    samples: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchCandidate:
    """A cached run without own data behind it: what details and streams could add."""

    activity_id: int
    digest: str
    recording_digest: str
    is_manual: bool
    parts: Mapping[str, FetchedPart]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedRows:
    """Reads and writes sync's part of cache.db. Reading shows living rows only."""

    connection: sqlite3.Connection
    cached: CachedRows
    clock: Clock

    def listed_digests(self) -> dict[int, str]:
        """Activity id → digest, of all that a listing showed and that still lives."""
        rows = self.connection.execute("SELECT activity_id, digest FROM cache.listed WHERE expires_at > now_utc()")
        return dict(rows.fetchall())

    def save_listed(self, row: ListedRow, *, expires_at: datetime) -> None:
        """Keep a listed row as it came; it is not deleted, whatever was thought before."""
        until = moment_text(expires_at)
        self.cached.save_reply(
            summary_key(row.activity_id), row.raw, expires_at=expires_at, activity_id=row.activity_id
        )
        values = (row.activity_id, row.listing, row.digest, row.recording_digest, moment_text(row.resume_before), until)
        self.connection.execute("INSERT OR REPLACE INTO cache.listed VALUES (?, ?, ?, ?, ?, ?)", values)
        self.connection.execute("UPDATE cache.activity SET expires_at = ? WHERE id = ?", (until, row.activity_id))
        self.connection.execute("DELETE FROM cache.tombstone WHERE activity_id = ?", (row.activity_id,))

    def drop_other_recording(self, activity_id: int, shape: str) -> None:
        """Erase the samples and laps of a recording that is another now: it was cropped, replaced or hidden."""
        old = self.connection.execute(
            "SELECT 1 FROM cache.fetched WHERE activity_id = ? AND part = 'streams' AND asked_for <> ?",
            (activity_id, shape),
        ).fetchone()
        if old:
            self._drop_parts(activity_id)

    def mark_seen(self, activity_id: int, listing: str) -> None:
        """A row of this id was there, although it could not be read."""
        self.connection.execute("UPDATE cache.listed SET listing = ? WHERE activity_id = ?", (listing, activity_id))

    def ids_without_row(self) -> list[int]:
        """Listed activities without a row of their own."""
        rows = self.connection.execute(
            "SELECT activity_id FROM cache.listed AS l WHERE expires_at > now_utc() "
            "AND NOT EXISTS (SELECT 1 FROM cache.activity AS a WHERE a.id = l.activity_id)"
        )
        return [row[0] for row in rows]

    def ids_missing_from(self, listing: str) -> list[int]:
        """What was listed before and not in this complete listing."""
        rows = self.connection.execute(
            "SELECT activity_id FROM cache.listed WHERE expires_at > now_utc() AND listing <> ? ORDER BY 1", (listing,)
        )
        return [row[0] for row in rows]

    def listed_until(self, activity_id: int) -> datetime | None:
        """When what a listing said of an activity must go."""
        row = self.connection.execute(
            "SELECT expires_at FROM cache.listed WHERE activity_id = ? AND expires_at > now_utc()", (activity_id,)
        ).fetchone()
        return parse_moment(row[0]) if row else None

    def listed_digest(self, activity_id: int) -> str:
        """The digest of the last listing, "" for an unknown activity."""
        row = self.connection.execute(
            "SELECT digest FROM cache.listed WHERE activity_id = ?", (activity_id,)
        ).fetchone()
        return str(row[0]) if row else ""

    def nth_newest(self, number: int) -> datetime | None:
        """When the n-th newest of the listed activities began, the oldest where there are fewer; none of the future."""
        row = self.connection.execute(
            """
SELECT min(place) FROM (SELECT place FROM cache.listed WHERE expires_at > now_utc() AND place <= now_utc()
    ORDER BY place DESC LIMIT ?)""",
            (number,),
        ).fetchone()
        return parse_moment(row[0]) if row[0] else None

    def newest(self) -> datetime | None:
        """When the newest listed activity began."""
        return self.nth_newest(1)

    def extend_deletions(self, *, expires_at: datetime) -> None:
        """What is still absent stays marked as deleted."""
        self.connection.execute("UPDATE cache.tombstone SET expires_at = ?", (moment_text(expires_at),))

    def same_own_ids(self, activity_id: int) -> list[int]:
        """The own activities without an id that are this one of the API's."""
        rows = self.connection.execute("SELECT own_id FROM cache.same WHERE activity_id = ?", (activity_id,))
        return [row[0] for row in rows]

    def expire_by(self, activity_ids: Iterable[int], *, expires_at: datetime) -> None:
        """Nothing of these activities stays longer than this."""
        until = moment_text(expires_at)
        with self.cached.in_one_transaction():
            for activity_id in activity_ids:
                for table in _EXPIRING:
                    name = "id" if table == "activity" else "activity_id"
                    self.connection.execute(
                        f"UPDATE cache.{table} SET expires_at = min(expires_at, ?) WHERE {name} = ?",  # noqa: S608  # names of ours
                        (until, activity_id),
                    )

    def candidates(self) -> list[FetchCandidate]:
        """The cached runs to which the API could add something that own data does not say, newest first."""
        sports = ", ".join(f"'{sport}'" for sport in RUN_SPORTS)
        rows = self.connection.execute(
            f"""
SELECT l.activity_id, l.digest, l.shape, c.is_manual
FROM cache.listed AS l JOIN cache.activity AS c ON c.id = l.activity_id
LEFT JOIN cache.same AS s ON s.activity_id = l.activity_id AND s.expires_at > now_utc()
LEFT JOIN main.activity AS o ON o.id = coalesce(s.own_id, l.activity_id)
WHERE l.expires_at > now_utc() AND c.expires_at > now_utc() AND c.sport IN ({sports})
    AND (o.id IS NULL OR (o.samples = 0 AND NOT c.is_manual))
GROUP BY l.activity_id ORDER BY c.start_utc DESC, l.activity_id DESC"""  # noqa: S608  # names of ours; no value goes in
        ).fetchall()
        parts = self._parts()
        return [
            FetchCandidate(
                activity_id=key, digest=digest, recording_digest=shape, is_manual=bool(manual), parts=parts.get(key, {})
            )
            for key, digest, shape, manual in rows
        ]

    def without_samples(self) -> int:
        """How many cached activities of other sports than running have no samples: sync asks for those of runs."""
        sports = ", ".join(f"'{sport}'" for sport in RUN_SPORTS)
        found = self.connection.execute(
            f"""
SELECT count(DISTINCT c.id) FROM cache.activity AS c
LEFT JOIN cache.same AS s ON s.activity_id = c.id AND s.expires_at > now_utc()
LEFT JOIN main.activity AS o ON o.id = coalesce(s.own_id, c.id)
WHERE c.expires_at > now_utc() AND c.sport NOT IN ({sports}) AND NOT c.is_manual AND ifnull(o.samples, 0) = 0"""  # noqa: S608  # names of ours; no value goes in
        ).fetchone()
        return int(found[0])

    def drop_redundant_parts(self) -> list[int]:
        """Erase the details, laps and samples of activities that own data tells as well, and give their ids.

        The names of shoes and bikes that only those told go, too: what is cached does not depend on what came first.
        """
        rows = self.connection.execute(
            """
SELECT DISTINCT f.activity_id FROM cache.fetched AS f JOIN cache.activity AS c ON c.id = f.activity_id
LEFT JOIN cache.same AS s ON s.activity_id = f.activity_id AND s.expires_at > now_utc()
JOIN main.activity AS o ON o.id = coalesce(s.own_id, f.activity_id)
WHERE o.samples > 0 OR c.is_manual"""
        ).fetchall()
        for (activity_id,) in rows:
            self._drop_parts(activity_id)
        if rows:
            self.connection.execute(
                """
DELETE FROM cache.named_gear WHERE id NOT IN (SELECT a.gear_id FROM cache.activity AS a
    JOIN cache.fetched AS f ON f.activity_id = a.id AND f.part = 'detail' WHERE a.gear_id IS NOT NULL)"""
            )
            self.connection.execute(
                "UPDATE cache.activity SET gear = '' WHERE gear_id NOT IN (SELECT id FROM cache.named_gear)"
            )
        return [row[0] for row in rows]

    def _drop_parts(self, activity_id: int) -> None:
        for table in ("stream", "track_lap", "result", "effort", "fetched"):
            self.connection.execute(f"DELETE FROM cache.{table} WHERE activity_id = ?", (activity_id,))  # noqa: S608  # names of ours
        self.connection.execute("DELETE FROM cache.reply WHERE key = ?", (detail_key(activity_id),))

    def _parts(self) -> dict[int, dict[str, FetchedPart]]:
        found: dict[int, dict[str, FetchedPart]] = {}
        query = (
            "SELECT activity_id, part, asked_for, content, samples, expires_at FROM cache.fetched "
            "WHERE expires_at > now_utc()"
        )
        for key, part, asked_for, content, samples, until in self.connection.execute(query):
            found.setdefault(key, {})[part] = FetchedPart(
                requested_digest=asked_for, content=content, samples=samples, expires_at=parse_moment(until)
            )
        return found

    def fetched(self, activity_id: int) -> dict[str, FetchedPart]:
        """The living parts of one activity."""
        rows = self.connection.execute(
            "SELECT part, asked_for, content, samples, expires_at FROM cache.fetched "
            "WHERE activity_id = ? AND expires_at > now_utc()",
            (activity_id,),
        )
        return {
            part: FetchedPart(
                requested_digest=asked_for, content=content, samples=samples, expires_at=parse_moment(until)
            )
            for part, asked_for, content, samples, until in rows
        }

    def save_fetched(self, activity_id: int, part: PartName, fetched: FetchedPart) -> None:
        """Note that a part was asked for, and what came."""
        row = (
            activity_id,
            part,
            fetched.requested_digest,
            fetched.content,
            fetched.samples,
            moment_text(fetched.expires_at),
        )
        self.connection.execute("INSERT OR REPLACE INTO cache.fetched VALUES (?, ?, ?, ?, ?, ?)", row)

    def save_streams(self, activity_id: int, blocks: Mapping[str, bytes], *, expires_at: datetime) -> None:
        """Write an activity's channels in place of those it had; what was computed from those goes."""
        until = moment_text(expires_at)
        for table in ("stream", "result", "effort"):
            self.connection.execute(f"DELETE FROM cache.{table} WHERE activity_id = ?", (activity_id,))  # noqa: S608  # names of ours
        rows = [(activity_id, name, block, until) for name, block in blocks.items()]
        self.connection.executemany("INSERT INTO cache.stream VALUES (?, ?, ?, ?)", rows)

    def save_laps(self, activity_id: int, laps: Sequence[Lap], *, expires_at: datetime) -> None:
        """Write an activity's laps in place of those it had."""
        until = moment_text(expires_at)
        self.connection.execute("DELETE FROM cache.track_lap WHERE activity_id = ?", (activity_id,))
        self.connection.executemany(
            "INSERT INTO cache.track_lap VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (activity_id, number, lap.start_s, lap.elapsed_s, lap.timer_s, lap.distance_m, until)
                for number, lap in enumerate(laps, 1)
            ],
        )

    def gear_name(self, gear_id: str | None) -> str:
        """The name of a shoe or bike that some detail told, "" while none has."""
        row = self.connection.execute(
            "SELECT name FROM cache.named_gear WHERE id = ? AND expires_at > now_utc()", (gear_id,)
        ).fetchone()
        return str(row[0]) if row else ""

    def set_gear_name(self, gear_id: str, name: str) -> None:
        """Put the name of a shoe or bike on every cached activity that wore it."""
        self.connection.execute("UPDATE cache.activity SET gear = ? WHERE gear_id = ?", (name, gear_id))

    def refusals(self) -> dict[str, tuple[datetime, int]]:
        """What the API refused: place → when to ask again, and how often it was asked."""
        rows = self.connection.execute(
            "SELECT place, retry_at, tries FROM cache.quarantine WHERE expires_at > now_utc()"
        )
        return {place: (parse_moment(retry), tries) for place, retry, tries in rows}


def summary_key(activity_id: int) -> str:
    """Where the row of a listing is kept among the replies."""
    return f"/athlete/activities#{activity_id}"


def detail_key(activity_id: int) -> str:
    """Where an activity's own answer is kept among the replies."""
    return f"/activities/{activity_id}"
