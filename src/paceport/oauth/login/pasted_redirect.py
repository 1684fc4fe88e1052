"""Reads what a person pastes into a terminal, beside other work, and stops at once when told to.

The reader never touches `sys.stdin`: a thread that sleeps inside its lock aborts the interpreter at exit.
"""

from __future__ import annotations

import os
import re
import select
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_LONGEST_LINE = 64 * 1024
# How long the next line of one paste may take to come.
_PASTE_PAUSE_S = 0.2
# A shell may have left the terminal in the mode that frames what is pasted; arrow keys send such sequences, too.
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[~A-Za-z]")


@contextmanager
def reading_pastes(fd: int | None, deliver: Callable[[str], None]) -> Iterator[None]:
    """Inside the block, what is typed or pasted at the file descriptor goes to `deliver`, from another thread.

    Lines that come in one go are delivered as one text: a terminal or a mail may have wrapped an address. End of
    input, an unreadable descriptor or None end the reading, not the block. A last line needs no line end.
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
            # Once a line is whole, only what comes in the same go belongs to it.
            pause_s = _PASTE_PAUSE_S if pending.endswith(b"\n") else None
            ready, _, _ = select.select([fd, wake], [], [], pause_s)
            if wake in ready:
                return
            part = os.read(fd, 4096) if ready else b""
            pending += part
            # What is too long to be an address is handed on to be refused, not collected.
            if not part or len(pending) > _LONGEST_LINE:
                if pending:
                    deliver(_text(pending))
                pending = b""
            if ready and not part:
                break
    if pending:
        deliver(_text(pending))


def _text(pasted: bytes) -> str:
    return _ESCAPES.sub("", pasted.decode("utf-8", "replace")).rstrip("\r\n")


def _read_console(fd: int, wake: int, deliver: Callable[[str], None]) -> None:
    """The same on Windows, where select knows sockets only: keys are polled. Written for, never run there."""
    if sys.platform == "win32":
        import msvcrt

        if not os.isatty(fd):
            return
        typed = ""
        is_stopped = threading.Event()

        def wait() -> None:
            os.read(wake, 1)
            is_stopped.set()

        threading.Thread(target=wait, daemon=True).start()
        while not is_stopped.wait(0.05):
            while msvcrt.kbhit():
                key = msvcrt.getwche()
                if key in "\r\n":
                    deliver(typed)
                    typed, _lines = "", list[str]()
                else:
                    typed = typed[:-1] if key == "\b" else typed + key
