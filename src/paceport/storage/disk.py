"""The calls that put bytes on a disk, and the only place in this package that makes them.

Whoever must be sure of the order (a token before it is used, a file before the row that names it) calls these; tests
put a recorder in place of `os` here and check the order.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from paceport.clock import Clock, SystemClock

T = TypeVar("T")

# Windows does not rename, remove or replace a file that another program has open, and does not open one that is just
# being replaced. Another process of ours and a virus scanner have it open for a moment, so it is tried again for this
# long; what is not permitted at all is then said a second later.
_PATIENCE_S, _PAUSE_S = 1.0, 0.02
_CLOCK: Clock = SystemClock()

# Absent on Windows, where they are 0 and do nothing.
_CLOEXEC: int = getattr(os, "O_CLOEXEC", 0)
_DIRECTORY: int = getattr(os, "O_DIRECTORY", 0)


def open_for_writing(path: Path, flags: int) -> int:
    """A file descriptor of `path`; a new file is readable by its owner alone. Raises OSError."""
    return os.open(path, os.O_WRONLY | _CLOEXEC | flags, 0o600)


def open_for_reading(path: Path, flags: int) -> int:
    """A file descriptor of `path`. Raises OSError."""
    return _patiently(lambda: os.open(path, os.O_RDONLY | _CLOEXEC | flags))


def write_all(file: int, content: bytes) -> None:
    """Write all of the content, however many calls that takes. Raises OSError."""
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]


def sync_file(file: int) -> None:
    """Wait until what was written to a file has reached the disk. Raises OSError."""
    os.fsync(file)


def rename(old: Path, new: Path) -> None:
    """Give a file another name, in place of whatever has that name. Raises OSError."""
    _patiently(lambda: os.replace(old, new))  # noqa: PTH105  # the recorder stands in for `os`


def remove(path: Path) -> None:
    """Take a file's name away. Raises OSError."""
    _patiently(lambda: os.unlink(path))  # noqa: PTH108  # the recorder stands in for `os`


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder have reached the disk. Does nothing where folders cannot be opened."""
    if not _DIRECTORY:
        return
    folder = os.open(path, os.O_RDONLY | _DIRECTORY | _CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _patiently(action: Callable[[], T]) -> T:
    if os.name != "nt":
        return action()
    deadline_s = _CLOCK.monotonic_s() + _PATIENCE_S
    while True:
        try:
            return action()
        except PermissionError:
            if _CLOCK.monotonic_s() >= deadline_s:
                raise
            _CLOCK.sleep(_PAUSE_S)
