"""Lets an exchange come to its end when the process is told to go: a stopped service, a closed terminal, a timeout."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# Absent on Windows, apart from the first.
_NAMES = ("SIGTERM", "SIGHUP", "SIGQUIT")


@contextmanager
def deferred_signals(is_critical: Callable[[], bool]) -> Iterator[None]:
    """Inside the block a signal that would end the process waits while `is_critical` says so, and ends it then.

    Outside of that it ends the process at once. Only signals whose effect is still the system's own are touched: a
    program that handles them itself knows what it does. Does nothing outside the main thread, where Python allows no
    handlers.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if is_critical():
            waiting.append(number)
        else:
            _end_by(number)

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    ours = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
        for number in waiting:
            _end_by(number)


def _end_by(number: int) -> None:
    """End this process as the signal would have: whoever sent it sees that in the exit status."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
