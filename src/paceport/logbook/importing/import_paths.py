"""Import: every path in turn, every activity on its own, so that it can stop anywhere and go on later."""

import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import FileError, UsageError
from paceport.formats.strava_export.dates import DateOrder
from paceport.formats.strava_export.export_files import (
    TABLE_NAME,
    FileTree,
    find_root,
    is_system_litter,
    open_file_tree,
    read_single_file,
    unreadable,
)
from paceport.formats.strava_export.read_export import TRACK_SUFFIXES
from paceport.formats.strava_export.zip_entry import FileContent
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.originals import drop_left_drafts
from paceport.logbook.database.store import Store
from paceport.logbook.importing.export_import import ExportImporter
from paceport.logbook.importing.file_import import FileImporter
from paceport.logbook.importing.import_report import ImportReport, ImportTally, Progress, ProgressReporter
from paceport.logbook.importing.read_item import Problem
from paceport.logbook.importing.read_processes import PROCESSES, ItemSource
from paceport.logbook.importing.time_zone import check_time_zone
from paceport.logbook.importing.write_batch import WriteBatch
from paceport.storage.access import absolute

_MOST_TOLD = 5
_READ_TABLE = "reading activities.csv"


def import_paths(
    paths: Sequence[Path],
    *,
    store: Store,
    clock: Clock,
    timezone: str | None = None,
    sport: str | None = None,
    mapping: Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    progress: Callable[[Progress], None] | None = None,
    processes: int = PROCESSES,
) -> ImportReport:
    """Read exports (ZIP or folder) and recorded files (or folders of them) into the own part of the logbook.

    Each activity is in whole or not at all: stopped anywhere, the same call goes on where it stopped. What is
    unchanged is passed over; what cannot be read is quarantined and named in the account. `timezone` is the setting
    for runs without a position, `sport` that of files that do not say; `mapping` names columns and sports of an export
    in an unknown language; `processes` read beside this one where files are many. Raises UsageError for paths that do
    not exist and, of a single path, for what `mapping` or `date_order` must say; of several paths such a one is
    quarantined, so that the others are reported.
    """
    check_time_zone(timezone)
    _check_paths(paths)
    tally, now = ImportTally(clock=clock, started_s=clock.monotonic_s()), clock.now()
    drop_left_drafts(store.originals_dir, now=now)
    with WriteBatch(store=store) as batch:
        files = FileImporter(
            store=store,
            tally=tally,
            timezone=timezone,
            sport=sport,
            now=now,
            batch=batch,
            processes=processes,
            places=store.own.quarantined_places(),
        )
        exports = ExportImporter(files=files, mapping=mapping or {}, date_order=date_order)
        _PathImporter(exports=exports, files=files, clock=clock, progress=progress).import_each(paths)
    store.own.log_import(", ".join(path.name for path in paths), (report := tally.report()).to_json())
    return report


def _check_paths(paths: Sequence[Path]) -> None:
    for path in paths:
        try:
            is_there = path.exists()
        except OSError as error:
            why = error.strerror or str(error)
            raise UsageError(what=f"{path} cannot be reached", why=why, fix="make its folder readable") from error
        if not is_there:
            raise UsageError(what=f"{path} was not found", why="no such file or folder", fix="check the name")


@dataclass(frozen=True, slots=True, kw_only=True)
class _PathImporter:
    """Takes one path after the other, whatever it is."""

    exports: ExportImporter
    files: FileImporter
    clock: Clock
    progress: Callable[[Progress], None] | None

    def import_each(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self.import_path(path, is_only=len(paths) == 1)

    def import_path(self, path: Path, *, is_only: bool) -> None:
        if path.name.casefold() == TABLE_NAME:
            path = absolute(path).parent
        try:
            if path.is_dir() or _is_zip(path):
                with open_file_tree(path) as tree:
                    self._import_tree(path, tree)
                self.files.end_quarantine(path.name)
            else:
                self._import_single(path)
        except FileError as error:
            self.files.quarantine(path.name, Problem(why=error.why, fix=error.fix))
        except UsageError as error:
            if is_only:
                raise
            self.files.quarantine(path.name, Problem(why=f"{error.what}: {error.why}", fix=error.fix))

    def _import_single(self, path: Path) -> None:
        source = ItemSource(path=path, is_single=True, known_files=self.files.known_files())
        self.files.import_files(
            [path.name], lambda _: FileContent(content=read_single_file(path)), source, self._pace(1)
        )

    def _import_tree(self, path: Path, tree: FileTree) -> None:
        root = find_root(tree)
        archives = [name for name in tree.names() if name.lower().endswith(".zip") and not is_system_litter(name)]
        if root is not None:
            pace = self._pace(0)
            export = self.exports.read_tables(tree, root, lambda done, total: pace.show(done, total, _READ_TABLE))
            pace = self._pace(export.lines + len(export.orphans))
            self.exports.import_export(tree, export, ItemSource(path=path), pace)
        else:
            self._import_recorded(path, tree, archives)
        if archives and (root is not None or not path.is_dir()):
            told = f"{len(archives)} ZIP files that were not opened: {archives[0]} …"
            self.files.tally.note(f"{path.name} holds {told} Unpack it and import them")

    def _import_recorded(self, path: Path, tree: FileTree, archives: Sequence[str]) -> None:
        names = [name for name in tree.names() if name.lower().endswith(TRACK_SUFFIXES) and not is_system_litter(name)]
        if not names and not archives:
            self.files.tally.note(f"{path.name} contains neither an export nor recorded files")
        elif other := _told_by_name(set(tree.names()) - {*names, *archives}):
            self.files.tally.note(f"{path.name}: left out, as FIT, GPX and TCX files are known by their names: {other}")
        for refused in tree.refused:
            if not is_system_litter(refused.name):
                self.files.tally.note(f"left out {refused.name}: {refused.why}")
        source = ItemSource(path=path, known_files=self.files.known_files() if names else frozenset())
        self.files.import_files(names, tree.read_packed, source, self._pace(len(names)))
        if path.is_dir():
            for name in archives:
                self.import_path(path / name, is_only=False)

    def _pace(self, total: int) -> ProgressReporter:
        return ProgressReporter(total=total, clock=self.clock, tell=self.progress)


def _told_by_name(names: Iterable[str]) -> str:
    """How many files these are, and the first of them; "" for none but what systems leave in folders."""
    told = sorted(name for name in names if not is_system_litter(name))
    if not told:
        return ""
    more = ", …" if len(told) > _MOST_TOLD else ""
    return f"{len(told)} ({', '.join(told[:_MOST_TOLD])}{more})"


def _is_zip(path: Path) -> bool:
    # By content: downloads lose their names. A pipe or a device would never end.
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileError(path=str(path), why="it is neither a file nor a folder", fix="give it a file")
        with path.open("rb") as stream:
            return stream.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}
    except OSError as error:
        raise unreadable(str(path), error) from error
