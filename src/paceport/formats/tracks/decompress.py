"""Packed bytes → plain bytes, never more of them than a recorded activity can have."""

import zlib

from paceport.errors import FileError

LARGEST_FILE = 512 * 1024 * 1024
SUSPICIOUS_SIZE, LARGEST_RATIO = 64 * 1024 * 1024, 200
GZIP = b"\x1f\x8b"
HAS_HEADER_CHECKSUM, HAS_EXTRA, HAS_NAME, HAS_COMMENT = 2, 4, 8, 16  # flags of a member's header (RFC 1952)
MOST_LAYERS = 3
CHUNK, SMALLEST_SLICE = 1 << 20, 512


def unpack(content: bytes, name: str, notes: list[str] | None = None) -> bytes:
    """`content` without its gzip layers (up to three), or as it is. Raises FileError on damage and on bombs.

    Where `notes` are taken, a damaged layer gives what is whole, with a note. Never holds more than 512 MiB; beyond
    64 MiB, at most 200 times the packed size is believed.
    """
    for _ in range(MOST_LAYERS):
        if not content.startswith(GZIP):
            return content
        try:
            content = _inflate(content, name)
        except _Damage as damage:
            content = b"" if notes is None else _what_is_whole(content)
            if not content or notes is None:
                raise _damaged(name, str(damage)) from damage
            notes.append(f"its gzip compression is damaged ({damage}); everything before that is used")
    if content.startswith(GZIP):
        raise FileError(path=name, why="it is gzipped more than three times over", fix="unpack it by hand first")
    return content


class _Damage(Exception):
    """What zlib says of a member."""


def _what_is_whole(content: bytes) -> bytes:
    """What the first member holds before it is damaged, or all of it where only its checksum is wrong."""
    start = 10
    if content[3] & HAS_EXTRA:
        start += 2 + int.from_bytes(content[start : start + 2], "little")
    for flag in (HAS_NAME, HAS_COMMENT):
        if content[3] & flag:
            start = content.find(b"\0", start) + 1
    start += 2 if content[3] & HAS_HEADER_CHECKSUM else 0
    member, whole = zlib.decompressobj(wbits=-15), bytearray()
    try:
        for place in range(start, len(content), SMALLEST_SLICE):
            whole += member.decompress(content[place : place + SMALLEST_SLICE], SUSPICIOUS_SIZE)
            if member.eof or member.unconsumed_tail or len(whole) > SUSPICIOUS_SIZE:
                break
    except zlib.error:
        pass  # what came before counts
    return bytes(whole)


def _inflate(content: bytes, name: str) -> bytes:
    """One gzip layer taken off; members in a row are joined, as gunzip does.

    Each member is fed in slices that start small: what a slice holds beyond the member's end is copied by zlib, and
    whole files of tiny members would otherwise cost the square of their size.
    """
    view, position = memoryview(content), 0
    unpacked = bytearray()
    while content.startswith(GZIP, position):
        member, slice_size = zlib.decompressobj(wbits=31), SMALLEST_SLICE
        while not member.eof:
            if position >= len(content):
                if unpacked:
                    return bytes(unpacked)  # cut: the reader of the format says so, and keeps what there is
                raise _damaged(name, "it ends too early")
            fed = view[position : position + slice_size]
            position += len(fed)
            slice_size = min(4 * slice_size, CHUNK)
            _feed(member, fed, unpacked, packed_size=len(content), name=name)
        position -= len(member.unused_data)
    return bytes(unpacked)


def _feed(member: "zlib._Decompress", fed: memoryview, unpacked: bytearray, *, packed_size: int, name: str) -> None:
    """Unpack one slice, never more than `CHUNK` bytes before looking whether it is too much."""
    rest: bytes | memoryview = fed
    more = True
    while more and not member.eof:
        try:
            chunk = member.decompress(rest, CHUNK)
        except zlib.error as error:
            raise _Damage(error) from error
        unpacked += chunk
        rest = member.unconsumed_tail
        more = bool(rest) or len(chunk) == CHUNK  # a full chunk: zlib may hold back more
        if len(unpacked) > min(LARGEST_FILE, max(SUSPICIOUS_SIZE, LARGEST_RATIO * packed_size)):
            raise FileError(
                path=name,
                why=f"it expands to more than {len(unpacked) >> 20} MiB, which no recorded activity does",
                fix="leave it out; it may be designed to use up the memory",
            )


def _damaged(name: str, reason: str) -> FileError:
    return FileError(path=name, why=f"its gzip compression is damaged ({reason})", fix="get the file again")
