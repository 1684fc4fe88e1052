"""Another thread that acts at the critical point of what the test does, without a sleep."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from paceport.storage import disk


class Meanwhile:
    """Stands in for `os` in paceport.storage.disk: at the first file that goes or gets its name, another thread begins.

    That is just after it, or with `before` just before it. The thread enters `opened`; who removes or names the file
    goes on when the thread is in, or has been refused a lock. It leaves `opened` when `ended` is left.
    """

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, opened: AbstractContextManager[object], *, before: bool = False
    ) -> None:
        import fcntl  # not on Windows, where these tests cannot run

        self._is_before = before
        self._moved, self._is_in, self._may_go = threading.Event(), threading.Event(), threading.Event()
        self._opened = opened
        self._thread: threading.Thread | None = None
        self._errors: list[Exception] = []
        take = fcntl.flock

        def flock(file: int, how: int) -> None:
            try:
                take(file, how)
            except BlockingIOError:
                self._moved.set()
                raise

        monkeypatch.setattr(fcntl, "flock", flock)
        monkeypatch.setattr(disk, "os", self)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever else `os` has
        return getattr(os, name)

    def unlink(self, path: Path) -> None:
        self._begin_if(is_before=True)
        os.unlink(path)  # noqa: PTH108  # the call that is watched
        self._begin_if(is_before=False)

    def replace(self, old: Path, new: Path) -> None:
        self._begin_if(is_before=True)
        os.replace(old, new)  # noqa: PTH105  # the call that is watched
        self._begin_if(is_before=False)

    def _begin_if(self, *, is_before: bool) -> None:
        if is_before == self._is_before and self._thread is None:
            self._thread = threading.Thread(target=self._run)
            self._thread.start()
            assert self._moved.wait(30)

    def _run(self) -> None:
        try:
            with self._opened:
                self._moved.set()
                self._is_in.set()
                assert self._may_go.wait(30)
        except Exception as error:  # noqa: BLE001  # told to the test's own thread
            self._errors.append(error)
        finally:
            self._moved.set()
            self._is_in.set()

    @contextmanager
    def ended(self) -> Iterator[None]:
        """Wait until the other one is in; it goes out when the block ends."""
        assert self._thread is not None
        assert self._is_in.wait(30)
        try:
            yield
        finally:
            self._may_go.set()
            self._thread.join(30)
        assert self._errors == []
