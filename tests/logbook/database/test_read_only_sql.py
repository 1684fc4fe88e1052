import collections
import sqlite3
from pathlib import Path

import pytest

from logbook.database.test_views import record, soon
from paceport.clock import ManualClock, SystemClock
from paceport.errors import StoreUnreadable, UsageError
from paceport.logbook.database.activity_record import EncodedTrack, ImportSource
from paceport.logbook.database.migrations import OWN
from paceport.logbook.database.read_only_sql import distinct_names, open_query, run_query
from paceport.logbook.database.store import Store

CHANGING = [
    "DELETE FROM activity",
    "UPDATE activity SET name = 'x'",
    "INSERT INTO profile VALUES ('a', 'b')",
    "DROP TABLE activity",
    "CREATE TABLE x (y)",
    "CREATE TEMP TABLE x (y)",
    "ATTACH DATABASE '/tmp/x.db' AS other",
    "DETACH DATABASE cache",
    "VACUUM INTO '/tmp/x.db'",
    "PRAGMA user_version = 9",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA query_only = OFF",
    "BEGIN",
    "SELECT load_extension('x')",
    "WITH a AS (SELECT 1) DELETE FROM activity",
]


@pytest.mark.parametrize("query", CHANGING)
def test_a_question_cannot_change_anything(store: Store, query: str) -> None:
    store.own.save(record(), ImportSource(), EncodedTrack())

    with pytest.raises(UsageError, match="may only read"):
        store.query(query)

    assert store.query("SELECT count(*) FROM run").rows == [(1,)]


def test_a_question_has_columns_and_rows(store: Store, clock: ManualClock) -> None:
    store.own.save(record(), ImportSource(), EncodedTrack())
    store.cached.save(record(2, source="api"), expires_at=soon(clock))

    answer = store.query("WITH r AS (SELECT * FROM run) SELECT id, name FROM r ORDER BY id")

    assert answer.columns == ("id", "name")
    assert answer.rows == [(1, "Own name"), (2, "Own name")]
    assert not answer.is_cut


def test_rows_beyond_the_wanted_number_are_cut_and_said(store: Store) -> None:
    for number in range(1, 5):
        store.own.save(record(number), ImportSource(), EncodedTrack())

    answer = store.query("SELECT id FROM run", most_rows=3)

    assert len(answer.rows) == 3
    assert answer.is_cut
    assert not store.query("SELECT id FROM run", most_rows=4).is_cut


def test_the_shape_of_a_view_may_be_asked_for(store: Store) -> None:
    assert "distance_m" in [row[1] for row in store.query("PRAGMA table_info(run)").rows]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM runs", "no such table"),
        ("SELECT 1; SELECT 2", "one"),
        ("", "no result"),
    ],
)
def test_a_wrong_question_is_explained(store: Store, query: str, text: str) -> None:
    with pytest.raises(UsageError, match=text):
        store.query(query)


def test_an_endless_question_is_stopped(store: Store) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n"

    with pytest.raises(UsageError, match=r"0\.05 seconds"):
        run_query(store.own_path, store.cache_path, endless, clock=SystemClock(), limit_s=0.05)


def test_without_a_logbook_the_way_to_one_is_told(tmp_path: Path, clock: ManualClock) -> None:
    with pytest.raises(StoreUnreadable, match="paceport import"):
        run_query(tmp_path / "own.db", tmp_path / "cache.db", "SELECT 1", clock=clock)

    assert list(tmp_path.iterdir()) == []


def test_a_newer_own_db_can_still_be_read(store: Store, clock: ManualClock) -> None:
    store.own.save(record(), ImportSource(), EncodedTrack())
    store.connection.execute(f"PRAGMA main.user_version = {OWN.newest + 1}")

    assert store.query("SELECT name FROM run").rows == [("Own name",)]


def test_a_missing_or_newer_cache_leaves_own_data_readable(store: Store) -> None:
    store.own.save(record(), ImportSource(), EncodedTrack())
    store.close()
    store.cache_path.unlink()

    assert run_query(store.own_path, store.cache_path, "SELECT name FROM run", clock=SystemClock()).rows == [
        ("Own name",)
    ]
    assert not store.cache_path.exists()


def test_a_question_sees_the_store_while_it_is_written(store: Store) -> None:
    store.connection.execute("BEGIN IMMEDIATE")
    store.connection.execute("INSERT INTO profile VALUES ('a', 'b')")

    assert store.query("SELECT * FROM profile").rows == []
    store.connection.execute("ROLLBACK")


def test_plain_sqlite_can_read_the_views(store: Store) -> None:
    store.own.save(record(), ImportSource(), EncodedTrack())

    with sqlite3.connect(store.own_path) as connection:
        assert connection.execute("SELECT name FROM run").fetchall() == [("Own name",)]
    connection.close()


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"


class LookedAtClock(ManualClock):
    """A clock on which a second passes with each look: a busy machine has no other time than a quick one."""

    def monotonic_s(self) -> float:
        self.advance(1.0)
        return super().monotonic_s()


def test_an_answer_without_end_is_stopped_while_it_is_taken(store: Store, clock: ManualClock) -> None:
    looked_at = LookedAtClock(clock.now())
    with open_query(store.own_path, store.cache_path, ENDLESS, clock=looked_at, limit_s=60) as answer:
        assert len(next(answer.batches)) == 1000

        with pytest.raises(UsageError, match="60 seconds"):
            collections.deque(answer.batches, maxlen=0)


def test_a_reader_that_takes_its_time_has_no_more_of_it(store: Store, clock: ManualClock) -> None:
    with open_query(store.own_path, store.cache_path, ENDLESS, clock=clock, limit_s=10) as answer:
        next(answer.batches)
        clock.advance(11)

        with pytest.raises(UsageError, match="10 seconds"):
            next(answer.batches)


@pytest.mark.parametrize("query", ["SELECT zeroblob(1000000000)", "SELECT hex(zeroblob(20000000))"])
def test_a_value_of_a_gigabyte_is_refused(store: Store, query: str) -> None:
    with pytest.raises(UsageError, match="too long"):
        store.query(query)


@pytest.mark.parametrize(
    ("names", "told_apart"),
    [
        (["a", "a"], ("a", "a_2")),
        (["a", "a", "a_2"], ("a", "a_3", "a_2")),
        (["a", "b"], ("a", "b")),
        (["a", "a", "a"], ("a", "a_2", "a_3")),
        ([], ()),
    ],
)
def test_columns_of_one_name_are_told_apart(names: list[str], told_apart: tuple[str, ...]) -> None:
    assert distinct_names(names) == told_apart
