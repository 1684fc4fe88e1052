"""The files of an export, from a ZIP or a folder: found wherever the root is, refused where a name or size is hostile.

Nothing is ever unpacked to disk: an entry is read into memory, one at a time, and no further than its cap; tables are
read as a stream.
"""

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Protocol

from paceport.errors import FileError
from paceport.formats.strava_export.zip_entry import FileContent, read_deflated
from paceport.lazy_dataclass import dataclass
from paceport.system_errors import fix_of, is_damage, reason_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

TABLE_NAME = "activities.csv"
GEAR_TABLES = ("shoes.csv", "bikes.csv")
# One hour of a FIT file is some 100 kB and of a GPX 2 MB; the longest real tracks stay below 100 MB as XML.
MOST_ENTRY_BYTES = 256 * 2**20
# activities.csv is read as a stream, so its cap is for its cost, not for memory: ten million rows.
MOST_TABLE_BYTES = 8 * 2**30
# Deflate reaches 1:1032; text of real exports stays below 1:40. Small entries may be as dense as they like.
_MOST_RATIO = 200
_RATIO_MATTERS_BYTES = 16 * 2**20
# Real exports reach several GB, most of it photos that are never read.
MOST_TOTAL_BYTES = 64 * 2**30
_DEEPEST_ROOT = 3
_IS_UTF8 = 0x800
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

    def read_packed(self, name: str) -> FileContent:
        """The same, with its packed form where the archive has one that can be kept."""

    def open(self, name: str) -> io.BufferedReader:
        """One table as a stream, under the same rules, up to 8 GiB. Reading it raises FileError too."""

    def size(self, name: str) -> int:
        """How long a file is, as the folder or the archive states it; 0 for one that is not there."""


def is_system_litter(name: str) -> bool:
    """Whether a file is what macOS and Windows leave in folders and archives: AppleDouble, .DS_Store, thumbnails."""
    parts = PurePosixPath(name).parts
    last = parts[-1] if parts else ""
    return "__MACOSX" in parts or last.startswith("._") or last in {".DS_Store", "Thumbs.db", "desktop.ini"}


@contextmanager
def open_file_tree(path: Path) -> Iterator[FileTree]:
    """A ZIP or a folder as a Tree. Raises FileError if it is neither, or a ZIP that cannot be read at all."""
    if path.is_dir():
        yield _Folder(path)
        return
    try:
        archive, stream = zipfile.ZipFile(path), path.open("rb")
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        if isinstance(error, OSError) and not is_damage(error):
            raise unreadable(str(path), error) from error
        raise FileError(path=str(path), why=f"it is not a complete ZIP ({error})", fix="download it again") from error
    with archive, stream:
        yield _Zip(archive, path, stream)


def unreadable(path: str, error: OSError) -> FileError:
    """For a file that the machine cannot read now, whatever it holds."""
    return FileError(path=path, why=reason_of(error), fix=fix_of(error))


