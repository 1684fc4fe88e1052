"""Every job can run twice, one run after the other and both at once: what is stored is the same as after one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jobs.simulated_service import SimulatedService, gpx_of_a_run, simulated_service
from makers.postgres_server import empty_tables
from paceport.clock import ManualClock
from paceport.jobs.service_work import ServiceWork
from paceport.storage.postgres.athlete_rows import OwnFile
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members

Run = Callable[[Callable[[], None]], None]
HOUR_S = 3600.0
BEGUN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def once(job: Callable[[], None]) -> None:
    job()


def twice(job: Callable[[], None]) -> None:
    job()
    job()


def at_once(job: Callable[[], None]) -> None:
    """Two workers with the same job, from the same moment."""
    barrier = threading.Barrier(2)

    def begin() -> None:
        barrier.wait()
        job()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(begin) for _ in range(2)]:
            future.result()


def live(service: SimulatedService, run: Run) -> dict[str, Any]:
    """Everything that jobs do, each job run so; what is stored after each part of it."""
    work: ServiceWork = service.work
    stays, leaves, revokes = (person.id for person in service.world.people[-3:])
    seen: dict[str, Any] = {}

    def all_jobs(name: str) -> None:
        run(work.round)
        while (job := service.turns.take()) is not None:
            athlete_id, turn = job
            run(lambda athlete_id=athlete_id, turn=turn: work.look_after(athlete_id, turn))  # type: ignore[misc]  # a default binds the loop's value
        seen[name] = [stored(service, athlete_id) for athlete_id in (stays, leaves, revokes)]

    for athlete_id in (stays, leaves, revokes):
        service.connect(athlete_id)
    all_jobs("listed and fetched")
    newest, second, third = service.world.activities(stays)[:3]
    service.world.switches.set(fresh_streams_empty_s=14 * 60)
    service.world.activity_store.add(
        replace(newest, id=service.world.activity_store.next_id(), start=service.now - timedelta(hours=1))
    )
    service.clock.advance(60)
    service.world.edit_activity(replace(second, name="Another name"))
    service.world.delete_activity(third.id)
    service.rows(stays).add_own_file(OwnFile(name="mine.gpx", content=gpx_of_a_run(service.now - timedelta(days=40))))
    service.rows(stays).add_own_file(OwnFile(name="broken.gpx", content=b"nothing"))
    service.deliver()
    for minutes in (0, 5, 10):
        service.clock.advance(60 * minutes)
        all_jobs(f"events, after {minutes} minutes")
    Members(service.database).begin_leaving(leaves)
    service.world.revoke(revokes)
    service.deliver()
    all_jobs("left")
    service.clock.advance(24 * HOUR_S)
    all_jobs("listed again")
    service.clock.advance(6 * 24 * HOUR_S)
    all_jobs("fetched again")
    return seen


def stored(service: SimulatedService, athlete_id: int) -> dict[str, Any]:
    """Everything that is stored of an athlete, without the moments of the work itself."""
    rows, store = service.rows(athlete_id), service.store_of(athlete_id)
    counts = rows.counts()
    return {
        "replies": sorted((one.object_id, one.kind, one.body) for one in rows.replies(now=service.now)),
        "results": [(one.activity_id, one.metrics, one.own_file) for one in rows.results(now=service.now)],
        "fetches": sorted((one.activity_id, one.digest, one.parts) for one in store.work.fetches().values()),
        "events": store.work.events(),
        "counts": {name: counts[name] for name in ("own_file", "own_file_done", "inbox", "athlete", "grant_record")},
    }


def test_a_job_that_runs_twice_leaves_what_one_run_leaves(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    found = {}
    for way in (once, twice, at_once):
        empty_tables(database_url)
        with simulated_service(database, ManualClock(BEGUN), tmp_path / way.__name__, people=3, runs=4) as service:
            found[way.__name__] = (live(service, way), len(service.requests))

    expected, needed = found["once"]
    nothing = dict.fromkeys(expected["left"][1]["counts"], 0)
    assert [one["counts"] == nothing for one in expected["left"]] == [False, True, True]
    assert len(expected["events, after 10 minutes"][0]["results"]) == 5
    for name in ("twice", "at_once"):
        seen, sent = found[name]
        assert json.dumps(seen, default=repr, indent=1) == json.dumps(expected, default=repr, indent=1)
        assert sent <= 2 * needed
