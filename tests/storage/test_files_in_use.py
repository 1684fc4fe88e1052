"""Windows refuses what other systems allow while another program has a file open: it is tried again for a moment."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paceport.clock import ManualClock
from paceport.errors import StoreUnreadable, StoreUnwritable
from paceport.storage import disk
from paceport.storage.private_files import read_private, remove_private, replace_private


class BusySystem:
    """Stands in for Windows' `os` where another program has the files open: refuses so many times, then passes on."""

    def __init__(self, name: str, refusals: int) -> None:
        self.name, self.left = name, refusals

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever else `os` has
        return getattr(os, name)

    def _or_refuse(self, call: Callable[..., Any], *words: Any) -> Any:  # noqa: ANN401  # as `os` has it
        self.left -= 1
        if self.left >= 0:
            raise PermissionError(13, "Permission denied")
        return call(*words)

    def replace(self, old: Path, new: Path) -> None:
        self._or_refuse(os.replace, old, new)

    def unlink(self, path: Path) -> None:
        self._or_refuse(os.unlink, path)

    def open(self, path: Path, flags: int, mode: int = 0o777) -> Any:  # noqa: ANN401  # as `os` has it
        # Only what is read: a draft that is written has a name of its own.
        return os.open(path, flags, mode) if flags & os.O_WRONLY else self._or_refuse(os.open, path, flags, mode)


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> Callable[..., BusySystem]:
    def begin(refusals: int, name: str = "nt") -> BusySystem:
        system = BusySystem(name, refusals)
        monkeypatch.setattr(disk, "os", system)
        monkeypatch.setattr(disk, "_CLOCK", clock)
        return system

    return begin


def test_a_record_that_is_being_read_is_replaced_a_moment_later(
    tmp_path: Path, busy: Callable[..., BusySystem], clock: ManualClock
) -> None:
    replace_private(tmp_path / "grant.json", b"old")
    busy(3)

    replace_private(tmp_path / "grant.json", b"new")

    assert (tmp_path / "grant.json").read_bytes() == b"new"
    assert clock.monotonic_s() == pytest.approx(0.06)


def test_a_record_that_is_being_replaced_is_read_a_moment_later(
    tmp_path: Path, busy: Callable[..., BusySystem]
) -> None:
    replace_private(tmp_path / "grant.json", b"whole")
    busy(3)

    assert read_private(tmp_path / "grant.json") == b"whole"


def test_a_file_that_is_being_read_is_removed_a_moment_later(tmp_path: Path, busy: Callable[..., BusySystem]) -> None:
    replace_private(tmp_path / "journal", b"done")
    busy(3)

    remove_private(tmp_path / "journal")

    assert not (tmp_path / "journal").exists()


def test_what_stays_open_is_said_after_a_second_and_the_old_content_stands(
    tmp_path: Path, busy: Callable[..., BusySystem], clock: ManualClock
) -> None:
    replace_private(tmp_path / "grant.json", b"old")
    busy(10_000)

    with pytest.raises(StoreUnwritable, match="permission denied"):
        replace_private(tmp_path / "grant.json", b"new")

    assert (tmp_path / "grant.json").read_bytes() == b"old"
    assert not (tmp_path / "grant.json.new").exists()
    assert 1.0 <= clock.monotonic_s() < 1.1


def test_elsewhere_a_refusal_is_no_matter_of_time(
    tmp_path: Path, busy: Callable[..., BusySystem], clock: ManualClock
) -> None:
    replace_private(tmp_path / "grant.json", b"whole")
    busy(1, name="posix")

    with pytest.raises(StoreUnreadable):
        read_private(tmp_path / "grant.json")

    assert clock.monotonic_s() == 0
