"""The athlete's own part: activities of the export and of files, their originals byte for byte, gear, quarantine."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from paceport.clock import Clock
from paceport.formats.tracks.track import Lap
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.amended_rows import move_amendments, refresh_amended
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.moments import moment_text
from paceport.logbook.database.originals import read_original
from paceport.logbook.database.same_activity import SAME_START_S, is_same_length_sql
from paceport.sports import SPORT_TYPES
from paceport.text import storable

_PARTS = ("stream", "track_lap", "result", "effort")
# Whether anything of an activity is there; one question, where forgetting a new one would take six statements.
_IS_THERE = " UNION ALL ".join(
    ["SELECT 1 FROM main.activity WHERE id = ?1", "SELECT 1 FROM original WHERE activity_id = ?1"]
    + [f"SELECT 1 FROM main.{table} WHERE activity_id = ?1" for table in _PARTS]  # noqa: S608  # names of ours
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredActivity:
    """What is stored of an activity, as far as telling the same from the changed needs it."""

    id: int
    content: str
    sha256: str | None
    samples: int
    row: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRows:
    """Reads and writes own.db. Every writing call is one transaction of its own."""

    connection: sqlite3.Connection
    originals_dir: Path
    clock: Clock

    def original(self, sha256: str) -> bytes:
        """What is in a file, byte for byte as it was given."""
        return read_original(self.originals_dir, sha256)

    def rename_original(self, old: str, new: str) -> None:
        """Let a file that an earlier version knew by the sha256 of its packed bytes be known by what is in it."""
        with transaction(self.connection):
            self.connection.execute("UPDATE OR REPLACE original SET sha256 = ? WHERE sha256 = ?", (new, old))
            self.connection.execute("UPDATE main.activity SET original = ? WHERE original = ?", (new, old))

    def stored_activity(self, activity_id: int) -> StoredActivity | None:
        """What is stored under an id."""
        return self._find_stored("id = ?", (activity_id,))

    def ids(self) -> list[int]:
        """The ids of all own activities, oldest first."""
        return [row[0] for row in self.connection.execute("SELECT id FROM main.activity ORDER BY start_utc, id")]

    def header(self, key: str) -> tuple[list[str], list[str | None], str | None]:
        """A header row as `save_header` kept it: names, fields, date order."""
        row = self.connection.execute("SELECT names, fields, date_order FROM header WHERE sha256 = ?", (key,))
        names, fields, date_order = row.fetchone()
        return json.loads(names), json.loads(fields), date_order

    def blocks(self, activity_id: int) -> dict[str, bytes]:
        """The encoded channels of an activity, as imported."""
        rows = self.connection.execute("SELECT channel, block FROM main.stream WHERE activity_id = ?", (activity_id,))
        return dict(rows.fetchall())

    def activities_of_file(self, sha256: str) -> dict[int, int]:
        """The activities that a file with this content is, by their part of it; empty if it was never seen."""
        rows = self.connection.execute("SELECT part, activity_id FROM original WHERE sha256 = ?", (sha256,))
        return dict(rows.fetchall())

    def files(self) -> list[tuple[str, int, int]]:
        """Every file seen, as (sha256, part, activity id)."""
        return self.connection.execute("SELECT sha256, part, activity_id FROM original ORDER BY 1, 2").fetchall()

    def find_same(
        self,
        start: datetime,
        distance_m: float | None,
        elapsed_s: float | None,
        among: Literal["id < 0", "samples = 0 AND cells IS NOT NULL"],
    ) -> StoredActivity | None:
        """Among some of the activities, the one that this is by the rule of `same_activity`.

        The nearest in time of several, then the one with more samples, whichever came first.
        """
        early, late = (moment_text(start + timedelta(seconds=by)) for by in (-SAME_START_S, SAME_START_S))
        return self._find_stored(
            f"start_utc BETWEEN ?1 AND ?2 AND {among} AND "
            f"{is_same_length_sql('distance_m', '?3', first_s='elapsed_time_s', second_s='?5')} "
            "ORDER BY abs(julianday(start_utc) - julianday(?4)), samples DESC, id DESC",
            (early, late, distance_m, moment_text(start), elapsed_s),
        )

    def save(
        self,
        record: ActivityRecord,
        origin: ImportSource,
        parts: EncodedTrack,
        *,
        size: int = 0,
        replaces: int | None = None,
    ) -> None:
        """Write an activity with everything that hangs on it, in place of what was there.

        `replaces` is another id under which it stood so far (a file that now got its Strava id). `size` is the
        original's length in bytes.
        """
        values = record.row() | {
            "original": origin.sha256,
            "part": origin.part,
            "filename": origin.filename,
            "header": origin.header,
            "cells": json.dumps(origin.cells, ensure_ascii=False) if origin.cells is not None else None,
        }
        with transaction(self.connection):
            for gone in {record.id, replaces} - {None}:
                if self.connection.execute(_IS_THERE, (gone,)).fetchone():
                    self._forget(gone, keep_files_for=record.id)
            if replaces is not None and replaces != record.id:
                move_amendments(self.connection, replaces, record.id)
            columns, marks = ", ".join(values), ", ".join("?" * len(values))
            query = f"INSERT INTO main.activity ({columns}) VALUES ({marks})"  # noqa: S608  # names of ours
            self.connection.execute(query, tuple(values.values()))
            self._save_track(record.id, parts)
            if origin.sha256:
                self.connection.execute(
                    "INSERT OR REPLACE INTO original VALUES (?, ?, ?, ?, ?)",
                    (origin.sha256, origin.part, record.id, origin.filename, size),
                )
            refresh_amended(self.connection, record.id)

    def _save_track(self, activity_id: int, parts: EncodedTrack) -> None:
        blocks = [(activity_id, name, block) for name, block in parts.blocks.items()]
        self.connection.executemany("INSERT INTO main.stream VALUES (?, ?, ?)", blocks)
        laps = [_lap_row(activity_id, number, lap) for number, lap in enumerate(parts.laps, 1)]
        self.connection.executemany("INSERT INTO main.track_lap VALUES (?, ?, ?, ?, ?, ?)", laps)

    def _forget(self, activity_id: int | None, keep_files_for: int) -> None:
        for table in _PARTS:
            # Names of ours; no value goes in.
            self.connection.execute(f"DELETE FROM main.{table} WHERE activity_id = ?", (activity_id,))  # noqa: S608
        self.connection.execute("DELETE FROM main.activity WHERE id = ?", (activity_id,))
        self.connection.execute(
            "UPDATE original SET activity_id = ? WHERE activity_id = ?", (keep_files_for, activity_id)
        )

    def save_header(self, names: Sequence[str], fields: Sequence[str | None], date_order: str | None) -> str:
        """Keep a header row and how it was read; gives the key for `Origin.header`."""
        texts = (json.dumps(names, ensure_ascii=False), json.dumps(fields), date_order)
        key = hashlib.sha256(json.dumps(texts).encode()).hexdigest()
        with transaction(self.connection):
            self.connection.execute("INSERT OR IGNORE INTO header VALUES (?, ?, ?, ?)", (key, *texts))
        return key

    def save_gear(self, gear: Sequence[tuple[str, str, str, str, str]]) -> None:
        """Shoes and bikes as (kind, name, brand, model, cells as JSON), in place of those of the same name."""
        with transaction(self.connection):
            self.connection.executemany("INSERT OR REPLACE INTO main.named_gear VALUES (?, ?, ?, ?, ?)", gear)

    def save_profile(self, cells: Sequence[tuple[str, str]]) -> None:
        """The athlete's profile.csv, verbatim."""
        with transaction(self.connection):
            self.connection.executemany("INSERT OR REPLACE INTO profile VALUES (?, ?)", cells)

    def quarantine(
        self, place: str, *, why: str, fix: str, activity_id: int | None = None, cells: Sequence[str] | None = None
    ) -> None:
        """Name what could not be read; the same place again counts as another try."""
        now = moment_text(self.clock.now())
        kept = json.dumps(cells, ensure_ascii=False) if cells is not None else None
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO main.quarantine VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (place) DO UPDATE SET "
                "activity_id = excluded.activity_id, why = excluded.why, fix = excluded.fix, cells = excluded.cells, "
                "last_seen = excluded.last_seen, tries = tries + 1",
                (place, activity_id, why, fix, kept, now, now),
            )

    def end_quarantine(self, place: str) -> None:
        """It could be read now."""
        with transaction(self.connection):
            self.connection.execute("DELETE FROM main.quarantine WHERE place = ?", (place,))

    def quarantined_places(self) -> set[str]:
        """All places that could not be read the last time."""
        return {place for (place,) in self.connection.execute("SELECT place FROM main.quarantine")}

    def resolve_unknown_sports(self) -> int:
        """Give sport words of an unknown language the meaning that all tracks under the same word agree on.

        How many activities that changed. A word without a track, or with tracks that differ, stays as written, and so
        does Strava's own word for a sport: a pool swim whose file says "Other" may look like a walk.
        """
        known = ", ".join(map(repr, SPORT_TYPES))  # words of ours
        with transaction(self.connection):
            cursor = self.connection.execute(
                f"""
UPDATE main.activity SET sport = said.sport
FROM (SELECT sport_given, min(sport_track) AS sport FROM main.activity
      WHERE sport_track IS NOT NULL AND sport_given <> '' GROUP BY sport_given
      HAVING count(DISTINCT sport_track) = 1) AS said
WHERE said.sport_given = main.activity.sport_given AND main.activity.sport = main.activity.sport_given
    AND main.activity.sport <> said.sport AND main.activity.sport_track IS NULL
    AND main.activity.sport NOT IN ({known})"""  # noqa: S608
            )
            if cursor.rowcount:
                for (activity_id,) in self.connection.execute("SELECT activity_id FROM main.amended").fetchall():
                    refresh_amended(self.connection, activity_id)
        return cursor.rowcount

    def log_written_file(self, place: str, cached_until: str) -> None:
        """Note that a file with cached data in it was written, and when the first of that data must go."""
        with transaction(self.connection):
            row = (_path_value(place), moment_text(self.clock.now()), cached_until)
            self.connection.execute("INSERT OR REPLACE INTO written VALUES (?, ?, ?)", row)

    def forget_written_file(self, place: str) -> None:
        """Note that a file was written anew without cached data, or is not there any more."""
        with transaction(self.connection):
            self.connection.execute("DELETE FROM written WHERE place = ?", (_path_value(place),))

    def log_import(self, place: str, account: Mapping[str, object]) -> None:
        """Note that an import ran to its end."""
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO intake VALUES (?, ?, ?)",
                (moment_text(self.clock.now()), storable(place), storable(json.dumps(account, ensure_ascii=False))),
            )

    def _find_stored(self, condition: str, values: tuple[object, ...]) -> StoredActivity | None:
        # The condition is one of this class's own; values go in as parameters.
        cursor = self.connection.execute(f"SELECT * FROM main.activity WHERE {condition} LIMIT 1", values)  # noqa: S608
        found = cursor.fetchone()
        if found is None:
            return None
        row = dict(zip((column[0] for column in cursor.description), found, strict=True))
        return StoredActivity(
            id=row["id"], content=row["content"], sha256=row["original"], samples=row["samples"], row=row
        )


def _path_value(place: str) -> str | bytes:
    """A path as a database takes it, to be found again: as bytes where they are no letters."""
    return place if storable(place) == place else os.fsencode(place)


def _lap_row(activity_id: int, number: int, lap: Lap) -> tuple[object, ...]:
    return activity_id, number, lap.start_s, lap.elapsed_s, lap.timer_s, lap.distance_m
