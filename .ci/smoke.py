"""Installs the built wheel into bare environments, the core alone and each extra alone, and runs every command there.

A command may say that a part is missing, and how it is installed; it may not end in a traceback.
Usage: smoke.py WHEEL CONSTRAINTS FOLDER; `make smoke` calls it.
"""

from __future__ import annotations

import email
import os
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

# They wait for people or for other programs until they are ended.
ENDLESS = {"serve", "sandbox", "service", "worker", "watch", "demo", "login"}
# Development tools, and what only bundles other extras.
NOT_ALONE = {"dev"}

GPX = """<gpx version="1.1" creator="smoke" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>
{points}
</trkseg></trk></gpx>
"""
POINT = (
    '<trkpt lat="{latitude:.6f}" lon="8.5"><ele>400</ele><time>2026-05-01T07:{minute:02}:{second:02}Z</time></trkpt>'
)


def a_run() -> str:
    """Ten minutes at 3 m/s along a meridian, as GPX."""
    seconds = range(0, 600, 5)
    return GPX.format(
        points="\n".join(POINT.format(latitude=47 + 3 * s / 111_195, minute=s // 60, second=s % 60) for s in seconds)
    )


class Environment:
    """A bare virtual environment with the wheel, and one extra of it or none."""

    def __init__(self, wheel: Path, extra: str, constraints: Path, folder: Path) -> None:
        self.extra, self.folder = extra, folder / (extra or "core")
        venv.create(self.folder, with_pip=True, clear=True)
        self.bin = self.folder / ("Scripts" if os.name == "nt" else "bin")
        what = f"{wheel}[{extra}]" if extra else str(wheel)
        pip = [self.bin / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, "--constraint", constraints, what], check=True)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command in an empty folder with a home of its own, with nobody at the keyboard."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        environ = {"PATH": os.environ["PATH"], "PACEPORT_HOME": str(home), "HOME": str(home)}
        return subprocess.run(
            [str(self.bin / "paceport"), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            cwd=home,
            env=environ,
        )

    def commands(self) -> list[str]:
        """Every word that is a command, asked from the package that was installed."""
        ask = "from paceport.cli.commands import COMMANDS; print(*COMMANDS)"
        told = subprocess.run([self.bin / "python", "-c", ask], check=True, capture_output=True, text=True, cwd="/")
        return told.stdout.split()


def faults(environment: Environment) -> list[str]:
    """What is wrong in an environment, a line each."""
    found = []

    def look(*words: str, good: frozenset[int] = frozenset(range(128))) -> None:
        ended = environment.run(*words)
        if "Traceback" in ended.stderr + ended.stdout or ended.returncode not in good:
            found.append(
                f"{environment.extra or 'core'}: paceport {' '.join(words)} → {ended.returncode}\n{ended.stderr[-600:]}"
            )

    look("--version", good=frozenset({0}))
    look("--help", good=frozenset({0}))
    for word in environment.commands():
        look(word, "--help", good=frozenset({0}))
        if word not in ENDLESS:
            look(word)
    if environment.extra in ("logbook", "all"):
        (environment.folder / "home" / "run.gpx").write_text(a_run(), encoding="utf-8")
        for words in (("import", "run.gpx"), ("runs",), ("run", "last"), ("records",), ("logbook",), ("zones",)):
            look(*words, good=frozenset({0}))
    return found


def extras_of(wheel: Path) -> list[str]:
    """The extras that a wheel says it has."""
    opened = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
    return email.message_from_bytes(opened.read(metadata)).get_all("Provides-Extra") or []


def main(wheel: str, constraints: str, folder: str) -> int:
    """0 when no environment has a fault."""
    at = Path(wheel).resolve()
    extras = [name for name in extras_of(at) if name not in NOT_ALONE]
    bad: list[str] = []
    for extra in ["", *extras]:
        began = time.monotonic()
        environment = Environment(at, extra, Path(constraints).resolve(), Path(folder).resolve())
        found = faults(environment)
        print(f"{extra or 'core':12} {'ok' if not found else 'FAULTS'}  {time.monotonic() - began:.0f} s", flush=True)
        bad += found
    print("\n".join(bad))
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
