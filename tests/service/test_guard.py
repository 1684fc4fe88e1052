"""What stands before every route: addresses, headers, methods, the log, the counts, and the description of it all."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import random
import re
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # comes without types
import pytest
from openapi_spec_validator import validate

from paceport.clock import ManualClock
from paceport.errors import StoreUnreadable, UsageError
from paceport.http_message import Request, Response
from paceport.scopes import parse_granted
from paceport.secret import Secret
from paceport.service.app import ServiceApp
from paceport.service.counters import Counters
from paceport.service.disconnect import disconnect
from paceport.service.guard import cookie_name
from paceport.service.json_log import JsonLog, JsonLogHandler
from paceport.service.keys import add_key
from paceport.service.machine_routes import openapi_document
from paceport.service.running import bind
from paceport.service.signing import Signer
from paceport.storage.postgres.api_keys import ApiKeys
from paceport.storage.postgres.sealing import Key
from paceport.web.running_server import bind as bind_pages
from paceport.web.server_config import TimedProtocol
from service.serving import KEY, Served, Visitor


def asked_as(served: Served, host: str, path: str = "/connect") -> int:
    return served.get(path, host=host).status


def test_only_its_own_name_is_answered_but_for_probes(served: Served) -> None:
    assert asked_as(served, "evil.example") == 421
    assert asked_as(served, "evil.example", "/webhook") == 421
    assert asked_as(served, "evil.example", "/health") == 200
    assert asked_as(served, "127.0.0.1:9") == 200  # a proxy on this machine


def test_addresses_are_made_of_the_settings_never_of_a_request(served: Served) -> None:
    forged = served.send(
        Request(
            method="POST",
            url=served.url + "/connect",
            headers={
                "host": "localhost:1",
                "origin": served.url,
                "x-forwarded-host": "evil.example",
                "forwarded": "host=evil.example",
            },
        )
    )

    assert "evil.example" not in forged.headers["location"]
    assert f"redirect_uri={served.url.replace('/', '%2F')}%2Fcallback" in forged.headers["location"]


def test_no_page_can_be_framed_kept_or_sniffed(served: Served, visitor: Visitor) -> None:
    visitor.connect()
    for path in ("/connect", "/me", "/callback", "/nowhere", "/health", "/webhook"):
        headers = visitor.get(path).headers

        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "'unsafe-inline'" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_cookies_are_unseen_by_scripts_and_tied_to_the_host(served: Served, visitor: Visitor) -> None:
    set_cookie = visitor.connect().headers["set-cookie"]

    assert set_cookie.count("HttpOnly") == 2
    assert set_cookie.count("SameSite=lax") == 2
    assert cookie_name("https://runs.example.org", "session") == "__Host-paceport-session"


def test_a_cookie_is_believed_only_as_it_was_signed(served: Served, visitor: Visitor) -> None:
    visitor.connect()
    ((name, cookie),) = [item for item in visitor.cookies.items() if "session" in item[0]]
    number, rest = cookie.split(".", 1)

    for wrong in (f"{int(number) + 1}.{rest}", cookie[:-1], cookie + "0", "", "a.b.c.d", "." * 50, cookie * 9):
        visitor.cookies[name] = wrong
        assert visitor.get("/me").status == 303, wrong


def test_a_session_ends_after_twelve_hours(served: Served, visitor: Visitor) -> None:
    visitor.connect()
    served.parts.clock.sleep(12 * 3600 + 1)

    assert visitor.get("/me").status == 303


def test_keys_change_while_people_are_logged_in(served: Served) -> None:
    new, now = Key(id="2", value=Secret("d" * 64)), served.parts.clock.now()
    old_cookie = Signer([KEY]).session_cookie(5, now=now)

    both, later = Signer([new, KEY]), Signer([new])

    session = both.session(old_cookie, now=now)
    assert session is not None
    assert session.athlete_id == 5
    assert both.is_form_token(Signer([KEY]).form_token(session), session)
    assert both.is_verify_token(Signer([KEY]).verify_token())
    assert later.session(old_cookie, now=now) is None
    assert later.session(both.session_cookie(5, now=now), now=now) is not None


@pytest.mark.parametrize("path", ["/nowhere", "/me/files/x", "/athletes/1", "/assets/../x", "/%00", "//"])
def test_nothing_else_is_there(served: Served, path: str) -> None:
    assert served.get(path).status == 404


ODD = ("%00", "%ff", "\u0663", "'", "--", "..", "%2e%2e/", "\x7f", "9" * 4400, "-1", "1e999", "=", "&&", "{}", "%", ";")
PATHS = ("/callback?state={0}&code={0}", "/callback?{0}", "/me/files?name={0}", "/athletes/{0}/token?need={0}")
MORE_PATHS = ("/webhook?hub.mode={0}&hub.verify_token={0}", "/{0}", "/assets/{0}", "/me?{0}")


def test_no_request_breaks_it(served: Served) -> None:
    chance, host = random.Random(1), served.parts.options.host
    address = (host.partition(":")[0], int(host.partition(":")[2]))
    statuses = set()
    for number in range(150):
        odd = "".join(chance.choices(ODD, k=chance.randint(1, 2)))
        path = chance.choice(PATHS + MORE_PATHS).format(odd).replace(" ", "")
        method = chance.choice(("GET", "POST", "HEAD", "PUT", "BREW"))
        cookies = f"paceport-session-{address[1]}={odd}; {odd}"
        lines = [f"{method} {path} HTTP/1.1", f"host: {host}", f"origin: {served.url}", f"cookie: {cookies}"]
        lines += [f"authorization: Bearer {odd}", f"x-paceport-token: {odd}", "content-length: 2", "connection: close"]
        with socket.create_connection(address, timeout=20) as connection:
            connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n{}")
            answer = connection.recv(100)
        statuses.add(int(answer.split()[1]))
        assert statuses.isdisjoint(range(500, 503)), (number, lines)

    assert len(statuses) > 4


def test_whatever_breaks_is_told_without_its_inside(
    served: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*values: object, **named: object) -> object:
        del values, named
        raise ZeroDivisionError("hidden-word")

    monkeypatch.setattr(served.parts.states, "places_taken", broken)
    answer = visitor.get("/connect")
    monkeypatch.undo()
    served.get("/health")  # the line is written once the answer is out

    assert answer.status == 500
    assert "hidden-word" not in answer.text() + served.log.getvalue()
    assert "ZeroDivisionError" in served.log.getvalue()


def test_no_secret_is_logged_shown_or_counted(served: Served, visitor: Visitor) -> None:
    served.world.sign_in(served.world.people[-1].id)
    back = visitor.consent(visitor.to_strava())
    code = re.findall(r"code=([^&]+)", back)[0]
    state = re.findall(r"state=([^&]+)", back)[0]
    visitor.get(back)
    athlete = served.world.people[-1].id
    key = add_key(
        ApiKeys(served.parts.database),
        "canary",
        scopes=parse_granted("activity:read_all"),
        athletes=None,
        clock=served.parts.clock,
    ).reveal()
    token = json.loads(
        served.get(f"/athletes/{athlete}/token?need=activity:read_all", authorization=f"Bearer {key}").body
    )["access_token"]
    grant = served.parts.token_store.read(served.parts.key_of(athlete))
    assert grant is not None
    pages = visitor.get("/me").text() + visitor.get(back).text() + served.get("/metrics").text()
    form_token = visitor.form_token
    disconnect(served.parts, athlete)

    canaries = [
        code,
        state,
        key,
        token,
        grant.refresh_token.reveal(),
        served.parts.app.client_secret.reveal(),
        KEY.value.reveal(),
        served.parts.signer.verify_token(),
        *visitor.cookies.values(),
    ]
    log = served.log.getvalue()
    for canary in [value for value in canaries if value]:
        assert canary not in log
        assert canary not in pages
    assert form_token not in log
    assert str(athlete) not in log
    for line in log.splitlines():
        assert {"at", "level", "event"} <= set(json.loads(line))


def test_what_libraries_log_is_a_line_of_json_without_secrets() -> None:
    stream, key = io.StringIO(), Secret("hidden-word-of-a-key")
    logger = logging.getLogger("a library")
    clock = ManualClock(datetime(2026, 11, 22, 8, tzinfo=UTC))
    handler = JsonLogHandler(JsonLog(stream, clock), clock)
    logger.addHandler(handler)

    for pause_s in (0.0, 1.0, 60.0):
        clock.advance(pause_s)
        try:
            raise ConnectionError(key.reveal())
        except ConnectionError:
            logger.exception("cannot connect with %s\n    to the database", key.reveal())
    logger.info("all is well")
    logger.removeHandler(handler)

    first, later = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["level"], first["error"]) == ("a library", "error", "ConnectionError")
    assert first["text"].endswith("to the database")
    assert "\n" not in first["text"]
    assert later["at"] > first["at"]
    assert key.reveal() not in stream.getvalue()
    assert "Traceback" not in stream.getvalue()


def test_the_counts_are_prometheus_text(served: Served, visitor: Visitor) -> None:
    visitor.connect()

    text = served.get("/metrics").text()

    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"\n]*"(,\w+="[^"\n]*")*\})? [-+.e\d]+', line), line
    assert "paceport_athletes 1" in text
    assert "paceport_athletes_capacity 10" in text
    assert 'paceport_requests_total{route="/callback",status="303"}' in text
    assert "none" not in re.findall(r'route="([^"]+)"', text) or "/nowhere" not in text


def test_labels_are_escaped() -> None:
    counters = Counters()
    counters.add("paceport_events_total", outcome='a"b\\c\nd')

    assert r'{outcome="a\"b\\c\nd"} 1' in counters.text({})


@pytest.mark.parametrize("bind_one", [lambda: bind("127.0.0.1", 0), lambda: bind_pages(0)])
def test_on_windows_no_second_server_gets_the_same_port(
    bind_one: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    # There SO_REUSEADDR lets another program take over a port that is in use; SO_REUSEPORT is what it lacks.
    with bind_one() as listening:
        assert listening.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
    monkeypatch.delattr(socket, "SO_REUSEPORT")

    with bind_one() as listening:
        assert not listening.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)


@pytest.mark.parametrize("bind_one", [lambda: bind("127.0.0.1", 0), lambda: bind_pages(0)])
def test_small_answers_are_not_held_back(bind_one: Callable[[], socket.socket]) -> None:
    """Only of a socket that names its protocol does asyncio switch Nagle's algorithm off."""
    with bind_one() as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken_is_named() -> None:
    with bind("127.0.0.1", 0) as listening, pytest.raises(UsageError, match="cannot be used"):
        bind("127.0.0.1", listening.getsockname()[1])


