"""Processes that are killed, and processes that race, against a strict server over a real socket."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import keyring
import pytest

from oauth.keeper.conftest import Bench, log_in
from oauth.keeper.folder_keyring import FolderKeyring
from oauth.keeper.racer import FastClock, Orders
from oauth.keeper.test_keeper import WHOLE
from paceport.clock import ManualClock
from paceport.errors import LoginNeeded
from paceport.oauth.token_store.keyring import KeyringTokenStore
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.server import serve
from paceport.sandbox.state import grants
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport

OUTSIDE_THE_WINDOW = [step for step in WHOLE if step != "answered"]


@dataclass(kw_only=True)
class Track:
    """A login at a strict server behind a socket, and the clock that everybody shares."""

    bench: Bench
    base_s: float
    speed: float

    def start(self, **orders: object) -> "subprocess.Popen[str]":
        told = Orders(state_dir=str(self.bench.state_dir), base_s=self.base_s, speed=self.speed)
        return subprocess.Popen(
            [sys.executable, "-m", "oauth.keeper.racer", json.dumps({**asdict(told), **orders})],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def run(self, **orders: object) -> int:
        with self.start(**orders) as process:
            process.communicate(timeout=60)
        return process.returncode

    @property
    def replays(self) -> int:
        return self.bench.world.grants.replays


def lay_track(population: Population, state_dir: Path, *, speed: float) -> Iterator[Track]:
    base_s = time.time()
    clock = FastClock(base_s, speed)
    world = World(population, seed=1, clock=clock)
    with serve(world) as address, open_transport() as send:
        bench = log_in(world, send, ManualClock(clock.now()), state_dir, address.url)
        world.switches.set(refresh_rotation="always")
        most = 10**9
        world.set_limits(Limits(**dict.fromkeys(Limits.__dataclass_fields__, most)))
        yield Track(bench=bench, base_s=base_s, speed=speed)


@pytest.fixture
def track(population: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Track]:
    """Tokens that live 122 s, of which two minutes are kept back: with 20 s to the second, ten refreshes a second."""
    monkeypatch.setattr(grants, "ACCESS_TOKEN_S", 122)
    yield from lay_track(population, tmp_path / "state", speed=20)


@pytest.fixture
def standing_track(population: Population, tmp_path: Path) -> Iterator[Track]:
    """A login that has expired, on a clock that as good as stands still."""
    for track in lay_track(population, tmp_path / "state", speed=0.001):
        track.bench.put(expires_at=track.bench.grant.received_at)
        yield track


@pytest.mark.parametrize("step", OUTSIDE_THE_WINDOW)
def test_a_killed_process_costs_nothing_outside_the_window(standing_track: Track, step: str) -> None:
    code = standing_track.run(die_at=[step])

    ended = standing_track.run()

    assert (code, ended) == (-signal.SIGKILL, 0)
    assert standing_track.replays == 0
    assert standing_track.bench.stored().status == "ok"
    assert standing_track.bench.stored().left_s(standing_track.bench.clock.now()) > 3600


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(1, 4))])
def test_many_deaths_in_a_row_cost_nothing_outside_the_window(standing_track: Track, seed: int) -> None:
    chance = random.Random(seed)

    deaths = [standing_track.run(die_at=[chance.choice(OUTSIDE_THE_WINDOW)]) for _ in range(4)]

    assert standing_track.run() == 0
    assert set(deaths) <= {-signal.SIGKILL, 0}
    assert standing_track.replays == 0
    assert standing_track.bench.stored().left_s(standing_track.bench.clock.now()) > 3600


def test_a_process_killed_in_the_window_loses_the_login_where_the_server_is_strict_and_the_reason_is_known(
    standing_track: Track,
) -> None:
    standing_track.run(die_at=["answered"])

    with pytest.raises(LoginNeeded, match="was lost on its way"):
        standing_track.bench.keeper().token()

    assert standing_track.replays == 1


def test_a_process_killed_in_the_window_keeps_the_login_where_the_server_honours_the_token(
    standing_track: Track,
) -> None:
    standing_track.bench.world.switches.set(refresh_rotation="never")
    standing_track.run(die_at=["answered"])

    standing_track.bench.keeper().token()

    assert standing_track.bench.stored().status == "ok"
    assert standing_track.bench.world.grants.refreshes == 2


def race(track: Track, *, more_than: int, refreshes: int, **heat: Any) -> tuple[int, int, list[str]]:
    """Reads, deaths and failures of one heat, and of more where a busy machine came to too little of what is asked for.

    Asked for are more than so many reads and refreshes, and a death where there may be one.
    """
    reads, deaths, failures = 0, 0, list[str]()
    for _ in range(10):
        more_reads, more_deaths, more_failures = run_heat(track, **heat)
        reads, deaths, failures = reads + more_reads, deaths + more_deaths, failures + more_failures
        is_enough = reads > more_than and track.bench.world.grants.refreshes > refreshes
        if is_enough and (deaths > 0 or not heat["die_at"]):
            break
    return reads, deaths, failures


def run_heat(
    track: Track, *, racers: int, lasts_s: float, die_at: list[str], is_mixed: bool, keyring_folder: str = ""
) -> tuple[int, int, list[str]]:
    """Reads, deaths and failures of so many processes at once; a dead one is followed by another."""
    ends_at_s = time.monotonic() + lasts_s
    running: list[subprocess.Popen[str]] = []
    reads, deaths, seed, failures = 0, 0, 0, list[str]()
    while running or time.monotonic() < ends_at_s:
        while len(running) < racers and time.monotonic() < ends_at_s:
            seed += 1
            left_s = ends_at_s - time.monotonic()
            orders = {"lasts_s": left_s, "die_at": die_at, "die_chance": 0.03, "seed": seed, "is_mixed": is_mixed}
            orders |= {"keyring": keyring_folder}
            running.append(track.start(**orders))
        process = next((one for one in running if one.poll() is not None), running[0])
        if time.monotonic() < ends_at_s and process.poll() is None:
            time.sleep(0.02)
            continue
        output, _ = process.communicate(timeout=60)
        running.remove(process)
        deaths += process.returncode == -signal.SIGKILL
        assert process.returncode in (0, -signal.SIGKILL), output
        said = [json.loads(line) for line in output.splitlines()]
        reads += sum(line.get("reads", 0) for line in said)
        failures += [line["failure"] for line in said if "failure" in line]
    return reads, deaths, failures


# A few seconds at each change, and long enough for the rare to happen among the proofs.
LENGTHS_S = [2.0, pytest.param(30.0, marks=pytest.mark.proof)]


@pytest.mark.slow
@pytest.mark.parametrize("lasts_s", LENGTHS_S)
def test_twelve_processes_with_threads_and_tasks_refresh_without_a_replay_or_a_failed_call(
    track: Track, lasts_s: float
) -> None:
    wanted = {"more_than": 100, "refreshes": 2}
    reads, _, failures = race(track, **wanted, racers=12, lasts_s=lasts_s, die_at=[], is_mixed=True)

    assert failures == []
    assert reads > 100
    assert track.replays == 0
    assert track.bench.world.grants.refreshes > 2
    assert track.bench.stored().status == "ok"


@pytest.mark.slow
@pytest.mark.parametrize("lasts_s", [3.0, *LENGTHS_S[1:]])
def test_twelve_processes_that_are_killed_lose_neither_the_login_nor_a_call(track: Track, lasts_s: float) -> None:
    die_at = OUTSIDE_THE_WINDOW[1:]
    wanted = {"more_than": 50, "refreshes": 0}
    reads, deaths, failures = race(track, **wanted, racers=12, lasts_s=lasts_s, die_at=die_at, is_mixed=False)

    assert failures == []
    assert deaths > 0
    assert reads > 50
    assert track.replays == 0
    assert track.bench.stored().status == "ok"


@pytest.fixture
def shared_keyring(track: Track, tmp_path: Path) -> Iterator[tuple[str, KeyringTokenStore]]:
    """The login of the track in a keyring that all processes share, and the token store that stands on it."""
    before = keyring.get_keyring()
    keyring.set_keyring(FolderKeyring(tmp_path / "keyring"))
    token_store = KeyringTokenStore(track.bench.state_dir, clock=track.bench.clock)
    token_store.save_app(track.bench.app)
    grant = track.bench.stored()
    with token_store.lock(grant.key):
        token_store.save(replace(grant, generation=0), expect_generation=0)
    yield str(tmp_path / "keyring"), token_store
    keyring.set_keyring(before)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("is_killed", "lasts_s"),
    [(True, 2.0), *(pytest.param(is_killed, 30.0, marks=pytest.mark.proof) for is_killed in (False, True))],
)
def test_twelve_processes_on_one_keyring_lose_nothing_either(
    track: Track, shared_keyring: tuple[str, KeyringTokenStore], is_killed: bool, lasts_s: float
) -> None:
    folder, token_store = shared_keyring
    die_at = OUTSIDE_THE_WINDOW[1:] if is_killed else []

    reads, deaths, failures = race(
        track,
        more_than=20,
        refreshes=5,
        racers=12,
        lasts_s=lasts_s,
        die_at=die_at,
        is_mixed=not is_killed,
        keyring_folder=folder,
    )

    assert failures == []
    assert reads > 20
    assert (deaths > 0) == is_killed
    assert track.replays == 0
    assert track.bench.world.grants.refreshes > 5
    assert token_store.grants()[0].status == "ok"
