"""The part that expires: API replies, what is drawn from them, and sync's memory. Every row says until when."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from paceport.clock import Clock
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.cache_schema import CACHE_TABLES
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.moments import moment_text, parse_moment
from paceport.logbook.database.same_activity import SAME_START_S, is_same_length_sql

if TYPE_CHECKING:
    from paceport.logbook.database.activity_record import ActivityRecord, TrackFacts

_PARTS = ("stream", "track_lap", "result", "effort", "activity_load")
# A row outlives a part of it that was asked for earlier: what was drawn from that part goes with it.
_EXPIRED_PART_STATEMENTS = (
    """
UPDATE cache.activity SET description = '', private_note = '', calories_kcal = NULL, perceived_exertion = NULL
WHERE id IN (SELECT activity_id FROM cache.fetched WHERE part = 'detail' AND expires_at <= now_utc())""",
    """
UPDATE cache.activity SET samples = 0
WHERE id IN (SELECT activity_id FROM cache.fetched WHERE part = 'streams' AND expires_at <= now_utc())""",
    """
UPDATE cache.activity SET gear = ''
WHERE gear_id IN (SELECT id FROM cache.named_gear WHERE expires_at <= now_utc())""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeResult:
    """What a purge did. `is_clean` is False while a reader elsewhere still holds the old pages of the log file."""

    rows: int
    is_clean: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedRows:
    """Reads and writes cache.db. Reading shows living rows only; every writing call is one transaction of its own,
    or part of the one that `together` opens.
    """

    connection: sqlite3.Connection
    path: Path
    clock: Clock

    def save_reply(self, key: str, body: bytes, *, expires_at: datetime, activity_id: int | None = None) -> None:
        """Keep an API reply as it came, in place of an older one of the same key."""
        now = moment_text(self.clock.now())
        row = (key, activity_id, zlib.compress(body), now, moment_text(expires_at))
        with self._writing():
            self.connection.execute("INSERT OR REPLACE INTO cache.reply VALUES (?, ?, ?, ?, ?)", row)

    def reply(self, key: str) -> bytes | None:
        """A living reply."""
        row = self.connection.execute(
            "SELECT body FROM cache.reply WHERE key = ? AND expires_at > now_utc()", (key,)
        ).fetchone()
        return zlib.decompress(row[0]) if row else None

    def reply_expires_at(self, key: str) -> datetime | None:
        """Until when a living reply may be kept."""
        row = self.connection.execute(
            "SELECT expires_at FROM cache.reply WHERE key = ? AND expires_at > now_utc()", (key,)
        ).fetchone()
        return parse_moment(row[0]) if row else None

    def save(self, record: ActivityRecord, *, expires_at: datetime, gear_id: str | None = None) -> None:
        """Write an activity's columns; its streams and laps stay."""
        values = record.row() | {"gear_id": gear_id, "expires_at": moment_text(expires_at)}
        with self._writing():
            # What was computed from other content is not this activity's any more.
            for table in ("result", "effort"):
                self.connection.execute(
                    f"DELETE FROM cache.{table} WHERE activity_id = :id AND NOT EXISTS "  # noqa: S608  # names of ours
                    "(SELECT 1 FROM cache.activity WHERE id = :id AND content = :content)",
                    {"id": record.id, "content": record.content},
                )
            columns, marks = ", ".join(values), ", ".join("?" * len(values))
            query = f"INSERT OR REPLACE INTO cache.activity ({columns}) VALUES ({marks})"  # noqa: S608  # names of ours
            self.connection.execute(query, tuple(values.values()))

    def blocks(self, activity_id: int) -> dict[str, bytes]:
        """The encoded channels of an activity, living ones only."""
        rows = self.connection.execute(
            "SELECT channel, block FROM cache.stream WHERE activity_id = ? AND expires_at > now_utc()", (activity_id,)
        )
        return dict(rows.fetchall())

    def track_facts(self, activity_id: int) -> TrackFacts | None:
        """What is known of the samples of a living activity beside themselves."""
        from paceport.logbook.database.activity_record import parse_track_facts

        return parse_track_facts(self._living(activity_id, "track"))

    def notes(self, activity_id: int) -> tuple[str, ...]:
        """What was repaired in the samples of a living activity, in sentences."""
        try:
            return tuple(map(str, json.loads(str(self._living(activity_id, "notes") or "[]"))))
        except (ValueError, TypeError):
            return ()

    def _living(self, activity_id: int, column: str) -> object:
        query = f"SELECT {column} FROM cache.activity WHERE id = ? AND expires_at > now_utc()"  # noqa: S608  # names of ours
        row = self.connection.execute(query, (activity_id,)).fetchone()
        return row[0] if row else None

    def save_gear(self, gear_id: str, *, kind: str, name: str, brand: str, model: str, expires_at: datetime) -> None:
        """Keep a shoe or bike as the API knows it."""
        row = (gear_id, kind, name, brand, model, None, moment_text(expires_at))
        with self._writing():
            self.connection.execute("INSERT OR REPLACE INTO cache.named_gear VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def link_same_activities(self) -> int:
        """Tell which own activities without an id are which of the API's: see `same_activity`. How many.

        Of several recordings it is the one that counts, then the nearest in time. An activity of the API that is in
        the own part under its id needs no other.
        """
        with self._writing():
            self.connection.execute("DELETE FROM cache.same")
            cursor = self.connection.execute(
                f"""
INSERT OR IGNORE INTO cache.same
SELECT own_id, activity_id, expires_at FROM (SELECT o.id AS own_id, c.id AS activity_id, c.expires_at,
    row_number() OVER (PARTITION BY c.id ORDER BY o.id IN (SELECT activity_id FROM main.other_recording),
    abs(julianday(o.start_utc) - julianday(c.start_utc)), o.samples DESC, o.id) AS place
FROM main.activity AS o JOIN cache.activity AS c
    ON c.start_utc BETWEEN strftime('%Y-%m-%dT%H:%M:%SZ', o.start_utc, '-{SAME_START_S} seconds')
        AND strftime('%Y-%m-%dT%H:%M:%SZ', o.start_utc, '+{SAME_START_S} seconds')
    AND {is_same_length_sql("o.distance_m", "c.distance_m", first_s="o.elapsed_time_s", second_s="c.elapsed_time_s")}
WHERE o.id < 0 AND c.expires_at > now_utc() AND c.id NOT IN (SELECT id FROM main.activity))
WHERE place = 1"""  # noqa: S608  # names and numbers of ours
            )
        return cursor.rowcount

    def mark_deleted(self, activity_id: int, *, expires_at: datetime) -> None:
        """An activity is gone at Strava: its cached rows go with it, own ones stay and are shown as deleted there."""
        with self._writing():
            self._forget(activity_id)
            self.connection.execute(
                "INSERT OR REPLACE INTO cache.tombstone VALUES (?, ?, ?)",
                (activity_id, moment_text(self.clock.now()), moment_text(expires_at)),
            )

    def forget(self, activity_id: int) -> None:
        """Erase all cached rows of an activity."""
        with self._writing():
            self._forget(activity_id)

    def _forget(self, activity_id: int) -> None:
        for table in (*_PARTS, "reply", "listed", "fetched"):
            # Names of ours; no value goes in.
            self.connection.execute(f"DELETE FROM cache.{table} WHERE activity_id = ?", (activity_id,))  # noqa: S608
        self.connection.execute("DELETE FROM cache.activity WHERE id = ?", (activity_id,))
        self.connection.execute("DELETE FROM cache.same WHERE activity_id = ?", (activity_id,))

    def quarantine(
        self, place: str, *, why: str, retry_at: datetime, expires_at: datetime, activity_id: int | None = None
    ) -> None:
        """Name what the API refused to give, and when to ask again."""
        with self._writing():
            self.connection.execute(
                "INSERT INTO cache.quarantine VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (place) DO UPDATE SET "
                "why = excluded.why, retry_at = excluded.retry_at, tries = tries + 1, expires_at = excluded.expires_at",
                (place, activity_id, why, moment_text(retry_at), moment_text(expires_at)),
            )

    def end_quarantine(self, place: str) -> None:
        """It could be had now."""
        with self._writing():
            self.connection.execute("DELETE FROM cache.quarantine WHERE place = ?", (place,))

    def set_state(self, values: Mapping[str, str], *, expires_at: datetime) -> None:
        """Remember sync's words, all together."""
        rows = [(key, value, moment_text(expires_at)) for key, value in values.items()]
        with self._writing():
            self.connection.executemany("INSERT OR REPLACE INTO cache.state VALUES (?, ?, ?)", rows)

    def state(self, key: str) -> str | None:
        """One of sync's words."""
        row = self.connection.execute(
            "SELECT value FROM cache.state WHERE key = ? AND expires_at > now_utc()", (key,)
        ).fetchone()
        return row[0] if row else None

    def activities_by_expiry_day(self) -> dict[str, int]:
        """Activities by the day on which they expire."""
        rows = self.connection.execute(
            "SELECT date(expires_at), count(*) FROM cache.activity WHERE expires_at > now_utc() GROUP BY 1 ORDER BY 1"
        )
        return dict(rows.fetchall())

    def purge(self, *, all_rows: bool = False) -> PurgeResult:
        """Erase expired data, or everything, so that no byte of it stays in the database or its log file.

        Deleted content is overwritten with zeros, then the log is emptied. A reader elsewhere can hold the log; then
        `is_clean` is False and the next opening tries again.
        """
        rows = 0
        with self._writing():
            for statement in _EXPIRED_PART_STATEMENTS:
                self.connection.execute(statement)
            for table in CACHE_TABLES:
                # Names of ours; no value goes in.
                query = f"DELETE FROM cache.{table} WHERE :all OR expires_at <= now_utc()"  # noqa: S608
                rows += self.connection.execute(query, {"all": all_rows}).rowcount
        return PurgeResult(rows=rows, is_clean=self._empty_log())

    def _empty_log(self) -> bool:
        before = self.connection.execute("PRAGMA busy_timeout").fetchone()[0]
        # Waiting for somebody's long question would make every opening slow; the next opening tries again.
        self.connection.execute("PRAGMA busy_timeout = 200")
        try:
            busy, _, _ = self.connection.execute("PRAGMA cache.wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(before)}")
        return not busy

    @contextlib.contextmanager
    def in_one_transaction(self) -> Iterator[None]:
        """What is written inside is written in one transaction."""
        with transaction(self.connection):
            yield

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        if self.connection.in_transaction:
            yield
            return
        with self.in_one_transaction():
            yield
