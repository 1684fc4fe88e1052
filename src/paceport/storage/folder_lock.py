"""A lock on a folder: many share it while they open files there; one alone holds it to take the files away.

Whoever has a file open keeps it, whatever becomes of its name. But a database is several files, and who opens them one
after the other while their names go would hold one of the old and two of the new. The lock is the folder's own, so that
no file is left of it. Where there are no such locks (Windows, some network file systems), everybody goes on as before.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from paceport.clock import Clock, SystemClock
from paceport.errors import Busy

_POLL_S = 0.005
_WAIT_S = 10.0
_MOST_TRIES = 20
_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
# The kernel's time, whatever time it is for the one who asks.
_CLOCK: Clock = SystemClock()


@contextlib.contextmanager
def files_stay(folder: Path) -> Iterator[None]:
    """No file is taken away from the folder meanwhile by one who holds it alone. Raises Busy after ten seconds."""
    with _held(folder, alone=False, wait_s=_WAIT_S):
        yield


@contextlib.contextmanager
def folder_stays(folder: Path, make: Callable[[Path], None]) -> Iterator[None]:
    """The same for a folder that `make` makes where it is missing: neither it nor a file in it is taken away meanwhile.

    Raises Busy, and what `make` raises.
    """
    for _ in range(_MOST_TRIES):
        make(folder)
        with _held(folder, alone=False, wait_s=_WAIT_S) as is_there:
            if is_there:
                yield
                return
    raise Busy(what=f"{folder} is being removed", holder="another program")


@contextlib.contextmanager
def alone_in(folder: Path, *, wait_s: float = _WAIT_S) -> Iterator[None]:
    """Nobody opens files of the folder meanwhile who asks `files_stay`. Raises Busy where somebody does so long."""
    with _held(folder, alone=True, wait_s=wait_s):
        yield


@contextlib.contextmanager
def _held(folder: Path, *, alone: bool, wait_s: float) -> Iterator[bool]:
    """Hold the lock, and say whether that folder still is what lies at the path."""
    try:
        opened = None if sys.platform == "win32" else os.open(folder, _FLAGS)
    except OSError:
        opened = None  # it is not there, or may not be read: whoever opens a file in it is told
    if opened is None:
        yield sys.platform == "win32" or os.path.lexists(folder)
        return
    try:
        deadline_s = _CLOCK.monotonic_s() + wait_s
        while not _is_taken(opened, alone=alone):
            if _CLOCK.monotonic_s() >= deadline_s:
                raise Busy(what=f"{folder} is in use", holder="another program")
            _CLOCK.sleep(_POLL_S)
        yield _is_at(folder, os.fstat(opened))
    finally:
        os.close(opened)


def _is_at(folder: Path, found: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(folder), found)  # noqa: PTH116  # asked at every opening
    except OSError:
        return False


def _is_taken(opened: int, *, alone: bool) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(opened, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # this file system has no locks
    return True
