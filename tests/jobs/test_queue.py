"""The queue: one job of an athlete at a time, one that waits for each turn, and none that is lost with its worker."""

import ast
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import psycopg
import pytest

from conftest import ROOT, reads_source
from paceport.jobs.queue import Queue, WorkerOptions
from paceport.jobs.turns import Turn

UNTIL_EMPTY = WorkerOptions(concurrency=4, is_until_empty=True, heartbeat_s=0.2)


class Notes:
    """Work that notes what it was asked to do, and whether an athlete's jobs ever ran side by side."""

    def __init__(self, *, takes_s: float = 0.0) -> None:
        self._takes_s = takes_s
        self.done: list[tuple[int, Turn]] = []
        self.rounds = 0
        self.were_together = False
        self._busy: dict[int, threading.Lock] = defaultdict(threading.Lock)

    def look_after(self, athlete_id: int, turn: Turn) -> None:
        lock = self._busy[athlete_id]
        if not lock.acquire(blocking=False):
            self.were_together = True
            return
        time.sleep(self._takes_s)
        self.done.append((athlete_id, turn))
        lock.release()

    def round(self) -> None:
        self.rounds += 1


def test_what_is_urgent_is_done_first_and_what_waits_already_is_not_doubled(queue: Queue) -> None:
    assert queue.wake(1, Turn.BACKFILL)
    assert not queue.wake(1, Turn.BACKFILL)
    assert queue.wake(1, Turn.URGENT)
    assert queue.wake_all([(2, Turn.EVENT), (2, Turn.EVENT)]) == 1
    assert queue.waiting() == {Turn.URGENT: 1, Turn.EVENT: 1, Turn.BACKFILL: 1}

    notes = Notes()
    queue.run(notes, WorkerOptions(concurrency=1, is_until_empty=True))

    assert notes.done == [(1, Turn.URGENT), (2, Turn.EVENT), (1, Turn.BACKFILL)]
    assert notes.rounds == 1
    assert queue.waiting() == {}


def test_two_jobs_of_one_athlete_never_run_at_once(queue: Queue) -> None:
    jobs = [(athlete, turn) for turn in (Turn.EVENT, Turn.DAILY, Turn.REFRESH) for athlete in (1, 2)]
    queue.wake_all(jobs)

    notes = Notes(takes_s=0.2)  # time enough for a free worker to begin another one
    queue.run(notes, UNTIL_EMPTY)

    assert not notes.were_together
    assert sorted(notes.done) == sorted(jobs)


@pytest.mark.parametrize("waits_again", [False, True])
def test_the_job_of_a_dead_worker_is_done_by_the_next(queue: Queue, database_url: str, waits_again: bool) -> None:
    queue.wake(1, Turn.EVENT)
    with psycopg.connect(database_url, autocommit=True, options="-c search_path=paceport_queue") as connection:
        connection.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour') RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
        )
    if waits_again:
        queue.wake(1, Turn.EVENT)

    notes = Notes()
    queue.run(notes, UNTIL_EMPTY)

    assert notes.done == [(1, Turn.EVENT)]
    assert queue.waiting() == {}


class TakenForDead(Notes):
    """Work in whose first job all others take this worker for dead."""

    def __init__(self, queue: Queue, database_url: str) -> None:
        super().__init__()
        self._queue, self._database_url = queue, database_url

    def look_after(self, athlete_id: int, turn: Turn) -> None:
        super().look_after(athlete_id, turn)
        if len(self.done) == 1:
            with psycopg.connect(self._database_url, autocommit=True) as connection:
                connection.execute("DELETE FROM paceport_queue.procrastinate_workers")
            self._queue.wake(2, Turn.EVENT)


def test_a_worker_that_was_taken_for_dead_goes_on(queue: Queue, database_url: str) -> None:
    queue.wake(1, Turn.EVENT)

    work = TakenForDead(queue, database_url)
    queue.run(work, UNTIL_EMPTY)

    assert work.done == [(1, Turn.EVENT), (2, Turn.EVENT)]


def test_a_worker_that_reaches_for_an_athlete_whom_another_takes_goes_on(queue: Queue, database_url: str) -> None:
    queue.wake(1, Turn.BACKFILL)
    path = "-c search_path=paceport_queue"

    def let_it_meet_the_other(other: psycopg.Connection[tuple[object, ...]]) -> None:
        with psycopg.connect(database_url, options=path, autocommit=True) as watching:
            held_up = "SELECT pid, query_start FROM pg_stat_activity WHERE wait_event = 'transactionid'"
            while (asking := watching.execute(held_up).fetchone()) is None:
                pass
            other.commit()
            still = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND query_start = %s AND state = 'active'"
            while watching.execute(still, asking).fetchone() is not None:
                pass
            watching.execute("DELETE FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %s", [number])

    with psycopg.connect(database_url, options=path) as other:
        row = other.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id").fetchone()
        assert row is not None
        number = row[0]
        other.commit()
        other.execute("SELECT procrastinate_fetch_job_v2(NULL, %s)", [number])  # taken, but nobody sees it yet
        queue.wake(1, Turn.URGENT)
        meeting = threading.Thread(target=let_it_meet_the_other, args=(other,))
        meeting.start()

        notes = Notes()
        queue.run(notes, UNTIL_EMPTY)
        meeting.join()

    assert notes.done == [(1, Turn.URGENT)]


def imported_by(path: Path) -> set[str]:
    """The packages that a module imports, anywhere in it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in plain | named}


@reads_source
def test_one_module_alone_knows_the_library() -> None:
    folder = ROOT / "src" / "paceport"

    knows = [
        path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if "procrastinate" in imported_by(path)
    ]

    assert knows == ["jobs/queue.py"]


def test_a_person_alone_loads_neither_the_queue_nor_the_database(tmp_path: Path) -> None:
    script = "import sys, paceport.quick as q\ntry: q.main()\nfinally: print(*sys.modules, file=sys.stderr)"
    ended = subprocess.run(
        [sys.executable, "-c", script, "accounts"],
        env={"PACEPORT_HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
    )

    loaded = set(ended.stderr.split())
    assert "paceport.cli.accounts" in loaded
    assert loaded & {"procrastinate", "psycopg", "psycopg_pool", "paceport.jobs"} == set()
