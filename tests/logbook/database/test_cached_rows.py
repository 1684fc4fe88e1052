import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from logbook.database.test_views import record, soon
from paceport.clock import ManualClock
from paceport.formats.tracks.track import Lap
from paceport.logbook.database.activity_record import ResultRecord
from paceport.logbook.database.cache_schema import CACHE_TABLES
from paceport.logbook.database.moments import moment_text
from paceport.logbook.database.store import Store

MARK = "Xyzzy-Plugh-Trace"


def fill(store: Store, clock: ManualClock, *, days: int) -> None:
    """Rows in every table that all carry MARK somewhere, some far larger than a page."""
    until = soon(clock, days)
    store.cached.save_reply(f"/activities/2?{MARK}", MARK.encode() * 3, expires_at=until, activity_id=2)
    store.cached.save(record(2, name=MARK, description=MARK * 1000, source="api", samples=4), expires_at=until)
    blocks = {"time_s": (MARK * 2000).encode(), f"{MARK}_s": b"x"}
    store.synced.save_streams(2, blocks, expires_at=until)
    store.synced.save_laps(2, [Lap(start_s=0.0)], expires_at=until)
    store.save_results(
        [ResultRecord(activity_id=2, version=1, content="c1", figures={"m": MARK}, efforts=((1.0, 2.0, 3.0),))]
    )
    store.cached.save_gear(MARK, kind="shoe", name=MARK, brand="", model="", expires_at=until)
    store.cached.quarantine(MARK, why=MARK, retry_at=until, expires_at=until)
    store.cached.set_state({MARK: MARK}, expires_at=until)


def cached_ids(store: Store) -> list[int]:
    return [number for (number,) in store.connection.execute("SELECT id FROM cache.activity")]


def traces(store: Store) -> list[str]:
    folder = store.cache_path.parent
    return [path.name for path in folder.iterdir() if MARK.encode() in path.read_bytes()]


def test_a_purge_of_what_is_due_leaves_no_byte_of_it(store: Store, clock: ManualClock) -> None:
    fill(store, clock, days=7)
    assert traces(store)

    clock.advance(7 * 86400)
    purged = store.cached.purge()

    assert purged.is_clean
    assert purged.rows >= 9
    assert traces(store) == []


def test_a_purge_leaves_what_is_not_due(store: Store, clock: ManualClock) -> None:
    fill(store, clock, days=7)
    store.cached.save(record(3, source="api"), expires_at=soon(clock, 6))

    clock.advance(6 * 86400)

    assert store.cached.purge().rows == 1
    assert cached_ids(store) == [2]


def test_purging_all_erases_what_is_not_due_too(store: Store, clock: ManualClock) -> None:
    fill(store, clock, days=7)

    store.cached.purge(all_rows=True)

    counts = [store.connection.execute(f"SELECT count(*) FROM cache.{table}").fetchone()[0] for table in CACHE_TABLES]
    assert counts == [0] * len(CACHE_TABLES)
    assert traces(store) == []


def test_a_reader_that_holds_the_log_only_delays_the_purge(store: Store, clock: ManualClock) -> None:
    fill(store, clock, days=1)
    with closing(sqlite3.connect(store.cache_path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM reply").fetchone()

        clock.advance(86400)
        assert not store.cached.purge().is_clean
        assert traces(store)
    store.close()

    with store:
        assert traces(store) == []


def test_opening_purges_what_is_due(store: Store, clock: ManualClock) -> None:
    fill(store, clock, days=1)
    store.close()

    clock.advance(86400)
    with store:
        assert store.connection.execute("SELECT count(*) FROM cache.reply").fetchone() == (0,)


def test_the_cache_may_be_deleted_at_any_time(store: Store, clock: ManualClock) -> None:
    fill(store, clock, days=1)
    store.close()
    for path in store.cache_path.parent.iterdir():
        path.unlink()

    with store:
        assert store.query("SELECT * FROM run").rows == []


def test_what_has_expired_is_not_read_even_before_a_purge(store: Store, clock: ManualClock) -> None:
    fill(store, clock, days=1)
    assert store.cached.reply(f"/activities/2?{MARK}") == MARK.encode() * 3
    assert store.cached.state(MARK) == MARK

    clock.advance(86400)

    assert store.cached.reply(f"/activities/2?{MARK}") is None
    assert store.cached.state(MARK) is None
    assert store.cached.blocks(2) == {}


def test_results_of_other_content_go_when_the_activity_changes(store: Store, clock: ManualClock) -> None:
    fill(store, clock, days=7)

    store.cached.save(record(2, content="c2", source="api", samples=4), expires_at=soon(clock))

    assert store.connection.execute("SELECT count(*) FROM cache.effort").fetchone() == (0,)
    assert [each.activity_id for each in store.pending_results(1)] == [2]


def test_what_expires_when_is_told(store: Store, clock: ManualClock) -> None:
    store.cached.save(record(2, source="api"), expires_at=soon(clock, 1))
    store.cached.save(record(3, source="api"), expires_at=soon(clock, 2))

    assert store.cached.activities_by_expiry_day() == {"2026-11-23": 1, "2026-11-24": 1}


def test_a_quarantined_place_counts_its_tries(store: Store, clock: ManualClock) -> None:
    for _ in range(3):
        store.cached.quarantine("/activities/9", why="500", retry_at=soon(clock), expires_at=soon(clock))

    assert store.connection.execute("SELECT tries FROM cache.quarantine").fetchone() == (3,)
    store.cached.end_quarantine("/activities/9")
    assert store.connection.execute("SELECT count(*) FROM cache.quarantine").fetchone() == (0,)


@pytest.mark.parametrize("name", ["own.db", "cache.db"])
def test_both_files_are_private(store: Store, name: str, tmp_path: Path) -> None:
    path = store.own_path if name == "own.db" else store.cache_path

    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_moments_are_written_in_utc(store: Store, clock: ManualClock) -> None:
    local = soon(clock).astimezone(datetime.now().astimezone().tzinfo) + timedelta(0)
    store.cached.save(record(2, source="api"), expires_at=local)

    written = store.connection.execute("SELECT expires_at FROM cache.activity").fetchall()
    assert written == [(moment_text(soon(clock)),)]