def test_health_says_when_the_database_is_gone(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*values: object) -> int:
        raise StoreUnreadable(path="here", why="gone", fix="")

    monkeypatch.setattr(served.parts.states, "places_taken", gone)
    answer = served.get("/health")

    assert answer.status == 503
    assert_described("get", "/health", answer)
    assert "paceport_database_up 0" in served.get("/metrics").text()


def assert_described(method: str, path: str, answer: Response) -> None:
    """An answer is one that the description knows, and its body is of that form."""
    document = openapi_document()
    described = document["paths"][path][method]["responses"]
    assert str(answer.status) in described, (path, answer.status)
    content: dict[str, Any] = described[str(answer.status)].get("content", {})
    if "application/json" in content and "json" in answer.headers.get("content-type", ""):
        schema = {**content["application/json"]["schema"], "components": document["components"]}
        jsonschema.validate(json.loads(answer.body), schema)


def test_every_route_is_described_and_nothing_else(served: Served) -> None:
    document = openapi_document()
    validate(document)

    described = {(method.upper(), path) for path, each in document["paths"].items() for method in each}
    assert described == {(method, path) for method, path, _ in ServiceApp(served.parts).table}


def test_no_route_but_the_brokers_is_told_which_athlete(served: Served) -> None:
    """What a session or a form says of an athlete is signed: there is no number that could be another's."""
    paths = {path for _, path, _ in ServiceApp(served.parts).table if "{" in path}

    assert paths == {"/assets/{name}", "/athletes/{athlete_id}/token"}


