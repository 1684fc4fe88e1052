"""Brings a folder of Parquet files up to date with the runs of all athletes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from paceport.jobs.run_parquet.counted_runs import CountedRun, counted_runs
from paceport.jobs.run_parquet.parts import LOCK, Folder, Manifest, Part, PartNote
from paceport.jobs.run_parquet.table import LAYOUT_NUMBER, load_arrow, runs_table, write_table
from paceport.jobs.run_parquet.tombstones import Tombstones
from paceport.logbook.exporting.destination import translate_write_errors
from paceport.storage.postgres.athlete_rows import AthleteRows
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members
from paceport.storage.private_files import make_private_folder
from paceport.storage.process_lock import hold_short_lock


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetReport:
    """What an export did: parts written, parts that stayed as they were, parts removed, and runs that are gone."""

    written: int
    unchanged: int
    removed: int
    gone: int


def export_runs(database: Database, folder: Path, *, now: datetime) -> ParquetReport:
    """Bring the folder up to date with the database. Raises MissingExtra, UsageError, Busy, StoreErrors.

    Nothing is written where nothing has changed. May be stopped anywhere: the next export sees by the files themselves
    how far this one came.
    """
    arrow = load_arrow()
    place = Folder(folder)
    with translate_write_errors(folder):
        make_private_folder(folder)
        place.read(arrow)  # refuse a folder of something else before anything is put into it
        with hold_short_lock(folder / LOCK, timeout_s=0, what=f"Another export is writing to {folder}"):
            return _export(arrow, database, place, now=now)


def _export(arrow: ModuleType, database: Database, place: Folder, *, now: datetime) -> ParquetReport:
    before, after = place.read(arrow), Manifest()
    written = 0
    for athlete_id in Members(database).ids_with_results():
        runs = counted_runs(AthleteRows(database, athlete_id).results(now=now))
        for month, ones in _by_month(runs).items():
            part = (athlete_id, month)
            after.parts[part] = _note(ones)
            if not _is_there(part, after, before, place):
                place.begin()
                fingerprint = after.parts[part].fingerprint
                write_table(arrow, place.part_path(part), runs_table(arrow, ones, fingerprint=fingerprint))
                written += 1
    tombstones = Tombstones(place.path)
    left = [row for row in before.rows() if not after.has(row)]
    removed = sorted(before.parts.keys() - after.parts.keys())
    if written or removed or before.parts != after.parts:
        place.begin()
        tombstones.update(arrow, left, after, now=now)
        for part in removed:
            place.remove(part)
        place.finish(after)
    tombstones.remove_old(now=now)
    still_there = {(athlete_id, run_id) for athlete_id, run_id, _ in after.rows()}
    gone = {(athlete_id, run_id) for athlete_id, run_id, _ in left} - still_there
    return ParquetReport(written=written, unchanged=len(after.parts) - written, removed=len(removed), gone=len(gone))


def _is_there(part: Part, after: Manifest, before: Manifest, place: Folder) -> bool:
    known = before.parts.get(part)
    is_known = known is not None and known.fingerprint == after.parts[part].fingerprint
    return is_known and place.part_path(part).exists()


def _by_month(runs: Sequence[CountedRun]) -> dict[str, list[CountedRun]]:
    found: dict[str, list[CountedRun]] = {}
    for run in runs:
        found.setdefault(f"{run.result.started_at.astimezone(UTC):%Y-%m}", []).append(run)
    return found


def _note(runs: Sequence[CountedRun]) -> PartNote:
    """Another fingerprint where any run of the part is another, expires at another time, or the layout has changed."""
    values = [
        (run.id, run.result.metrics, run.result.schema_number, str(run.result.expires_at), run.recordings)
        for run in runs
    ]
    fingerprint = hashlib.sha256(json.dumps([LAYOUT_NUMBER, values]).encode()).hexdigest()[:32]
    return PartNote(fingerprint=fingerprint, runs=tuple(run.id for run in runs))
