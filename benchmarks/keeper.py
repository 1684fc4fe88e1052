"""Twelve processes and one login at a server that rotates refresh tokens strictly: ours beside what others do.

Tokens live 122 s on a clock that runs eight times as fast. In the second half each refresher is killed now and then
right after the answer: the others before they write, ours after its raw answer is kept (a death in the moment between
is the one window that nobody can close). A replay is a used refresh token sent again.
"""

import json
import mmap
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock

from paceport.errors import PaceportError
from paceport.http_message import Send
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.protocol.token_endpoint import exchange_request, read_token, refresh_request
from paceport.oauth.token_store.base import App, Grant
from paceport.oauth.token_store.file import FileTokenStore
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.population_generator import populate
from paceport.sandbox.http.server import serve
from paceport.sandbox.state import grants
from paceport.sandbox.state.world import World
from paceport.secret import Secret
from paceport.transport.http_transport import open_transport

PROCESSES = 12
LASTS_S = 3.5
SPEED = 8.0
DIE_CHANCE = 0.3
COUNT = struct.Struct("qq")
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class FastClock:
    """The machine's clock, sped up: the same in every process that is told when it began."""

    def __init__(self, base_s: float) -> None:
        self._base_s = base_s

    def now(self) -> datetime:
        return START + timedelta(seconds=(time.time() - self._base_s) * SPEED)

    def monotonic_s(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.05))

    def advance(self, seconds: float) -> None:
        """It moves by itself."""

    def set(self, moment: datetime) -> None:
        """It moves by itself."""


