"""Writing a backup, also while an import or a sync is writing."""

import contextlib
import hashlib
import os
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from paceport.clock import Clock
from paceport.errors import StoreUnreadable
from paceport.lazy_dataclass import dataclass
from paceport.logbook.backup.backup_format import (
    CHARTS,
    DATABASE,
    FORMAT,
    MANIFEST,
    PLACES,
    SETTINGS,
    BackupMember,
    Manifest,
    is_member,
)
from paceport.logbook.database.connection import read_only_uri
from paceport.logbook.database.database_errors import translate_errors
from paceport.logbook.exporting.destination import check_new_destination, translate_write_errors
from paceport.storage import disk
from paceport.storage.access import is_there
from paceport.storage.private_files import open_new_private, read_plain

_CHUNK = 1024 * 1024
# Tokens and secrets of apps are forty hexadecimal digits; a settings file with something like it stays at home.
# The words alone are in what `init` writes, too: a value or a long word must follow.
_SECRET = re.compile(rb"[0-9a-f]{40}|(secret|token)[^\n]*?([=:]|[\w.-]{16})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What was written. `missing` are original files that the logbook names and that are not there any more.

    `settings_left_out` is true where the settings file holds what looks like a secret.
    """

    place: Path
    size: int
    activities: int
    originals: int
    missing: tuple[str, ...]
    settings_left_out: bool


def write_backup(place: Path, *, data_dir: Path, config: Path, clock: Clock) -> BackupReport:
    """Write own data, originals, what was taken out, and settings into one new private file.

    The database is a snapshot of one moment; files that come later are not in it. Raises UsageError where something
    is at `place` already, StoreUnreadable without a logbook, StoreUnwritable; then nothing is left at `place`.
    """
    own = data_dir / "own.db"
    if not is_there(own):
        raise _no_logbook(own)
    check_new_destination(place)
    draft, snapshot = (place.with_name(f".{place.name}.{os.getpid()}.{word}") for word in ("new", "db"))
    with translate_write_errors(place), _removed_at_the_end(draft, snapshot):
        open_new_private(snapshot).close()
        schema, activities, named = _take_snapshot(own, snapshot)
        writer = _Writer(draft)
        with writer:
            writer.add(DATABASE, snapshot, packed=True)
            settings_left_out = _add_settings(writer, config)
            for name in (CHARTS, PLACES):
                with contextlib.suppress(FileNotFoundError):
                    writer.add(name, data_dir / name, packed=True)
            kept = _add_files(writer, data_dir, named)
            writer.finish(made=f"{clock.now():%Y-%m-%dT%H:%M:%SZ}", schema=schema, activities=activities)
        size = draft.stat().st_size
        disk.rename(draft, place)
        disk.sync_folder(place.absolute().parent)
    return BackupReport(
        place=place,
        size=size,
        activities=activities,
        originals=len(kept),
        missing=tuple(sorted(named - kept)),
        settings_left_out=settings_left_out,
    )


class _Writer:
    """A ZIP in the making, and the list of what is in it."""

    def __init__(self, draft: Path) -> None:
        self._file = open_new_private(draft)
        self._archive = zipfile.ZipFile(self._file, "w", allowZip64=True)
        self._members: list[BackupMember] = []

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def add(self, name: str, path: Path, *, packed: bool = False) -> None:
        """Copy a file in. Raises OSError, FileNotFoundError where it has gone."""
        checksum, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with path.open("rb") as source, self._archive.open(info, "w", force_zip64=True) as target:
            while part := source.read(_CHUNK):
                checksum.update(part)
                size += len(part)
                target.write(part)
        self._members.append(BackupMember(name=name, size=size, sha256=checksum.hexdigest()))

    def finish(self, *, made: str, schema: int, activities: int) -> None:
        """Write the list and see the whole to the disk."""
        manifest = Manifest(format=FORMAT, made=made, schema=schema, activities=activities, files=self._members)
        self._archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        self._archive.close()
        self._file.flush()
        disk.sync_file(self._file.fileno())


def _no_logbook(own: Path) -> StoreUnreadable:
    return StoreUnreadable(path=str(own), why="there is no logbook yet", fix="paceport import export.zip")


def _take_snapshot(own: Path, snapshot: Path) -> tuple[int, int, set[str]]:
    """Copy the database as it is at one moment: its schema, how many activities, the originals that it names."""
    with (
        translate_errors(own),
        contextlib.closing(sqlite3.connect(read_only_uri(own), uri=True)) as source,
        contextlib.closing(sqlite3.connect(snapshot)) as target,
    ):
        source.backup(target)  # one step under one read lock, whoever else writes
        target.execute("PRAGMA journal_mode = DELETE")  # the file alone is the whole database
        schema = int(target.execute("PRAGMA user_version").fetchone()[0])
        if schema == 0:
            raise _no_logbook(own)  # another process is just making it
        activities = int(target.execute("SELECT count(*) FROM activity").fetchone()[0])
        named = {str(row[0]) for row in target.execute("SELECT DISTINCT original FROM activity WHERE original > ''")}
    return schema, activities, named


def _add_settings(writer: _Writer, config: Path) -> bool:
    """Add the settings file, if there is one. Whether it was left out because something in it looks like a secret."""
    content = read_plain(config)
    if content is None:
        return False
    if _SECRET.search(content):
        return True
    writer.add(SETTINGS, config)
    return False


def _add_files(writer: _Writer, data_dir: Path, named: set[str]) -> set[str]:
    """Add the originals and what was taken out of the logbook: the names of the originals.

    One of those `named` that was taken out since the snapshot is in it twice: the snapshot still needs it.
    """
    kept: set[str] = set()
    for path in _files_below(data_dir / "originals"):
        # A file that somebody put there is none of the logbook's: no restore would take it.
        name = path.relative_to(data_dir).as_posix()
        with contextlib.suppress(FileNotFoundError):  # taken out of the logbook in this very moment
            if not is_member(name):
                continue
            writer.add(name, path)
            kept.add(path.name.partition(".")[0])
    for path in _files_below(data_dir / "removed"):
        # Logbooks that a restore put aside are there too: copies of copies are left out.
        if is_member(name := f"removed/{path.parent.name}/{path.name}"):
            writer.add(name, path)
            if (sha256 := path.name.partition(".")[0]) in named - kept:
                writer.add(f"originals/{path.name}", path)
                kept.add(sha256)
    return kept


def _files_below(folder: Path) -> list[Path]:
    """Every file in it that is not a draft of somebody who is writing it now."""
    if not is_there(folder):
        return []
    return sorted(path for path in folder.rglob("*") if not path.name.startswith(".") and path.is_file())


@contextlib.contextmanager
def _removed_at_the_end(*paths: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for path in paths:
            for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                with contextlib.suppress(OSError):
                    name.unlink(missing_ok=True)
