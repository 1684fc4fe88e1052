"""A database is several files: who opens one while its files go gets all of the old ones or all of the new."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from logbook.database.test_cached_rows import fill
from logbook.database.test_views import soon
from paceport.clock import ManualClock, SystemClock
from paceport.errors import Busy
from paceport.logbook.database.logbook_summary import erase_cache
from paceport.logbook.database.store import Store
from paceport.logbook.importing.damaged_database import set_damaged_aside
from paceport.profile.erase import erase_cache as erase_folder
from paceport.storage import disk, folder_lock
from paceport.storage.folder_lock import alone_in, files_stay


class OpensMeanwhile:
    """Stands in for `os` in paceport.storage.disk: once one file has gone, another thread opens the logbook.

    The first file's going ends when that one is in, or has been told to wait. It goes out when `ended` is left.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, opened: AbstractContextManager[object]) -> None:
        self._moved, self._is_in, self._may_go = threading.Event(), threading.Event(), threading.Event()
        self._opened = opened
        self._thread: threading.Thread | None = None
        self._errors: list[Exception] = []
        take = fcntl.flock

        def flock(file: int, how: int) -> None:
            try:
                take(file, how)
            except BlockingIOError:
                self._moved.set()
                raise

        monkeypatch.setattr(fcntl, "flock", flock)
        monkeypatch.setattr(disk, "os", self)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever else `os` has
        return getattr(os, name)

    def unlink(self, path: Path) -> None:
        os.unlink(path)  # noqa: PTH108  # the call that is watched
        self._begin()

    def replace(self, old: Path, new: Path) -> None:
        os.replace(old, new)  # noqa: PTH105  # the call that is watched
        self._begin()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run)
            self._thread.start()
            assert self._moved.wait(30)

    def _run(self) -> None:
        try:
            with self._opened:
                self._moved.set()
                self._is_in.set()
                assert self._may_go.wait(30)
        except Exception as error:  # noqa: BLE001  # told to the test's own thread
            self._errors.append(error)
        finally:
            self._moved.set()
            self._is_in.set()

    @contextmanager
    def ended(self) -> Iterator[None]:
        """Wait until the other one is in; it goes out when the block ends."""
        assert self._thread is not None
        assert self._is_in.wait(30)
        try:
            yield
        finally:
            self._may_go.set()
            self._thread.join(30)
        assert self._errors == []


@pytest.mark.parametrize("erase", [erase_cache, lambda path: erase_folder(path.parent)], ids=["database", "folder"])
def test_what_is_written_to_a_new_cache_while_the_old_one_goes_stays(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, erase: Callable[[Path], None]
) -> None:
    """A log file that was made for the new one must not be removed with the old: what is in it would be lost."""
    fill(store, clock, days=7)
    store.close()

    @contextmanager
    def writes() -> Iterator[None]:
        with Store(data_dir=store.own_path.parent, cache_dir=store.cache_path.parent, clock=clock) as opened:
            opened.cached.save_reply("new", b"body", expires_at=soon(clock))
            yield

    meanwhile = OpensMeanwhile(monkeypatch, writes())
    erase(store.cache_path)

    with meanwhile.ended(), store:
        assert store.cached.reply("new") == b"body"
        assert store.query("SELECT count(*) FROM run").rows == [(0,)]


def test_of_two_that_rebuild_one_takes_the_damaged_file_away(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = store.own_path
    store.close()
    own.write_bytes(b"\xff" * 8192)
    found: list[Path | None] = []

    @contextmanager
    def rebuilds() -> Iterator[None]:
        found.append(set_damaged_aside(own, clock))
        with Store(data_dir=own.parent, cache_dir=store.cache_path.parent, clock=clock) as new:
            new.own.quarantine("a.fit", why="cut", fix="copy it again")
            yield

    meanwhile = OpensMeanwhile(monkeypatch, rebuilds())
    aside = set_damaged_aside(own, clock)

    with meanwhile.ended(), store:
        assert [held.place for held in store.quarantined()] == ["a.fit"]
    assert aside is not None
    assert aside.read_bytes() == b"\xff" * 8192
    assert found == [None]


def test_a_store_sees_that_another_file_lies_where_its_own_lay(store: Store, clock: ManualClock) -> None:
    before = store.change_counts()
    assert store.change_counts() == before

    store.cache_path.unlink()
    assert store.change_counts() != before
    with Store(data_dir=store.own_path.parent, cache_dir=store.cache_path.parent, clock=clock):
        pass

    assert store.change_counts() != before


def test_many_open_files_together_and_one_removes_them_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_lock, "_CLOCK", ManualClock(SystemClock().now()))
    with files_stay(tmp_path), files_stay(tmp_path):
        with pytest.raises(Busy), alone_in(tmp_path, wait_s=1.0):
            pass
    with alone_in(tmp_path), pytest.raises(Busy), files_stay(tmp_path):
        pass
    with alone_in(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_keeps_nobody_waiting(tmp_path: Path) -> None:
    with alone_in(tmp_path / "none"), files_stay(tmp_path / "none"):
        pass
