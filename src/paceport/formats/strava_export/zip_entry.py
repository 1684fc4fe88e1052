"""An entry of a ZIP as the archive holds it, so that a file can be kept packed without packing it again."""

import struct
import zipfile
import zlib
from typing import BinaryIO

from paceport.lazy_dataclass import dataclass

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")  # PKWARE APPNOTE 4.3.7
_GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # RFC 1952: deflate, no name, no time, no system
_IS_UTF8 = 0x800
_MAGIC = b"PK\3\4"
_ENCRYPTED_OR_PATCHED = 0x61


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file's bytes, and the same gzipped where the archive held it deflated: both contain the same deflate stream."""

    content: bytes
    gzipped: bytes | None = None


def read_deflated(stream: BinaryIO, entry: zipfile.ZipInfo) -> FileContent | None:
    """A deflated entry in one piece, read from the archive's file.

    None for what is packed otherwise, and for what is not exactly as the archive says: reading it step by step names
    what is wrong. The caller bounds the entry's sizes. Raises OSError.
    """
    if entry.compress_type != zipfile.ZIP_DEFLATED or entry.flag_bits & _ENCRYPTED_OR_PATCHED:
        return None
    stream.seek(entry.header_offset)
    header = stream.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size:
        return None
    magic, *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    name = stream.read(name_length)
    if (
        magic != _MAGIC
        or name.decode("utf-8" if entry.flag_bits & _IS_UTF8 else "cp437", "replace") != entry.orig_filename
    ):
        return None
    stream.seek(extra_length, 1)
    deflated = stream.read(entry.compress_size)
    inflater = zlib.decompressobj(wbits=-15)
    try:
        content = inflater.decompress(deflated, entry.file_size + 1)
    except zlib.error:
        return None
    is_whole = inflater.eof and not inflater.unused_data and len(content) == entry.file_size
    if not is_whole or zlib.crc32(content) != entry.CRC:
        return None
    return FileContent(content=content, gzipped=_GZIP_HEADER + deflated + struct.pack("<2I", entry.CRC, len(content)))
