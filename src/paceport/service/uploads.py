"""What an athlete brings: an export of Strava's with its table, or single recordings, stored as the athlete's own.

The body goes to a file on disk as it comes. Of an archive one file is in memory at a time.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from paceport.formats.strava_export.export_files import GEAR_TABLES, TABLE_NAME
from paceport.service.parts import ServiceParts
from paceport.storage.postgres.athlete_rows import AthleteRows, OwnFile
from paceport.system_errors import is_damage
from paceport.text import clean

# A FIT of a day has a few megabytes, and a GPX of a day thirty.
LARGEST_RECORDING = 64 * 1024 * 1024
_MOST_FILES = 50_000
_MOST_UNPACKED = 16 * 1024**3
# A recording packs to a tenth; what packs much better is made to fill a disk.
_RATIO_MATTERS, _MOST_RATIO = 1024 * 1024, 200
# All of one athlete's: thirty years of daily recordings have a few gigabytes.
MOST_STORED = 20 * 1024**3
_LONGEST_NAME = 200
_RECORDINGS = (".fit", ".gpx", ".tcx", ".fit.gz", ".gpx.gz", ".tcx.gz")
# Of the tables only these: others hold addresses, contacts and messages.
_TABLES = (TABLE_NAME, *GEAR_TABLES)
_FOLDER = "activities/"
_ZIP = b"PK\x03\x04"


class NotTaken(Exception):
    """Nothing was stored; the text says why, for the athlete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadResult:
    """How many files are new, were there already, and were passed over because they are no recordings."""

    new: int
    known: int
    passed_over: int


def is_recording(name: str) -> bool:
    """Whether a file is one that Paceport reads, by its name."""
    return name.lower().endswith(_RECORDINGS)


def store_upload(parts: ServiceParts, athlete_id: int, path: Path, *, name: str) -> UploadResult:
    """Store what was brought as the athlete's own files. Raises NotTaken, StoreErrors, and OSError of the machine."""
    rows = AthleteRows(parts.database, athlete_id)
    with path.open("rb") as stream:
        is_archive = stream.read(4) == _ZIP
    if not is_archive and not is_recording(name) and name.lower() != TABLE_NAME:
        raise NotTaken("It is neither a ZIP nor a FIT, GPX or TCX file.")
    stored = rows.own_bytes()
    new = known = passed_over = 0
    for file in _unpacked(path) if is_archive else [_single(path, name)]:
        if file is not None and stored + len(file.content) > MOST_STORED:
            raise NotTaken(f"You have stored {stored / 1e9:.1f} GB here, and more than that is not taken.")
        is_new = None if file is None else rows.add_own_file(file)
        stored += len(file.content) if file is not None and is_new else 0
        if file is None:
            passed_over += 1
        elif is_new is None:
            raise NotTaken("You are disconnected, so nothing is stored.")
        new, known = new + (is_new is True), known + (is_new is False)
    if not new and not known:
        raise NotTaken("There is no FIT, GPX or TCX file in it.")
    return UploadResult(new=new, known=known, passed_over=passed_over)


def _single(path: Path, name: str) -> OwnFile:
    if path.stat().st_size > LARGEST_RECORDING:
        raise NotTaken("It is larger than any recording.")
    return OwnFile(name=TABLE_NAME if name.lower() == TABLE_NAME else _safe_name(name), content=path.read_bytes())


def _unpacked(path: Path) -> Iterator[OwnFile | None]:
    """Each file of an archive that is stored, None for any other. Stops at what no export has: that is a bomb."""
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_FILES:
                raise NotTaken("It holds more files than an export has.")
            root = _root_of([entry.filename for entry in entries])
            # The tables first: they say what the recordings are.
            for entry in sorted(entries, key=lambda one: is_recording(one.filename)):
                stored_name = _stored_name(entry.filename, root)
                if stored_name is None:
                    yield None
                    continue
                with archive.open(entry) as member:
                    content = _bounded(member, packed=entry.compress_size)
                unpacked += len(content or b"")
                if unpacked > _MOST_UNPACKED:
                    raise NotTaken("It holds more than an export has.")
                yield None if content is None else OwnFile(name=stored_name, content=content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        if isinstance(error, OSError) and not is_damage(error):
            raise
        raise NotTaken("The ZIP is damaged, cut off or encrypted. What came before that is stored.") from error


def _root_of(names: Sequence[str]) -> str | None:
    """The folder of an export in an archive, "" or ending in "/"; None where it is none."""
    tables = [name for name in names if PurePosixPath(name).name.lower() == TABLE_NAME and "__MACOSX" not in name]
    nearest = min(tables, key=lambda name: (name.count("/"), name), default=None)
    return None if nearest is None else nearest[: -len(TABLE_NAME)]


def _stored_name(name: str, root: str | None) -> str | None:
    """What a file of an archive is stored as; None for one that is not: anything but tables of runs and recordings."""
    inside = None if root is None or not name.startswith(root) else name.removeprefix(root)
    if inside is not None and inside.lower() in _TABLES:
        return inside.lower()
    if not is_recording(name) or "__MACOSX" in name or (inside or "").startswith("routes/"):
        return None
    return f"{_FOLDER}{_safe_name(name)}" if inside is not None else _safe_name(name)


def _bounded(member: IO[bytes], *, packed: int) -> bytes | None:
    content = member.read(LARGEST_RECORDING + 1)
    is_bomb = len(content) > _RATIO_MATTERS and len(content) > _MOST_RATIO * packed
    return None if len(content) > LARGEST_RECORDING or is_bomb else content


def _safe_name(name: str) -> str:
    # Only for people to read: it is never a path.
    return clean(PurePosixPath(name.replace("\\", "/")).name)[-_LONGEST_NAME:]
