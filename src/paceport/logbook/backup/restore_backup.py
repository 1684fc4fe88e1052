"""Putting a backup back: checked whole before anything changes, and then the old logbook or the new one, never a part.

The database changes in one transaction. Before it, originals are only added, and taken away again where something
fails; after it, those that the restored logbook does not name are moved aside to the copy of the old one.
"""

import contextlib
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from paceport.clock import Clock
from paceport.errors import Busy, FileError, PaceportError, StoreTooNew, StoreUnwritable, UsageError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.backup.backup_format import (
    CHARTS,
    DATABASE,
    PLACES,
    SETTINGS,
    BackupMember,
    Manifest,
    copy_member,
    read_manifest,
)
from paceport.logbook.database.database_errors import file_uri, translate_errors
from paceport.logbook.database.migrations import OWN, schema_number, turn_on_wal
from paceport.logbook.exporting.destination import translate_write_errors
from paceport.storage import disk
from paceport.storage.access import is_there
from paceport.storage.private_files import create_private, make_owner_folder, open_new_private, read_plain

_WAIT_S = 10.0
_MOST_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """What was restored.

    `kept_aside` is the folder of the logbook that stood there before. `settings` is where the settings of the backup
    are: beside the present ones where those differ; so are `charts`. None where there is nothing of the kind.
    """

    activities: int
    originals: int
    made: str
    kept_aside: Path | None
    settings: Path | None
    charts: Path | None


