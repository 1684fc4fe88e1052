"""Logins in PostgreSQL: time of a token beside files, growth to 5,000 grants, and a race beside a lock in Redis.

The Redis keeper is written as public ones are: a lock with a time to live of 10 s, no journal, the lock deleted at the
end whoever has it, and a grant marked revoked when the server refuses its token. Processes are killed now and then
right after the answer: the Redis keeper before it writes, ours after its raw answer is kept. In the last columns
Strava's answer takes 11 s. A replay is a used refresh token sent again; a lost login is one whose stored token the
server refuses.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks._postgres import postgres_for_benchmark
from paceport.clock import ShiftedClock, SystemClock
from paceport.errors import PaceportError
from paceport.http_message import Request, Response, Send
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext, ignore_step
from paceport.oauth.protocol.token_endpoint import exchange_request, read_token, refresh_request
from paceport.oauth.token_store.base import App, Grant, TokenStore
from paceport.oauth.token_store.file import FileTokenStore
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.sandbox.athletes.population_generator import populate
from paceport.sandbox.http.server import serve
from paceport.sandbox.state import grants
from paceport.sandbox.state.world import World
from paceport.secret import Secret
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.sealing import Key, Sealer
from paceport.transport.http_transport import open_transport

KEY = Key(id="1", value=Secret("e" * 64))
CLOCK = SystemClock()
PROCESSES, ATHLETES, LASTS_S, DIE_CHANCE = 6, 12, 12.0, 0.05
LOCK_MS = 10_000
SLOW_S = 11.0
TOKENS = 3000
FEW, MANY = 10, 5000


def open_store(url: str) -> PostgresTokenStore:
    """A handle with connections of its own."""
    return PostgresTokenStore(Database(Secret(url), clock=CLOCK), Sealer(lambda: (KEY,)), clock=CLOCK)


class Redis:
    """The few words of Redis' protocol that a lock needs."""

    def __init__(self, port: int) -> None:
        self._stream = socket.create_connection(("127.0.0.1", port)).makefile("rwb")

    def ask(self, *words: str) -> str | None:
        """The answer to a command; None where there is nothing."""
        self._stream.write(f"*{len(words)}\r\n".encode())
        for word in words:
            self._stream.write(f"${len(word.encode())}\r\n{word}\r\n".encode())
        self._stream.flush()
        line = self._stream.readline().decode().strip()
        if line.startswith("$"):
            length = int(line[1:])
            return None if length < 0 else self._stream.read(length + 2)[:-2].decode()
        return line[1:]


class RedisKeeper:
    """A token with a lock that lives 10 s."""

    def __init__(self, redis: Redis, athlete_id: int, app: App, send: Send) -> None:
        self._redis, self._name, self._app, self._send = redis, str(athlete_id), app, send

    def token(self) -> None:
        """Make sure that a living token is stored. Raises PaceportError where the server refuses."""
        if not self._is_short():
            return
        while self._redis.ask("SET", f"lock:{self._name}", "1", "NX", "PX", str(LOCK_MS)) is None:
            time.sleep(0.05)
            if not self._is_short():
                return
        try:
            if self._is_short():
                self._refresh()
        finally:
            self._redis.ask("DEL", f"lock:{self._name}")

    def _read(self) -> dict[str, object]:
        record: dict[str, object] = json.loads(self._redis.ask("GET", self._name) or "{}")
        return record

    def _is_short(self) -> bool:
        record = self._read()
        return record["status"] == "ok" and float(str(record["expires_at"])) - time.time() <= 120

    def _refresh(self) -> None:
        record = self._read()
        request = refresh_request(
            oauth_url=self._app.oauth_url,
            client_id=self._app.client_id,
            client_secret=self._app.client_secret,
            refresh_token=Secret(str(record["refresh_token"])),
        )
        try:
            token = read_token(self._send(request), now=CLOCK.now())
        except PaceportError:
            self._redis.ask("SET", self._name, json.dumps(record | {"status": "revoked"}))
            raise
        fields = {"refresh_token": token.refresh_token.reveal(), "expires_at": token.expires_at.timestamp()}
        self._redis.ask("SET", self._name, json.dumps({"status": "ok", **fields}))