class Runner:
    """One process: the login, the server, and the moment at which it may die."""

    def __init__(self, orders: dict[str, Any], send: Send) -> None:
        self.folder, self.send = Path(orders["folder"]), send
        self.clock = FastClock(orders["base_s"])
        self._chance, self._dies = random.Random(orders["seed"]), orders["dies"]
        token_store = FileTokenStore(self.folder / "state", clock=self.clock)
        self._app, self._grant = token_store.apps()[0], token_store.grants()[0]
        self._keeper = Keeper(
            RefreshContext(
                token_store=token_store,
                key=self._grant.key,
                app=lambda: self._app,
                send=send,
                clock=self.clock,
                warn=self.note,
                on_step=lambda step: self.maybe_die() if step == "answer kept" else None,
            )
        )

    def note(self, text: str) -> None:
        """A warning is no failure: the token that came with it lives."""

    def maybe_die(self) -> None:
        if self._dies and self._chance.random() < DIE_CHANCE:
            os.kill(os.getpid(), signal.SIGKILL)

    def read(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((self.folder / "token.json").read_text())
        return record

    def is_short(self, record: dict[str, Any]) -> bool:
        return bool(record["expires_at"] - self.clock.now().timestamp() <= 120)

    def refreshed(self, record: dict[str, Any]) -> dict[str, Any]:
        request = refresh_request(
            oauth_url=self._app.oauth_url,
            client_id=self._app.client_id,
            client_secret=self._app.client_secret,
            refresh_token=Secret(record["refresh_token"]),
        )
        token = read_token(self.send(request), now=self.clock.now())
        self.maybe_die()
        return {"refresh_token": token.refresh_token.reveal(), "expires_at": token.expires_at.timestamp()}

    def overwrite(self) -> None:
        record = self.read()
        if self.is_short(record):
            (self.folder / "token.json").write_text(json.dumps(self.refreshed(record)))

    def lock_the_write(self) -> None:
        record = self.read()
        if self.is_short(record):
            renewed = self.refreshed(record)
            with FileLock(self.folder / "write.lock", timeout=1):
                (self.folder / "token.json").write_text(json.dumps(renewed))

    def lock_by_a_file(self) -> None:
        if not self.is_short(self.read()):
            return
        lock, ends_at_s = self.folder / "token.lock", time.monotonic() + 1.0
        while True:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
                break
            except FileExistsError:
                if time.monotonic() > ends_at_s:
                    raise
                time.sleep(0.01)
        try:
            record = self.read()
            if self.is_short(record):
                draft = self.folder / "token.new"
                draft.write_text(json.dumps(self.refreshed(record)))
                draft.replace(self.folder / "token.json")
        finally:
            lock.unlink()

    def paceport(self) -> None:
        self._keeper.token()


ALGORITHMS: dict[str, Callable[[Runner], None]] = {
    "read, POST, overwrite": Runner.overwrite,
    "lock around the write only": Runner.lock_the_write,
    "lock by existence of a file": Runner.lock_by_a_file,
    "paceport": Runner.paceport,
}


def herd(orders: dict[str, Any]) -> None:
    """Keep so many children reading until the time is up; print calls, failed calls and deaths.

    They are forked from here, where everything is imported and no thread runs: a new one costs next to nothing.
    """
    counts = mmap.mmap(-1, PROCESSES * COUNT.size)
    ends_at_s = time.monotonic() + LASTS_S
    children: dict[int, int] = {}
    deaths = seed = 0
    while children or time.monotonic() < ends_at_s:
        for slot in set(range(PROCESSES)) - set(children.values()) if time.monotonic() < ends_at_s else ():
            seed += 1
            child = os.fork()
            if child == 0:
                work({**orders, "seed": seed}, counts, slot, ends_at_s)
                os._exit(0)
            children[child] = slot
        child, status = os.wait()
        children.pop(child)
        deaths += os.WIFSIGNALED(status)
    totals = [COUNT.unpack_from(counts, slot * COUNT.size) for slot in range(PROCESSES)]
    print(json.dumps([sum(calls for calls, _ in totals), sum(failed for _, failed in totals), deaths]))


def work(orders: dict[str, Any], counts: mmap.mmap, slot: int, ends_at_s: float) -> None:
    """Read until the time is up or the end comes, counting where the parent can see it."""
    calls, failed = COUNT.unpack_from(counts, slot * COUNT.size)
    with open_transport() as send:
        runner, ask = Runner(orders, send), ALGORITHMS[orders["algorithm"]]
        while time.monotonic() < ends_at_s:
            calls += 1
            try:
                ask(runner)
            except (PaceportError, OSError, ValueError):
                failed += 1
            COUNT.pack_into(counts, slot * COUNT.size, calls, failed)
            time.sleep(0.002)


def race(algorithm: str, population: Population, *, dies: bool) -> tuple[int, int, int, int, bool]:
    """Calls, failed calls, deaths, replays, and whether the login still works at the end."""
    with tempfile.TemporaryDirectory() as name:
        folder, base_s = Path(name), time.time()
        world = World(population, seed=1, clock=FastClock(base_s))
        with serve(world) as address, open_transport() as send:
            _log_in(world, send, folder, address.url)
            orders = {"folder": name, "base_s": base_s, "algorithm": algorithm, "dies": dies}
            command = [sys.executable, "-m", "benchmarks.keeper", json.dumps(orders)]
            ran = subprocess.run(command, capture_output=True, text=True, check=True)
            calls, failed, deaths = json.loads(ran.stdout)
            return calls, failed, deaths, world.grants.replays, _is_kept(algorithm, world, folder)


def _log_in(world: World, send: Send, folder: Path, url: str) -> None:
    clock = FastClock(0.0)
    app = App(oauth_url=url, client_id=str(world.app.client_id), client_secret=Secret(world.app.client_secret))
    code = Secret(world.grants.make_code(world.app.client_id, world.people[0].id, ("read",), world.now()))
    request = exchange_request(oauth_url=url, client_id=app.client_id, client_secret=app.client_secret, code=code)
    token = read_token(send(request), now=world.now())
    world.switches.set(refresh_rotation="always")
    token_store = FileTokenStore(folder / "state", clock=clock)
    token_store.save_app(app)
    grant = Grant(
        profile="default",
        oauth_url=url,
        api_url=f"{url}/api/v3",
        client_id=app.client_id,
        athlete_id=token.athlete_id,
        access_token=token.access_token,
        refresh_token=token.refresh_token,
        expires_at=token.expires_at,
        received_at=world.now(),
        expires_in_s=token.expires_in_s,
    )
    with token_store.lock(grant.key):
        token_store.save(grant, expect_generation=0)
    record = {"refresh_token": token.refresh_token.reveal(), "expires_at": token.expires_at.timestamp()}
    (folder / "token.json").write_text(json.dumps(record))


def _is_kept(algorithm: str, world: World, folder: Path) -> bool:
    if algorithm == "paceport":
        token_store = FileTokenStore(folder / "state", clock=FastClock(0.0))
        grant = token_store.grants()[0]
        journal = token_store.journal(grant.key)
        stored = grant.refresh_token.reveal()
        if journal is not None and journal.answer is not None and journal.is_about(grant.refresh_token):
            stored = json.loads(journal.answer.body)["refresh_token"]
    else:
        try:
            stored = json.loads((folder / "token.json").read_text())["refresh_token"]
        except ValueError:
            return False
    return world.grants.client_of(stored) is not None


def main() -> int:
    """Print the table; 1 where ours replayed, failed or lost the login."""
    if len(sys.argv) > 1:
        herd(json.loads(sys.argv[1]))
        return 0
    grants.ACCESS_TOKEN_S = 122  # the simulated service has no switch for it
    print(f"{PROCESSES} processes, strict rotation, tokens of 122 s, clock x {SPEED:.0f}, {LASTS_S:.0f} s each")
    print(f"{'':30}{'calls':>8}{'failed':>8}{'replays':>9}{'login':>7} |{'deaths':>8}{'failed':>8}{'login':>7}")
    is_good, population = True, populate(1, athletes=1)
    for algorithm in ALGORITHMS:
        calls, failed, _, replays, is_kept = race(algorithm, population, dies=False)
        _, lost, deaths, replayed, survives = race(algorithm, population, dies=True)
        words = ["kept" if one else "lost" for one in (is_kept, survives)]
        print(f"{algorithm:30}{calls:8}{failed:8}{replays:9}{words[0]:>7} |{deaths:8}{lost:8}{words[1]:>7}")
        if algorithm == "paceport":
            is_good = not (failed or replays or lost or replayed) and is_kept and survives
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
