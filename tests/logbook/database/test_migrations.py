import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from paceport.clock import SystemClock
from paceport.errors import StoreTooNew, StoreUnreadable
from paceport.logbook.database.cache_schema import CACHE_TABLES
from paceport.logbook.database.migrations import CACHE, OWN, DatabaseSchema, _copy, _step, migrate, schema_number
from paceport.logbook.database.store import Store
from paceport.logbook.database.views import VIEW_NAMES

FIRST = DatabaseSchema(
    mark=7, migrations=("CREATE TABLE a (x TEXT);\nINSERT INTO a VALUES ('kept; really');",), is_copied=True
)
SECOND = replace(FIRST, migrations=(*FIRST.migrations, "ALTER TABLE a ADD COLUMN y TEXT DEFAULT 'new';"))
BROKEN = replace(
    FIRST, migrations=(*FIRST.migrations, "ALTER TABLE a ADD COLUMN y TEXT;\nINSERT INTO nowhere VALUES (1);")
)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("database", [OWN, CACHE], ids=["own", "cache"])
def test_a_new_file_gets_the_newest_schema_once(tmp_path: Path, database: DatabaseSchema) -> None:
    path = tmp_path / "x.db"

    assert migrate(path, database) == 0
    assert migrate(path, database) == database.newest
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]


def test_a_migration_keeps_what_is_there_and_copies_it_first(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    migrate(path, FIRST)

    migrate(path, SECOND)

    assert rows(path, "SELECT * FROM a") == [("kept; really", "new")]
    assert rows(tmp_path / "x.db.schema-1", "SELECT * FROM a") == [("kept; really",)]


def test_a_migration_that_fails_leaves_the_old_schema_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    migrate(path, FIRST)

    with pytest.raises(sqlite3.OperationalError):
        migrate(path, BROKEN)

    assert rows(path, "SELECT * FROM a") == [("kept; really",)]
    assert rows(path, "PRAGMA user_version") == [(1,)]


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    migrate(path, SECOND)
    before = path.read_bytes()

    with pytest.raises(StoreTooNew, match="schema 2"):
        migrate(path, FIRST)

    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be read as one" * 40, b"SQLite format 3\x00"]
)
def test_what_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)

    with pytest.raises((StoreUnreadable, sqlite3.DatabaseError)):
        migrate(path, OWN)

    assert path.read_bytes() == content


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    migrate(path, FIRST)

    with pytest.raises(StoreUnreadable, match="another program"):
        migrate(path, OWN)


def test_own_db_alone_answers_through_the_documented_views(tmp_path: Path) -> None:
    migrate(tmp_path / "own.db", OWN)

    for name in VIEW_NAMES:
        assert rows(tmp_path / "own.db", f"SELECT * FROM {name}") == []


def test_every_cached_row_has_an_end(tmp_path: Path) -> None:
    migrate(tmp_path / "cache.db", CACHE)

    tables = {
        str(name) for (name,) in rows(tmp_path / "cache.db", "SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    without = [
        t for t in tables if "expires_at" not in {r[1] for r in rows(tmp_path / "cache.db", f"PRAGMA table_info({t})")}
    ]

    assert without == []
    assert tables == set(CACHE_TABLES)


def test_a_migration_that_another_process_made_meanwhile_is_not_made_twice(tmp_path: Path) -> None:
    """The number is looked at once more under the lock: this process read it before the other one was done."""
    path = tmp_path / "x.db"
    migrate(path, SECOND)

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _step(connection, SECOND.migrations[1], 2, SECOND.mark)

    assert rows(path, "SELECT * FROM a") == [("kept; really", "new")]
    assert rows(path, "PRAGMA user_version") == [(2,)]


def test_a_copy_is_never_of_what_another_process_has_brought_further(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    migrate(path, FIRST)
    migrate(path, SECOND)

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _copy(connection, path, 1)

    assert rows(tmp_path / "x.db.schema-1", "SELECT * FROM a") == [("kept; really",)]


def test_who_writes_to_a_new_file_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite refuses the change to a write-ahead log at once where another connection holds the lock for writing."""
    path = tmp_path / "x.db"
    refusals: list[str] = []

    class EndsWhenRefused(sqlite3.Connection):
        def execute(self, *arguments: object) -> sqlite3.Cursor:
            try:
                return super().execute(*arguments)  # type: ignore[arg-type]  # passed on as they are
            except sqlite3.OperationalError as error:
                refusals.append(str(error))
                writer.execute("COMMIT")
                raise

    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=EndsWhenRefused))
        assert migrate(path, FIRST) == 0

    assert refusals == ["database is locked"]
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]


def test_a_file_that_is_being_made_is_nobody_elses(tmp_path: Path) -> None:
    """Its number, its mark and its tables are as of one moment, whatever another process does between the questions."""
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    asked: list[str] = []

    class Watched(sqlite3.Connection):
        def execute(self, *arguments: object) -> sqlite3.Cursor:
            asked.append(str(arguments[0]))
            if asked[-1].startswith("SELECT count"):
                migrate(path, FIRST)
            return super().execute(*arguments)  # type: ignore[arg-type]  # passed on as they are

    with closing(sqlite3.connect(path, isolation_level=None, factory=Watched)) as connection:
        number = schema_number(connection, path, FIRST)

    assert number == 0
    assert any(question.startswith("SELECT count") for question in asked)
    assert rows(path, "PRAGMA user_version") == [(1,)]


def test_many_can_open_a_new_logbook_at_once(tmp_path: Path) -> None:
    each = 6
    with ThreadPoolExecutor(each) as pool:
        for home in (tmp_path / str(number) for number in range(10)):
            together = threading.Barrier(each)

            def open_one(home: Path = home, together: threading.Barrier = together) -> tuple[tuple[object, ...], ...]:
                together.wait(timeout=60)
                with Store(data_dir=home / "data", cache_dir=home / "cache", clock=SystemClock()) as store:
                    return tuple(store.query("SELECT count(*) FROM run").rows)

            opened = [pool.submit(open_one) for _ in range(each)]
            assert [one.result(timeout=60) for one in opened] == [((0,),)] * each
