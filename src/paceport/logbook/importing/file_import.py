"""Recorded files without a row: known by their content, else the track of a row that has none, else a recording."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.activity_record import ActivityRecord, ImportSource
from paceport.logbook.database.originals import PackedOriginal, remove_original, unpack_original
from paceport.logbook.database.own_rows import StoredActivity
from paceport.logbook.database.store import Store
from paceport.logbook.importing.build_record import encode_track, record_of_row
from paceport.logbook.importing.content_identity import digest
from paceport.logbook.importing.import_report import ActivityChange, ImportTally, ProgressReporter, QuarantinedItem
from paceport.logbook.importing.read_item import (
    PreparedActivity,
    Problem,
    ReadFile,
    ReadJob,
    ReadResult,
    problem_of,
    read_job,
)
from paceport.logbook.importing.read_processes import FEWEST_ITEMS, ItemSource, read_all
from paceport.logbook.importing.read_recording import read_recording
from paceport.logbook.importing.stored_source import start_of_stored_row, stored_row, stored_source
from paceport.logbook.importing.time_zone import time_zone_of
from paceport.logbook.importing.write_batch import WriteBatch
from paceport.storage.private_files import make_owner_folder
from paceport.text import storable


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImporter:
    """Takes files one by one into a store and counts what became of them. `now` decides which dates are plausible,
    `sport` what files are that do not say.

    `places` are the places in quarantine, kept in step with the store.
    """

    store: Store
    tally: ImportTally
    timezone: str | None
    now: datetime
    batch: WriteBatch
    sport: str | None = None
    processes: int = 2
    places: set[str] = field(default_factory=set)

    def import_files(
        self, names: Sequence[str], read: ReadFile, source: ItemSource, pace: ProgressReporter, *, prefix: str = ""
    ) -> None:
        """Files by their stored names, each with all activities in it. `prefix` is what their shown names lack."""
        jobs = (
            ReadJob(name=prefix + name, stored_name=name, now=self.now, timezone=self.timezone, sport=self.sport)
            for name in names
        )
        for job, result in self.read_all(jobs, source, read, items=len(names)):
            self.guarded(partial(self._take, job, result, read), place=job.name)
            self.batch.drop_unsaved(result.original)
            self.batch.when_free(partial(pace.step, PurePosixPath(job.name).name))
        self.batch.commit_and_tell()

    def read_all(
        self, jobs: Iterable[ReadJob], source: ItemSource, read: ReadFile, *, items: int
    ) -> Iterator[tuple[ReadJob, ReadResult]]:
        """Each job with its result; what was written is committed before a long wait."""
        is_shared = items >= FEWEST_ITEMS and self.processes > 0
        self.batch.share(is_shared=is_shared)
        if is_shared:
            make_owner_folder(self.store.originals_dir)
            source = replace(source, drafts=self.store.originals_dir)
        return read_all(
            jobs, source, read=read, items=items, processes=self.processes, before_waiting=self.batch.commit_and_tell
        )

    def known_files(self) -> frozenset[str]:
        """The files that are in the logbook as they would be read today, so that nothing of them need be read."""
        current: dict[str, bool] = {}
        for sha256, part, activity_id in self.store.own.files():
            current[sha256] = current.get(sha256, True) and self._is_current(sha256, part, activity_id)
        return frozenset(sha256 for sha256, is_current in current.items() if is_current)

    def guarded(self, act: Callable[[], None], *, place: str, activity_id: int | None = None) -> None:
        """Do what one item needs; values that no table or date takes are that item's trouble, not the import's."""
        try:
            with self.batch.item():
                act()
        except (ValueError, OverflowError, TypeError, ArithmeticError, LookupError, RecursionError) as error:
            self.quarantine(place, problem_of(error), activity_id=activity_id)

    def _take(self, job: ReadJob, result: ReadResult, read: ReadFile) -> None:
        own, original = self.store.own, result.original
        if original is None or not (result.activities or result.is_unchanged):
            self._name_problem(job.name, result)
            return
        self.rename_original(original)
        seen = own.activities_of_file(original.sha256)
        is_retried = storable(job.name) in self.places
        if seen and not is_retried and all(self._is_current(original.sha256, *pair) for pair in seen.items()):
            self.tally.unchanged += len(set(seen.values()))
            return
        if result.is_unchanged:
            # Known, but not as it stands now. What a person said of its sport stays said.
            result = read_job(replace(job, sport=self.sport or self._sport_given(seen)), read)
            original = result.original or original
        self._name_problem(job.name, result)
        for prepared in result.activities:
            self._take_activity(job, original, prepared)

    def _sport_given(self, parts: Mapping[int, int]) -> str | None:
        """The sport that a person gave to the activities of a file, where one did."""
        known = [self.store.own.stored_activity(activity_id) for activity_id in parts.values()]
        return next((str(one.row["sport_given"]) for one in known if one and is_from_file_with_sport(one)), None)

    def _name_problem(self, place: str, result: ReadResult) -> None:
        if result.file_problem:
            self.quarantine(place, result.file_problem)
        else:
            self.end_quarantine(place)

    def _take_activity(self, job: ReadJob, original: PackedOriginal, prepared: PreparedActivity) -> None:
        own, record, part = self.store.own, prepared.record, prepared.parts[0]
        before = own.stored_activity(record.id)
        # Another file of the same run is a recording of its own: linking them counts the run once.
        alike = before or own.find_same(
            record.start, prepared.length_m, record.elapsed_time_s, "samples = 0 AND cells IS NOT NULL"
        )
        origin = ImportSource(sha256=original.sha256, part=part, filename=storable(job.name))
        encoded = prepared.encoded
        if alike and (row := stored_row(alike, self.store)):
            # An export's row that had no track: it gets this one. Read once more, for that is rare.
            track = read_recording(unpack_original(original, job.name), job.name)[part]
            start = start_of_stored_row(alike, row)
            zone = time_zone_of(track, self.timezone)
            record = record_of_row(row, track, start=start, zone=zone, content=alike.content, notes=[])
            origin, encoded, before = (
                stored_source(alike, sha256=original.sha256, part=part),
                encode_track(track),
                alike,
            )
        self.batch.save_original(original)
        own.save(record, origin, encoded, size=original.size)
        self.count_saved(record, before)

    def rename_original(self, original: PackedOriginal) -> None:
        """Let a file that an earlier version knew by its packed bytes be known by what is in it, and kept once."""
        own, old = self.store.own, original.packed_sha256
        if old is None or not own.activities_of_file(old):
            return
        self.batch.save_original(original)
        own.rename_original(old, original.sha256)
        self.batch.after_commit(partial(remove_original, own.originals_dir, old))

    def _is_current(self, sha256: str, part: int, activity_id: int) -> bool:
        known = self.store.own.stored_activity(activity_id)
        if known is None:
            return False
        if known.sha256 != sha256:
            return False  # an earlier version took two files for one; now both are recordings
        if known.row["source"] != "file":
            return True  # the export's
        if self.sport is not None and self.sport != known.row["sport"] and is_sport_open(known):
            return False
        return known.content == digest(sha256, part) and self.has_current_time_zone(known)

    def has_current_time_zone(self, known: StoredActivity) -> bool:
        """Whether a stored local time still is what the setting makes it; a position needs no setting."""
        source = known.row["zone_source"]
        is_from_device = source == "device" and self.timezone is None
        return source == "position" or is_from_device or known.row["timezone"] == self.timezone

    def count_saved(self, record: ActivityRecord, before: StoredActivity | None) -> None:
        """Count a saved record; `before` is what stood there."""
        if before is None:
            self.tally.new += 1
        else:
            new = record.row()
            fields = [
                name for name, value in new.items() if name not in _UNREPORTED_FIELDS and value != before.row.get(name)
            ]
            old_id = before.id if before.id != record.id else None
            self.tally.changed.append(ActivityChange(activity_id=record.id, fields=tuple(fields), old_id=old_id))
        self.tally.take_notes(record)
        self.tally.without_track += record.samples == 0
        self.tally.unknown_zone += record.timezone is None

    def quarantine(
        self, place: str, problem: Problem, *, activity_id: int | None = None, cells: Sequence[str] | None = None
    ) -> None:
        """Name what could not be read, in the store and in the account."""
        place = storable(place)
        kept = None if cells is None else [storable(cell) for cell in cells]
        self.store.own.quarantine(
            place, why=storable(problem.why), fix=problem.fix, activity_id=activity_id, cells=kept
        )
        self.places.add(place)
        self.tally.quarantined.append(QuarantinedItem(place=place, why=storable(problem.why), fix=problem.fix))

    def end_quarantine(self, place: str) -> None:
        """It could be read now."""
        place = storable(place)
        if place in self.places:
            self.store.own.end_quarantine(place)
            self.places.discard(place)


def is_sport_open(known: StoredActivity) -> bool:
    """Whether a file's sport was guessed, or given by a person: its own word would decide for good."""
    return is_from_file_with_sport(known) or '"is_sport_guessed": true' in str(known.row["track"])


def is_from_file_with_sport(known: StoredActivity) -> bool:
    """Whether a person gave the sport of an activity that came from a file alone."""
    return known.row["source"] == "file" and bool(known.row["sport_given"])


_UNREPORTED_FIELDS = frozenset({"id", "content", "track", "notes", "sport_given", "sport_track"})
