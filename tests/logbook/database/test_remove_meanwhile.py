"""An activity is taken out while another process imports, or takes it out too: whoever comes second waits."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from logbook.database.test_views import record
from paceport.errors import UsageError
from paceport.logbook.database.activity_record import EncodedTrack, ImportSource
from paceport.logbook.database.originals import pack_original, save_original
from paceport.logbook.database.store import Store
from paceport.storage import disk

ORIGINAL = pack_original(b"a recording" * 20, "a.gpx")


class BeforeRename:
    """Stands in for `os` in paceport.storage.disk: does something before what is removed is kept under its name."""

    def __init__(self, act: Callable[[str], None]) -> None:
        self._act = act

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever else `os` has
        return getattr(os, name)

    def replace(self, old: Path, new: Path) -> None:
        if new.parent.parent.name == "removed":
            self._act(new.name)
        os.replace(old, new)  # noqa: PTH105  # the call that is watched


def save(store: Store, activity_id: int, *, part: int) -> None:
    """What an import does with a file: the original first, where it is not there yet."""
    save_original(store.originals_dir, ORIGINAL)
    store.own.save(record(activity_id), ImportSource(sha256=ORIGINAL.sha256, part=part), EncodedTrack())


def test_an_import_never_loses_its_original_to_the_removal_of_another_activity(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(store, 1, part=0)
    is_imported = False

    def import_if_free(name: str) -> None:
        nonlocal is_imported
        if name == "activity.json":
            return  # the original comes after it
        with closing(sqlite3.connect(store.own_path, isolation_level=None, timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return  # it would wait
        with Store(
            data_dir=store.own_path.parent, cache_dir=store.cache_path.parent, clock=store.cached.clock
        ) as other:
            save(other, 2, part=1)
        is_imported = True

    monkeypatch.setattr(disk, "os", BeforeRename(import_if_free))
    store.remove(1)
    if not is_imported:
        import_if_free("")

    assert is_imported
    assert store.own.original(ORIGINAL.sha256) == b"a recording" * 20


def test_who_takes_an_activity_out_second_is_told_that_it_is_gone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(store, 1, part=0)
    can_write: list[bool] = []

    def try_to_write(_name: str) -> None:
        with closing(sqlite3.connect(store.own_path, isolation_level=None, timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                can_write.append(False)
            else:
                can_write.append(True)

    monkeypatch.setattr(disk, "os", BeforeRename(try_to_write))
    place = store.remove(1).place

    with pytest.raises(UsageError, match="no activity 1"):
        store.remove(1)
    assert place is not None
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    assert can_write == [False, False]  # the row's JSON, and the original
