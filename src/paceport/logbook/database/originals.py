"""The athlete's files, kept packed: each is named by the sha256 of what is in it, not of its packing."""

import contextlib
import hashlib
import os
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

from paceport.errors import FileError, StoreUnreadable
from paceport.formats.strava_export.zip_entry import FileContent
from paceport.formats.tracks.decompress import GZIP, LARGEST_FILE, unpack
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.database_errors import translate_errors
from paceport.storage.private_files import finish_draft, make_owner_folder, replace_private, write_draft
from paceport.storage.process_lock import is_running, numbering_mark

if TYPE_CHECKING:
    import zstandard

# A FIT file is packed hardly better at 3 (by 2 %), which takes a third longer.
_LEVEL = 1
# As it came in a version before packing, packed here, packed when it came or in its ZIP. `zstd -d` and `gunzip` open
# the last two.
_SUFFIXES = ("", ".zst", ".gz")
# Name of a draft: what it is of, the number of its process, and what gave that number. An earlier version left out
# the last.
_DRAFT = re.compile(r"\.[0-9a-f]{64}\.(\d{1,10})(?:\.([0-9a-f]*))?")
_LONGEST_DRAFT_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedOriginal:
    """A file ready to be kept.

    `sha256` is of what is in it. `packed_sha256` is of the bytes as they came, where those were packed: earlier
    versions kept the file under that name. `size` is the length of what is in it. The packed bytes are `body`, or lie
    in `draft` already (`put_aside`).
    """

    sha256: str
    packed_sha256: str | None
    suffix: str
    body: bytes
    size: int
    draft: Path | None = None

    def packed_size(self) -> int:
        """The length of the packed bytes."""
        return len(self.body) if self.draft is None else self.draft.stat().st_size


def pack_original(content: bytes, name: str) -> PackedOriginal:
    """A file as it came, ready to be kept: gzipped files stay what they are, others are packed with zstd.

    What only claims to be gzipped is kept as it is.
    """
    return pack_file(FileContent(content=content), name)[0]


def pack_file(file: FileContent, name: str) -> tuple[PackedOriginal, bytes]:
    """The same, and what is in it, to be read; an archive's own packing of the file is kept as gzip."""
    content = file.content
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(GZIP):
        try:
            inside = unpack(content, name)
        except FileError:
            return _packed(sha256, content, "", content), content
        inner_sha256 = hashlib.sha256(inside).hexdigest()
        return _packed(inner_sha256, inside, ".gz", content, packed_sha256=sha256), inside
    packed, suffix = file.gzipped, ".gz"
    if packed is None:
        packed, suffix = _compressor(get_ident()).compress(content), ".zst"
    if len(packed) >= len(content):
        packed, suffix = content, ""
    return _packed(sha256, content, suffix, packed), content


def _packed(
    sha256: str, content: bytes, suffix: str, body: bytes, *, packed_sha256: str | None = None
) -> PackedOriginal:
    return PackedOriginal(sha256=sha256, packed_sha256=packed_sha256, suffix=suffix, body=body, size=len(content))


def put_aside(folder: Path, original: PackedOriginal) -> PackedOriginal:
    """Write a file's packed bytes beside where they will be kept, so that another process can keep them.

    Nothing has reached the disk for sure yet; `save_original` sees to that, and `drop_draft` removes what is not
    wanted. Where it cannot be written, the original is as it was, and keeping it tells why.
    """
    draft = _draft_path(folder, original)
    try:
        write_draft(draft, original.body)
    except OSError:
        return original
    return replace(original, body=b"", draft=draft)


def drop_draft(original: PackedOriginal) -> None:
    """Remove what was put aside."""
    if original.draft is not None:
        original.draft.unlink(missing_ok=True)


def drop_drafts_of(folder: Path, process: int, *, but: Collection[Path]) -> None:
    """Remove what a process put aside that is gone now, but for these."""
    with contextlib.suppress(OSError):
        for draft in folder.glob(f".*{_draft_ending(process)}"):
            if draft not in but:
                draft.unlink(missing_ok=True)


