"""Import: every path in turn, every activity on its own, so that it can stop anywhere and go on later."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from paceport.clock import Clock
from paceport.errors import FileError, UsageError
from paceport.formats.strava_export.dates import DateOrder
from paceport.formats.strava_export.export_files import FileTree, find_root, open_file_tree, read_single_file
from paceport.formats.strava_export.rows import TRACK_SUFFIXES
from paceport.logbook.database.store import Store
from paceport.logbook.importing.export_import import ExportImporter
from paceport.logbook.importing.file_import import FileImporter
from paceport.logbook.importing.import_report import ImportReport, ImportTally, Progress, ProgressReporter
from paceport.logbook.importing.time_zone import check_time_zone


def import_paths(
    paths: Sequence[Path],
    *,
    store: Store,
    clock: Clock,
    timezone: str | None = None,
    mapping: Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Read exports (ZIP or folder) and recorded files (or folders of them) into the own part of the logbook.

    Each activity is one transaction: stopped anywhere, the same call goes on where it stopped. What was read before
    and is unchanged is passed over. What cannot be read is quarantined and named in the account; the rest goes on.
    `timezone` is the setting for runs without a position. `mapping` names columns and sports of an export in an
    unknown language. Raises UsageError for paths that do not exist and for what `mapping` or `date_order` must say,
    before anything of that path is written.
    """
    check_time_zone(timezone)
    for path in paths:
        if not path.exists():
            raise UsageError(what=f"{path} is not there", why="no such file or folder", fix="check the name")
    ledger = ImportTally(clock=clock, started_s=clock.monotonic_s())
    files = FileImporter(store=store, tally=ledger, timezone=timezone)
    exports = ExportImporter(files=files, mapping=mapping or {}, date_order=date_order)
    for path in paths:
        _import_path(path, exports=exports, files=files, clock=clock, progress=progress)
    account = ledger.report()
    store.own.log_import(", ".join(path.name for path in paths), account.to_json())
    return account


def _import_path(
    path: Path,
    *,
    exports: ExportImporter,
    files: FileImporter,
    clock: Clock,
    progress: Callable[[Progress], None] | None,
) -> None:
    if path.name == "activities.csv":
        path = path.absolute().parent
    if not path.is_dir() and not _is_zip(path):
        _import_files(
            [path.name], lambda _: read_single_file(path), files, ProgressReporter(total=1, clock=clock, tell=progress)
        )
        return
    try:
        with open_file_tree(path) as tree:
            root = find_root(tree)
            if root is not None:
                export = exports.read_tables(tree, root)
                total = len(export.rows) + len(export.orphans)
                exports.import_export(tree, export, ProgressReporter(total=total, clock=clock, tell=progress))
            else:
                names = [name for name in tree.names() if name.lower().endswith(TRACK_SUFFIXES)]
                if not names:
                    files.tally.note(f"{path.name} holds neither an export nor recorded files")
                _refusals(tree, files)
                _import_files(names, tree.read, files, ProgressReporter(total=len(names), clock=clock, tell=progress))
    except FileError as error:
        files.quarantine(path.name, error)


def _import_files(
    names: Sequence[str], read: Callable[[str], bytes], files: FileImporter, pace: ProgressReporter
) -> None:
    for name in names:
        try:
            content = read(name)
        except FileError as error:
            files.quarantine(name, error)
        else:
            files.import_file(content, name, hashlib.sha256(content).hexdigest())
        pace.step(PurePosixPath(name).name)


def _refusals(tree: FileTree, files: FileImporter) -> None:
    for refused in tree.refused:
        files.tally.note(f"left out {refused.name}: {refused.why}")


def _is_zip(path: Path) -> bool:
    # By content: downloads lose their names.
    with path.open("rb") as stream:
        return stream.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}
