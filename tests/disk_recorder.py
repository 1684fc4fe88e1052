"""A stand-in for `os` in paceport.storage.disk that notes each call, and makes it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from paceport.storage import disk


class DiskRecorder:
    """Passes every call on to the real `os`; `steps` names those that write, sync and rename, in their order.

    A step is (what, name): ("write", "a.json.new"), ("fsync", "a.json.new"), ("rename", "a.json"), ("fsync", "grants").
    """

    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []
        self._names: dict[int, str] = {}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever else `os` has
        return getattr(os, name)

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        file = os.open(path, flags, mode)
        self._names[file] = Path(path).name
        return file

    def write(self, file: int, content: bytes) -> int:
        self.steps.append(("write", self._names[file]))
        return os.write(file, content)

    def fsync(self, file: int) -> None:
        self.steps.append(("fsync", self._names[file]))
        os.fsync(file)

    def replace(self, old: Path, new: Path) -> None:
        self.steps.append(("rename", Path(new).name))
        os.replace(old, new)  # noqa: PTH105  # the call that is recorded


def record_disk(monkeypatch: pytest.MonkeyPatch) -> DiskRecorder:
    """Put a recorder under paceport.storage for the rest of the test."""
    recorder = DiskRecorder()
    monkeypatch.setattr(disk, "os", recorder)
    return recorder
