"""The processes of the soak: commands that end by themselves or are killed, and servers that go on for days."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from conftest import ROOT
from paceport.http_message import Request, Response, Send

PATIENCE_S = 120.0
KILLED = -int(getattr(signal, "SIGKILL", 9))  # Windows has no such signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a process said until its end."""

    words: Sequence[str]
    code: int
    out: str = field(repr=False)
    err: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a server uses: memory in bytes, open files, threads."""

    memory: int
    files: int
    threads: int


@dataclass(kw_only=True)
class Children:
    """Starts processes with one environment, and keeps what all of them said."""

    variables: Mapping[str, str]
    clock_file: Path
    logs: Path
    said: list[Said] = field(default_factory=list)

    def start(self, *words: str, **extra: str) -> subprocess.Popen[str]:
        """A command of the program."""
        return self._popen(["soak.program", str(self.clock_file), *words], extra, subprocess.PIPE)

    def start_module(self, *words: str) -> subprocess.Popen[str]:
        """A module of the tests."""
        return self._popen(words, {}, subprocess.PIPE)

    def finish(self, process: subprocess.Popen[str], *, kill_after_s: float | None = None) -> Said:
        """Wait for its end, or kill it where it has not ended so soon."""
        if kill_after_s is not None:
            try:
                process.wait(timeout=kill_after_s)
            except subprocess.TimeoutExpired:
                process.kill()
        out, err = process.communicate(timeout=PATIENCE_S)
        assert isinstance(process.args, list)
        said = Said(words=process.args[4:], code=process.returncode, out=out, err=err)
        self.said.append(said)
        return said

    def run(self, *words: str, **extra: str) -> Said:
        """A command of the program, to its end."""
        return self.finish(self.start(*words, **extra))

    def serve(self, name: str, *words: str, **extra: str) -> Server:
        """A command that serves; its log is kept in a file."""
        log = (self.logs / name).open("a", encoding="utf-8")
        return Server(self._popen(["soak.program", str(self.clock_file), *words], extra, log), log.name)

    def _popen(self, words: Sequence[str], extra: Mapping[str, str], err: TextIO | int) -> subprocess.Popen[str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            env={**kept, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", **self.variables, **extra},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        )


class Server:
    """A serving process and the first line it printed."""

    def __init__(self, process: subprocess.Popen[str], log: str) -> None:
        assert process.stdout is not None
        self.process, self.log = process, Path(log)
        self.address = process.stdout.readline().strip()
        assert self.address, self.log.read_text()[-2000:]

    def footprint(self) -> Footprint:
        """What it uses now."""
        of = Path("/proc") / str(self.process.pid)
        status = (of / "status").read_text()
        found = {name: int(value) for name, value in re.findall(r"^(VmRSS|Threads):\s+(\d+)", status, re.MULTILINE)}
        return Footprint(found["VmRSS"] * 1024, len(list((of / "fd").iterdir())), found["Threads"])

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it, and give its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


class Browser:
    """What a browser does at `paceport serve`: it opens the address once, keeps the cookie, and reads."""

    def __init__(self, send: Send, address: str) -> None:
        self._send, self._origin = send, "/".join(address.split("/")[:3])
        answer = send(Request(method="GET", url=address))
        assert answer.status == 200, answer.status
        self._cookie = answer.headers["set-cookie"].split(";")[0]

    def read(self, path: str) -> Response:
        """A page."""
        return self._send(Request(method="GET", url=self._origin + path, headers={"cookie": self._cookie}))


def files_below(folders: Iterable[Path]) -> set[Path]:
    """Every file below these folders."""
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}
