"""One flight at a time: whoever comes while one is in the air waits for it instead of starting another."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from paceport.oauth.keeper.deferred_signals import deferred_signals

Result = TypeVar("Result")


class SingleFlight(Generic[Result]):
    """At most one running call, shared by all threads of this process.

    It runs in a thread of its own: a waiter that is cancelled or interrupted does not end it, and a leaving process
    waits for it. After a fork the child begins anew; a flight of its parent's never lands there.
    """

    def __init__(self) -> None:
        self._state = _State[Result]()

    def join_or_start(self, start: Callable[[], Result]) -> tuple[Future[Result], bool]:
        """The flight in the air, or a new one made by `start`; and whether it is the new one."""
        if self._state.pid != os.getpid():
            self._state = _State[Result]()
        air = self._state
        with air.lock:
            if air.future is not None and not air.future.done():
                return air.future, False
            air.future = _run_in_thread(start)
            return air.future, True

    def wait(self) -> None:
        """Wait until nothing is in the air. How it ended is for those who joined it."""
        air = self._state
        with air.lock:
            flight = air.future if air.pid == os.getpid() else None
        if flight is not None:
            flight.exception()


class _State(Generic[Result]):
    def __init__(self) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.future: Future[Result] | None = None


def run_uninterrupted(work: Callable[[], Result]) -> Result:
    """Do what must not stop half-way. Ctrl-C is raised all the same, and a signal ends the process, once it is done."""
    with deferred_signals(lambda: True):
        flight = _run_in_thread(work)
        try:
            return flight.result()
        except KeyboardInterrupt:
            flight.exception()
            raise


def _run_in_thread(start: Callable[[], Result]) -> Future[Result]:
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="paceport-refresh")
    flight = executor.submit(start)
    executor.shutdown(wait=False)
    return flight
