"""PostgreSQL that hangs, is killed, and comes back, under a running service."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from makers.postgres_server import PostgresServer, create_database, find_programs
from paceport.clock import ShiftedClock
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.world import World
from sandbox.few import few_people
from service.serving import Served, served_service
from service.test_webhook import SUBSCRIPTION, event

pytestmark = pytest.mark.proof
EVENTS, FIRST = 1000, 1_000_000
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
    world = World(few_people(1), seed=1, clock=clock)
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory(prefix="pg")))
        folder.chmod(0o755)
        server = PostgresServer(programs, folder / "server")
        server.create()
        opened.callback(server.stop)
        server.start()
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
