"""PostgreSQL that hangs, is killed, and comes back, under a running service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from makers.postgres_server import PostgresServer, create_database, find_programs, running_server
from paceport.clock import ShiftedClock
from paceport.http_message import Response
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.scopes import parse_granted
from paceport.service.keys import add_key
from paceport.storage.postgres.api_keys import ApiKeys
from paceport.storage.postgres.athlete_rows import AthleteRows
from sandbox.few import few_people
from service.serving import KEY, Served, served_service
from service.test_webhook import SUBSCRIPTION, event

pytestmark = pytest.mark.proof
EVENTS, FIRST = 1000, 1_000_000
RUNS = 20
TESTS = Path(__file__).parent.parent
STRAVA_WAITS_S = 2.0


@dataclass
class Away:
    """A service, and the database server that is its alone."""

    served: Served
    server: PostgresServer
    member: int


@pytest.fixture(scope="module")
def away() -> Iterator[Away]:
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed here that could be stopped")
    clock = ShiftedClock()
    world = World(few_people(RUNS), seed=1, clock=clock)
    world.set_limits(Limits(overall_quarter=10**6, overall_day=10**6, read_quarter=10**6, read_day=10**6))
    with ExitStack() as opened:
        server = opened.enter_context(running_server(programs))
        create_database(server.url("postgres"), "away")
        address = opened.enter_context(serve(world))
        served = opened.enter_context(served_service(world, address.url, server.url("away"), clock))
        served.browser().connect()
        served.parts.subscriptions.save(SUBSCRIPTION)
        yield Away(served, server, world.people[-1].id)


def flood(away: Away, body: bytes, first: int, count: int = EVENTS) -> list[tuple[int, float]]:
    """So many events at once, from another process, as Strava is one."""
    words = [sys.executable, "-m", "service.event_flood", away.served.parts.options.host, str(first), str(count)]
    ended = subprocess.run(words, input=body, capture_output=True, check=True, timeout=60, cwd=TESTS)
    return [(status, took_s) for status, took_s in json.loads(ended.stdout)]


def until(is_true: Callable[[], bool], *, within_s: float = 60.0) -> float:
    """Wait for something that happens by itself; how many seconds it took."""
    begun_s = time.monotonic()
    while not is_true():
        assert time.monotonic() - begun_s < within_s
        time.sleep(0.02)
    return time.monotonic() - begun_s


def stored(away: Away, first: int) -> int:
    statement = b"SELECT count(*) FROM paceport.inbox WHERE object_id >= %s AND object_id < %s"
    row = away.served.parts.database.run(
        lambda connection: connection.execute(statement, (first, first + EVENTS)).fetchone()
    )
    return int(row[0]) if row else 0


def test_a_flood_while_the_server_hangs_is_answered_in_time_and_stored_later(away: Away) -> None:
    body = event(away.served, away.member)
    assert flood(away, body, 5, 1)[0][0] == 200
    away.server.hang()
    try:
        first, again = flood(away, body, FIRST), flood(away, body, FIRST)
    finally:
        away.server.go_on()

    slowest_s = [max(took_s for _, took_s in each) for each in (first, again)]
    print(f"\n{EVENTS} events while PostgreSQL hung: {slowest_s[0]:.2f} s at most, sent again {slowest_s[1]:.2f} s")
    assert Counter(status for status, _ in first + again) == {503: 2 * EVENTS}
    assert max(slowest_s) < STRAVA_WAITS_S
    took_s = until(lambda: stored(away, FIRST) == EVENTS)
    print(f"all {EVENTS} were rows {took_s:.2f} s after it went on")


def test_a_service_whose_server_was_killed_says_so_and_recovers_by_itself(away: Away) -> None:
    served = away.served
    keys, scopes = ApiKeys(served.parts.database), parse_granted("activity:read_all")
    key = add_key(keys, "canary", scopes=scopes, athletes=None, clock=served.parts.clock).reveal()
    token = f"/athletes/{away.member}/token?need=activity:read_all"
    body = event(served, away.member, object_id=77)

    def asked() -> list[Response]:
        answers = [served.post("/webhook", body), served.get(token, authorization=f"Bearer {key}")]
        return [*answers, served.get("/connect", accept="text/html"), served.get("/health")]

    assert [answer.status for answer in asked()] == [200] * 4
    body = event(served, away.member, object_id=78)

    away.server.kill()
    first = asked()
    begun_s = time.monotonic()
    again = asked()
    took_s = time.monotonic() - begun_s
    away.server.start()

    assert [answer.status for answer in first + again] == [503] * 8
    assert all(int(answer.headers["retry-after"]) > 0 for answer in first + again)
    assert took_s < 2  # once it is known, nobody waits
    print(f"\nanswered again {until(lambda: [one.status for one in asked()] == [200] * 4):.2f} s after the restart")
    until(lambda: {77, 78} <= stored_events(away))
    uses = served.parts.database.run(lambda one: one.execute("SELECT outcome FROM paceport.token_use").fetchall())
    assert {outcome for (outcome,) in uses} == {"given"}


def stored_events(away: Away) -> set[int]:
    rows = away.served.parts.database.run(lambda one: one.execute("SELECT object_id FROM paceport.inbox").fetchall())
    return {activity for (activity,) in rows}


def replies(away: Away) -> Counter[str]:
    rows = AthleteRows(away.served.parts.database, away.member)
    return Counter(reply.kind for reply in rows.replies(now=away.served.parts.clock.now()))


def test_a_worker_whose_server_is_killed_waits_and_does_all_its_work(away: Away, tmp_path: Path) -> None:
    served = away.served
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PACEPORT_HOME": str(tmp_path),
        "PACEPORT_VAULT": "postgres:",
        "PACEPORT_KEY": KEY.value.reveal(),
        "DATABASE_URL": away.server.url("away"),
        "PACEPORT_OAUTH_URL": served.strava_url.rstrip("/"),
        "PACEPORT_API_URL": served.parts.api_url,
        "STRAVA_CLIENT_ID": served.parts.app.client_id,
        "STRAVA_CLIENT_SECRET": served.parts.app.client_secret.reveal(),
    }
    everything = len(served.world.activities(away.member))
    # The events of the tests before are about activities that do not exist.
    served.parts.database.run(lambda one: one.execute("DELETE FROM paceport.inbox"))
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, "-m", "paceport", "worker"], env=environ, stdout=log, stderr=log)
    try:
        for wanted in (3, 9):
            until(lambda wanted=wanted: replies(away)["detail"] >= wanted, within_s=150)  # type: ignore[misc]  # a default binds the loop's value
            away.server.kill()
            assert worker.poll() is None, (tmp_path / "log").read_text()
            away.server.start()

        took_s = until(lambda: replies(away)["detail"] == everything, within_s=200)
        assert worker.poll() is None, (tmp_path / "log").read_text()
        print(f"\n{everything} activities, two kills: all there {took_s:.0f} s after the second")
    finally:
        worker.terminate()
        assert worker.wait(60) == 0
    assert "the worker begins again" in (tmp_path / "log").read_text()
