"""The program as a process of the soak: the real command line, on a clock that a file moves, perhaps with a full disk.

`python -m soak.program CLOCK_FILE WORD …`. SOAK_JUMP_S sets this process's clock wrong by so many seconds. SOAK_ROOM
lets no file grow beyond so many bytes, which a program sees as it sees a full disk: a write fails.
"""

from __future__ import annotations

import os
import resource
import sys
from datetime import datetime, timedelta
from pathlib import Path

from paceport.cli.main import from_process, run
from paceport.clock import SystemClock


class FileClock(SystemClock):
    """The machine's clock plus the seconds that a file holds, and plus `jump_s`; nobody sleeps for long on it."""

    def __init__(self, path: Path, jump_s: float = 0.0) -> None:
        self._path, self._jump_s = path, jump_s

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=float(self._path.read_text()) + self._jump_s)

    def sleep(self, seconds: float) -> None:
        super().sleep(min(seconds, 0.05))


class ServingClock(FileClock):
    """The same for a process that waits for hours until it is told to end."""

    def sleep(self, seconds: float) -> None:
        SystemClock.sleep(self, seconds if seconds > 60 else min(seconds, 0.05))


def main() -> None:
    """Run the command line."""
    if room := os.environ.get("SOAK_ROOM"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
    path, *words = sys.argv[1:]
    kind = ServingClock if words[0] in ("serve", "service") else FileClock
    invocation = from_process()
    invocation.clock = kind(Path(path), float(os.environ.get("SOAK_JUMP_S", "0")))
    sys.exit(run(words, invocation=invocation))


if __name__ == "__main__":
    main()
