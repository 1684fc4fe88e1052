"""Workers on two machines, forty athletes, one app: killed, cut off, and with PostgreSQL killed under them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from conftest import missing
from loopback_bridge import carry
from makers.postgres_server import PostgresServer, create_database, find_programs, running_server
from oauth.keeper.postgres_worker import KEY, Orders
from oauth.keeper.test_keeper import WHOLE
from paceport.clock import ShiftedClock, SystemClock
from paceport.oauth.protocol.token_endpoint import exchange_request, read_token
from paceport.oauth.token_store.base import App, Grant
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.sandbox.athletes.population_generator import populate
from paceport.sandbox.http.server import serve
from paceport.sandbox.state import grants
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.scopes import parse_granted
from paceport.secret import Secret
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.sealing import Sealer
from paceport.transport.http_transport import open_transport

OUTSIDE_THE_WINDOW = [step for step in WHOLE[3:] if step != "answered"]
HOUR_S = 3600.0


@dataclass(kw_only=True)
class Service:
    """A world with many athletes, whose grants lie in a PostgreSQL of this test's own."""

    world: World
    server: PostgresServer
    url: str
    hosts: tuple[list[str], ...] = ([], [])
    totals: Counter[str] = field(default_factory=Counter)
    deaths: int = 0

    def store(self) -> PostgresTokenStore:
        clock = SystemClock()
        return PostgresTokenStore(Database(Secret(self.url), clock=clock), Sealer(lambda: (KEY,)), clock=clock)

    def start(self, number: int, lasts_s: float, die_chance: float) -> subprocess.Popen[str]:
        """A worker; every second one is on the other machine, whose clock is an hour fast."""
        host = number % 2
        orders = Orders(
            url=self.url,
            lasts_s=lasts_s,
            seed=number,
            clock_offset_s=host * HOUR_S,
            die_at=tuple(OUTSIDE_THE_WINDOW),
            die_chance=die_chance,
        )
        return subprocess.Popen(
            [*self.hosts[host], sys.executable, "-m", "oauth.keeper.postgres_worker", json.dumps(asdict(orders))],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def run(self, *, workers: int, lasts_s: float, die_chance: float) -> None:
        """So many workers at once; a dead one is followed by another."""
        ends_at_s = time.monotonic() + lasts_s
        running = [self.start(number, lasts_s, die_chance) for number in range(workers)]
        number = workers
        while running:
            process = next((one for one in running if one.poll() is not None), None)
            if process is None:
                time.sleep(0.05)
                continue
            running.remove(process)
            said = process.communicate()[0]
            is_killed = process.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
            assert process.returncode == 0 or is_killed, said
            self.deaths += is_killed
            self.totals.update(json.loads(said) if said else {})
            left_s = ends_at_s - time.monotonic()
            if is_killed and left_s > 0.5:
                # In the place of the dead one, on the same machine.
                number += workers
                running.append(self.start(number, left_s, die_chance))

    def cut_connections(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'paceport %'"
            )

    def trouble(self, lasts_s: float) -> threading.Thread:
        """In the middle of it connections are cut, and PostgreSQL is killed and started again."""

        def make() -> None:
            time.sleep(lasts_s * 0.45)
            self.cut_connections()
            time.sleep(lasts_s * 0.1)
            self.server.kill()
            self.server.start()

        thread = threading.Thread(target=make)
        thread.start()
        return thread


def sign_in_all(world: World, store: PostgresTokenStore, oauth_url: str) -> None:
    app = App(oauth_url=oauth_url, client_id=str(world.app.client_id), client_secret=Secret(world.app.client_secret))
    store.save_app(app)
    clock = SystemClock()
    with open_transport() as send:
        for person in world.people:
            code = world.grants.make_code(world.app.client_id, person.id, ("read",), world.now())
            request = exchange_request(
                oauth_url=oauth_url, client_id=app.client_id, client_secret=app.client_secret, code=Secret(code)
            )
            token = read_token(send(request), now=clock.now())
            grant = Grant(
                profile=f"athlete-{person.id}",
                oauth_url=oauth_url,
                api_url=f"{oauth_url}/api/v3",
                client_id=app.client_id,
                athlete_id=token.athlete_id,
                access_token=token.access_token,
                refresh_token=token.refresh_token,
                expires_at=token.expires_at,
                received_at=clock.now(),
                expires_in_s=token.expires_in_s,
                scopes=parse_granted("read"),
                scopes_known_by="redirect",
            )
            store.save(grant, expect_generation=0)


def two_hosts(opened: ExitStack, folder: Path, port: int) -> tuple[list[str], ...]:
    """What starts a program on each of two machines: network namespaces of their own, where that is permitted."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        missing("network namespaces need root and `ip` (Debian: apt install iproute2)")
    path = str(folder / "sandbox.sock")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(256)
    opened.callback(listener.close)
    connect = lambda: socket.create_connection(("127.0.0.1", port))  # noqa: E731
    threading.Thread(target=carry, args=(listener, connect), daemon=True).start()
    prefixes = []
    for letter in "ab":
        name = f"paceport-{os.getpid()}-{letter}"
        if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode:
            missing("network namespaces are not permitted here")
        opened.callback(subprocess.run, ["ip", "netns", "del", name], check=False)
        prefix = ["ip", "netns", "exec", name]
        subprocess.run([*prefix, "ip", "link", "set", "lo", "up"], check=True)
        bridge = Path(__file__).parents[2] / "loopback_bridge.py"
        process = subprocess.Popen([*prefix, sys.executable, str(bridge), str(port), path])
        opened.callback(process.wait)
        opened.callback(process.kill)
        prefixes.append(prefix)
    time.sleep(1)  # until the bridges listen
    return tuple(prefixes)


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def build_service(opened: ExitStack, monkeypatch: pytest.MonkeyPatch, *, athletes: int, limits: Limits) -> Service:
    programs = find_programs()
    if programs is None:
        missing("no PostgreSQL is installed that a test could kill")
        raise AssertionError("skipped or failed above")
    # Two minutes are kept back, so each token is renewed every few seconds.
    monkeypatch.setattr(grants, "ACCESS_TOKEN_S", 123)
    world = World(populate(1, athletes=athletes), seed=1, clock=ShiftedClock())
    world.switches.set(refresh_rotation="always")
    world.set_limits(limits)
    address = opened.enter_context(serve(world))
    server = opened.enter_context(running_server(programs))
    create_database(server.url("postgres"), "service")
    # Through a file, so that every network namespace reaches it.
    url = f"postgresql://postgres@/service?host={server.folder}&port={server.port}"
    service = Service(world=world, server=server, url=url)
    store = service.store()
    sign_in_all(world, store, address.url)
    store.close()
    return replace(service, hosts=([], []))


def check(service: Service, *, athletes: int, limits: Limits) -> None:
    """What nothing may cost: a replay, a grant, a call over the limit."""
    store = service.store()
    stored = store.grants()
    store.close()
    world = service.world.grants
    print(f"\n{world.refreshes} refreshes, {service.deaths} deaths, {world.replays} replays, {dict(service.totals)}")
    assert service.world.grants.replays == 0, service.totals
    assert len(stored) == athletes
    assert {grant.status for grant in stored} == {"ok"}, service.totals
    assert service.totals["refused by the server"] == 0
    assert service.totals["LoginNeeded"] == 0, service.totals
    assert service.world.grants.refreshes > athletes
    assert service.totals["answered"] <= limits.read_quarter * 2  # the run may see the end of a quarter hour
    assert service.totals["answered"] > 0


@pytest.mark.slow
def test_workers_on_two_clocks_lose_nothing_when_they_and_postgres_are_killed(
    opened: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(overall_quarter=150, overall_day=10_000, read_quarter=60, read_day=10_000)
    service = build_service(opened, monkeypatch, athletes=6, limits=limits)

    trouble = service.trouble(5.0)
    service.run(workers=4, lasts_s=5.0, die_chance=0.02)
    trouble.join()

    check(service, athletes=6, limits=limits)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(1))
def test_two_hosts_with_twelve_workers_each_lose_nothing(
    opened: ExitStack, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    limits = Limits(overall_quarter=2000, overall_day=100_000, read_quarter=1500, read_day=100_000)
    service = build_service(opened, monkeypatch, athletes=40, limits=limits)
    (grant, *_) = service.store().grants()
    service.hosts = two_hosts(opened, service.server.folder.parent, int(grant.oauth_url.rpartition(":")[2]))

    trouble = service.trouble(45.0)
    service.run(workers=24, lasts_s=45.0, die_chance=0.01)
    trouble.join()

    check(service, athletes=40, limits=limits)
    assert service.deaths > 0
    assert service.world.now() - grant.received_at > timedelta(seconds=40)
