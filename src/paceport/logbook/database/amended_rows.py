"""Amendments in own.db, and the rows that they make of the activities.

The activities themselves are never written here. What amendments make of them is made again whenever an amendment, or
an activity that has some, changes.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from paceport.clock import Clock
from paceport.errors import UsageError
from paceport.formats.tracks.track import Lap, Track
from paceport.lazy_dataclass import dataclass
from paceport.logbook.amending.amendment import (
    Amendment,
    AmendmentDoesNotFit,
    Change,
    id_of_part,
    read_amendment,
)
from paceport.logbook.database.activity_record import TrackFacts, record_of_stored
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.moments import moment_text

if TYPE_CHECKING:
    from paceport.logbook.amending.apply_amendments import AmendedActivities, AmendedActivity

_COLUMNS = "id, activity_id, kind, value, made_at, undone_at"
_WITHOUT_SAMPLES = ("sport", "race", "part", "record")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAmendment:
    """An amendment, and why it is left out; "" where it is applied or undone."""

    amendment: Amendment
    left_out_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedRows:
    """Keeps and undoes amendments. Every writing call is one transaction of its own."""

    connection: sqlite3.Connection
    clock: Clock

    def add(self, activity_id: int, changes: Sequence[Change]) -> tuple[Amendment, ...]:
        """Keep corrections to an activity that is shown, all of them or none.

        Raises UsageError where that is no own activity or is merged into another, AmendmentDoesNotFit where it does
        not have what would be changed, StoreUnwritable.
        """
        with transaction(self.connection):
            self._check_is_shown(activity_id)
            added = tuple(self._insert(activity_id, change) for change in changes)
            _write_parted(self.connection, activity_id)
            left_out = refresh_amended(self.connection, activity_id)
            for amendment in added:
                if amendment.id in left_out:
                    raise left_out[amendment.id]
        return added

    def undo(self, amendment_ids: Iterable[int]) -> None:
        """Let amendments no longer count, all of them or none; one that is undone already stays as it is."""
        now = moment_text(self.clock.now())
        with transaction(self.connection):
            for amendment_id in amendment_ids:
                row = self.connection.execute(
                    "SELECT activity_id FROM main.amendment WHERE id = ? AND undone_at IS NULL", (amendment_id,)
                ).fetchone()
                if row is not None:
                    query = "UPDATE main.amendment SET undone_at = ? WHERE id = ?"
                    self.connection.execute(query, (now, amendment_id))
                    _write_parted(self.connection, row[0])
                    refresh_amended(self.connection, row[0])

    def of_activity(self, activity_id: int) -> tuple[ListedAmendment, ...]:
        """The amendments of an activity, and of those it was split from or merged with; undone ones too, by id."""
        found = _amendments(self.connection, activity_id)
        if not found:
            return ()
        left_out = _applied(self.connection, found).left_out
        return tuple(
            ListedAmendment(amendment=one, left_out_because=left_out[one.id].why if one.id in left_out else "")
            for one in found
        )

    def shown_as(self, activity_id: int) -> tuple[int, ...]:
        """The activities that an activity and those tied to it by amendments are shown as, oldest first."""
        ids = sorted(_tied(_amendments(self.connection, activity_id), activity_id))
        marks = ", ".join("?" * len(ids))
        query = f"SELECT id FROM main.shown_activity WHERE id IN ({marks}) ORDER BY start_utc, id"  # noqa: S608  # marks
        return tuple(row[0] for row in self.connection.execute(query, ids))

    def amended_ids(self) -> frozenset[int]:
        """The activities with an amendment that is in effect."""
        query = "SELECT activity_id FROM main.amendment WHERE undone_at IS NULL AND kind NOT IN ('part', 'record')"
        return frozenset(row[0] for row in self.connection.execute(query))

    def _check_is_shown(self, activity_id: int) -> None:
        if self.connection.execute("SELECT 1 FROM main.shown_activity WHERE id = ?", (activity_id,)).fetchone():
            return
        tied = _amendments(self.connection, activity_id)
        if tied:
            raise UsageError(
                what=f"{activity_id} is not shown at present",
                why="it is merged into another run, or the split that made it is undone",
                fix=f"paceport amend {tied[0].activity_id} --list",
            )
        raise UsageError(
            what=f"{activity_id} cannot be amended",
            why="it is not in your own data; data from the API expires within seven days, so it is not amended",
            fix="import your export or the recording first, or change the run at Strava: paceport edit",
        )

    def _insert(self, activity_id: int, change: Change) -> Amendment:
        now = moment_text(self.clock.now())
        number = self.connection.execute("SELECT ifnull(max(id), 0) + 1 FROM main.amendment").fetchone()[0]
        if change.kind == "split":
            change = replace(change, value={**change.value, "other_id": id_of_part(activity_id, number)})
        self.connection.execute(
            f"INSERT INTO main.amendment ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, NULL)",  # noqa: S608  # names of ours
            (number, activity_id, change.kind, change.to_json(), now),
        )
        return Amendment(id=number, activity_id=activity_id, change=change, made_at=now, undone_at=None)


def refresh_amended(connection: sqlite3.Connection, activity_id: int) -> Mapping[int, AmendmentDoesNotFit]:
    """Make the amended rows of an activity, and of those tied to it, again. The amendments that do not fit."""
    if not _has_any(connection, activity_id):
        return {}
    found = _amendments(connection, activity_id)
    ids = _tied(found, activity_id)
    before = _contents(connection, ids)
    _erase(connection, ids)
    outcome = _applied(connection, found)
    for one in ids:
        _store(connection, one, outcome.activities.get(one))
    after = _contents(connection, ids)
    for one in ids:
        if before.get(one) != after.get(one):
            for table in ("result", "effort"):
                # Names of ours; no value goes in.
                connection.execute(f"DELETE FROM main.{table} WHERE activity_id = ?", (one,))  # noqa: S608
    return outcome.left_out


def move_amendments(connection: sqlite3.Connection, old: int, new: int) -> None:
    """Let the amendments of an activity follow it to another id; in a transaction, with `refresh_amended` after it."""
    if not _has_any(connection, old):
        return
    _erase(connection, {old})
    connection.execute("UPDATE main.amendment SET activity_id = ? WHERE activity_id = ?", (new, old))
    connection.execute(
        "UPDATE main.amendment SET value = json_set(value, '$.other_id', ?) "
        "WHERE kind IN ('merge', 'part') AND json_valid(value) AND json_extract(value, '$.other_id') = ?",
        (new, old),
    )
    _write_parted(connection, new)


def remove_amendments(connection: sqlite3.Connection, activity_id: int) -> None:
    """Forget what was amended on an activity that is being removed. To be called in a transaction, after that."""
    tied = _tied(_amendments(connection, activity_id), activity_id)
    _erase(connection, {activity_id})
    connection.execute("DELETE FROM main.amendment WHERE activity_id = ?", (activity_id,))
    for one in tied - {activity_id}:
        refresh_amended(connection, one)
        if not _amendments(connection, one):
            _erase(connection, {one})


def stored_amendments(connection: sqlite3.Connection, activity_id: int) -> list[dict[str, object]]:
    """The rows of an activity's amendments, column → value."""
    query = f"SELECT {_COLUMNS} FROM main.amendment WHERE activity_id = ? ORDER BY id"  # noqa: S608  # names of ours
    names = _COLUMNS.split(", ")
    return [dict(zip(names, row, strict=True)) for row in connection.execute(query, (activity_id,))]