def read_single_file(path: Path) -> bytes:
    """A file on its own, under the same cap. Raises FileError."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_ENTRY_BYTES + 1)
    except OSError as error:
        raise unreadable(str(path), error) from error
    if len(content) > MOST_ENTRY_BYTES:
        raise _too_large(str(path))
    return content


def find_root(tree: FileTree) -> str | None:
    """The folder that holds activities.csv, "" or ending in "/", at most two folders deep; None if there is none.

    Raises FileError if two lie equally near, for then which export is meant is not ours to choose.
    """
    places = [
        name
        for name in tree.names()
        if PurePosixPath(name).name.casefold() == TABLE_NAME and not is_system_litter(name)
    ]
    near = [name for name in places if len(PurePosixPath(name).parts) <= _DEEPEST_ROOT]
    if not near:
        return None
    depth = min(len(PurePosixPath(name).parts) for name in near)
    roots = sorted(name for name in near if len(PurePosixPath(name).parts) == depth)
    if len(roots) > 1:
        raise FileError(
            path=roots[0],
            why=f"{roots[1]} is in the same folder: these are two exports",
            fix="import the two folders one after the other",
        )
    return roots[0][: -len(TABLE_NAME)]


def table_name(tree: FileTree, root: str) -> str:
    """activities.csv as it is written at this root: some programs change its capitals."""
    return next(name for name in tree.names() if name.casefold() == f"{root}{TABLE_NAME}".casefold())


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._sizes: dict[str, int] = {}
        refused: list[RefusedEntry] = []

        def refuse(error: OSError) -> None:
            refused.append(RefusedEntry(name=str(error.filename), why=error.strerror or "it cannot be read"))

        for folder, folders, files in os.walk(root, followlinks=False, onerror=refuse):
            folders.sort()
            for name in sorted([*files, *(item for item in folders if (Path(folder) / item).is_symlink())]):
                path = Path(folder) / name
                short = path.relative_to(root).as_posix()
                try:
                    mode = path.lstat()
                except OSError as error:  # a folder that may be listed and not entered
                    refused.append(RefusedEntry(name=short, why=error.strerror or "it cannot be read"))
                    continue
                if stat.S_ISREG(mode.st_mode):
                    self._sizes[short] = mode.st_size
                else:
                    refused.append(RefusedEntry(name=short, why="it is a link or not a plain file"))
        self.refused = tuple(refused)

    def names(self) -> Sequence[str]:
        return list(self._sizes)

    def read(self, name: str) -> bytes:
        if name not in self._sizes:
            raise _missing(name)
        return read_single_file(self._root / name)

    def read_packed(self, name: str) -> FileContent:
        return FileContent(content=self.read(name))

    def open(self, name: str) -> io.BufferedReader:
        if name not in self._sizes:
            raise _missing(name)
        try:
            return (self._root / name).open("rb")
        except OSError as error:
            raise unreadable(name, error) from error

    def size(self, name: str) -> int:
        return self._sizes.get(name, 0)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile, path: Path, stream: BinaryIO) -> None:
        self._archive = archive
        self._stream = stream
        self._path = path
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._total = 0
        refused = []
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            name = _unpacked_name(entry)
            if why := _refusal_reason(entry) or ("the name occurs twice" if name in self._entries else ""):
                refused.append(RefusedEntry(name=entry.orig_filename, why=why))
            else:
                self._entries[name] = entry
        self.refused = tuple(refused)

    def names(self) -> Sequence[str]:
        return list(self._entries)

    def read(self, name: str) -> bytes:
        return self.read_packed(name).content

    def read_packed(self, name: str) -> FileContent:
        entry = self._entries.get(name)
        if entry is not None and max(entry.file_size, entry.compress_size) <= min(
            _RATIO_MATTERS_BYTES, MOST_ENTRY_BYTES
        ):
            with _damage_named(entry):
                found = read_deflated(self._stream, entry)
            if found is not None:
                self._count(len(found.content))
                return found
        return FileContent(content=self._read_by_pieces(name))

    def _read_by_pieces(self, name: str) -> bytes:
        content = bytearray()
        with self._checked(name, MOST_ENTRY_BYTES) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                content += chunk
        return bytes(content)

    def open(self, name: str) -> io.BufferedReader:
        return io.BufferedReader(self._checked(name, MOST_TABLE_BYTES), _CHUNK_BYTES)

    def size(self, name: str) -> int:
        return self._entries[name].file_size if name in self._entries else 0

    def _checked(self, name: str, most_bytes: int) -> "_CheckedStream":
        if name not in self._entries:
            raise _missing(name)
        return _CheckedStream(self._archive, self._entries[name], most_bytes=most_bytes, count=self._count)

    def _count(self, size: int) -> None:
        self._total += size
        if self._total > MOST_TOTAL_BYTES:
            raise FileError(path=str(self._path), why="it expands without end", fix="look into it by hand")


class _CheckedStream(io.RawIOBase):
    """An entry as it unpacks. The sizes an archive declares may lie in either direction: what comes out is counted."""

    def __init__(
        self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, most_bytes: int, count: Callable[[int], None]
    ) -> None:
        self._entry, self._most_bytes, self._count = entry, most_bytes, count
        self._so_far = 0
        with _damage_named(entry):
            self._stream = archive.open(entry)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        with _damage_named(self._entry):
            chunk = self._stream.read(len(view))
        view[: len(chunk)] = chunk
        self._so_far += len(chunk)
        self._count(len(chunk))
        name = self._entry.filename
        if self._so_far > self._most_bytes:
            raise _too_large(name)
        if self._so_far > max(_RATIO_MATTERS_BYTES, _MOST_RATIO * self._entry.compress_size):
            raise FileError(path=name, why="it expands far too much, like a ZIP bomb", fix="leave it out")
        return len(chunk)

    def close(self) -> None:
        if not self.closed and hasattr(self, "_stream"):
            self._stream.close()
        super().close()


@contextmanager
def _damage_named(entry: zipfile.ZipInfo) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, OSError) and not is_damage(error):
            raise unreadable(entry.filename, error) from error
        why = f"it is damaged inside the ZIP ({error})"
        raise FileError(path=entry.filename, why=why, fix="download the export again") from error


def _unpacked_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; in UTF-8 where it is that and the archive forgot to say so, as macOS does."""
    if entry.flag_bits & _IS_UTF8 or entry.filename.isascii():
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except ValueError:
        return entry.filename


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
        return "the name points outside the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    return "it is encrypted" if entry.flag_bits & 0x1 else ""


def _missing(name: str) -> FileError:
    return FileError(path=name, why="activities.csv names it, but it is not in the export", fix="ask for a new export")


def _too_large(name: str) -> FileError:
    why = f"it expands to more than {MOST_ENTRY_BYTES // 2**20} MB"
    return FileError(path=name, why=why, fix="no real track is that large; check the file yourself")