def drop_left_drafts(folder: Path, *, now: datetime) -> None:
    """Remove what processes put aside that were killed. Of another machine's, what is an hour old."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") and (found := _DRAFT.fullmatch(entry.name)) is not None:
                is_ours = bool(found[2]) and found[2] == _numbering_mark()
                age_s = now.timestamp() - entry.stat().st_mtime
                if (is_ours and not is_running(int(found[1]))) or (not is_ours and age_s > _LONGEST_DRAFT_S):
                    Path(entry).unlink(missing_ok=True)


def save_original(folder: Path, original: PackedOriginal, *, syncs_folder: bool = True) -> None:
    """Keep a file, whole or not at all. Twice is once, in whatever packing it came first.

    Without `syncs_folder` its name may not have reached the disk yet: the caller syncs the folder, once for many.
    """
    assert original.body or original.draft or not original.size
    path = folder / f"{original.sha256}{original.suffix}"
    with translate_errors(path):
        for suffix in _SUFFIXES:
            size = _size_at(f"{folder}/{original.sha256}{suffix}")
            if size is not None and (suffix != original.suffix or size == original.packed_size()):
                drop_draft(original)
                return
    if original.draft is not None:
        finish_draft(original.draft, path, syncs_folder=syncs_folder)
        return
    make_owner_folder(folder)
    replace_private(path, original.body, draft=_draft_path(folder, original), syncs_folder=syncs_folder)


def _draft_path(folder: Path, original: PackedOriginal) -> Path:
    # Two imports at once may write the same file: each has its own draft, and either one's is the whole file.
    return folder / f".{original.sha256}{_draft_ending(os.getpid())}"


def _draft_ending(process: int) -> str:
    return f".{process}.{_numbering_mark()}"


@cache
def _numbering_mark() -> str:
    return numbering_mark()


def read_original(folder: Path, sha256: str) -> bytes:
    """What is in a file, byte for byte as it was given. Raises StoreUnreadable if it is missing or damaged."""
    for suffix in _SUFFIXES:
        path = folder / f"{sha256}{suffix}"
        with translate_errors(path):
            if path.exists():
                return _unpacked(path, path.read_bytes(), suffix)
    raise StoreUnreadable(path=str(folder / sha256), why="it is not there", fix="import the export or the file again")


def original_size(folder: Path, sha256: str) -> int:
    """The length of what is kept on disk; 0 where nothing is."""
    paths = [folder / f"{sha256}{suffix}" for suffix in _SUFFIXES]
    with translate_errors(folder):
        return sum(path.stat().st_size for path in paths if path.exists())


def remove_original(folder: Path, sha256: str) -> None:
    """Forget a file that nothing refers to any more."""
    for suffix in _SUFFIXES:
        with translate_errors(folder):
            (folder / f"{sha256}{suffix}").unlink(missing_ok=True)


def unpack_original(original: PackedOriginal, name: str) -> bytes:
    """What is in a file that was just packed."""
    body = original.body if original.draft is None else original.draft.read_bytes()
    return _unpacked(Path(name), body, original.suffix)


def _unpacked(path: Path, body: bytes, suffix: str) -> bytes:
    if suffix == ".gz":
        try:
            return unpack(body, path.name)
        except FileError as error:
            raise _damaged(path, error.why) from error
    if suffix == ".zst":
        import zstandard  # the logbook extra

        try:
            return zstandard.ZstdDecompressor().decompress(body, max_output_size=LARGEST_FILE)
        except zstandard.ZstdError as error:
            raise _damaged(path, f"it is damaged ({error})") from error
    return body


def _size_at(path: str) -> int | None:
    """The length of a file, None where there is none."""
    try:
        return os.stat(path).st_size  # noqa: PTH116  # a Path costs more than the call, three times for each file
    except FileNotFoundError:
        return None


@cache
def _compressor(thread: int) -> "zstandard.ZstdCompressor":  # noqa: ARG001  # one for each thread
    """They are not safe to share between threads, and a new one for each file costs its memory anew."""
    import zstandard  # the logbook extra

    return zstandard.ZstdCompressor(level=_LEVEL)


def _damaged(path: Path, why: str) -> StoreUnreadable:
    return StoreUnreadable(path=str(path), why=why, fix="move it away and import the export or the file again")
