"""Builds the wheel of an earlier release from this repository's own history, and runs its commands as processes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# The last commit of release 0.1.0, before the tree was laid out anew.
RELEASE_0_1_0 = "3000e0e4a47ca3cffa17e1c7ad3c5a7447119246"
_COMMAND = Path(__file__).parent / "shifted_command.py"
# The browser is a script of ours. It runs on today's code whichever release opens it.
_TODAY = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"
_VISITOR = f"env PYTHONPATH={ROOT / 'src'} {sys.executable} {ROOT / 'tests' / 'visitor.py'} %s"
_PATIENCE_S = 180.0


@dataclass(frozen=True, slots=True)
class Release:
    """A release as a folder or folders that Python imports from, and the variables of its person."""

    path: str
    variables: Mapping[str, str]

    def start(self, *words: str, ahead_s: float = 0.0, death: str = "never") -> subprocess.Popen[str]:
        """Start a command whose clock is `ahead_s` seconds ahead of this machine's; `death`: see shifted_command.py."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
        return subprocess.Popen(
            [sys.executable, str(_COMMAND), str(ahead_s), death, *words],
            env=kept | {"PYTHONPATH": self.path, "DISPLAY": ":0", "BROWSER": _VISITOR, **self.variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(
        self, *words: str, ahead_s: float = 0.0, death: str = "never", stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return ended(self.start(*words, ahead_s=ahead_s, death=death), stdin=stdin)


def ended(process: subprocess.Popen[str], *, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Wait for a process, and give what it wrote."""
    try:
        out, err = process.communicate(stdin, timeout=_PATIENCE_S)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def install_release(commit: str, folder: Path) -> str:
    """Build that commit's wheel and install it into a folder below `folder`, without a network.

    Raises LookupError where the history does not hold the commit, as in a shallow clone or a source archive.
    """
    tree, installed = folder / "tree", folder / "installed"
    try:
        archive = _run("git", "-C", str(ROOT), "archive", commit, "src", "pyproject.toml", "README.md", "LICENSE")
    except (OSError, subprocess.CalledProcessError) as error:
        raise LookupError(f"this copy does not hold commit {commit[:8]}") from error
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(tree, filter="data")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=tree)
    (wheel,) = folder.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    _run(*pip, "--no-deps", "--no-index", "--no-compile", "--target", str(installed), str(wheel))
    return str(installed)


def todays_path() -> str:
    """Where Python finds today's code."""
    return _TODAY


def _run(*words: str, cwd: Path | None = None) -> bytes:
    environ = {**os.environ, "PIP_NO_INDEX": "1"}
    return subprocess.run(words, cwd=cwd, env=environ, capture_output=True, check=True, timeout=120).stdout
