"""The files of an export, from a ZIP or a folder: found wherever the root is, refused where a name or size is hostile.

Nothing is ever unpacked to disk: an entry is read into memory, one at a time, and no further than its cap.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from paceport.errors import FileError

# One hour of a FIT file is some 100 kB and of a GPX 2 MB; the longest real tracks stay below 100 MB as XML.
MOST_ENTRY_BYTES = 256 * 2**20
# Deflate reaches 1:1032; text of real exports stays below 1:40. Small entries may be as dense as they like.
_MOST_RATIO = 200
_RATIO_MATTERS_BYTES = 16 * 2**20
# Real exports reach several GB, most of it photos that are never read.
MOST_TOTAL_BYTES = 64 * 2**30
_DEEPEST_ROOT = 3
_CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEntry:
    """An entry that was not touched, and why. `name` is as the archive spells it."""

    name: str
    why: str


class FileTree(Protocol):
    """Files by their name below some root, with `/` between the parts."""

    refused: tuple[RefusedEntry, ...]

    def names(self) -> Sequence[str]:
        """All readable files, in the archive's own order."""

    def read(self, name: str) -> bytes:
        """One file's content. Raises FileError if it is missing, damaged or larger than its cap."""


@contextmanager
def open_file_tree(path: Path) -> Iterator[FileTree]:
    """A ZIP or a folder as a Tree. Raises FileError if it is neither, or a ZIP that cannot be read at all."""
    if path.is_dir():
        yield _Folder(path)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileError(path=str(path), why=f"it is not a whole ZIP ({error})", fix="download it again") from error
    with archive:
        yield _Zip(archive, path)


def read_single_file(path: Path) -> bytes:
    """A file on its own, under the same cap. Raises FileError."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_ENTRY_BYTES + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise FileError(path=str(path), why=why, fix="make it readable, then repeat") from error
    if len(content) > MOST_ENTRY_BYTES:
        raise _too_large(str(path))
    return content


def find_root(tree: FileTree) -> str | None:
    """The folder that holds activities.csv, "" or ending in "/", at most two folders deep; None if there is none.

    Raises FileError if two lie equally near, for then which export is meant is not ours to choose.
    """
    places = [name for name in tree.names() if PurePosixPath(name).name == "activities.csv"]
    near = [name for name in places if len(PurePosixPath(name).parts) <= _DEEPEST_ROOT]
    if not near:
        return None
    depth = min(len(PurePosixPath(name).parts) for name in near)
    roots = sorted(name for name in near if len(PurePosixPath(name).parts) == depth)
    if len(roots) > 1:
        raise FileError(
            path=roots[0],
            why=f"{roots[1]} lies beside it: two exports in one",
            fix="import the two folders one after the other",
        )
    return roots[0].removesuffix("activities.csv")


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._sizes: dict[str, int] = {}
        refused = []
        for folder, folders, files in os.walk(root, followlinks=False):
            folders.sort()
            for name in sorted([*files, *(item for item in folders if (Path(folder) / item).is_symlink())]):
                path = Path(folder) / name
                short = path.relative_to(root).as_posix()
                mode = path.lstat()
                if stat.S_ISREG(mode.st_mode):
                    self._sizes[short] = mode.st_size
                else:
                    refused.append(RefusedEntry(name=short, why="it is a link or no plain file"))
        self.refused = tuple(refused)

    def names(self) -> Sequence[str]:
        return list(self._sizes)

    def read(self, name: str) -> bytes:
        if name not in self._sizes:
            raise _missing(name)
        return read_single_file(self._root / name)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._total = 0
        refused = []
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            if why := _refusal_reason(entry) or ("the name stands twice" if entry.filename in self._entries else ""):
                refused.append(RefusedEntry(name=entry.orig_filename, why=why))
            else:
                self._entries[entry.filename] = entry
        self.refused = tuple(refused)

    def names(self) -> Sequence[str]:
        return list(self._entries)

    def read(self, name: str) -> bytes:
        entry = self._entries.get(name)
        if entry is None:
            raise _missing(name)
        content = bytearray()
        # The sizes an archive declares may lie in either direction: count what really comes out.
        try:
            with self._archive.open(entry) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    content += chunk
                    self._total += len(chunk)
                    if len(content) > MOST_ENTRY_BYTES:
                        raise _too_large(name)
                    if len(content) > max(_RATIO_MATTERS_BYTES, _MOST_RATIO * entry.compress_size):
                        raise FileError(path=name, why="it expands like a bomb", fix="leave it out of the archive")
                    if self._total > MOST_TOTAL_BYTES:
                        raise FileError(path=str(self._path), why="it expands without end", fix="look into it by hand")
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            why = f"it is damaged inside the ZIP ({error})"
            raise FileError(path=name, why=why, fix="download the export again") from error
        return bytes(content)


def _refusal_reason(entry: zipfile.ZipInfo) -> str:
    name = entry.orig_filename
    parts = name.split("/")
    if "\x00" in name:
        return "the name holds a zero byte"
    if "\\" in name:
        return "the name holds a backslash"
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        return "the name is an absolute path"
    if ".." in parts:
        return "the name leads out of the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    return "it is encrypted" if entry.flag_bits & 0x1 else ""


def _missing(name: str) -> FileError:
    return FileError(path=name, why="activities.csv names it, and it is not in the export", fix="ask for a new export")


def _too_large(name: str) -> FileError:
    why = f"it expands to more than {MOST_ENTRY_BYTES // 2**20} MB"
    return FileError(path=name, why=why, fix="no real track is that large: look into it by hand")
