"""Packed bytes → plain bytes, never more of them than a recorded activity can have."""

import zlib

from paceport.errors import FileError

LARGEST_FILE = 512 * 1024 * 1024
SUSPICIOUS_SIZE, LARGEST_RATIO = 64 * 1024 * 1024, 200
GZIP = b"\x1f\x8b"
MOST_LAYERS = 3
CHUNK = 1 << 20


def unpack(content: bytes, name: str) -> bytes:
    """`content` without its gzip layers (up to three), or as it is. Raises FileError on damage and on bombs.

    Never holds more than 512 MiB; beyond 64 MiB, at most 200 times the packed size is believed.
    """
    for _ in range(MOST_LAYERS):
        if not content.startswith(GZIP):
            return content
        content = _inflate(content, name)
    if content.startswith(GZIP):
        raise FileError(path=name, why="it is gzipped more than three times over", fix="unpack it by hand first")
    return content


def _inflate(content: bytes, name: str) -> bytes:
    """One gzip layer taken off; members in a row are joined, as gunzip does."""
    unpacked = bytearray()
    rest = content
    while rest.startswith(GZIP):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                chunk = member.decompress(rest, CHUNK)
            except zlib.error as error:
                raise _damaged(name, str(error)) from error
            unpacked += chunk
            rest = member.unconsumed_tail
            if not chunk and not rest and not member.eof:
                if unpacked:
                    return bytes(unpacked)  # cut: the reader of the format says so, and keeps what there is
                raise _damaged(name, "it ends too early")
            too_large = len(unpacked) > LARGEST_FILE
            if too_large or len(unpacked) > max(SUSPICIOUS_SIZE, LARGEST_RATIO * len(content)):
                raise FileError(
                    path=name,
                    why=f"it expands to more than {len(unpacked) >> 20} MiB, which no recorded activity does",
                    fix="leave it out; it may be built to exhaust the machine",
                )
        rest = member.unused_data
    return bytes(unpacked)


def _damaged(name: str, reason: str) -> FileError:
    return FileError(path=name, why=f"its gzip packing is damaged ({reason})", fix="fetch the file anew")
