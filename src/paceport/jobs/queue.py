"""The queue of jobs: the only module that knows which library it is (procrastinate, in the same PostgreSQL).

A job is nothing but "look after this athlete": what is to be done, and when, is in our own tables. So a lost job costs
at most a minute (the next round wakes whoever has work), a doubled one finds nothing to do, and no job is ever put off
to a later time, which together with a lock would hold up all that come behind it.

    lock            one per athlete: never two jobs of one athlete at once, on any machine
    queueing_lock   one per athlete and turn: never two that wait for the same
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from paceport.errors import MissingExtra
from paceport.jobs.turns import Turn
from paceport.storage.postgres.database import Connection, Database, is_lost
from paceport.storage.postgres.waiting import BoundedConnection, Waits, bounding

try:
    from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
    from procrastinate.jobs import Job, Status
    from procrastinate.manager import JobManager
    from procrastinate.schema import SchemaManager, migrations_path
except ImportError as error:
    raise MissingExtra(extra="service", needed_for="The job queue") from error

SCHEMA = "paceport_queue"
_TASK, _ROUND, _STALLED = "look_after", "round", "pick_up_stalled"
_NO_SUCH_WORKER = "23503"  # foreign key violation
_GAVE_WAY = ("40001", "40P01")  # serialization failure, deadlock detected: the database asks to try again
_EACH_MINUTE = "* * * * *"
_PAUSE_S = 0.05
_LONGEST_PAUSE_S, _MOST_FAILURES = 10.0, 60
_log = logging.getLogger("paceport.worker")
_ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Any number that no other program takes for its lock; another than the one of our own migrations.
_LOCK = int.from_bytes(b"paceque") >> 1
_WAITING = f"""
SELECT priority, count(*) FROM {SCHEMA}.procrastinate_jobs WHERE status = 'todo' AND task_name = %s GROUP BY 1
"""  # noqa: S608  # names of ours
_LOCKS = f"SELECT queueing_lock FROM {SCHEMA}.procrastinate_jobs WHERE status = 'todo' AND queueing_lock IS NOT NULL"  # noqa: S608


class Work(Protocol):
    """What a worker does. Both are called from threads, several at a time; both may be called again at any time."""

    def look_after(self, athlete_id: int, turn: Turn) -> None:
        """Do the next piece of work that waits for an athlete."""

    def round(self) -> None:
        """Wake every athlete who has work, and erase what has expired. Once a minute over all workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """How a worker runs: jobs at a time, whether it ends when nothing is left, and how it shows that it lives.

    A worker that has not shown itself for three `heartbeat_s` is dead, and what it was doing is given to another.
    When it is to stop, jobs that run may take `grace_s` to end.
    """

    concurrency: int = 4
    is_until_empty: bool = False
    heartbeat_s: float = 10.0
    grace_s: float = 60.0

    @property
    def dead_after_s(self) -> float:
        """How long a silent worker is taken to live."""
        return 3 * self.heartbeat_s


