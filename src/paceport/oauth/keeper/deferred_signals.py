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


class _ProcessSignals:
    """The signals of this process: which blocks have something to finish, and what has come meanwhile.

    Signal handlers belong to the process, so one object serves all of its threads and tasks, whose blocks may end in
    any order. Handlers are set and taken back in the main thread alone; no lock is needed, and a handler could take
    none that the code it interrupts may hold.
    """

    def __init__(self) -> None:
        self._blocks: dict[object, tuple[int, Callable[[], bool]]] = {}
        self._ours: list[int] = []
        self._waiting: list[int] = []

    def enter(self, block: object, is_critical: Callable[[], bool]) -> None:
        self._blocks[block] = (os.getpid(), is_critical)
        if not _is_main_thread():
            return
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self._note)
                self._ours.append(number)

    def leave(self, block: object) -> None:
        del self._blocks[block]
        if self._waiting and not self._is_critical():
            self._end(self._waiting.pop(0))
        if self._blocks or not _is_main_thread():
            return
        for number in self._ours:
            # Not where the program has set a handler of its own meanwhile.
            if signal.getsignal(number) == self._note:
                signal.signal(number, signal.SIG_DFL)
        self._ours.clear()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if self._is_critical():
            self._waiting.append(number)
        else:
            self._end(number)

    def _is_critical(self) -> bool:
        # After a fork the blocks of other threads are still listed, but those threads are not in the child.
        here = os.getpid()
        return any(pid == here and is_critical() for pid, is_critical in list(self._blocks.values()))

    def _end(self, number: int) -> None:
        """End this process as the signal would have: whoever sent it sees that in the exit status."""
        if _is_main_thread():
            signal.signal(number, signal.SIG_DFL)
        # From another thread it comes to the main thread's handler, which looks again.
        os.kill(os.getpid(), number)


_PROCESS_SIGNALS = _ProcessSignals()


@contextmanager
def deferred_signals(is_critical: Callable[[], bool]) -> Iterator[None]:
    """Inside the block a signal that would end the process waits while `is_critical` says so, and ends it then.

    Outside of that it ends the process at once. Only signals whose effect is still the system's own are touched: a
    program that handles them itself knows what it does. A block in another than the main thread, where Python allows
    no handlers, is protected while the main thread is in such a block too, and not otherwise.
    """
    block = object()
    _PROCESS_SIGNALS.enter(block, is_critical)
    try:
        yield
    finally:
        _PROCESS_SIGNALS.leave(block)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