def activities_here(data_dir: Path) -> int:
    """How many activities the own part of a logbook holds now; 0 where there is none or it cannot be read."""
    own = data_dir / "own.db"
    if not is_there(own):
        return 0
    try:
        with contextlib.closing(sqlite3.connect(file_uri(own, "ro"), uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM activity").fetchone()[0])
    except sqlite3.Error:
        return 0


def check_is_backup(place: Path) -> None:
    """Raise FileError where there is no file, or none that begins like a backup; its content is not read yet."""
    with _opened(place) as archive:
        read_manifest(archive, place)


def restore_backup(place: Path, *, data_dir: Path, config: Path, clock: Clock, replaces: bool = False) -> RestoreReport:
    """Restore own data, originals and settings from a backup.

    Raises UsageError where a logbook with activities is there and `replaces` is false, FileError for what is no whole
    backup, StoreTooNew for one of a newer version, Busy while another program writes, StoreUnwritable. Whatever is
    raised, the logbook is as it was. What stood there before is kept in `removed/`.
    """
    here = activities_here(data_dir)
    if here and not replaces:
        raise UsageError(
            what=f"The logbook here holds {here:,} activities",
            why="a restore puts the backup in their place",
            fix="repeat the command with --yes; a copy of what is here is kept",
        )
    with _opened(place) as archive:
        manifest = read_manifest(archive, place)
        if manifest.schema > OWN.newest:
            raise StoreTooNew(path=str(place), found=manifest.schema, know=OWN.newest)
        for member in manifest.files:
            with archive.open(member.name) as source:
                copy_member(source, None, member, place)
        make_owner_folder(data_dir)
        aside = data_dir / "removed" / f"logbook-{clock.now():%Y%m%dT%H%M%S}"
        _restore_own(archive, manifest, place, data_dir, aside if here else None)
        settings = _restore_beside(archive, manifest, SETTINGS, config)
        charts = _restore_beside(archive, manifest, CHARTS, data_dir / CHARTS)
        _restore_beside(archive, manifest, PLACES, data_dir / PLACES)
    originals = sum(member.name.startswith("originals/") for member in manifest.files)
    return RestoreReport(
        activities=manifest.activities,
        originals=originals,
        made=manifest.made,
        kept_aside=aside if here else None,
        settings=settings,
        charts=charts,
    )


def _restore_own(archive: zipfile.ZipFile, manifest: Manifest, place: Path, data_dir: Path, aside: Path | None) -> None:
    """Restore the database and all files; the old ones go to the folder `aside`, where there is one to be made."""
    drafted = data_dir / f".restored.{os.getpid()}.db"
    written: list[Path] = []
    try:
        with translate_write_errors(data_dir):
            _extract(archive, _member(manifest, DATABASE), drafted, place)
            _check_database(drafted, place)
            with _nobody_writes(data_dir / "own.db"):
                pass  # where another program holds it for long, nothing is begun
            _restore_files(archive, manifest, data_dir, place, written)
        _put_in_place(drafted, data_dir / "own.db", aside)
    except (Exception, KeyboardInterrupt):  # whatever it was, the files that were added go, and it is raised again
        _take_back(written, data_dir / "own.db")
        raise
    finally:
        _remove_database(drafted)
    # The backup is in place: where another program does not let go, too many originals are no harm.
    with translate_write_errors(data_dir), contextlib.suppress(Busy), _nobody_writes(data_dir / "own.db") as named:
        # Once more: another process may have taken one away, of a run that was removed before the swap.
        _restore_files(archive, manifest, data_dir, place, [])
        if aside is not None:
            _move_unnamed(data_dir / "originals", aside, named | {member.name for member in manifest.files})


def _move_unnamed(originals: Path, aside: Path, named: set[str]) -> None:
    for path in sorted(originals.glob("[0-9a-f]*")):
        if not {f"originals/{path.name}", path.name.partition(".")[0]} & named:
            disk.rename(path, aside / path.name)


def _take_back(written: list[Path], own: Path) -> None:
    """Remove originals that were added, save those that others need by now; all stay where that is not known."""
    if not written:
        return
    with contextlib.suppress(PaceportError, OSError), _nobody_writes(own) as named:
        for path in written:
            if path.name.partition(".")[0] not in named:
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def _nobody_writes(own: Path) -> Iterator[set[str]]:
    """The originals that the database names, which stay those for the block: who imports waits. Raises Busy."""
    if not is_there(own):
        yield set()
        return
    with (
        translate_errors(own),
        contextlib.closing(sqlite3.connect(file_uri(own, "rw"), uri=True, timeout=_WAIT_S)) as connection,
    ):
        connection.execute("BEGIN IMMEDIATE")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        rows = connection.execute("SELECT sha256 FROM original").fetchall() if "original" in tables else []
        yield {str(sha256) for (sha256,) in rows}


@contextlib.contextmanager
def _opened(place: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with _open_file(place) as file, zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError(
            path=str(place), why=f"it is damaged, or no backup: {error}", fix="use another copy; nothing changed"
        ) from error


def _open_file(place: Path) -> IO[bytes]:
    try:
        return place.open("rb")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise FileError(path=str(place), why=why, fix="name a file of logbook --backup") from error


def _member(manifest: Manifest, name: str) -> BackupMember:
    return next(member for member in manifest.files if member.name == name)


def _extract(archive: zipfile.ZipFile, member: BackupMember, target: Path, place: Path) -> None:
    """Write one file to the disk; half of it never has its name."""
    draft = target.with_name(f".{target.name.removeprefix('.')}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()  # of a restore that died
    try:
        with archive.open(member.name) as source, open_new_private(draft) as file:
            copy_member(source, file, member, place)
            file.flush()
            disk.sync_file(file.fileno())
        disk.rename(draft, target)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _check_database(drafted: Path, place: Path) -> None:
    """Raise FileError unless the database of a backup is one of ours, and whole."""
    with translate_errors(place), contextlib.closing(sqlite3.connect(drafted)) as connection:
        schema_number(connection, place, OWN)
        words = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if words != "ok":
        raise FileError(path=str(place), why=f"its database is damaged ({words})", fix="use another copy")


def _restore_files(
    archive: zipfile.ZipFile, manifest: Manifest, data_dir: Path, place: Path, written: list[Path]
) -> None:
    """Write the originals and what had been taken out, and note each. A file that is there with that length stays."""
    folders = set()
    for member in manifest.files:
        if member.name in {DATABASE, SETTINGS, CHARTS, PLACES}:
            continue
        target = data_dir / member.name
        if is_there(target) and target.stat().st_size == member.size:
            continue
        make_owner_folder(target.parent)
        if not is_there(target):
            written.append(target)
        _extract(archive, member, target, place)
        folders.add(target.parent)
    for folder in folders:
        disk.sync_folder(folder)


def _put_in_place(drafted: Path, own: Path, aside: Path | None) -> None:
    """Replace the database. Where `aside` is given, a copy of the present one goes into that folder first."""
    if aside is not None:
        make_owner_folder(aside)
        if not create_private(aside / own.name, b""):
            raise StoreUnwritable(path=str(aside), why="it is there already", fix="wait a second, then try again")
    create_private(own, b"")
    with (
        translate_errors(own),
        contextlib.closing(sqlite3.connect(file_uri(own, "rw"), uri=True, timeout=_WAIT_S)) as watching,
    ):
        turn_on_wal(watching)  # who watches must not be in the way
        for _ in range(_MOST_TRIES):
            is_other = partial(_has_changed, watching, _changes(watching))
            if aside is not None:
                _copy_database(own, aside / own.name, own)
            with contextlib.suppress(_ChangedMeanwhile):
                _copy_database(drafted, own, own, is_other=is_other)
                return
    raise Busy(what=f"{own} is in use", holder="another program")


class _ChangedMeanwhile(Exception):
    """Another process wrote between the copy and the replacement: what it wrote would be in neither."""


def _changes(connection: sqlite3.Connection) -> int:
    """A number that differs from the last one where another connection has written."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _has_changed(connection: sqlite3.Connection, seen: int) -> bool:
    return _changes(connection) != seen


def _copy_database(
    source_path: Path, target_path: Path, blamed: Path, *, is_other: Callable[[], bool] = lambda: False
) -> None:
    """Copy one database over another in one transaction. Raises Busy where another program holds the target.

    `is_other` is asked once nobody else can write to the target any more; where it says yes, nothing is copied.
    """
    source_uri, target_uri = (file_uri(path, "rw") for path in (source_path, target_path))
    with (
        translate_errors(blamed),
        contextlib.closing(sqlite3.connect(source_uri, uri=True)) as source,
        contextlib.closing(sqlite3.connect(target_uri, uri=True, timeout=_WAIT_S)) as target,
    ):
        target.execute("PRAGMA synchronous = FULL")

        is_asked = False

        def stop_where_busy(status: int, _left: int, _total: int) -> None:
            nonlocal is_asked
            # SQLite waited `_WAIT_S`; Python would try again for ever.
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Busy(what=f"{blamed} is in use", holder="another program")
            if not is_asked and is_other():
                raise _ChangedMeanwhile
            is_asked = True

        # The first page takes the lock; what is asked then holds for the others.
        source.backup(target, pages=1, progress=stop_where_busy)


def _restore_beside(archive: zipfile.ZipFile, manifest: Manifest, name: str, target: Path) -> Path | None:
    """Write a person's file where there is none, beside one that differs; None if there is no news."""
    if not any(member.name == name for member in manifest.files):
        return None
    content = archive.read(name)
    here = read_plain(target)
    if here == content:
        return None
    make_owner_folder(target.parent)
    place = target if here is None else target.with_name(f"{target.stem}.restored{target.suffix}")
    if create_private(place, content):
        return place
    return place if read_plain(place) == content else None


def _remove_database(path: Path) -> None:
    for name in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + name).unlink(missing_ok=True)
