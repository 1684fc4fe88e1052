"""The clock of a simulated service, and the clocks of other processes that follow it through a file."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from paceport.clock import ShiftedClock, SystemClock


class WorldClock(ShiftedClock):
    """A clock whose lead on the machine's own stands in a file, in seconds; written whole, then put in its place."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.advance(0)

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        beside = self.path.with_suffix(".new")
        beside.write_text(str(self.offset_s))
        beside.rename(self.path)


class FileClock(SystemClock):
    """The machine's clock plus the seconds that the file of a `WorldClock` holds, and plus `jump_s`."""

    def __init__(self, path: Path, jump_s: float = 0.0) -> None:
        self._path, self._jump_s = path, jump_s

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=float(self._path.read_text()) + self._jump_s)
