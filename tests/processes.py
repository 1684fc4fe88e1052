"""The program as its own process: on pipes, or on a terminal of its own."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "paceport")
# Without the last one no Python starts on Windows.
_KEPT = ("PATH", "LANG", "HOME", "TMPDIR", "SYSTEMROOT")
# A browser that is a script: it opens the consent page, agrees, and follows the redirect.
VISITOR = f"{sys.executable} {Path(__file__).parent / 'visitor.py'} %s"
# Only to end what hangs: a whole demo on a busy machine takes its time.
_PATIENCE_S = 180.0


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """What a process needs to run our source tree and to be measured, and of the person's own settings only a few."""
    kept = {name: os.environ[name] for name in (*_KEPT, "COVERAGE_PROCESS_CONFIG") if name in os.environ}
    return kept | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}", "TERM": "xterm", **variables}


def start(words: Sequence[str], variables: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a command on pipes."""
    return subprocess.Popen(
        [*COMMAND, *words],
        env=environment(variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(words: Sequence[str], variables: Mapping[str, str], *, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command on pipes to its end."""
    process = start(words, variables)
    out, err = process.communicate(stdin, timeout=_PATIENCE_S)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


class Terminal:
    """A command on a terminal of its own: what it shows, and keys to press."""

    def __init__(self, words: Sequence[str], variables: Mapping[str, str]) -> None:
        self._main, side = os.openpty()
        self._process = subprocess.Popen(
            [*COMMAND, *words],
            env=environment(variables),
            stdin=side,
            stdout=side,
            stderr=side,
            start_new_session=True,
        )
        os.close(side)
        self.shown = ""
        self._read_to = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_for(self, text: str) -> str:
        """Read until the text comes after what was waited for before, and give all that was shown so far."""
        deadline = time.monotonic() + _PATIENCE_S
        while (found := self.shown.find(text, self._read_to)) < 0:
            assert time.monotonic() < deadline, f"{text!r} never came; shown: {self.shown[-1500:]}"
            self._read()
        self._read_to = found + len(text)
        return self.shown

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._main, text.encode())

    def end(self) -> int:
        """Read to the end and give the exit code."""
        deadline = time.monotonic() + _PATIENCE_S
        while self._process.poll() is None:
            assert time.monotonic() < deadline, f"still running; shown: {self.shown[-1500:]}"
            self._read()
        while self._read():
            pass
        os.close(self._main)
        return self._process.returncode

    def _read(self) -> bool:
        ready, _, _ = select.select([self._main], [], [], 0.05)
        if not ready:
            return False
        try:
            self.shown += os.read(self._main, 65536).decode("utf-8", "replace")
        except OSError:
            return False
        return True
