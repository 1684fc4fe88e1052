"""`paceport sync`, killed with -9 at any request, by a process of its own over a real socket."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from api.conftest import MANY
from paceport.cli.sandbox import sandbox_variables
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.world import World
from processes import VISITOR, finish, start
from sandbox.few import few_people

WHOLE = 84  # requests of a first sync: 3 for the list, 2 of the athlete, 40 details, 39 streams


def wait_until_answering(world: World, total: int, process: subprocess.Popen[str]) -> None:
    """Until the world has got so many requests; the last one is answered very slowly."""
    for _ in range(600):
        if world.requests.total() >= total:
            return
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"sync ended by itself: {process.communicate()}")
    pytest.fail("the request never came")


@pytest.mark.slow
@pytest.mark.parametrize(
    "requests_before_each_kill", [(1, 0, 20), pytest.param((1, 0, 2, 0, 1, 7, 20), marks=pytest.mark.proof)], ids=len
)
def test_killed_at_any_request_it_goes_on_where_it_was(
    tmp_path: Path, requests_before_each_kill: tuple[int, ...]
) -> None:
    world = World(few_people())
    world.set_limits(MANY)
    with serve(world) as address:
        variables = sandbox_variables({}, port=address.port, seed=world.seed) | {
            "PACEPORT_HOME": str(tmp_path),
            "DISPLAY": ":0",
            "BROWSER": VISITOR,
        }
        assert finish(["login"], variables).returncode == 0
        begin = world.requests.total()
        for sent_before in requests_before_each_kill:
            world.plan("slow", path="/api/v3", after=sent_before, seconds=20)
            reached = world.requests.total() + sent_before + 1
            process = start(["sync", "--api-data", "on"], variables)
            wait_until_answering(world, reached, process)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=10)
            world.faults.clear()
        ended = finish(["sync", "--json"], variables)
        asked = "SELECT strava_id, name, has_track FROM run ORDER BY start_utc DESC"
        runs = json.loads(finish(["sql", asked, "--json"], variables).stdout)

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["left"] == 0
    theirs = list(world.activities(world.people[0].id))
    assert [run["strava_id"] for run in runs] == [row.id for row in theirs]
    assert [bool(run["has_track"]) for run in runs] == [not row.manual for row in theirs]
    # Each kill costs the answer that was under way, and at most the two requests that look for what is newer.
    assert world.requests.total() - begin <= WHOLE + len(requests_before_each_kill) * 3 + 2
