"""A bulk export into the store: each row with its file, then the files that no row names."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from paceport.errors import FileError
from paceport.formats.strava_export.dates import DATE_ORDERS, DateOrder, DateOrderUnknown
from paceport.formats.strava_export.export_files import FileTree
from paceport.formats.strava_export.rows import ActivityRow, StravaExport, UnusableRow, read_export
from paceport.formats.tracks.track import Track
from paceport.logbook.database.activity_record import ImportSource
from paceport.logbook.database.own_rows import StoredActivity
from paceport.logbook.importing.build_record import encode_track, record_of_row, track_of_row
from paceport.logbook.importing.content_identity import digest, local_id
from paceport.logbook.importing.file_import import FileImporter
from paceport.logbook.importing.import_report import ProgressReporter, QuarantinedItem
from paceport.logbook.importing.read_recording import read_recording
from paceport.logbook.importing.time_zone import time_zone_of

_TRACKS_TO_CHECK_DATES = 20
_SAME_DAY_S = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A row's file; empty where there is none."""

    content: bytes = b""
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportImporter:
    """Takes exports into the store of `files`."""

    files: FileImporter
    mapping: Mapping[str, str]
    date_order: DateOrder | None

    def read_tables(self, tree: FileTree, root: str) -> StravaExport:
        """Read the export's tables. If day and month can be either way round, its tracks decide, else the user."""
        try:
            return read_export(tree, root, mapping=self.mapping, date_order=self.date_order)
        except DateOrderUnknown as error:
            candidates = [read_export(tree, root, mapping=self.mapping, date_order=order) for order in DATE_ORDERS]
            fitting = [export for export in candidates if export.rows and _dates_fit(tree, export)]
            if len(fitting) != 1:
                raise error from None
            return fitting[0]

    def import_export(self, tree: FileTree, export: StravaExport, pace: ProgressReporter) -> None:
        """All of an export, row by row."""
        own, ledger = self.files.store.own, self.files.tally
        header = own.save_header(export.columns.header, export.columns.field_at, export.date_order)
        own.save_gear(
            [(g.kind, g.name, g.brand, g.model, json.dumps(g.cells, ensure_ascii=False)) for g in export.gear]
        )
        own.save_profile(export.profile)
        for text in export.notes:
            ledger.note(text)
        for refused in export.refused:
            ledger.note(f"left out {refused.name}: {refused.why}")
        for bad in export.bad:
            self._refuse(bad)
        for row in export.rows:
            if own.is_quarantined(f"activities.csv id {row.id}"):
                own.end_quarantine(f"activities.csv id {row.id}")
            self._import_row(tree, export, row, header)
            pace.step(row.name or row.filename or str(row.id))
        for name in export.orphans:
            self._import_orphan_file(tree, name)
            pace.step(name)
        own.resolve_unknown_sports()

    def _refuse(self, bad: UnusableRow) -> None:
        place = f"activities.csv line {bad.line}" if bad.id is None else f"activities.csv id {bad.id}"
        fix = "look at that line; if all are so: --map or --date-order"
        self.files.store.own.quarantine(place, why=bad.why, fix=fix, activity_id=bad.id, cells=bad.cells)
        self.files.tally.quarantined.append(QuarantinedItem(place=place, why=bad.why, fix=fix))

    def _import_row(self, tree: FileTree, export: StravaExport, row: ActivityRow, header: str) -> None:
        own, ledger = self.files.store.own, self.files.tally
        known = own.stored_activity(row.id)
        file = self._file_of(tree, export, row)
        content = digest(header, row.cells, row.sport, file.sha256)
        is_as_known = known and known.content == content and self.files.has_current_time_zone(known)
        if is_as_known and not (file.content and own.is_quarantined(row.filename)):
            ledger.unchanged += 1
            return
        stand_in = known or self._find_earlier_import(row, file)
        if not file.content and stand_in and stand_in.sha256:
            file = _File(content=own.original(stand_in.sha256), sha256=stand_in.sha256)
        tracks = self._tracks(row, file)
        if is_as_known and not tracks:
            ledger.unchanged += 1  # tried again, and still cannot be read
            return
        part, notes = track_of_row(row, tracks) if tracks else (0, [])
        track = tracks[part] if tracks else None
        zone = time_zone_of(track, self.files.timezone)
        record = record_of_row(row, track, zone=zone, content=content, notes=notes)
        origin = ImportSource(sha256=file.sha256, part=part, filename=row.filename, header=header, cells=row.cells)
        if file.content:
            own.save_original(file.content)
        replaces = stand_in.id if stand_in and stand_in.id != row.id else None
        own.save(record, origin, encode_track(track), size=len(file.content), replaces=replaces)
        self.files.count_saved(record, stand_in)

    def _file_of(self, tree: FileTree, export: StravaExport, row: ActivityRow) -> _File:
        if not row.filename:
            return _File()
        try:
            content = tree.read(export.root + row.filename)
        except FileError as error:
            self.files.quarantine(row.filename, error, activity_id=row.id)
            return _File()
        return _File(content=content, sha256=hashlib.sha256(content).hexdigest())

    def _find_earlier_import(self, row: ActivityRow, file: _File) -> StoredActivity | None:
        """The same activity, taken earlier from a file without an id: by its content, else by start and distance."""
        own = self.files.store.own
        if file.sha256:
            for part, activity_id in own.activities_of_file(file.sha256).items():
                if activity_id == local_id(file.sha256, part) and (found := own.stored_activity(activity_id)):
                    return found
        alike = own.find_same(row.start, row.values.get("distance_m"))
        return alike if alike and alike.id < 0 else None

    def _tracks(self, row: ActivityRow, file: _File) -> list[Track]:
        if not file.content:
            return []
        try:
            tracks = read_recording(file.content, row.filename)
        except FileError as error:
            self.files.quarantine(row.filename or f"activity {row.id}", error, activity_id=row.id)
            return []
        if row.filename and self.files.store.own.is_quarantined(row.filename):
            self.files.store.own.end_quarantine(row.filename)
        return tracks

    def _import_orphan_file(self, tree: FileTree, name: str) -> None:
        self.files.tally.note("a track file in the export is named by no row; taken as a file of its own")
        try:
            content = tree.read(name)
        except FileError as error:
            self.files.quarantine(name, error)
        else:
            self.files.import_file(content, name, hashlib.sha256(content).hexdigest())


def _dates_fit(tree: FileTree, export: StravaExport) -> bool:
    """Whether the first tracks of an export began on the days that its rows say."""
    checked = 0
    for row in export.rows:
        if not row.filename or checked >= _TRACKS_TO_CHECK_DATES:
            continue
        try:
            starts = [track.start for track in read_recording(tree.read(export.root + row.filename), row.filename)]
        except FileError:
            continue
        known = [start for start in starts if start]
        if known and min(abs((start - row.start).total_seconds()) for start in known) > _SAME_DAY_S:
            return False
        checked += bool(known)
    return checked > 0
