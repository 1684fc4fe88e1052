"""A disk that fails: the process dies at a chosen call, or from there on there is no room."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any


class Killed(BaseException):
    """The process ends here."""


class FaultyDisk:
    """Stands in for `os` in `paceport.storage.disk`. Calls that write are counted; at number `fails_at` it happens.

    With `is_full` that call and all later writes and creations answer that there is no room; else the process dies,
    half of what it was writing written.
    """

    def __init__(self, *, fails_at: int | None = None, is_full: bool = False) -> None:
        self._fails_at, self._is_full = fails_at, is_full
        self.calls = 0

    wire_log: Path | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever `os` has
        return getattr(os, name)

    def step(self) -> None:
        """Something else than a call of the disk begins or is done."""

    def open(self, path: str | Path, flags: int, mode: int = 0o777) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            self._count(is_room_needed=bool(flags & os.O_CREAT))
        return os.open(path, flags, mode)

    def write(self, file: int, content: bytes) -> int:
        self.calls += 1
        if self._fails_at is not None and self.calls >= self._fails_at:
            # Room that was taken before is there: only what makes a file longer fails.
            end = os.lseek(file, 0, os.SEEK_CUR) + len(content)
            if not self._is_full:
                os.write(file, content[: len(content) // 2])
                raise Killed
            if end > os.fstat(file).st_size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(file, content)

    def fsync(self, file: int) -> None:
        self._count(is_room_needed=False)
        os.fsync(file)

    def replace(self, old: str | Path, new: str | Path) -> None:
        self._count(is_room_needed=False)
        os.replace(old, new)  # noqa: PTH105  # this stands in for `os`

    def _count(self, *, is_room_needed: bool) -> None:
        self.calls += 1
        if self._fails_at is None or self.calls < self._fails_at:
            return
        if not self._is_full:
            raise Killed
        if is_room_needed:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class TellingDisk(FaultyDisk):
    """A disk that works; at step `at` its process gets the signal. Requests are steps too, noted in `wire_log`."""

    def __init__(self, *, at: int, number: int, wire_log: Path) -> None:
        super().__init__()
        self._at, self._number, self.wire_log = at, number, wire_log

    def write(self, file: int, content: bytes) -> int:
        self.step()
        return os.write(file, content)

    def step(self) -> None:
        self.calls += 1
        if self.calls == self._at:
            os.kill(os.getpid(), self._number)

    def _count(self, *, is_room_needed: bool) -> None:
        del is_room_needed
        self.step()
