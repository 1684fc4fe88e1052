"""Who asks to write waits for those who came before, and for nobody who comes after."""

from __future__ import annotations

import threading
from pathlib import Path

from paceport.clock import ManualClock, SystemClock
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.store import Store
from paceport.storage.turns import turn

# About a fiftieth of a second of work inside a transaction.
WORK = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT count(*) FROM n"


def test_one_that_writes_again_and_again_lets_another_in(tmp_path: Path) -> None:
    asks, is_done = threading.Event(), threading.Event()
    rounds = 0

    def write_once() -> None:
        with open_store(tmp_path) as other:
            asks.set()
            with transaction(other.connection):
                is_done.set()

    with open_store(tmp_path) as store:
        thread = threading.Thread(target=write_once)
        thread.start()
        assert asks.wait(30)
        while not is_done.is_set() and rounds < 100:
            with transaction(store.connection):
                store.connection.execute(WORK).fetchone()
            rounds += 1
        thread.join(30)

    assert rounds < 20


def test_a_turn_that_cannot_be_had_keeps_nobody_from_asking(tmp_path: Path, clock: ManualClock) -> None:
    before = clock.monotonic_s()
    with (
        turn(tmp_path / "turn", most_s=5.0, clock=clock),
        turn(tmp_path / "turn", most_s=5.0, clock=clock),
        turn(tmp_path / "no-folder" / "turn", most_s=5.0, clock=clock),
    ):
        assert clock.monotonic_s() - before >= 5.0


def test_a_turn_is_free_when_its_holder_is_done(tmp_path: Path, clock: ManualClock) -> None:
    for _ in range(2):
        with turn(tmp_path / "turn", most_s=5.0, clock=clock):
            pass

    assert clock.monotonic_s() == 0


def open_store(folder: Path) -> Store:
    return Store(data_dir=folder / "data", cache_dir=folder / "cache", clock=SystemClock())
