"""Whether a recorded file has its end, told without reading what is in it: a copy in progress has none."""

import os
import re
import zipfile
import zlib
from pathlib import Path

_TAIL = 4096
_CHUNK = 1024 * 1024
_LAST_TAG = re.compile(rb"</(?:[\w.-]+:)?(?:gpx|TrainingCenterDatabase)\s*>\s*(?:<!--.*?-->\s*)*$", re.DOTALL)
# The FIT protocol: a header of 12 or 14 bytes with the length of the records, a checksum of 2 bytes at the end.
_FIT_MARK, _FIT_CHECKSUM = b".FIT", 2


def has_its_end(path: Path) -> bool:
    """Whether the file at `path` looks whole: its kind is that of its name. Raises OSError where it cannot be read.

    A FIT file is as long as its header says, GPX and TCX end with their last tag, a gzipped file unpacks to its end,
    a ZIP has its list of files. Other names are believed to be whole.
    """
    name = path.name.lower()
    if name.endswith(".gz"):
        return _gzip_ends(path)
    if name.endswith(".zip"):
        return zipfile.is_zipfile(path)
    if name.endswith(".fit"):
        return _fit_ends(path)
    if name.endswith((".gpx", ".tcx")):
        return _xml_ends(path)
    return True


def _fit_ends(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(12)
        size = os.fstat(file.fileno()).st_size
    if len(head) < 12 or head[8:12] != _FIT_MARK:
        return False
    return size >= head[0] + int.from_bytes(head[4:8], "little") + _FIT_CHECKSUM


def _xml_ends(path: Path) -> bool:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
    return _LAST_TAG.search(tail.replace(b"\0", b"")) is not None  # UTF-16 is ASCII with zeros between


def _gzip_ends(path: Path) -> bool:
    """Whether the last member of a gzipped file ends. What is unpacked is thrown away."""
    with path.open("rb") as file:
        unpacker, has_read = zlib.decompressobj(wbits=31), False
        rest = b""
        while part := rest or file.read(_CHUNK):
            rest = b""
            if unpacker.eof:
                if part.strip(b"\0") == b"":
                    continue
                unpacker = zlib.decompressobj(wbits=31)
            try:
                unpacker.decompress(part, _CHUNK)
                while unpacker.unconsumed_tail:
                    unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
            except zlib.error:
                return True  # damaged, not unfinished: reading it will say so
            has_read = True
            rest = unpacker.unused_data if unpacker.eof else b""
    return has_read and unpacker.eof
