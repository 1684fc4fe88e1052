"""Turns: who asks for something first gets it first, although the thing itself knows no order.

SQLite gives its lock to whoever asks at the right moment. A process that writes again and again then keeps others out
until they give up. Here each takes a short lock before it asks, so that only one at a time is asking, and the one that
has just written comes behind it. The lock is advice: where it cannot be had, everybody asks as before.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from paceport.clock import Clock

_POLL_S = 0.005
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


@contextlib.contextmanager
def turn(path: Path, *, most_s: float, clock: Clock) -> Iterator[None]:
    """Wait until nobody who came before is asking, at most so long; the block is for asking, and must be short."""
    try:
        file = os.open(path, _FLAGS, 0o600)
    except OSError:
        file = None
    if file is None:
        yield
        return
    try:
        deadline_s = clock.monotonic_s() + most_s
        while not _is_taken(file) and clock.monotonic_s() < deadline_s:
            clock.sleep(_POLL_S)
        yield
    finally:
        os.close(file)


def _is_taken(file: int) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # this file system has no locks
    return True