def _write_parted(connection: sqlite3.Connection, activity_id: int) -> None:
    """Write down, as a person's word, which activities are no recordings of one run; take it back once it is undone."""
    pairs: dict[tuple[int, ...], bool] = {}
    for one in _amendments(connection, activity_id):
        if one.change.kind == "part" and len(one.activity_ids) == 2:
            pair = tuple(sorted(one.activity_ids))
            pairs[pair] = pairs.get(pair, False) or not one.is_undone
    for pair, is_parted in pairs.items():
        connection.execute(
            "DELETE FROM main.compared WHERE first_id = ? AND second_id = ? AND decided_by = 'person'", pair
        )
        if is_parted:
            connection.execute("INSERT OR REPLACE INTO main.compared VALUES (?, ?, '', 0, 'person')", pair)


def _has_any(connection: sqlite3.Connection, activity_id: int) -> bool:
    """Whether an activity is tied to any amendment: an import asks for each that it writes, and few are."""
    query = """
SELECT 1 FROM main.amendment WHERE activity_id = :id
UNION ALL
SELECT 1 FROM main.amendment WHERE kind IN ('split', 'merge', 'part') AND json_valid(value)
    AND json_extract(value, '$.other_id') = :id"""
    return connection.execute(query, {"id": activity_id}).fetchone() is not None


def _amendments(connection: sqlite3.Connection, activity_id: int) -> list[Amendment]:
    """An activity's amendments and those of what it was split from or merged with, by id."""
    query = f"SELECT {_COLUMNS} FROM main.amendment ORDER BY id"  # noqa: S608  # names of ours
    every = [one for row in connection.execute(query) if (one := read_amendment(row)) is not None]
    ids, size = {activity_id}, 0
    while size != len(ids):
        size = len(ids)
        for one in every:
            if one.activity_ids & ids:
                ids |= one.activity_ids
    return [one for one in every if one.activity_ids & ids]


