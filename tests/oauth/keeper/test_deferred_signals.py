"""The program as a process that is told to go while its exchange is under way."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oauth.keeper.conftest import Bench
from paceport.clock import SystemClock
from paceport.http_message import Request, Response
from paceport.oauth.keeper.deferred_signals import deferred_signals
from paceport.oauth.token_store.base import App, Grant
from paceport.oauth.token_store.file import FileTokenStore
from paceport.secret import Secret
from processes import start
from raw_server import Connection, raw_server

SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]


def answer_with_token() -> bytes:
    body = json.dumps(
        {
            "token_type": "Bearer",
            "access_token": "d" * 40,
            "refresh_token": "e" * 40,
            "expires_at": int((datetime.now(UTC) + timedelta(hours=6)).timestamp()),
            "expires_in": 21600,
            "athlete": {"id": 77},
        }
    ).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def stored_login(home: Path, url: str, *, is_expired: bool = True) -> FileTokenStore:
    now = datetime.now(UTC)
    store = FileTokenStore(home / "state", clock=SystemClock())
    store.save_app(App(oauth_url=url, client_id="4711", client_secret=Secret("a" * 40)))
    grant = Grant(
        profile="default",
        oauth_url=url,
        api_url=f"{url}/api/v3",
        client_id="4711",
        athlete_id=77,
        access_token=Secret("b" * 40),
        refresh_token=Secret("c" * 40),
        expires_at=now - timedelta(hours=1) if is_expired else now + timedelta(hours=5),
        received_at=now - timedelta(hours=7),
        expires_in_s=21600,
    )
    with store.lock(grant.key):
        store.save(grant, expect_generation=0)
    return store


def variables(home: Path, url: str) -> dict[str, str]:
    return {"PACEPORT_HOME": str(home), "PACEPORT_OAUTH_URL": url, "PACEPORT_API_URL": f"{url}/api/v3"}


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_refresh_that_is_told_to_go_saves_its_token_first(home: Path, number: signal.Signals) -> None:
    has_come = threading.Event()
    goes_on = threading.Event()

    def answer(connection: Connection) -> None:
        has_come.set()
        goes_on.wait(20)
        connection.send(answer_with_token())

    with raw_server(answer) as url:
        store = stored_login(home, url)
        process = start(["token"], variables(home, url))
        assert has_come.wait(20)
        process.send_signal(number)
        # The answer comes after the signal: a moment in which an unguarded process would be gone.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        goes_on.set()
        process.communicate(timeout=20)

    assert process.returncode == -number
    assert store.grants()[0].refresh_token.reveal() == "e" * 40


def test_a_login_that_is_told_to_go_saves_its_token_first(home: Path) -> None:
    has_come = threading.Event()
    goes_on = threading.Event()

    def answer(connection: Connection) -> None:
        has_come.set()
        goes_on.wait(20)
        connection.send(answer_with_token())

    with raw_server(answer) as url:
        store = stored_login(home, url, is_expired=False)
        begun = start(["login", "--start"], variables(home, url))
        shown, _ = begun.communicate(timeout=20)
        state = shown.split("state=")[1].split()[0].split("&")[0]
        process = start(["login", "--finish"], variables(home, url))
        assert process.stdin is not None
        process.stdin.write(f"http://127.0.0.1/?state={state}&code={'f' * 40}&scope=read,activity:read_all\n")
        process.stdin.close()
        assert has_come.wait(20)
        process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        goes_on.set()
        process.wait(20)
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()

    assert process.returncode == -signal.SIGTERM
    assert store.grants()[0].refresh_token.reveal() == "e" * 40


def exit_code(work: Callable[[], None]) -> int | None:
    """How a process ends that was forked from this one to do something: minus a signal's number, or 0."""
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join(20)
    return process.exitcode


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_process_that_only_waits_goes_at_once(number: signal.Signals) -> None:
    def work() -> None:
        with deferred_signals(lambda: False):
            os.kill(os.getpid(), number)
            os._exit(1)

    assert exit_code(work) == -number


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_a_process_once_its_block_is_left(number: signal.Signals) -> None:
    done = multiprocessing.get_context("fork").Event()

    def work() -> None:
        with deferred_signals(lambda: True):
            os.kill(os.getpid(), number)
            done.set()
        os._exit(1)

    assert exit_code(work) == -number
    assert done.is_set()


def test_a_signal_that_comes_while_a_refresh_is_sent_lets_its_token_be_saved(bench: Bench) -> None:
    bench.expire()

    def work() -> None:
        def sending(request: Request, *, timeout_s: float = 30.0) -> Response:
            os.kill(os.getpid(), signal.SIGTERM)
            return bench.send(request, timeout_s=timeout_s)

        bench.keeper(send=sending).token()
        os._exit(1)

    assert exit_code(work) == -signal.SIGTERM
    assert bench.stored().generation == bench.grant.generation + 1
    assert bench.token_store.journal(bench.grant.key) is None


def test_a_process_that_was_forked_inside_a_block_has_nothing_to_finish() -> None:
    def work() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        os._exit(1)

    with deferred_signals(lambda: True):
        assert exit_code(work) == -signal.SIGTERM


def test_a_program_that_handles_a_signal_itself_keeps_its_handler() -> None:
    def work() -> None:
        signal.signal(signal.SIGTERM, lambda _number, _frame: os._exit(3))
        with deferred_signals(lambda: True):
            os.kill(os.getpid(), signal.SIGTERM)
        os._exit(1)

    assert exit_code(work) == 3


def test_afterwards_the_signals_are_the_systems_own_again() -> None:
    with deferred_signals(lambda: True):
        assert signal.getsignal(signal.SIGHUP) is not signal.SIG_DFL

    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


def test_a_block_that_is_left_protects_those_that_still_stand() -> None:
    """As tasks of an event loop leave theirs: in any order."""
    first, second = deferred_signals(lambda: True), deferred_signals(lambda: True)
    first.__enter__()
    second.__enter__()

    first.__exit__(None, None, None)
    still = signal.getsignal(signal.SIGTERM)
    second.__exit__(None, None, None)

    assert still is not signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_signal_that_waited_for_a_thread_ends_the_process_when_that_is_done() -> None:
    """The main thread stands in a longer block, as a client's is, and is given up by nobody."""
    done = multiprocessing.get_context("fork").Event()

    def work() -> None:
        begun, told, busy = threading.Event(), threading.Event(), threading.Event()

        def finish() -> None:
            with deferred_signals(busy.is_set):
                busy.set()
                begun.set()
                told.wait()
                done.set()
                busy.clear()

        with deferred_signals(lambda: False):
            threading.Thread(target=finish).start()
            begun.wait()
            os.kill(os.getpid(), signal.SIGTERM)
            told.set()
            # In short rounds: Python sees a signal that comes while it falls asleep only when it wakes up.
            for _ in range(400):
                threading.Event().wait(0.05)
        os._exit(1)

    assert exit_code(work) == -signal.SIGTERM
    assert done.is_set()
