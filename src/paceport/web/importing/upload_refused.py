"""Why a file that a browser sends is not taken."""

from __future__ import annotations

from paceport.amount_text import size_text
from paceport.errors import PaceportError
from paceport.system_errors import is_out_of_room


class UploadRefused(PaceportError):
    """A file is not taken. `status` is the HTTP status that says so."""

    def __init__(self, *, status: int, what: str, why: str, fix: str) -> None:
        self.status = status
        super().__init__(what=what, why=why, fix=fix)


def too_large(name: str, size: int, largest: int) -> UploadRefused:
    """For a file that is larger than any export."""
    return UploadRefused(
        status=413,
        what=f"{name} is too large",
        why=f"it has {size_text(size)}; the largest that is taken here has {size_text(largest)}",
        fix="import it with: paceport import FILE",
    )


def too_many_at_once(name: str) -> UploadRefused:
    """For a file that comes while others are still coming."""
    return UploadRefused(
        status=409,
        what=f"{name} was not taken",
        why="too many files come at the same time",
        fix="send it when the others are through",
    )


def too_many_files(name: str, most: int) -> UploadRefused:
    """For a file more than an import in the browser may have."""
    return UploadRefused(
        status=409,
        what=f"{name} was not taken",
        why=f"{most:,} files have come, and no more are imported together",
        fix="import these first, then drop the others; or use: paceport import FOLDER",
    )


def no_room(name: str, needed: int, free: int) -> UploadRefused:
    """For a file that does not fit on the disk of the logbook."""
    return UploadRefused(
        status=507,
        what=f"There is not enough room for {name}",
        why=f"it needs {size_text(needed)}, and the logbook's disk has {size_text(max(0, free))} to spare",
        fix="make room on that disk, then try again",
    )


def write_failed(name: str, error: OSError) -> UploadRefused:
    """For a file that could not be written."""
    if is_out_of_room(error):
        return UploadRefused(
            status=507,
            what=f"There is not enough room for {name}",
            why="the logbook's disk is full",
            fix="make room on that disk, then try again",
        )
    return UploadRefused(
        status=507,
        what=f"{name} could not be kept",
        why=(error.strerror or type(error).__name__).lower(),
        fix="see that the logbook's folder can be written, then try again",
    )


def options_too_long(most_bytes: int) -> UploadRefused:
    """For options with more text than any column has names."""
    return UploadRefused(
        status=413,
        what="The options are too long",
        why=f"together they may have {most_bytes:,} bytes",
        fix="name only the columns that are not recognised",
    )


def unknown_batch() -> UploadRefused:
    """For files that belong to nothing that was begun."""
    return UploadRefused(
        status=404,
        what="These files are not known here",
        why="they were imported or dropped already, or the server was started anew",
        fix="load the page again, and choose the files again",
    )


def cut_short(name: str, received: int, size: int) -> UploadRefused:
    """For a file of which only the first part came."""
    return UploadRefused(
        status=400,
        what=f"{name} did not come in whole",
        why=f"{size_text(received)} of {size_text(size)} came",
        fix="send it again",
    )


def empty_file(name: str) -> UploadRefused:
    """For a file without content."""
    return UploadRefused(
        status=400, what=f"{name} is empty", why="it has no content", fix="copy it from its source again"
    )
