"""A database is several files: who opens one while its files go gets all of the old ones or all of the new."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from logbook.database.test_cached_rows import fill
from logbook.database.test_views import soon
from meanwhile import Meanwhile
from paceport.clock import ManualClock, SystemClock
from paceport.errors import Busy
from paceport.logbook.database.logbook_summary import erase_cache
from paceport.logbook.database.store import Store
from paceport.logbook.importing.damaged_database import set_damaged_aside
from paceport.profile.erase import erase_cache as erase_folder
from paceport.storage import folder_lock
from paceport.storage.folder_lock import alone_in, files_stay


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

    meanwhile = Meanwhile(monkeypatch, writes())
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

    meanwhile = Meanwhile(monkeypatch, rebuilds())
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


def test_many_open_a_cache_again_and_again_while_another_erases_it(tmp_path: Path, clock: ManualClock) -> None:
    data, cache = tmp_path / "data", tmp_path / "cache"
    together, are_done = threading.Barrier(4), threading.Event()

    def write(number: int) -> None:
        together.wait(timeout=60)
        for round_ in range(15):
            with Store(data_dir=data, cache_dir=cache, clock=clock) as store:
                store.own.quarantine(f"{number}.{round_}", why="cut", fix="copy it again")
                store.cached.save_reply(f"{number}.{round_}", b"body", expires_at=soon(clock))

    def erase() -> None:
        together.wait(timeout=60)
        while not are_done.is_set():
            erase_cache(cache / "cache.db")

    with ThreadPoolExecutor(4) as pool:
        erasing = pool.submit(erase)
        writing = [pool.submit(write, number) for number in range(3)]
        try:
            assert [one.result(timeout=60) for one in writing] == [None] * 3
        finally:
            are_done.set()
        erasing.result(timeout=60)

    with Store(data_dir=data, cache_dir=cache, clock=clock) as store:
        assert len(store.quarantined()) == 45
        assert store.connection.execute("PRAGMA cache.integrity_check").fetchall() == [("ok",)]
