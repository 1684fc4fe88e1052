"""Over a socket: keep-alive, trouble that only a connection can have, loopback only."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from paceport.errors import AnswerLost, NetworkError
from paceport.http_message import Request
from paceport.sandbox.http.server import Address, NotLoopback, serve
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.visitor import Visitor, read


@pytest.fixture
def caller(world: World, server: Address) -> Iterator[Visitor]:
    """A person at the world, over a real socket."""
    with open_transport() as send:
        yield Visitor(world=world, send=send, base=server.url)


def test_one_connection_serves_many_requests(server: Address) -> None:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
    local_ports = set()
    for body in ("", "x=1", ""):
        connection.request("POST" if body else "GET", "/oauth/token" if body else "/", body=body or None)
        connection.getresponse().read()
        local_ports.add(connection.sock.getsockname()[1])
    connection.close()

    assert len(local_ports) == 1


def test_a_body_nobody_reads_does_not_spoil_the_next_request(server: Address) -> None:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
    connection.request("GET", "/nothing", body=b"GET /athlete HTTP/1.1\r\n\r\n")
    assert connection.getresponse().read().startswith(b"<!doctype html>")

    connection.request("GET", "/")

    assert connection.getresponse().status == 200
    connection.close()


def test_a_chunked_body_is_read(server: Address, world: World) -> None:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
    pieces = [b"client_id=", str(world.app.client_id).encode(), b"&client_secret=no"]

    connection.request(
        "POST",
        "/oauth/token",
        body=iter(pieces),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        encode_chunked=True,
    )

    assert connection.getresponse().status == 401
    connection.close()


@pytest.mark.parametrize(
    "head",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_a_malformed_request_gets_a_4xx_or_5xx_and_the_server_lives(server: Address, head: bytes) -> None:
    with socket.create_connection((server.host, server.port), timeout=5) as raw:
        raw.sendall(head)
        answer = raw.recv(65536)

    status = int(answer.split()[1])
    assert status in (400, 413, 431, 501, 505)
    with socket.create_connection((server.host, server.port), timeout=5) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_cut_answer_is_lost_though_the_request_was_done(caller: Visitor, world: World) -> None:
    token = caller.login()
    world.plan("cut", path="/oauth/token")

    with pytest.raises(AnswerLost):
        caller.refresh(token["refresh_token"])

    assert world.counters()["refreshes"] == 1
    assert caller.refresh(token["refresh_token"]).status == 200


def test_a_lost_answer_leaves_the_request_done(caller: Visitor, world: World) -> None:
    world.switches.set(refresh_rotation="always")
    token = caller.login()
    world.plan("lost", path="/oauth/token")

    with pytest.raises(AnswerLost):
        caller.refresh(token["refresh_token"])

    assert caller.refresh(token["refresh_token"]).status == 400
    assert world.counters()["replays"] == 1


def test_a_dropped_request_is_not_done(caller: Visitor, world: World) -> None:
    token = caller.login()
    world.plan("dropped", path="/oauth/token")

    with pytest.raises(NetworkError):
        caller.refresh(token["refresh_token"])

    assert world.counters()["refreshes"] == 0


def test_a_slow_answer_outlasts_an_impatient_caller(caller: Visitor, world: World) -> None:
    world.plan("slow", path="/api/v3/athlete", seconds=5)
    request = Request(method="GET", url=f"{caller.base}/api/v3/athlete")

    with pytest.raises(NetworkError):
        caller.send(request, timeout_s=0.1)


def test_slow_answers_hold_nobody_else_up(caller: Visitor, world: World) -> None:
    world.plan("slow", path="/api/v3/athlete", seconds=5)
    slow = threading.Thread(target=lambda: _swallow(caller), daemon=True)
    slow.start()

    assert caller.get("/_sandbox/clock").status == 200
    slow.join(timeout=3)


def _swallow(caller: Visitor) -> None:
    with pytest.raises(NetworkError):
        caller.send(Request(method="GET", url=f"{caller.base}/api/v3/athlete"), timeout_s=0.3)


def test_many_callers_at_once_are_served_one_after_the_other(caller: Visitor, world: World) -> None:
    token = caller.login()["access_token"]
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(caller.api("/athlete", token).status)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 8
    assert read(caller.get("/_sandbox/counters"))["requests"]["GET /athlete"] == 8


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])
def test_it_listens_on_loopback_only(world: World, host: str) -> None:
    with pytest.raises(NotLoopback), serve(world, host=host):
        pass


def test_a_taken_port_is_an_error_at_once(world: World, server: Address) -> None:
    with pytest.raises(OSError, match="in use"), serve(world, port=server.port):
        pass


def test_after_the_block_nobody_answers(world: World) -> None:
    with serve(world) as address:
        held = socket.create_connection((address.host, address.port), timeout=5)
        held.sendall(b"GET /_sandbox/clock HTTP/1.1\r\n\r\n")
        assert held.recv(65536).startswith(b"HTTP/1.1 200")

    assert held.recv(1) == b""
    held.close()
    with pytest.raises(ConnectionError):
        socket.create_connection((address.host, address.port), timeout=5)


def test_on_windows_no_second_sandbox_gets_the_same_port(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # There the option that lets a server follow another at once would let two serve one port; this name it lacks.
    monkeypatch.delattr(socket, "SO_REUSEPORT")
    asked: list[int] = []

    class Watched(socket.socket):
        def setsockopt(self, *words: Any) -> None:
            asked.append(words[1])
            super().setsockopt(*words)

    monkeypatch.setattr(socket, "socket", Watched)

    with serve(world):
        pass

    assert socket.SO_REUSEADDR not in asked
