"""The clock of a simulated service, which worker processes follow through a file."""

from __future__ import annotations

from pathlib import Path

from paceport.clock import ShiftedClock


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
