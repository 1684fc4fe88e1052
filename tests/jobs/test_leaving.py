"""Who leaves leaves nothing: no table and no file holds a word, a number or a secret of the athlete."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from jobs.simulated_service import SimulatedService, gpx_of_a_run, simulated_service
from paceport.clock import ManualClock
from paceport.jobs.queue import Queue, WorkerOptions
from paceport.jobs.service_work import ServiceWork
from paceport.jobs.turns import Turn
from paceport.profile.account import open_account
from paceport.storage.postgres.athlete_rows import OwnFile
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members

CANARY = "canary-of-the-athlete-who-leaves"
UNTIL_EMPTY = WorkerOptions(concurrency=2, is_until_empty=True, heartbeat_s=0.2)


def values_in_database(url: str) -> Iterator[tuple[str, bytes]]:
    """Every value of every row of every table, whatever schema it is in, with the table's name."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname || '.' || tablename, format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for name, quoted in tables:
            for row in connection.execute(f"SELECT * FROM {quoted}".encode()):
                for value in row:
                    yield name, bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()


def files_under(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every file with its name."""
    for folder in folders:
        for path in folder.rglob("*"):
            yield str(path.relative_to(folder)), path.read_bytes() if path.is_file() else b""


def found_in(url: str, home: Path, canaries: list[bytes]) -> dict[str, set[str]]:
    """Where a canary stands: tables, and files by their name or what is in them."""
    tables = {name for name, value in values_in_database(url) if any(one in value for one in canaries)}
    files = {name for name, value in files_under(home) if any(one in value or one in name.encode() for one in canaries)}
    return {"tables": tables, "files": files}


@pytest.fixture
def service(database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[SimulatedService]:
    with simulated_service(database, clock, tmp_path / "home", people=3, runs=4) as opened:
        yield opened


@pytest.mark.parametrize("way", ["at Strava", "here"])
def test_whoever_leaves_is_nowhere_any_more(
    service: SimulatedService, database_url: str, tmp_path: Path, way: str
) -> None:
    athlete_id, other = (person.id for person in service.world.people[:2])
    for one in service.world.activities(athlete_id):
        service.world.edit_activity(replace(one, name=f"{one.name} {CANARY}"))
    with closing(Queue(service.database)) as queue:
        work = ServiceWork(database=service.database, access=service.access, clock=service.clock, queue=queue)
        for one_id in (athlete_id, other):
            service.connect(one_id)
        gpx = gpx_of_a_run(service.now - timedelta(days=40)).replace(b"<trk>", f"<trk><name>{CANARY}</name>".encode())
        service.rows(athlete_id).add_own_file(OwnFile(name=f"{CANARY}.gpx", content=gpx))
        service.database.run(
            lambda connection: connection.execute(
                "INSERT INTO paceport.token_use (key_name, athlete_id, need, outcome, used_at)"
                " VALUES ('dashboard', %s, 'read', 'given', %s)",
                (athlete_id, service.now),
            )
        )
        queue.run(work, UNTIL_EMPTY)
        service.world.edit_activity(replace(service.world.activities(athlete_id)[0], name=f"Again {CANARY}"))
        service.deliver()
        open_account(athlete_id, service.rows(athlete_id), service.settings, service.clock)
        (grant,) = (one for one in service.store.grants() if one.athlete_id == athlete_id)
        secrets = [grant.access_token.reveal().encode(), grant.refresh_token.reveal().encode()]
        numbers = [str(athlete_id).encode(), *(str(one.id).encode() for one in service.world.activities(athlete_id))]
        canaries = [CANARY.encode(), *numbers, *secrets]
        before = found_in(database_url, tmp_path / "home", canaries)
        if way == "here":
            Members(service.database).begin_leaving(athlete_id)
        else:
            service.world.revoke(athlete_id)
            service.deliver()
        queue.wake(athlete_id, Turn.URGENT)
        queue.run(work, UNTIL_EMPTY)

    assert before["tables"] >= {
        f"paceport.{name}"
        for name in ("reply", "result", "own_file", "inbox", "fetch", "token_use", "athlete", "grant_record")
    }
    assert any("own.db" in name for name in before["files"])
    assert found_in(database_url, tmp_path / "home", canaries) == {"tables": set(), "files": set()}
    assert athlete_id not in service.world.grants.connected(service.world.app.client_id)
    assert len(service.kept(other)) == 4


def test_a_logbook_that_was_opened_on_another_machine_goes_with_its_next_round(
    service: SimulatedService, tmp_path: Path
) -> None:
    """The rows were erased by a worker elsewhere: only the membership tells that the athlete has left."""
    athlete_id = service.world.people[0].id
    service.connect(athlete_id)
    service.work_off()
    open_account(athlete_id, service.rows(athlete_id), service.settings, service.clock)
    stays = service.access.copies()
    service.work.round()
    service.rows(athlete_id).erase()
    service.access.forget_login(athlete_id)

    service.work.round()

    assert stays == [athlete_id]
    assert service.access.copies() == []
    assert json.dumps([str(path) for path in tmp_path.rglob(f"*{athlete_id}*")]) == "[]"
