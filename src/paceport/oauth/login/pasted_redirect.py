"""Reads lines from a terminal beside other work, and stops at once when told to.

The reader never touches `sys.stdin`: a thread that sleeps inside its lock aborts the interpreter at exit.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_LONGEST_LINE = 64 * 1024


@contextmanager
def reading_lines(fd: int | None, deliver: Callable[[str], None]) -> Iterator[None]:
    """Inside the block, each line read from the file descriptor goes to `deliver`, from another thread.

    End of input, an unreadable descriptor or None end the reading, not the block. A last line needs no line end.
    """
    if fd is None:
        yield
        return
    wake_read, wake_write = os.pipe()
    read = _read_console if sys.platform == "win32" else _read_posix
    thread = threading.Thread(target=read, args=(fd, wake_read, deliver), daemon=True)
    thread.start()
    try:
        yield
    finally:
        os.close(wake_write)
        thread.join()
        os.close(wake_read)


def _read_posix(fd: int, wake: int, deliver: Callable[[str], None]) -> None:
    pending = b""
    with suppress(OSError, ValueError):
        while True:
            ready, _, _ = select.select([fd, wake], [], [])
            if wake in ready:
                return
            part = os.read(fd, 4096)
            *lines, pending = (pending + part).split(b"\n")
            for line in lines:
                deliver(line.decode("utf-8", "replace"))
            if not part:
                break
            # What is too long to be an address is handed on to be refused, not collected.
            if len(pending) > _LONGEST_LINE:
                deliver(pending.decode("utf-8", "replace"))
                pending = b""
    if pending:
        deliver(pending.decode("utf-8", "replace"))


def _read_console(fd: int, wake: int, deliver: Callable[[str], None]) -> None:
    """The same on Windows, where select knows sockets only: keys are polled. Written for, never run there."""
    if sys.platform == "win32":
        import msvcrt

        if not os.isatty(fd):
            return
        typed = ""
        is_stopped = threading.Event()
        threading.Thread(target=lambda: (os.read(wake, 1), is_stopped.set()), daemon=True).start()
        while not is_stopped.wait(0.05):
            while msvcrt.kbhit():
                key = msvcrt.getwche()
                if key in "\r\n":
                    deliver(typed)
                    typed = ""
                else:
                    typed = typed[:-1] if key == "\b" else typed + key
