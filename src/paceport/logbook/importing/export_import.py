"""A bulk export into the store: each row with its file, then the files that no row names."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import partial

from paceport.errors import FileError
from paceport.formats.strava_export.activity_rows import ActivityRow, UnusableRow
from paceport.formats.strava_export.dates import DateOrder
from paceport.formats.strava_export.export_files import FileTree
from paceport.formats.strava_export.read_export import StravaExport, TellLines
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.activity_record import ImportSource
from paceport.logbook.database.originals import PackedOriginal, pack_original
from paceport.logbook.database.own_rows import StoredActivity
from paceport.logbook.importing.content_identity import local_id
from paceport.logbook.importing.export_changes import ExportChanges
from paceport.logbook.importing.export_dates import read_export_by_tracks
from paceport.logbook.importing.file_import import FileImporter
from paceport.logbook.importing.import_report import ProgressReporter
from paceport.logbook.importing.read_item import Problem, ReadJob, ReadResult, prepare_row, read_job
from paceport.logbook.importing.read_processes import ItemSource
from paceport.logbook.importing.read_recording import read_recording

_MOST_SESSIONS_NAMED = 20
_BAD_ROW_FIX = "correct that line in activities.csv and import again; the rest is in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportImporter:
    """Takes exports into the store of `files`."""

    files: FileImporter
    mapping: Mapping[str, str]
    date_order: DateOrder | None

    def read_tables(self, tree: FileTree, root: str, tell: TellLines | None = None) -> StravaExport:
        """Read the export's tables. If day and month can be either way round, its tracks decide, else the user."""
        return read_export_by_tracks(tree, root, mapping=self.mapping, date_order=self.date_order, tell=tell)

    def import_export(self, tree: FileTree, export: StravaExport, source: ItemSource, pace: ProgressReporter) -> None:
        """All of an export, row by row."""
        own = self.files.store.own
        header = own.save_header(export.columns.header, export.columns.field_at, export.date_order)
        own.save_profile(export.profile)
        self._note(export)
        sessions = _Sessions()
        changes = ExportChanges(stored=frozenset(self.files.store.export_rows.archive_ids()))
        jobs = self._jobs(export, header, pace, changes)
        for job, result in self.files.read_all(jobs, source, tree.read_packed, items=_files_in(export)):
            row = job.row
            assert row is not None
            self.files.guarded(
                partial(self._take_row, tree, job, row, result, sessions, changes),
                place=f"activities.csv id {row.id}",
                activity_id=row.id,
            )
            self.files.batch.drop_unsaved(result.original)
            self.files.batch.when_free(partial(pace.step, row.name or row.filename or str(row.id)))
        self.files.batch.commit_and_tell()
        for text in sessions.left_out():
            self.files.tally.note(text)
        changes.finish(self.files.store.export_rows, export, self.files.tally)
        own.save_gear(
            [(g.kind, g.name, g.brand, g.model, json.dumps(g.cells, ensure_ascii=False)) for g in export.gear]
        )
        self._import_orphans(tree, export, source, pace)
        own.resolve_unknown_sports()

    def _note(self, export: StravaExport) -> None:
        tally = self.files.tally
        for text in export.notes:
            tally.note(text)
        for refused in export.refused:
            tally.note(f"left out {refused.name}: {refused.why}")
        if export.routes:
            are = "1 planned route is" if export.routes == 1 else f"{export.routes} planned routes are"
            tally.note(f"{are} not imported: only activities are")

    def _jobs(
        self, export: StravaExport, header: str, pace: ProgressReporter, changes: ExportChanges
    ) -> Iterator[ReadJob]:
        for row in export.rows():
            changes.see(row)
            if isinstance(row, UnusableRow):
                self._refuse(row)
                self.files.batch.when_free(partial(pace.step, f"line {row.line}"))
                continue
            self.files.end_quarantine(f"activities.csv line {row.line}")
            known = self.files.store.own.stored_activity(row.id)
            is_current = known is not None and self.files.has_current_time_zone(known)
            yield ReadJob(
                name=row.filename,
                stored_name=export.stored_name(row) if row.filename else "",
                now=self.files.now,
                timezone=self.files.timezone,
                row=row,
                header=header,
                known_content=known.content if known and is_current and row.filename not in self.files.places else None,
            )

    def _refuse(self, bad: UnusableRow) -> None:
        place = f"activities.csv line {bad.line}" if bad.id is None else f"activities.csv id {bad.id}"
        self.files.quarantine(place, Problem(why=bad.why, fix=_BAD_ROW_FIX), activity_id=bad.id, cells=bad.cells)

    def _take_row(
        self,
        tree: FileTree,
        job: ReadJob,
        row: ActivityRow,
        result: ReadResult,
        sessions: "_Sessions",
        changes: ExportChanges,
    ) -> None:
        own = self.files.store.own
        if result.original:
            self.files.rename_original(result.original)
        known = own.stored_activity(row.id)
        if known is not None:
            changes.gear_changes[str(known.row["gear"]), row.gear] += 1
        was_in_quarantine = row.filename in self.files.places
        if result.file_problem:
            self.files.quarantine(row.filename, result.file_problem, activity_id=row.id)
        elif row.filename:
            self.files.end_quarantine(row.filename)
        is_as_known = known is not None and known.content == result.content and self.files.has_current_time_zone(known)
        if is_as_known and (result.is_unchanged or result.file_problem or not was_in_quarantine):
            self.files.end_quarantine(f"activities.csv id {row.id}")
            self.files.tally.unchanged += 1
            if known is not None:
                sessions.take(row.filename, (), (int(str(known.row["part"])),))
            return
        if result.is_unchanged:
            result = read_job(replace(job, known_content=None), tree.read_packed)  # another import changed it meanwhile
        self._save_row(job, row, result, known, sessions)

    def _save_row(
        self, job: ReadJob, row: ActivityRow, result: ReadResult, known: StoredActivity | None, sessions: "_Sessions"
    ) -> None:
        own = self.files.store.own
        stand_in = known or self._find_earlier_import(row, result)
        original = result.original
        if stand_in and stand_in.sha256 and not _has_samples(result):
            result, original = self._with_earlier_file(job, row, result, stand_in.sha256)
        if result.row_problem:
            place = f"activities.csv id {row.id}"
            self.files.quarantine(place, result.row_problem, activity_id=row.id, cells=row.cells)
            return
        prepared = result.activities[0]
        origin = ImportSource(
            sha256=original.sha256 if original else None,
            part=prepared.parts[0],
            filename=row.filename,
            header=job.header,
            cells=row.cells,
        )
        if original:
            self.files.batch.save_original(original)
        replaces = stand_in.id if stand_in and stand_in.id != row.id else None
        size = original.size if original else 0
        own.save(prepared.record, origin, prepared.encoded, size=size, replaces=replaces)
        self.files.end_quarantine(f"activities.csv id {row.id}")
        self.files.count_saved(prepared.record, stand_in)
        sessions.take(row.filename, result.sessions, prepared.parts)

    def _find_earlier_import(self, row: ActivityRow, result: ReadResult) -> StoredActivity | None:
        """The same activity, taken earlier from a file without an id: by its content, else by start and distance.

        A row with a track of its own takes the place of no other recording: both stay, and count once.
        """
        own, original = self.files.store.own, result.original
        for sha256 in (original.sha256, original.packed_sha256) if original else ():
            for part, activity_id in own.activities_of_file(sha256).items() if sha256 else ():
                if activity_id == local_id(str(sha256), part) and (found := own.stored_activity(activity_id)):
                    return found
        if _has_samples(result):
            return None
        start = result.activities[0].record.start if result.activities else row.start
        length_m, elapsed_s = row.values.get("distance_m"), row.values.get("elapsed_time_s")
        return own.find_same(start, length_m, elapsed_s, "id < 0") if start else None

    def _with_earlier_file(
        self, job: ReadJob, row: ActivityRow, result: ReadResult, sha256: str
    ) -> tuple[ReadResult, PackedOriginal]:
        """The row with the file that it was given earlier; one that cannot be read leaves the row without a track."""
        content = self.files.store.own.original(sha256)
        try:
            tracks = read_recording(content, row.filename or sha256)
        except FileError:
            tracks = []
        return prepare_row(job, row, tracks, replace(result, row_problem=None)), pack_original(content, sha256)

    def _import_orphans(self, tree: FileTree, export: StravaExport, source: ItemSource, pace: ProgressReporter) -> None:
        if not export.orphans:
            return
        for _ in export.orphans:
            self.files.tally.note("no row names this track file of the export; it is imported as a file by itself")
        source = replace(source, known_files=self.files.known_files())
        self.files.import_files(export.orphans, tree.read_packed, source, pace)


@dataclass(slots=True, kw_only=True)
class _Sessions:
    """The sessions of files that hold several, and which of them rows took."""

    _sessions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _taken: dict[str, set[int]] = field(default_factory=dict)

    def take(self, name: str, sessions: tuple[str, ...], parts: tuple[int, ...]) -> None:
        self._taken.setdefault(name, set()).update(parts)
        if sessions:
            self._sessions[name] = sessions

    def left_out(self) -> list[str]:
        """What belongs to no row, by name."""
        texts = [
            f"{name} holds {len(sessions)} sessions; these have no row and were left out: {session}"
            for name, sessions in self._sessions.items()
            for part, session in enumerate(sessions)
            if part not in self._taken[name]
        ]
        more = len(texts) - _MOST_SESSIONS_NAMED
        return texts if more <= 0 else [*texts[:_MOST_SESSIONS_NAMED], f"{more} more sessions belong to no row"]


def _has_samples(result: ReadResult) -> bool:
    return any(prepared.record.samples for prepared in result.activities)


def _files_in(export: StravaExport) -> int:
    """About how many files the rows name: as many as there are lines, unless the export holds fewer tracks."""
    return min(export.lines, export.tracks)
