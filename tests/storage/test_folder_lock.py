"""A folder is not taken away from who is just about to take a lock or to make a file in it."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from paceport.clock import ManualClock
from paceport.errors import Busy, StoreUnwritable
from paceport.storage import private_files
from paceport.storage.folder_lock import alone_in, folder_stays
from paceport.storage.private_files import make_owner_folder, make_private_folder
from paceport.storage.process_lock import hold_lock


def test_a_folder_of_locks_is_never_made_anew_for_others_to_enter(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library of the locks makes a missing folder, with whatever mode the umask leaves."""
    grants = tmp_path / "state" / "grants"
    acquire = FileLock.acquire
    is_erased: list[bool] = []

    def erased_before(lock: FileLock, *words: Any, **more: Any) -> Any:  # noqa: ANN401  # passed on as they are
        try:
            with alone_in(grants, wait_s=0):
                shutil.rmtree(tmp_path / "state")
        except Busy:
            is_erased.append(False)
        else:
            is_erased.append(True)
        return acquire(lock, *words, **more)

    monkeypatch.setattr(FileLock, "acquire", erased_before)
    umask = os.umask(0o022)
    try:
        with hold_lock(grants / "a.lock", timeout_s=1.0, clock=clock, what="it"):
            pass
    finally:
        os.umask(umask)

    assert is_erased == [False]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (grants, grants.parent)] == [0o700, 0o700]


def test_a_folder_that_was_erased_before_it_could_be_held_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    made = 0

    def make(path: Path) -> None:
        nonlocal made
        made += 1
        make_private_folder(path)
        if made == 1:
            shutil.rmtree(path.parent)

    with folder_stays(folder, make):
        assert folder.is_dir()

    assert made == 2


def test_a_folder_whose_parent_goes_while_it_is_made_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mkdir = Path.mkdir
    gone: list[Path] = []

    def erased_before(path: Path, *words: Any, **more: Any) -> None:  # passed on as they are
        if path.name == "b" and len(gone) < most:
            gone.append(path)
            path.parent.rmdir()
        mkdir(path, *words, **more)

    monkeypatch.setattr(Path, "mkdir", erased_before)
    most = 1
    make_owner_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()

    (tmp_path / "a" / "b").rmdir()
    most = 1000
    with pytest.raises(StoreUnwritable):
        make_owner_folder(tmp_path / "a" / "b")
    assert len(gone) == 1 + private_files._MOST_TRIES
