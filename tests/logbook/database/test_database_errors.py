"""A database that cannot be used is named for what it is: damaged, locked, read-only or another user's."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from logbook.database.test_views import record, soon
from paceport.clock import ManualClock, SystemClock
from paceport.errors import Busy, PaceportError, StoreUnreadable, StoreUnwritable
from paceport.logbook.database.activity_record import EncodedTrack, ImportSource
from paceport.logbook.database.check_database import check_database
from paceport.logbook.database.database_errors import is_damaged
from paceport.logbook.database.store import Store
from paceport.training.compute import compute_results
from processes import environment

PAGE = 4096
RUNS = 400


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Path:
    """A closed logbook of both kinds of runs, large enough to be damaged in the middle."""
    with open_store(tmp_path, clock) as store:
        for number in range(1, RUNS + 1):
            store.own.save(record(number, name=f"run {number} " * 20), ImportSource(), EncodedTrack())
            store.cached.save(record(10_000 + number, source="api"), expires_at=soon(clock))
    return tmp_path


def open_store(home: Path, clock: ManualClock) -> Store:
    return Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock)


def damage(path: Path) -> None:
    """Overwrite everything behind the first pages, as a broken disk does."""
    with path.open("r+b") as file:
        file.seek(2 * PAGE)
        file.write(bytes(range(256)) * (path.stat().st_size // 256 - 32))


def read_all(store: Store) -> list[object]:
    with store:
        return [store.view("run", include_cached=True), store.summary(), store.own.ids(), store.pending_results(1)]


@contextlib.contextmanager
def written_by_another(path: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_a_damaged_own_db_is_named_itself_with_the_way_to_rebuild_it(home: Path, clock: ManualClock) -> None:
    damage(home / "data" / "own.db")

    with pytest.raises(StoreUnreadable, match=r"own\.db.*damaged.*--rebuild"):
        read_all(open_store(home, clock))
    with pytest.raises(StoreUnreadable, match=r"own\.db.*damaged"):
        open_store(home, clock).query("SELECT sum(length(name)) FROM run")
    with pytest.raises(StoreUnreadable, match=r"own\.db.*damaged"):
        check_database(home / "data" / "own.db")


def save_all(store: Store) -> None:
    with store:
        for number in range(1, RUNS):
            store.own.save(record(number), ImportSource(), EncodedTrack())


def test_writing_into_a_damaged_own_db_names_it_too(home: Path, clock: ManualClock) -> None:
    damage(home / "data" / "own.db")

    with pytest.raises(StoreUnreadable, match=r"own\.db.*damaged.*--rebuild"):
        save_all(open_store(home, clock))


def test_a_damaged_cache_is_named_itself_and_may_be_deleted(home: Path, clock: ManualClock) -> None:
    damage(home / "cache" / "cache.db")

    with pytest.raises(StoreUnreadable, match=r"cache\.db.*damaged.*delete that file"):
        read_all(open_store(home, clock))


@pytest.mark.parametrize("content", [b"no database, but long enough to be read as one " * 100, b"SQLite format 3\0"])
def test_what_is_no_database_is_damaged_and_left_alone(home: Path, clock: ManualClock, content: bytes) -> None:
    (home / "data" / "own.db").write_bytes(content)

    with pytest.raises(StoreUnreadable, match=r"own\.db"):
        read_all(open_store(home, clock))
    assert (home / "data" / "own.db").read_bytes() == content


def test_a_whole_database_is_not_damaged_and_an_absent_one_neither(home: Path) -> None:
    assert not is_damaged(home / "data" / "own.db")
    assert not is_damaged(home / "data" / "none.db")
    assert check_database(home / "data" / "none.db") == "not there yet"
    assert check_database(home / "data" / "own.db").startswith("whole")


@pytest.mark.parametrize("name", ["data/own.db", "cache/cache.db"])
def test_a_database_that_another_program_writes_is_busy_and_named(home: Path, clock: ManualClock, name: str) -> None:
    with open_store(home, clock) as store, written_by_another(home / name):
        store.connection.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(Busy, match=Path(name).name) as caught:
            store.own.save_profile([("a", "b")])
        with pytest.raises(Busy):
            check_database(home / name)

    assert caught.value.exit_code == 9
    assert "originals" not in str(caught.value)


def unprivileged(home: Path, code: str, clock: ManualClock) -> str:
    """What a piece of code prints as a user who may not go past the modes of files."""
    setpriv = shutil.which("setpriv")
    drop = "-dac_override,-dac_read_search,-fowner"
    words = [setpriv, "--bounding-set", drop, "--inh-caps", drop] if setpriv and os.geteuid() == 0 else []
    if not words and os.geteuid() == 0:
        pytest.skip("this user may do everything, and setpriv is not there")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [*words, sys.executable, "-c", code, str(home), clock.now().isoformat()]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return (ended.stdout + ended.stderr).strip()


READ = """
import sys
from pathlib import Path
from datetime import datetime
from paceport.clock import ManualClock
from paceport.errors import PaceportError
from paceport.logbook.database.store import Store
from paceport.training.compute import compute_results
home, clock = Path(sys.argv[1]), ManualClock(datetime.fromisoformat(sys.argv[2]))
store = Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock)
try:
    with store:
        print(len(store.view("run", include_cached=False).rows), store.query("SELECT count(*) FROM run").rows)
        print(compute_results(store).computed, store.read_only_because)
        store.own.save_profile([("a", "b")])