@contextmanager
def redis_server() -> Iterator[int]:
    """The port of a Redis that stores nothing on disk."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def sign_in(world: World, url: str) -> tuple[App, list[Grant]]:
    """A grant of each person."""
    app = App(oauth_url=url, client_id=str(world.app.client_id), client_secret=Secret(world.app.client_secret))
    found = []
    with open_transport() as send:
        for person in world.people:
            code = world.grants.make_code(world.app.client_id, person.id, ("read",), world.now())
            request = exchange_request(
                oauth_url=url, client_id=app.client_id, client_secret=app.client_secret, code=Secret(code)
            )
            found.append(made_grant(read_token(send(request), now=CLOCK.now()).refresh_token, url, person.id))
    return app, found


def made_grant(refresh_token: Secret, url: str, athlete_id: int, *, left_s: float = 0.0) -> Grant:
    """A grant whose token has so much left."""
    now = CLOCK.now()
    return Grant(
        profile=f"athlete-{athlete_id}",
        oauth_url=url,
        api_url=f"{url}/api/v3",
        client_id="1" if left_s else "",
        athlete_id=athlete_id,
        access_token=Secret("a" * 40),
        refresh_token=refresh_token,
        expires_at=now + timedelta(seconds=left_s),
        received_at=now,
        expires_in_s=21600,
    )


def keeper_of(store: TokenStore, grant: Grant, app: App, send: Send, dies: random.Random | None = None) -> Keeper:
    """Our keeper of a grant; with `dies` it is killed now and then once the answer is kept."""

    def on_step(step: str) -> None:
        if step == "answer kept":
            maybe_die(dies)

    return Keeper(
        RefreshContext(
            token_store=store,
            key=grant.key,
            app=lambda: app,
            send=send,
            clock=CLOCK,
            on_step=on_step,
            warn=ignore_step,
        )
    )


def maybe_die(dies: random.Random | None) -> None:
    """End this process, now and then."""
    if dies is not None and dies.random() < DIE_CHANCE:
        os.kill(os.getpid(), signal.SIGKILL)


def work(kind: str, place: str, app: App, signed: list[Grant], seed: int, ends_at_s: float, *, slow: bool) -> None:
    """One process: the token of one athlete after the other, until the time is up."""
    chance = random.Random(seed)
    dies = None if slow else chance
    with open_transport() as plain:

        def send(request: Request, *, timeout_s: float = 30.0) -> Response:
            answer = plain(request, timeout_s=timeout_s)
            if slow:
                time.sleep(SLOW_S)
            if kind == "redis":
                maybe_die(dies)
            return answer

        if kind == "redis":
            redis = Redis(int(place))
            asks = [RedisKeeper(redis, grant.athlete_id or 0, app, send).token for grant in signed]
        else:
            store = open_store(place)
            asks = [keeper_of(store, grant, app, send, dies).token for grant in signed]  # type: ignore[misc]  # both are called alike
        while time.monotonic() < ends_at_s:
            with suppress(PaceportError):
                chance.choice(asks)()
            time.sleep(0.002)


def race(kind: str, place: str, *, athletes: int, processes: int, slow: bool = False) -> tuple[int, int, int, int]:
    """Refreshes, deaths, replays, and lost logins of one run."""
    world = World(populate(1, athletes=athletes), seed=1, clock=ShiftedClock())
    world.switches.set(refresh_rotation="always")
    with serve(world) as address:
        app, signed = sign_in(world, address.url)
        signed = [replace(grant, client_id=app.client_id) for grant in signed]
        prepare(kind, place, app, signed)
        ends_at_s = time.monotonic() + (SLOW_S + 2 if slow else LASTS_S)
        deaths = herd(kind, place, app, signed, processes, ends_at_s, slow=slow)
        lost = [token for token in stored_tokens(kind, place, signed) if world.grants.client_of(token) is None]
        return world.grants.refreshes, deaths, world.grants.replays, len(lost)


def herd(kind: str, place: str, app: App, signed: list[Grant], processes: int, ends_at_s: float, *, slow: bool) -> int:
    """Keep so many children at work; how many died."""
    children: set[int] = set()
    deaths = seed = 0
    while children or time.monotonic() < ends_at_s:
        while len(children) < processes and time.monotonic() < ends_at_s and not (slow and seed >= processes):
            seed += 1
            child = os.fork()
            if child == 0:
                work(kind, place, app, signed, seed, ends_at_s, slow=slow)
                os._exit(0)
            children.add(child)
        if not children:
            return deaths
        child, status = os.wait()
        children.discard(child)
        deaths += os.WIFSIGNALED(status)
    return deaths


def prepare(kind: str, place: str, app: App, signed: list[Grant]) -> None:
    """Store the logins where this keeper has them."""
    if kind == "redis":
        redis = Redis(int(place))
        redis.ask("FLUSHALL")
        for grant in signed:
            fields = {"refresh_token": grant.refresh_token.reveal(), "expires_at": grant.expires_at.timestamp()}
            redis.ask("SET", str(grant.athlete_id), json.dumps({"status": "ok", **fields}))
        return
    store = open_store(place)
    store.save_app(app)
    for grant in signed:
        store.save(grant, expect_generation=0)
    store.close()


def stored_tokens(kind: str, place: str, signed: list[Grant]) -> list[str]:
    """The refresh tokens that a next refresh would send."""
    if kind == "redis":
        redis = Redis(int(place))
        records = [json.loads(redis.ask("GET", str(grant.athlete_id)) or "{}") for grant in signed]
        return [record["refresh_token"] if record["status"] == "ok" else "" for record in records]
    store, found = open_store(place), []
    for grant in signed:
        stored, journal = store.read(grant.key), store.journal(grant.key)
        assert stored is not None
        token = stored.refresh_token.reveal() if stored.status == "ok" else ""
        if journal is not None and journal.answer is not None and journal.is_about(stored.refresh_token):
            token = json.loads(journal.answer.body)["refresh_token"]
        found.append(token)
    store.close()
    return found


def p99_us(keeper: Keeper) -> float:
    """The 99th of a hundred living tokens, in microseconds."""
    taken = []
    for _ in range(TOKENS):
        begun = time.perf_counter_ns()
        keeper.token()
        taken.append(time.perf_counter_ns() - begun)
    return sorted(taken)[TOKENS * 99 // 100] / 1000


def measure_tokens(url: str) -> bool:
    """Living tokens from PostgreSQL beside those from files, in one process."""
    app = App(oauth_url="https://www.strava.com", client_id="1", client_secret=Secret("s" * 40))
    grant = made_grant(Secret("b" * 40), app.oauth_url, 1, left_s=20_000)
    with tempfile.TemporaryDirectory() as folder, open_transport() as send:
        figures = []
        for store in (FileTokenStore(Path(folder) / "state", clock=CLOCK), open_store(url)):
            with store.lock(grant.key):
                store.save(grant, expect_generation=0)
            figures.append(p99_us(keeper_of(store, grant, app, send)))
            store.close()
    ratio = figures[1] / figures[0]
    both = f"files {figures[0]:.0f} us, PostgreSQL {figures[1]:.0f} us"
    print(f"a living token in process, p99: {both}, {ratio:.2f} x (bar 3)")
    return ratio <= 3


def measure_growth(url: str) -> None:
    """One read from the database, with few grants and with many."""
    store, number, medians = open_store(url), 1000, []
    for most in (FEW, MANY):
        while number < 1000 + most:
            number += 1
            store.save(
                made_grant(Secret("b" * 40), "https://www.strava.com", number, left_s=20_000), expect_generation=0
            )
        taken = []
        for _ in range(200):
            begun = time.perf_counter()
            store.grants_of("athlete-1001", "https://www.strava.com")
            taken.append(time.perf_counter() - begun)
        medians.append(sorted(taken)[100] * 1000)
    store.close()
    ratio = medians[1] / medians[0]
    print(f"a login read: {FEW} grants {medians[0]:.2f} ms, {MANY:,} grants {medians[1]:.2f} ms, {ratio:.2f} x")


def main() -> int:
    """Print the rows; 1 where ours replayed, lost a login, or was slower than its bar."""
    grants.ACCESS_TOKEN_S = 123  # the simulated service has no switch for it
    with postgres_for_benchmark() as url, ExitStack() as opened:
        if url is None:
            return 0
        is_good = measure_tokens(url)
        measure_growth(url)
        places = {"paceport": url}
        if shutil.which("redis-server") is None:
            print("redis-server is not installed (Debian: apt install redis-server): its row is missing")
        else:
            places = {"redis": str(opened.enter_context(redis_server())), **places}
        what = f"{PROCESSES} processes, {ATHLETES} athletes, strict rotation"
        print(f"{what}, {LASTS_S:.0f} s; then answers of {SLOW_S:.0f} s")
        print(f"{'':24}{'refreshes':>10}{'deaths':>8}{'replays':>9}{'lost':>6} |{'slow: replays':>15}{'lost':>6}")
        for kind, place in places.items():
            name = {"redis": "Redis lock of 10 s", "paceport": "paceport, PostgreSQL"}[kind]
            refreshes, deaths, replays, lost = race(kind, place, athletes=ATHLETES, processes=PROCESSES)
            _, _, slow_replays, slow_lost = race(kind, place, athletes=1, processes=2, slow=True)
            row = f"{name:24}{refreshes:10}{deaths:8}{replays:9}{lost:6} |{slow_replays:15}{slow_lost:6}"
            print(row, flush=True)
            if kind == "paceport":
                is_good = is_good and not (replays or lost or slow_replays or slow_lost)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
