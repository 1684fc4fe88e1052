"""Recorded files without a row: matched by content, then by start and distance, else activities of their own."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from paceport.errors import FileError
from paceport.formats.tracks.track import Track
from paceport.logbook.database.activity_record import ActivityRecord, ImportSource
from paceport.logbook.database.own_rows import StoredActivity
from paceport.logbook.database.store import Store
from paceport.logbook.importing.build_record import encode_track, record_of_row, record_of_track, track_length_m
from paceport.logbook.importing.content_identity import digest, local_id
from paceport.logbook.importing.import_report import ActivityChange, ImportTally, QuarantinedItem
from paceport.logbook.importing.read_recording import read_recording
from paceport.logbook.importing.stored_source import stored_row, stored_source
from paceport.logbook.importing.time_zone import time_zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImporter:
    """Takes files one by one into a store and writes the ledger."""

    store: Store
    tally: ImportTally
    timezone: str | None

    def import_file(self, content: bytes, name: str, sha256: str) -> None:
        """One file, all activities in it."""
        own = self.store.own
        seen = own.activities_of_file(sha256)
        if seen and not own.is_quarantined(name) and all(self._is_current(sha256, *pair) for pair in seen.items()):
            self.tally.unchanged += len(set(seen.values()))
            return
        try:
            tracks = read_recording(content, name)
        except FileError as error:
            self.quarantine(name, error)
            return
        if own.is_quarantined(name):
            own.end_quarantine(name)
        for part, track in enumerate(tracks):
            self._import_track(content, name, sha256, part, track)

    def _import_track(self, content: bytes, name: str, sha256: str, part: int, track: Track) -> None:
        if track.start is None:
            why = "it says no date, so it cannot be told which day it was"
            self.quarantine(name, FileError(path=name, why=why, fix="give it a file with times"))
            return
        own = self.store.own
        identity = local_id(sha256, part)
        before = own.stored_activity(identity)
        alike = before or own.find_same(track.start, track_length_m(track))
        if alike and alike.id != identity and alike.samples > 0:
            own.link_file(sha256, part, alike.id, name=name, size=len(content))
            self.tally.unchanged += 1
            return
        zone = time_zone_of(track, self.timezone)
        row = stored_row(alike, self.store) if alike else None
        if alike and row:
            record = record_of_row(row, track, zone=zone, content=alike.content, notes=[])
            origin = stored_source(alike, sha256=sha256, part=part)
        else:
            marks = digest(sha256, part)
            title = PurePosixPath(name).name.split(".")[0]
            record = record_of_track(track, activity_id=identity, zone=zone, content=marks, name=title)
            origin = ImportSource(sha256=sha256, part=part, filename=name)
        own.save_original(content)
        own.save(record, origin, encode_track(track), size=len(content))
        self.count_saved(record, alike if row else before)

    def _is_current(self, sha256: str, part: int, activity_id: int) -> bool:
        known = self.store.own.stored_activity(activity_id)
        if known is None:
            return False
        if known.row["source"] != "file" or known.sha256 != sha256:
            return True  # the export's, or the same activity from another file
        return known.content == digest(sha256, part) and self.has_current_time_zone(known)

    def has_current_time_zone(self, known: StoredActivity) -> bool:
        """Whether a stored local time still is what the setting makes it; a position needs no setting."""
        return known.row["zone_source"] == "position" or known.row["timezone"] == self.timezone

    def count_saved(self, record: ActivityRecord, before: StoredActivity | None) -> None:
        """Enter a saved record into the ledger; `before` is what stood there."""
        if before is None:
            self.tally.new += 1
        else:
            new = record.row()
            fields = [
                name for name, value in new.items() if name not in _UNREPORTED_FIELDS and value != before.row.get(name)
            ]
            old_id = before.id if before.id != record.id else None
            self.tally.changed.append(ActivityChange(activity_id=record.id, fields=tuple(fields), old_id=old_id))
        self.tally.without_track += record.samples == 0
        self.tally.unknown_zone += record.timezone is None

    def quarantine(self, place: str, error: FileError, activity_id: int | None = None) -> None:
        """Name what could not be read, in the store and in the ledger."""
        self.store.own.quarantine(place, why=error.why, fix=error.fix, activity_id=activity_id)
        self.tally.quarantined.append(QuarantinedItem(place=place, why=error.why, fix=error.fix))


_UNREPORTED_FIELDS = frozenset({"id", "content", "track", "notes", "sport_given", "sport_track"})
