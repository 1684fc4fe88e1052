"""`worker`: works until nothing is left or until it is stopped, and says how the work stands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jobs.simulated_service import short_people
from paceport.cli.demo import ScriptedBrowser
from paceport.cli.sandbox import sandbox_variables
from paceport.cli.worker import check_platform
from paceport.clock import ManualClock, ShiftedClock
from paceport.errors import UsageError
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from shell import Shell


@pytest.fixture
def service(database_url: str, home: Path) -> Iterator[Shell]:
    """A shell of a service at which one athlete, with seven short activities, has logged in."""
    world = World(short_people(4, 7), seed=1, clock=ShiftedClock())
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('vault = "postgres:"\n')
    with serve(world) as address, open_transport() as send:
        visitor = ScriptedBrowser(send=send)
        environ = sandbox_variables({}, port=address.port, seed=world.seed) | {"PACEPORT_HOME": str(home)}
        environ |= {"DATABASE_URL": database_url, "PACEPORT_KEY": "c" * 64}
        shell = Shell(environ=environ, clock=ManualClock(world.now()), visit=visitor)
        assert shell("login", "--for", "everything").code == 0
        yield shell
        visitor.join()


def test_a_worker_fetches_all_and_ends_and_status_says_so(service: Shell, database_url: str, tmp_path: Path) -> None:
    before = json.loads(service("worker", "--status", "--json").out)
    ended = service("worker", "--until-empty")
    after = json.loads(service("worker", "--status", "--json").out)
    shown = service("worker", "--status")
    exported = service("accounts", "export", "--to", str(tmp_path / "out"), "--json")

    assert (ended.code, shown.code) == (0, 0), ended.err
    assert (before["athletes"]["members"], after["athletes"]["members"]) == (0, 1)
    assert (after["rows"]["results"], after["rows"]["replies"]) == (7, 14)
    assert after["jobs_waiting"] == {}
    assert json.loads(exported.out) == {"written": 1, "unchanged": 0, "removed": 0, "gone": 0}
    assert len(list((tmp_path / "out" / "runs").rglob("*.parquet"))) == 1
    assert after["plan"]["daily_reads"] == 4
    assert "9 of 10 left; more need Strava's review" in shown.out
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM paceport_queue.procrastinate_jobs").fetchone() == (0,)


def test_a_worker_without_a_service_says_what_it_needs(service: Shell, home: Path) -> None:
    (home / "config" / "config.toml").write_text('vault = "file"\n')

    ended = service("worker", "--until-empty")

    assert ended.code == 2
    assert 'vault = "postgres:"' in ended.err


def test_a_worker_that_is_told_to_stop_ends_well(service: Shell) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "paceport", "worker", "--concurrency", "2"],
        env={**os.environ, **service.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert worker.stderr is not None
    for line in worker.stderr:
        if "Working for 2 athletes" in line:
            break
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=60)

    assert worker.returncode == 0, said
    assert "nothing is left half done" in said


def test_on_windows_a_worker_says_that_it_does_not_run_there() -> None:
    with pytest.raises(UsageError, match="does not run on Windows"):
        check_platform("win32")
    check_platform("linux")
