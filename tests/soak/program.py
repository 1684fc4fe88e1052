"""The program as a process of the soak: the real command line, on a clock that a file moves, perhaps with a full disk.

`python -m soak.program CLOCK_FILE WORD …`. SOAK_JUMP_S sets this process's clock wrong by so many seconds. SOAK_ROOM
lets no file grow beyond so many bytes, which a program sees as it sees a full disk: a write fails.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from makers.world_clock import FileClock
from paceport.cli.main import from_process, run


class HastyClock(FileClock):
    """The clock of a command: nobody sleeps for long on it."""

    def sleep(self, seconds: float) -> None:
        super().sleep(min(seconds, 0.05))


class ServingClock(FileClock):
    """The clock of a process that waits for hours until it is told to end."""

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds if seconds > 60 else min(seconds, 0.05))


def main() -> None:
    """Run the command line."""
    if room := os.environ.get("SOAK_ROOM"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
    path, *words = sys.argv[1:]
    kind = ServingClock if words[0] in ("serve", "service") else HastyClock
    invocation = from_process()
    invocation.clock = kind(Path(path), float(os.environ.get("SOAK_JUMP_S", "0")))
    sys.exit(run(words, invocation=invocation))


if __name__ == "__main__":
    main()