except PaceportError as error:
    print(type(error).__name__, error.exit_code, error)
"""


def test_a_logbook_that_may_only_be_read_is_read_and_writing_says_so(home: Path, clock: ManualClock) -> None:
    places = [home / "data", home / "cache", *(home / "data").iterdir(), *(home / "cache").iterdir()]
    for path in places:
        path.chmod(0o555 if path.is_dir() else 0o444)

    said = unprivileged(home, READ, clock).splitlines()

    for path in places:
        path.chmod(0o755)
    assert said[0].startswith(f"{RUNS} [({2 * RUNS}")
    assert "may only be read" in said[1]
    assert said[2].startswith("StoreUnwritable 8")
    assert "own.db" in said[2]
    assert "move that file away" not in said[2]


@pytest.mark.parametrize("mode", [0o000, 0o600])
def test_a_folder_that_may_not_be_entered_is_named(home: Path, clock: ManualClock, mode: int) -> None:
    (home / "data").chmod(mode)

    said = unprivileged(home, READ, clock)

    (home / "data").chmod(0o700)
    assert said.startswith("StoreUnreadable 8")
    assert str(home / "data") in said


def test_without_a_cache_a_read_only_logbook_shows_own_runs(home: Path, clock: ManualClock) -> None:
    shutil.rmtree(home / "cache")
    home.chmod(0o555)
    (home / "data").chmod(0o555)

    said = unprivileged(home, READ, clock).splitlines()

    home.chmod(0o700)
    (home / "data").chmod(0o700)
    assert said[0] == f"{RUNS} [({RUNS},)]"


def test_reading_what_may_only_be_read_computes_nothing(home: Path, clock: ManualClock) -> None:
    with open_store(home, clock) as store:
        store.read_only_because = "the test says so"

        assert compute_results(store).computed == 0


def test_an_error_says_where_to_write_instead(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    store = Store(data_dir=tmp_path / "file" / "data", cache_dir=tmp_path / "cache", clock=SystemClock())

    with pytest.raises(PaceportError) as caught, store:
        pass

    assert isinstance(caught.value, StoreUnwritable | StoreUnreadable)


FULL = """
import resource, sys
from pathlib import Path
from paceport.clock import SystemClock
from paceport.errors import StoreUnwritable
from paceport.logbook.database.store import Store
home = Path(sys.argv[1])
# No file may grow any more, as where a quota is used up: not even the index of the log that SQLite reads with.
resource.setrlimit(resource.RLIMIT_FSIZE, (3, 3))
with Store(data_dir=home / "data", cache_dir=home / "cache", clock=SystemClock()) as store:
    print(len(store.view("run", include_cached=False).rows))
    try:
        store.own.save_gear([("shoe", "Blue ones", "", "", "[]")])
    except StoreUnwritable as error:
        print(error.why)
"""


def test_a_full_disk_is_named_and_the_logbook_is_read(home: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", FULL, str(home)], env=environment({}), capture_output=True, text=True, check=True
    )

    count, why = found.stdout.splitlines()
    assert (count, why) == (str(RUNS), "the disk or your share of it is full (disk I/O error)")
