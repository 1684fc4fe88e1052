"""What a backup file is: a ZIP with own.db, the original files, the kept charts, the settings and a list of them.

The list (`manifest.json`, the last member) gives each file's length and sha256, so that a restore can tell a whole
backup from a damaged one before it changes anything. Any ZIP program opens it; API data and logins are not in it.
"""

import hashlib
import re
import zipfile
from pathlib import Path
from typing import IO

import msgspec

from paceport.errors import FileError

MANIFEST = "manifest.json"
DATABASE = "own.db"
SETTINGS = "config.toml"
CHARTS = "charts.json"  # the charts of one's own that the pages of `serve` keep
PLACES = "private-places.json"  # what decides which circles hide where the athlete lives
FORMAT = 1

_CHUNK = 1024 * 1024
_LARGEST_MANIFEST = 256 * 1024 * 1024
# What may lie in a backup: nothing else is ever written, whatever a ZIP says.
_MEMBER = re.compile(
    r"own\.db|config\.toml|charts\.json|private-places\.json|originals/[0-9a-f]{64}(\.zst|\.gz)?|removed/[0-9-]+T[0-9]+/([0-9a-f]{64}(\.zst|\.gz)?|activity\.json)"
)


class BackupMember(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a backup: its name in the ZIP, its length in bytes, its sha256."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The list of a backup. `made` is ISO 8601 in UTC, `schema` that of its own.db, `activities` how many it holds."""

    format: int
    made: str
    schema: int
    activities: int
    files: list[BackupMember]


def is_member(name: str) -> bool:
    """Whether a backup may hold a file of this name."""
    return _MEMBER.fullmatch(name) is not None


def read_manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The list of a backup, checked against the names in the ZIP. Raises FileError for anything but a whole backup."""
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _LARGEST_MANIFEST:
            raise _no_backup(path, "its list of files is too large")
        manifest = msgspec.json.decode(archive.read(info), type=Manifest)
    except KeyError as error:
        raise _no_backup(path, "it has no list of its files") from error
    except msgspec.DecodeError as error:
        raise _no_backup(path, "its list of files is damaged") from error
    if manifest.format != FORMAT:
        raise FileError(
            path=str(path), why=f"it is a backup of format {manifest.format}", fix="restore it with a newer Paceport"
        )
    names = [member.name for member in manifest.files]
    if sorted([*names, MANIFEST]) != sorted(archive.namelist()) or not all(map(is_member, names)):
        raise _no_backup(path, "it holds other files than its list says")
    if DATABASE not in names:
        raise _no_backup(path, "it has no database")
    return manifest


def copy_member(source: IO[bytes], target: IO[bytes] | None, member: BackupMember, path: Path) -> None:
    """Read one file whole, write it where a target is given, and compare it with the list.

    Raises FileError where it is not what the list says. Never writes more than the length that the list gives.
    """
    checksum, left = hashlib.sha256(), member.size
    while part := source.read(_CHUNK):
        left -= len(part)
        if left < 0:
            break
        checksum.update(part)
        if target is not None:
            target.write(part)
    if left or checksum.hexdigest() != member.sha256:
        raise FileError(
            path=str(path), why=f"{member.name} in it is damaged", fix="use another copy of the backup; nothing changed"
        )


def _no_backup(path: Path, why: str) -> FileError:
    return FileError(path=str(path), why=f"it is no backup of Paceport: {why}", fix="name a file of logbook --backup")