class Queue:
    """Wakes the work of athletes, and runs it. Opened when it is first used; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._opening = threading.Lock()
        self._app: App | None = None

    def wake(self, athlete_id: int, turn: Turn) -> bool:
        """Let a worker look after an athlete; False where one is about to. Raises StoreErrors."""
        job = self._open().configure_task(
            _TASK,
            lock=f"athlete {athlete_id}",
            queueing_lock=_queueing_lock(athlete_id, turn),
            priority=int(turn),
        )
        try:
            job.defer(athlete_id=athlete_id, turn=int(turn))
        except AlreadyEnqueued:
            return False
        except ConnectorException as error:
            raise self._database.explain(_cause(error)) from error
        return True

    def wake_all(self, athletes: Iterable[tuple[int, Turn]]) -> int:
        """Wake several; how many were not awake. Those that wait already cost nothing but one question for all."""
        self._open()
        rows = self._database.run(lambda connection: connection.execute(_LOCKS.encode()).fetchall())
        awake = {lock for (lock,) in rows}
        return sum(self.wake(*one) for one in athletes if _queueing_lock(*one) not in awake)

    def waiting(self) -> Mapping[Turn, int]:
        """How many jobs wait, by turn."""
        self._open()
        rows = self._database.run(lambda connection: connection.execute(_WAITING.encode(), (_TASK,)).fetchall())
        return {Turn(priority): count for priority, count in rows}

    def run(self, work: Work, options: WorkerOptions) -> None:
        """Work until SIGINT or SIGTERM comes, or nothing is left. Raises StoreErrors. Only in the main thread."""
        self._open()
        if options.is_until_empty:
            work.round()
        try:
            asyncio.run(self._run(work, options))
        except ConnectorException as error:
            raise self._database.explain(_cause(error)) from error

    def close(self) -> None:
        """Close the connections; the queue can still be used and opens new ones."""
        with self._opening:
            app, self._app = self._app, None
        if app is not None:
            app.close()

    def _open(self) -> App:
        with self._opening:
            if self._app is None:
                self._database.run(_bring_up_to_date)
                address = self._database.address(schema=SCHEMA).reveal()
                app = App(connector=SyncPsycopgConnector(conninfo=address, **_pool_values(self._database.waits)))
                try:
                    app.open()
                except ConnectorException as error:
                    raise self._database.explain(_cause(error)) from error
                self._app = app
            return self._app

    async def _run(self, work: Work, options: WorkerOptions) -> None:
        address = self._database.address(schema=SCHEMA).reveal()
        app = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=options.concurrency + 4))
        app.job_manager = _Jobs(app.connector)
        _register(app, work, options)
        async with app.open_async():
            worker = asyncio.create_task(self._serve(app, options))
            loop = asyncio.get_running_loop()
            for number in _ENDING_SIGNALS:
                # Cancelled, it takes no new job and waits for those that run.
                loop.add_signal_handler(number, worker.cancel)
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await worker
            finally:
                for number in _ENDING_SIGNALS:
                    loop.remove_signal_handler(number)

    async def _serve(self, app: App, options: WorkerOptions) -> None:
        failures = 0
        while True:
            try:
                await _pick_up_stalled(app, options.dead_after_s)
                await self._serve_once(app, options)
            except ConnectorException as error:
                failures += 1
                if not _may_go_on(_cause(error)) or failures > _MOST_FAILURES:
                    raise
                _log.warning("the worker begins again: %s", self._database.explain(_cause(error)).why)
                await asyncio.sleep(min(_LONGEST_PAUSE_S, _PAUSE_S * 2**failures))
                continue
            failures = 0
            if not options.is_until_empty:
                # The library ends a worker without an error where the connection is cut on which it listens for jobs.
                _log.warning("the worker begins again: a connection to the database was cut")
                await asyncio.sleep(_PAUSE_S)
                continue
            # It ends, too, where all that wait are held up by jobs of the same athletes that still run.
            if not self.waiting():
                return
            await asyncio.sleep(_PAUSE_S)

    async def _serve_once(self, app: App, options: WorkerOptions) -> None:
        await app.run_worker_async(
            concurrency=options.concurrency,
            wait=not options.is_until_empty,
            # What failed is done again because its row is still due; the log says why it failed.
            delete_jobs="always",
            install_signal_handlers=False,
            shutdown_graceful_timeout=options.grace_s,
            update_heartbeat_interval=options.heartbeat_s,
            stalled_worker_timeout=options.dead_after_s,
        )


class _Jobs(JobManager):
    """The library's access to its jobs, but that two workers may ask for those of one athlete at the same moment."""

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job, now ours; None where there is none. Raises ConnectorException."""
        while True:
            try:
                return await super().fetch_job(queues=queues, worker_id=worker_id)
            except UniqueViolation:
                # A more urgent job of an athlete came after another worker had looked, and before it took an earlier
                # one. The lock lets one of us have the athlete; asked again, the database knows who.
                await asyncio.sleep(_PAUSE_S)


def _pool_values(waits: Waits) -> dict[str, Any]:
    bounded = {"connection_class": BoundedConnection, "configure": bounding(waits.answer_s)}
    return {"min_size": 0, "max_size": 4, "max_idle": 60, "timeout": waits.connect_s, **bounded}


def _queueing_lock(athlete_id: int, turn: Turn) -> str:
    return f"athlete {athlete_id} turn {int(turn)}"


def _register(app: App, work: Work, options: WorkerOptions) -> None:
    @app.task(name=_TASK)
    def look_after(athlete_id: int, turn: int) -> None:
        work.look_after(athlete_id, Turn(turn))

    if options.is_until_empty:
        return

    @app.periodic(cron=_EACH_MINUTE)
    @app.task(name=_ROUND, queueing_lock=_ROUND, priority=100)
    def each_minute(timestamp: int) -> None:
        del timestamp
        work.round()

    @app.periodic(cron=_EACH_MINUTE)
    @app.task(name=_STALLED, queueing_lock=_STALLED, priority=100)
    async def pick_up_stalled(timestamp: int) -> None:
        del timestamp
        await _pick_up_stalled(app, options.dead_after_s)


async def _pick_up_stalled(app: App, dead_after_s: float) -> None:
    """Give the jobs of dead workers to others: the library does that only where it is asked to."""
    manager = app.job_manager
    await manager.prune_stalled_workers(dead_after_s)
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=dead_after_s):
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # Another one waits for the same already.
            with contextlib.suppress(ConnectorException):
                await manager.finish_job(job, status=Status.FAILED, delete_job=True)
        except ConnectorException:
            continue  # another worker was quicker, or the database is gone, which the worker notices by itself


def _bring_up_to_date(connection: Connection) -> None:
    """Make the library's tables in a schema of their own, or do the steps that a newer version of it has added."""
    steps = sorted(path.name for path in migrations_path.glob("*.sql"))
    if _is_up_to_date(connection, steps):
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}".encode())
        connection.execute(f"SET LOCAL search_path TO {SCHEMA}".encode())
        connection.execute("CREATE TABLE IF NOT EXISTS step (name text PRIMARY KEY)")
        done = {name for (name,) in connection.execute("SELECT name FROM step").fetchall()}
        if not done:
            connection.execute(SchemaManager.get_schema().encode())
        for name in steps:
            if done and name not in done:
                connection.execute((migrations_path / name).read_bytes())
            if name not in done:
                connection.execute("INSERT INTO step VALUES (%s)", [name])


def _is_up_to_date(connection: Connection, steps: list[str]) -> bool:
    found = connection.execute(f"SELECT to_regclass('{SCHEMA}.step')").fetchone()
    if found is None or found[0] is None:
        return False
    done = {name for (name,) in connection.execute(f"SELECT name FROM {SCHEMA}.step".encode()).fetchall()}  # noqa: S608
    return done >= set(steps)


def _may_go_on(cause: Exception) -> bool:
    """Whether the worker can begin again: the database was away or asks for it, or others took this worker for dead.

    The last happens to one that was paused (a laptop's lid, a machine that moves): its entry is gone, and so are its
    jobs.
    """
    return is_lost(cause) or getattr(cause, "sqlstate", None) in (_NO_SUCH_WORKER, *_GAVE_WAY)


def _cause(error: ConnectorException) -> Exception:
    cause: Any = error.__cause__
    return cause if isinstance(cause, Exception) else error
