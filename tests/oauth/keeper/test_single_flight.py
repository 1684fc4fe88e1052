import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from oauth.keeper.conftest import Bench
from paceport.errors import LoginNeeded, NotSent, PaceportError
from paceport.http_message import Request, Response
from paceport.oauth.keeper.refresh import TokenRequirement
from paceport.oauth.keeper.single_flight import SingleFlight


class Gate:
    """A network that holds every request until it is opened."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.reached, self.opened = threading.Event(), threading.Event()

    def send(self, request: Request, *, timeout_s: float = 30.0) -> Response:
        self.reached.set()
        assert self.opened.wait(20)
        return self._bench.send(request, timeout_s=timeout_s)


@pytest.fixture
def gate(bench: Bench) -> Gate:
    return Gate(bench)


def test_threads_share_one_flight(bench: Bench, gate: Gate) -> None:
    bench.expire()
    keeper = bench.keeper(send=gate.send)

    with ThreadPoolExecutor(20) as pool:
        # Not `token`, which does not tell when it has joined: one that is late starts a flight of its own.
        joining = [pool.submit(keeper.join_refresh, TokenRequirement(), bench.grant.generation) for _ in range(20)]
        joined = [one.result(20) for one in joining]
        asked = [pool.submit(keeper.token) for _ in range(20)]
        gate.opened.set()
        tokens = {one.result(20) for one in asked}

    assert [is_own for _, is_own in joined].count(True) == 1
    assert [flight.result(20) for flight, _ in joined] == [bench.stored()] * 20
    assert tokens == {bench.stored().access_token.reveal()}
    assert bench.posts == 1


def test_tasks_and_threads_share_one_flight(bench: Bench, gate: Gate) -> None:
    bench.expire()
    keeper = bench.keeper(send=gate.send)

    async def ask() -> set[str]:
        tasks = [asyncio.create_task(keeper.token_async()) for _ in range(20)]
        threads = [asyncio.create_task(asyncio.to_thread(keeper.token)) for _ in range(3)]
        while not gate.reached.is_set():
            await asyncio.sleep(0)
        gate.opened.set()
        return set(await asyncio.gather(*tasks, *threads))

    tokens = asyncio.run(ask())

    assert tokens == {bench.stored().access_token.reveal()}
    assert bench.posts == 1
    # All tasks have joined before the gate was opened; each thread may have come too late.
    assert 1 <= bench.steps.count("locked") <= 1 + 3


def test_a_cancelled_task_does_not_cancel_the_refresh(bench: Bench, gate: Gate) -> None:
    bench.expire()
    keeper = bench.keeper(send=gate.send)

    async def cancel_then_ask() -> str:
        cancelled = asyncio.create_task(keeper.token_async())
        while not gate.reached.is_set():
            await asyncio.sleep(0)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        gate.opened.set()
        return await keeper.token_async()

    token = asyncio.run(cancel_then_ask())

    assert token == bench.stored().access_token.reveal()
    assert (bench.posts, bench.world.grants.replays) == (1, 0)


def test_a_loop_that_ends_early_still_lets_the_refresh_land(bench: Bench, gate: Gate) -> None:
    bench.expire()
    keeper = bench.keeper(send=gate.send)

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keeper.token_async(), 0.05)

    asyncio.run(leave())
    gate.opened.set()
    token = keeper.token()

    assert token == bench.stored().access_token.reveal()
    assert bench.posts == 1


def test_everybody_in_a_flight_hears_of_its_failure_and_the_next_one_starts_anew(bench: Bench) -> None:
    bench.expire()
    reached, opened = threading.Event(), threading.Event()
    attempts: list[str] = []

    def unreachable(request: Request, *, timeout_s: float = 30.0) -> Response:
        attempts.append(request.url)
        reached.set()
        assert opened.wait(20)
        raise NotSent(host="sandbox", why="no route")

    keeper = bench.keeper(send=unreachable, retry_s=0.0)
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(keeper.token) for _ in range(5)]
        assert reached.wait(20)
        opened.set()
        failures = [one.exception(20) for one in asked]

    assert all(isinstance(failure, NotSent) for failure in failures)
    assert 1 <= len(attempts) <= 5


def test_who_needs_more_than_the_flight_brings_takes_what_is_newest(bench: Bench, gate: Gate) -> None:
    bench.expire()
    keeper = bench.keeper(send=gate.send)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(keeper.token)
        assert gate.reached.wait(20)
        second = pool.submit(keeper.token, min_ttl_s=7 * 3600)
        gate.opened.set()

        assert first.result(20) == second.result(20)


def test_two_keepers_of_one_grant_in_one_process_take_turns(bench: Bench) -> None:
    bench.expire()
    keepers = [bench.keeper(lock_timeout_s=10.0) for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        tokens = set(pool.map(lambda keeper: keeper.token(), keepers))

    assert len(tokens) == 1
    assert (bench.posts, bench.world.grants.replays) == (1, 0)


def test_an_interrupted_waiter_leaves_the_refresh_to_land(bench: Bench, gate: Gate) -> None:
    bench.expire()
    keeper = bench.keeper(send=gate.send)
    flight, is_own = keeper.join_refresh(TokenRequirement(), bench.grant.generation)
    assert is_own

    gate.opened.set()  # nobody waits any more

    assert flight.result(20).generation == bench.grant.generation + 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_does_not_wait_for_its_parents_flight(bench: Bench, gate: Gate) -> None:
    bench.expire()
    keeper = bench.keeper(send=gate.send)
    with ThreadPoolExecutor(1) as pool:
        parents = pool.submit(keeper.token)
        assert gate.reached.wait(20)

        child = os.fork()
        if child == 0:
            # The parent holds the lock: a child that waited for the inherited flight would never get this far.
            os._exit(_exit_code_of_busy(keeper.token))
        _, status = os.waitpid(child, 0)
        gate.opened.set()
        parents.result(20)

    assert os.waitstatus_to_exitcode(status) == 9
    assert bench.posts == 1


def test_a_dead_login_is_reported_to_tasks_too(bench: Bench) -> None:
    bench.world.revoke()
    bench.expire()

    with pytest.raises(LoginNeeded):
        asyncio.run(bench.keeper().token_async())
    assert bench.posts == 1


def _exit_code_of_busy(ask: Callable[[], str]) -> int:
    try:
        ask()
    except PaceportError as error:
        return error.exit_code
    return 0


def test_a_caller_is_told_whether_the_call_is_its_own() -> None:
    flight, gate = SingleFlight[int](), threading.Event()

    first, is_first_own = flight.join_or_start(lambda: int(gate.wait(10)))
    second, is_second_own = flight.join_or_start(lambda: 2)
    gate.set()

    assert (is_first_own, is_second_own) == (True, False)
    assert second is first
    assert first.result(10) == 1