def test_a_session_that_was_planted_does_not_outlive_the_login(served: Served, visitor: Visitor) -> None:
    thief = served.browser()
    thief.connect(-2)
    ((name, planted),) = [item for item in thief.cookies.items() if "session" in item[0]]
    visitor.cookies[name] = planted

    visitor.connect()

    assert visitor.cookies[name] != planted
    assert visitor.cookies[name].split(".")[0] == str(served.world.people[-1].id)


def test_answers_are_those_of_the_description(served: Served, visitor: Visitor) -> None:
    visitor.connect()
    athlete = served.world.people[-1].id
    key = add_key(
        ApiKeys(served.parts.database), "k", scopes=parse_granted("read"), athletes=None, clock=served.parts.clock
    ).reveal()
    token = "/athletes/{athlete_id}/token"
    asked: list[tuple[str, str, Response]] = [
        ("get", path, visitor.get(path)) for path in ("/", "/connect", "/callback", "/me", "/webhook", "/health")
    ]
    asked += [("get", path, served.get(path)) for path in ("/metrics", "/openapi.json", "/me", "/webhook")]
    asked += [
        ("get", token, served.get(f"/athletes/{number}/token?need={need}", authorization=f"Bearer {word}"))
        for number, need, word in (
            (athlete, "read", key),
            (athlete, "read", "x"),
            (athlete, "x", key),
            (5, "read", key),
            (athlete, "activity:read", key),
            ("x", "read", key),
        )
    ]
    asked += [("post", "/webhook", served.post("/webhook", body)) for body in (b"{}", b"x" * 100_000)]
    asked += [("post", path, visitor.post(path)) for path in ("/connect", "/me/files", "/me/disconnect", "/me/leave")]
    asked += [("post", path, served.post(path, origin=served.url)) for path in ("/me/files", "/me/leave")]

    assert len({answer.status for _, _, answer in asked}) >= 7
    for method, path, answer in asked:
        assert_described(method, path, answer)


def closed_after_s(served: Served, *pieces: bytes) -> float:
    """How long a connection stays open that sends these pieces and then a byte now and then."""
    host, _, port = served.parts.options.host.partition(":")
    begun_s = time.monotonic()
    with socket.create_connection((host, int(port)), timeout=0.05) as dripping:
        for piece in pieces:
            dripping.sendall(piece)
        while time.monotonic() - begun_s < 10:
            try:
                if not dripping.recv(1000):
                    break
            except TimeoutError:
                with contextlib.suppress(OSError):
                    dripping.sendall(b"x")
            except ConnectionError:
                break
    return time.monotonic() - begun_s


def test_nobody_keeps_a_connection_by_sending_slowly(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimedProtocol, "longest_head_s", 0.3)
    host = f"host: {served.parts.options.host}\r\n".encode()

    assert closed_after_s(served) < 5
    assert closed_after_s(served, b"GET / HTTP/1.1\r\n", host) < 5
    # A body that goes on after its answer.
    endless = b"POST /connect HTTP/1.1\r\n" + host + b"content-length: 100000\r\n\r\nx"
    assert closed_after_s(served, endless) < 5