def _tied(amendments: Iterable[Amendment], activity_id: int) -> set[int]:
    return {activity_id}.union(*(one.activity_ids for one in amendments))


def _contents(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, str]:
    query = "SELECT content FROM main.shown_activity WHERE id = ?"
    found = {one: connection.execute(query, (one,)).fetchone() for one in ids}
    return {one: row[0] for one, row in found.items() if row is not None}


def _erase(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    for one in ids:
        connection.execute("DELETE FROM main.amended_activity WHERE id = ?", (one,))
        for table in ("amended", "amended_stream", "amended_track_lap"):
            # Names of ours; no value goes in.
            connection.execute(f"DELETE FROM main.{table} WHERE activity_id = ?", (one,))  # noqa: S608


def _applied(connection: sqlite3.Connection, amendments: Sequence[Amendment]) -> AmendedActivities:
    from paceport.logbook.amending.apply_amendments import apply_amendments  # the logbook extra: numpy

    ids = set[int]().union(*(one.activity_ids for one in amendments))
    with_samples = any(not one.is_undone and one.change.kind not in _WITHOUT_SAMPLES for one in amendments)
    activities = {one: found for one in ids if (found := _load(connection, one, with_samples=with_samples)) is not None}
    return apply_amendments(activities, amendments)


def _load(connection: sqlite3.Connection, activity_id: int, *, with_samples: bool) -> AmendedActivity | None:
    """An activity as it was imported; None where there is none, or where its row cannot be read."""
    from paceport.logbook.amending.apply_amendments import AmendedActivity

    cursor = connection.execute("SELECT * FROM main.activity WHERE id = ?", (activity_id,))
    row = cursor.fetchone()
    if row is None:
        return None
    try:
        record = record_of_stored(dict(zip((column[0] for column in cursor.description), row, strict=True)))
    except (ValueError, TypeError):
        return None
    track = _load_track(connection, activity_id) if with_samples else None
    if track is not None:
        facts = record.track or TrackFacts()
        track = facts.on(replace(track, start=record.start, device_name=record.device_name))
    return AmendedActivity(record=record, track=track)


def _load_track(connection: sqlite3.Connection, activity_id: int) -> Track | None:
    from paceport.formats.stream_codec import decode_streams

    found = connection.execute("SELECT channel, block FROM main.stream WHERE activity_id = ?", (activity_id,))
    blocks = dict(found.fetchall())
    laps = connection.execute(
        "SELECT start_s, elapsed_s, timer_s, distance_m FROM main.track_lap WHERE activity_id = ? ORDER BY number",
        (activity_id,),
    )
    try:
        return Track(
            streams=decode_streams(blocks),
            start=None,
            laps=tuple(
                Lap(start_s=start_s, elapsed_s=elapsed_s, timer_s=timer_s, distance_m=distance_m)
                for start_s, elapsed_s, timer_s, distance_m in laps
            ),
        )
    except (ValueError, TypeError, KeyError):
        return None  # nothing recorded, or a damaged block


def _store(connection: sqlite3.Connection, activity_id: int, activity: AmendedActivity | None) -> None:
    from paceport.formats.stream_codec import encode_streams
    from paceport.logbook.amending.apply_amendments import SAMPLES_TOO, finish

    is_imported = connection.execute("SELECT 1 FROM main.activity WHERE id = ?", (activity_id,)).fetchone()
    extent = SAMPLES_TOO if activity is None else activity.extent
    if is_imported and extent:
        connection.execute("INSERT INTO main.amended VALUES (?, ?)", (activity_id, extent))
    if activity is None or not extent:
        return
    activity = finish(activity)
    content = json.dumps([activity.record.content, *activity.applied])
    record = replace(activity.record, content=hashlib.sha256(content.encode()).hexdigest()[:32])
    values = record.row() | {"extent": extent}
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    query = f"INSERT INTO main.amended_activity ({columns}) VALUES ({marks})"  # noqa: S608  # names of ours
    connection.execute(query, tuple(values.values()))
    if activity.track is None or extent < SAMPLES_TOO:
        return
    blocks = [(activity_id, name, block) for name, block in encode_streams(activity.track.streams).items()]
    connection.executemany("INSERT INTO main.amended_stream VALUES (?, ?, ?)", blocks)
    laps = [
        (activity_id, number, lap.start_s, lap.elapsed_s, lap.timer_s, lap.distance_m)
        for number, lap in enumerate(activity.track.laps, 1)
    ]
    connection.executemany("INSERT INTO main.amended_track_lap VALUES (?, ?, ?, ?, ?, ?)", laps)
