"""One call at a time: whoever asks while a call runs waits for that call instead of starting another."""

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
    waits for it. After a fork the child begins anew: it never gets the result of a call that its parent started.
    """

    def __init__(self) -> None:
        self._state = _State[Result]()

    def join_or_start(self, start: Callable[[], Result]) -> tuple[Future[Result], bool]:
        """The running call, or a new one made by `start`; and whether it is the new one."""
        if self._state.pid != os.getpid():
            self._state = _State[Result]()
        state = self._state
        with state.lock:
            if state.future is not None and not state.future.done():
                return state.future, False
            state.future = _run_in_thread(start)
            return state.future, True

    def wait(self) -> None:
        """Wait until no call runs. Its result or error is for those who joined it."""
        state = self._state
        with state.lock:
            running = state.future if state.pid == os.getpid() else None
        if running is not None:
            running.exception()


class _State(Generic[Result]):
    def __init__(self) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.future: Future[Result] | None = None


def run_uninterrupted(work: Callable[[], Result]) -> Result:
    """Do what must not stop half-way. Ctrl-C is raised all the same, and a signal ends the process, once it is done."""
    with deferred_signals(lambda: True):
        running = _run_in_thread(work)
        try:
            return running.result()
        except KeyboardInterrupt:
            running.exception()
            raise


def _run_in_thread(start: Callable[[], Result]) -> Future[Result]:
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="paceport-refresh")
    running = executor.submit(start)
    executor.shutdown(wait=False)
    return running
