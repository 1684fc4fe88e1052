"""Builds the own part again from what was kept: rows verbatim and files byte for byte, without the export at hand."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from paceport.clock import Clock
from paceport.errors import FileError, PaceportError
from paceport.formats.strava_export.activity_rows import ActivityRow
from paceport.formats.strava_export.zip_entry import FileContent
from paceport.formats.stream_codec import decode
from paceport.formats.tracks.track import Track
from paceport.logbook.database.activity_record import ActivityRecord
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.originals import original_size
from paceport.logbook.database.own_rows import StoredActivity
from paceport.logbook.database.store import Store
from paceport.logbook.importing.build_record import encode_track, record_of_row, record_of_track
from paceport.logbook.importing.content_identity import digest
from paceport.logbook.importing.file_import import FileImporter, is_from_file_with_sport
from paceport.logbook.importing.import_report import ImportReport, ImportTally, Progress, ProgressReporter
from paceport.logbook.importing.match_tracks import OTHER_ACTIVITY_NOTE, track_of_row
from paceport.logbook.importing.read_item import Problem, problem_of
from paceport.logbook.importing.read_processes import ItemSource
from paceport.logbook.importing.read_recording import read_recording
from paceport.logbook.importing.stored_source import start_of_stored_row, stored_row, stored_source
from paceport.logbook.importing.time_zone import check_time_zone, time_zone_of
from paceport.logbook.importing.write_batch import WriteBatch
from paceport.storage.access import is_there


def rebuild(
    *, store: Store, clock: Clock, timezone: str | None = None, progress: Callable[[Progress], None] | None = None
) -> ImportReport:
    """Read every own activity again from its kept row and original file, for readers that have learnt since.

    What comes out the same stays untouched, results included; what differs is replaced, one transaction each. An
    original that is missing or cannot be read any more leaves its activity as it is, and is named. An original that no
    activity names, as after the loss of own.db, is imported as a file of its own.
    """
    check_time_zone(timezone)
    ledger = ImportTally(clock=clock, started_s=clock.monotonic_s())
    files = FileImporter(
        store=store,
        tally=ledger,
        timezone=timezone,
        now=clock.now(),
        batch=WriteBatch(store=store),
        places=store.own.quarantined_places(),
        processes=0,
    )
    ids, unnamed = store.own.ids(), _originals_without_activity(store)
    pace = ProgressReporter(total=len(ids) + len(unnamed), clock=clock, tell=progress)
    for activity_id in ids:
        known = store.own.stored_activity(activity_id)
        if known is not None:
            try:
                _rebuild_one(known, files)
            except PaceportError as error:
                _keep(files, known, Problem(why=error.why, fix=error.fix))
            except (ValueError, OverflowError, TypeError, ArithmeticError, LookupError, RecursionError) as error:
                _keep(files, known, problem_of(error))
        pace.step(str(activity_id))
    with files.batch:
        source = ItemSource(path=store.originals_dir)
        files.import_files(unnamed, lambda name: FileContent(content=_original(name, store)), source, pace)
    store.own.resolve_unknown_sports()
    return ledger.report()


def _originals_without_activity(store: Store) -> list[str]:
    folder = store.originals_dir
    found = {path.name.partition(".")[0] for path in folder.glob("[0-9a-f]*")} if is_there(folder) else set()
    # A file that somebody put there is none of ours.
    names = sorted(name for name in found if re.fullmatch(r"[0-9a-f]{64}", name))
    return [name for name in names if not store.own.activities_of_file(name)]


def _keep(files: FileImporter, known: StoredActivity, problem: Problem) -> None:
    if files.store.own.stored_activity(known.id) is not None:  # else another process has just removed it
        files.quarantine(f"originals/{known.sha256}", problem, activity_id=known.id)
    files.tally.unchanged += 1


def _rebuild_one(known: StoredActivity, files: FileImporter) -> None:
    own = files.store.own
    given = str(known.row["sport_given"]) if is_from_file_with_sport(known) else None
    tracks = _tracks(known, files.store, given)
    row = stored_row(known, files.store)
    part, notes = int(str(known.row["part"])), []
    track = tracks[part] if part < len(tracks) else None
    if row is not None and tracks:
        row_as_known = row if row.start else replace(row, start=start_of_stored_row(known, row))
        matched = track_of_row(row_as_known, tracks, now=files.now)
        part, track = (matched.parts[0], matched.track) if matched else (part, None)
        notes += [] if matched else [OTHER_ACTIVITY_NOTE]
    record = _record(known, row, track, files, notes)
    parts = encode_track(track)
    stored = {name: value for name, value in known.row.items() if name not in _IGNORED_COLUMNS}
    fresh = {name: value for name, value in record.row().items() if name not in _IGNORED_COLUMNS}
    if {name: stored.get(name) for name in fresh} == fresh and _hold_same(own.blocks(known.id), parts.blocks):
        files.tally.unchanged += 1
        return
    size = original_size(own.originals_dir, known.sha256) if known.sha256 else 0
    with transaction(files.store.connection):
        now = own.stored_activity(known.id)
        if now is None or now.row != known.row:
            # Another process has removed it meanwhile, or imported it anew: that stands.
            files.tally.unchanged += 1
            return
        own.save(record, stored_source(known, sha256=known.sha256, part=part), parts, size=size)
    files.count_saved(record, known)


def _hold_same(stored: Mapping[str, bytes], fresh: Mapping[str, bytes]) -> bool:
    """Whether two sets of blocks hold the same samples; how they are packed may differ between versions."""
    if stored.keys() != fresh.keys():
        return False
    try:
        return all(
            block == stored[name] or np.array_equal(decode(block), decode(stored[name]), equal_nan=True)
            for name, block in fresh.items()
        )
    except ValueError:
        return False  # what is stored is damaged


# These may differ without anything being new.
_IGNORED_COLUMNS = frozenset({"content", "notes"})


def _record(
    known: StoredActivity, row: ActivityRow | None, track: Track | None, files: FileImporter, notes: Sequence[str]
) -> ActivityRecord:
    zone = time_zone_of(track, files.timezone)
    # New content, so that results are computed again; the next import of the same export reads the row once more.
    content = digest("rebuilt", known.content)
    if row is not None:
        start = start_of_stored_row(known, row)
        return record_of_row(row, track, start=start, zone=zone, content=content, notes=notes)
    if track is None or track.start is None:
        raise FileError(path=str(known.row["filename"]), why="nothing of it was kept", fix="import its file again")
    name = str(known.row["name"])
    return record_of_track(
        track, activity_id=known.id, zone=zone, content=content, name=name, sport_given=str(known.row["sport_given"])
    )


def _original(sha256: str, store: Store) -> bytes:
    try:
        return store.own.original(sha256)
    except PaceportError as error:
        raise FileError(path=sha256, why=error.why, fix="import the export or the file again") from error


def _tracks(known: StoredActivity, store: Store, sport: str | None) -> list[Track]:
    if not known.sha256:
        return []
    content = _original(known.sha256, store)
    try:
        return read_recording(content, str(known.row["filename"]) or known.sha256, sport=sport)
    except FileError:
        if known.samples == 0:
            return []  # it could not be read the first time either
        raise
