"""The athlete's files, kept packed: each is named by the sha256 of what is in it, not of its packing."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from paceport.errors import FileError, StoreUnreadable
from paceport.formats.tracks.decompress import GZIP, LARGEST_FILE, unpack
from paceport.logbook.database.database_errors import translate_errors
from paceport.storage.private_files import make_owner_folder, replace_private

_LEVEL = 3
# As it came in a version before packing, packed here, packed when it came. `zstd -d` and `gunzip` open the last two.
_SUFFIXES = ("", ".zst", ".gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedOriginal:
    """A file ready to be kept.

    `sha256` is of what is in it. `packed_sha256` is of the bytes as they came, where those were packed: earlier
    versions kept the file under that name. `size` is the length of what is in it.
    """

    sha256: str
    packed_sha256: str | None
    suffix: str
    body: bytes
    size: int


def pack_original(content: bytes, name: str) -> PackedOriginal:
    """A file as it came, ready to be kept: gzipped files stay what they are, others are packed with zstd.

    What only claims to be gzipped is kept as it is.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(GZIP):
        try:
            inside = unpack(content, name)
        except FileError:
            return PackedOriginal(sha256=sha256, packed_sha256=None, suffix="", body=content, size=len(content))
        return PackedOriginal(
            sha256=hashlib.sha256(inside).hexdigest(),
            packed_sha256=sha256,
            suffix=".gz",
            body=content,
            size=len(inside),
        )
    import zstandard  # the logbook extra

    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(content)
    if len(packed) >= len(content):
        return PackedOriginal(sha256=sha256, packed_sha256=None, suffix="", body=content, size=len(content))
    return PackedOriginal(sha256=sha256, packed_sha256=None, suffix=".zst", body=packed, size=len(content))


def save_original(folder: Path, original: PackedOriginal) -> None:
    """Keep a file, whole or not at all. Twice is once, in whatever packing it came first."""
    for suffix in _SUFFIXES:
        path = folder / f"{original.sha256}{suffix}"
        with translate_errors(path):
            if path.exists() and (suffix != original.suffix or path.stat().st_size == len(original.body)):
                return
    path = folder / f"{original.sha256}{original.suffix}"
    make_owner_folder(folder)
    # Two imports at once may write the same file: each has its own draft, and either one's is the whole file.
    replace_private(path, original.body, draft=path.with_name(f".{original.sha256}.{os.getpid()}"))


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
    return _unpacked(Path(name), original.body, original.suffix)


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


def _damaged(path: Path, why: str) -> StoreUnreadable:
    return StoreUnreadable(path=str(path), why=why, fix="move it away and import the export or the file again")
