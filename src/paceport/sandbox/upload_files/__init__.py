"""Uploaded files read as the service reads them, with public parsers only: FIT, GPX 1.1, TCX 2, strength JSON.

Documented: the formats, that gzip is told by the type's ending, which sports a file can name. Recorded: the words of
the errors. By design: everything that no source tells, such as the sport of a file that names none (the athlete's).
"""

from __future__ import annotations

from paceport.sandbox.upload_files.fit import read_fit
from paceport.sandbox.upload_files.gpx import read_gpx
from paceport.sandbox.upload_files.strength import STRENGTH_SPORTS, read_strength
from paceport.sandbox.upload_files.tcx import read_tcx
from paceport.sandbox.upload_files.uploaded_file import EMPTY, MALFORMED, UnreadableFile, UploadedFile

__all__ = ["EMPTY", "FORMATS", "MALFORMED", "STRENGTH_SPORTS", "UnreadableFile", "UploadedFile", "read_file"]

_READERS = {"fit": read_fit, "gpx": read_gpx, "tcx": read_tcx, "json": read_strength}
FORMATS = tuple(_READERS)


def read_file(content: bytes, kind: str) -> UploadedFile:
    """What a file of that kind (one of `FORMATS`, unpacked) holds. Raises Unreadable with the service's words."""
    return _READERS[kind](content)
