"""The bounds of one exchange: a server that drips, one that floods, one that never takes what is sent."""

from __future__ import annotations

import gzip
import itertools
import os
import traceback

import pytest

from paceport.clock import SystemClock
from paceport.errors import AnswerLost
from paceport.http_message import Request
from paceport.secret import Secret
from paceport.transport.http_transport import open_transport
from raw_server import Connection, raw_server

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n"


@pytest.mark.parametrize("quick", [b"", HEAD], ids=["head", "body"])
def test_an_answer_that_drips_is_given_up_in_time(quick: bytes) -> None:
    def answer(connection: Connection) -> None:
        connection.send(quick)
        connection.drip((HEAD if not quick else b"") + b" " * 100_000, every_s=0.02)

    clock = SystemClock()
    with raw_server(answer) as url, open_transport() as send:
        begun_s = clock.monotonic_s()
        with pytest.raises(AnswerLost) as caught:
            send(Request(method="GET", url=url), timeout_s=0.2)
        took_s = clock.monotonic_s() - begun_s

    assert caught.value.is_lasting
    # Twice the longest silence, and what a busy machine adds.
    assert 0.3 < took_s < 3.0


def test_a_connection_that_is_used_again_is_bounded_too() -> None:
    turns = itertools.count()

    def answer(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        if next(turns) == 0 and connection.pause(0.05):
            connection.drip(HEAD, every_s=0.02)

    with raw_server(answer) as url, open_transport() as send:
        assert send(Request(method="GET", url=url)).body == b"ok"
        with pytest.raises(AnswerLost):
            send(Request(method="GET", url=url), timeout_s=0.2)


def test_a_connection_that_is_cut_may_be_tried_again() -> None:
    with raw_server(lambda connection: connection.send(HEAD)) as url, open_transport() as send:
        with pytest.raises(AnswerLost) as caught:
            send(Request(method="GET", url=url), timeout_s=5.0)

    assert not caught.value.is_lasting


def test_an_answer_as_fast_as_any_may_take_longer_than_the_bound() -> None:
    whole = b"x" * 60_000

    def answer(connection: Connection) -> None:
        connection.send(f"HTTP/1.1 200 OK\r\ncontent-length: {len(whole)}\r\n\r\n".encode())
        for start in range(0, len(whole), 6_000):
            connection.send(whole[start : start + 6_000])
            connection.pause(0.12)

    with raw_server(answer) as url, open_transport() as send:
        response = send(Request(method="GET", url=url), timeout_s=0.5)

    assert response.body == whole


def test_an_answer_larger_than_the_request_allows_is_lost() -> None:
    def answer(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while connection.pause(0):
            connection.send(b"x" * 65536)

    with raw_server(answer) as url, open_transport() as send, pytest.raises(AnswerLost, match="larger than 64 KiB"):
        send(Request(method="GET", url=url, largest_answer=64 * 1024))


def test_a_server_that_takes_nothing_is_given_up_in_time() -> None:
    def answer(connection: Connection) -> None:
        connection.pause(10.0)

    with raw_server(answer, reads_body=False) as url, open_transport() as send, pytest.raises(AnswerLost):
        send(Request(method="POST", url=url, body=b"x" * 30_000_000), timeout_s=0.2)


@pytest.mark.parametrize("framing", [b"content-length: 4000", b"transfer-encoding: chunked"])
@pytest.mark.parametrize("body", [b'{"access_token": "a"', b'{"message": "a"'], ids=["a token", "none"])
def test_an_answer_that_was_cut_off_is_given_where_a_token_is_in_it(body: bytes, framing: bytes) -> None:
    sent = b"%x\r\n%s\r\n" % (len(body), body) if b"chunked" in framing else body

    def answer(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n" + sent)

    with raw_server(answer) as url, open_transport() as send:
        request = Request(method="POST", url=f"{url}/oauth/token", largest_answer=64 * 1024)
        if b"access_token" in body:
            assert send(request).body == body
        else:
            with pytest.raises(AnswerLost):
                send(request)


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"gzip, gzip", b"GZIP"])
def test_a_token_that_is_not_packed_as_its_header_says_is_given(coding: bytes) -> None:
    body = b'{"access_token": "a", "refresh_token": "r"}'

    def answer(connection: Connection) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-encoding: " + coding + b"\r\ncontent-length: %d\r\n\r\n" % len(body)
        connection.send(head + body)

    with raw_server(answer) as url, open_transport() as send:
        assert send(Request(method="POST", url=f"{url}/oauth/token", largest_answer=64 * 1024)).body == body


@pytest.mark.parametrize("cut", [0, 9])
def test_a_packed_answer_is_unpacked_also_where_its_end_is_missing(cut: int) -> None:
    body = b'{"access_token": "a", "refresh_token": "r", "rest": "' + os.urandom(400).hex().encode() + b'"}'
    packed = gzip.compress(body)

    def answer(connection: Connection) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed)
        connection.send(head + packed[: len(packed) - cut])

    with raw_server(answer) as url, open_transport() as send:
        got = send(Request(method="POST", url=f"{url}/oauth/token", largest_answer=64 * 1024)).body

    assert body.startswith(got)
    assert b'"r"' in got


@pytest.mark.parametrize("place", [b"HTTP/1.1 400 Bad\r\n%s\r\n\r\n", b"%s\r\n\r\n", b"HTTP/1.1 %s\r\n\r\n"])
def test_an_answer_that_is_no_http_shows_no_secret_that_it_repeats(place: bytes) -> None:
    secret = Secret("5ec2e7" * 6 + "5ec2")

    def answer(connection: Connection) -> None:
        connection.send(place % (b"\x1b]52;" + secret.reveal().encode() + b"x" * 5_000))

    with raw_server(answer) as url, open_transport() as send, pytest.raises(AnswerLost) as caught:
        send(Request(method="POST", url=f"{url}/oauth/token", body=secret.reveal().encode()))

    assert secret.reveal() not in "".join(traceback.format_exception(caught.value))
    assert "\x1b" not in str(caught.value)
    assert len(caught.value.why) < 300
