import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from urllib.parse import urlsplit

import pytest

from oauth.browser import connect, follow, send_raw, visit
from paceport.clock import ManualClock
from paceport.errors import LoginDenied, RedirectRefused, UsageError
from paceport.oauth.login.redirect_listener import RedirectResult, _RedirectHandler, listen
from paceport.oauth.protocol.redirect import Redirect
from paceport.scopes import Scopes, parse_granted

STATE = "s7a7e-of-this-login"
CODE = "5c0de" * 8
SCOPE = "read,activity:read_all"
GOOD = f"state={STATE}&code={CODE}&scope={SCOPE}"
ASKED = parse_granted(SCOPE)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A login that waits: where, and what has reached it so far."""

    uri: str
    outcomes: SimpleQueue[RedirectResult] = field(default_factory=SimpleQueue)

    def code(self) -> str:
        outcome = self.outcomes.get(timeout=10)
        assert isinstance(outcome, Redirect)
        return outcome.code.reveal()


@pytest.fixture
def waiting(clock: ManualClock) -> Iterator[Waiting]:
    outcomes: SimpleQueue[RedirectResult] = SimpleQueue()
    with listen(state=STATE, asked=ASKED, deliver=outcomes.put, clock=clock) as uri:
        yield Waiting(uri=uri, outcomes=outcomes)
        # Whatever the test did, the page is fetched, so that the end does not wait for it.
        for ending in ("granted", "denied", "partly", "failed"):
            visit(uri, path=f"{urlsplit(uri).path}/{ending}")


def test_the_redirect_uri_is_the_literal_loopback_with_a_path_of_its_own(waiting: Waiting) -> None:
    with listen(state=STATE, asked=ASKED, deliver=waiting.outcomes.put) as other:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{20,}", other)
        assert urlsplit(other).path != urlsplit(waiting.uri).path


def test_a_good_redirect_is_delivered_and_leads_to_a_page(waiting: Waiting) -> None:
    first = visit(waiting.uri, GOOD)

    assert first.status == 303
    assert "?" not in first.headers["location"]
    assert waiting.code() == CODE
    page = visit(waiting.uri, path=first.headers["location"])
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Permission given" in page.body


@pytest.mark.parametrize(
    ("query", "title"),
    [
        (GOOD, "<h1>Permission given</h1>"),
        (f"state={STATE}&code={CODE}&scope=read", "<h1>Some permissions given</h1>"),
        (f"state={STATE}&code={CODE}", "<h1>Permission given</h1>"),
        (f"state={STATE}&error=access_denied", "<h1>No permission given</h1>"),
    ],
)
def test_the_page_says_how_it_ended_and_repeats_nothing(waiting: Waiting, query: str, title: str) -> None:
    page = follow(waiting.uri, query)

    assert title in page.body
    assert CODE not in page.body
    assert STATE not in page.body


def test_a_denial_is_an_outcome(waiting: Waiting) -> None:
    visit(waiting.uri, f"state={STATE}&error=access_denied")

    assert isinstance(waiting.outcomes.get(timeout=10), LoginDenied)


@pytest.mark.parametrize("status", [303, 404, 400, 405])
def test_every_answer_forbids_keeping_framing_and_telling(waiting: Waiting, status: int) -> None:
    answers = {
        303: visit(waiting.uri, GOOD),
        404: visit(waiting.uri, path="/favicon.ico"),
        400: visit(waiting.uri, "state=x"),
        405: visit(waiting.uri, GOOD, method="POST"),
    }

    headers = answers[status].headers

    assert answers[status].status == status
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "script" not in headers["content-security-policy"]
    assert headers["connection"] == "close"


REFUSED = {
    "favicon": (404, {"path": "/favicon.ico"}),
    "another path": (404, {"path": "/callback", "query": GOOD}),
    "below the path": (404, {"path": "/x/granted"}),
    "no state": (400, {"query": f"code={CODE}"}),
    "wrong state": (400, {"query": f"state=x&code={CODE}"}),
    "denied with a wrong state": (400, {"query": "state=x&error=access_denied"}),
    "two codes": (400, {"query": f"{GOOD}&code=other"}),
    "no query": (400, {}),
    "head": (405, {"query": GOOD, "method": "HEAD"}),
    "post": (405, {"query": GOOD, "method": "POST"}),
    "options": (405, {"query": GOOD, "method": "OPTIONS"}),
    "chrome's prefetch": (503, {"query": GOOD, "Sec_Purpose": "prefetch;prerender"}),
    "safari's prefetch": (503, {"query": GOOD, "Purpose": "prefetch"}),
    "firefox's prefetch": (503, {"query": GOOD, "X_Moz": "prefetch"}),
    "foreign host": (421, {"query": GOOD, "host": "evil.example:80"}),
    "localhost is another name": (421, {"query": GOOD, "host": "localhost:80"}),
    "no host": (421, {"query": GOOD, "host": ""}),
    "two hosts": (421, {"query": GOOD, "Host": "evil.example"}),
    "long query": (414, {"query": f"{GOOD}&x={'y' * 10_000}"}),
    "endless query": (414, {"query": f"{GOOD}&x={'y' * 60_000}"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_is_refused_and_the_login_goes_on(waiting: Waiting, name: str) -> None:
    status, request = REFUSED[name]

    answer = visit(waiting.uri, **request)

    assert answer.status == status
    assert CODE not in answer.body
    assert waiting.outcomes.empty()
    assert visit(waiting.uri, GOOD).status == 303
    assert waiting.code() == CODE


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"\xff" * 3000 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 9000 + b"\r\n",
        b"",
    ],
)
def test_garbage_does_not_end_the_login(waiting: Waiting, garbage: bytes) -> None:
    with connect(waiting.uri) as connection:
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        assert CODE.encode() not in connection.recv(4096)

    visit(waiting.uri, GOOD)

    assert waiting.code() == CODE


def test_a_result_page_is_not_served_before_the_answer(waiting: Waiting) -> None:
    assert visit(waiting.uri, path=f"{urlsplit(waiting.uri).path}/granted").status == 404


def test_only_the_first_good_redirect_counts(waiting: Waiting) -> None:
    visit(waiting.uri, GOOD)

    second = visit(waiting.uri, GOOD.replace(CODE, "0" * 40))

    assert second.status == 409
    assert waiting.code() == CODE
    assert waiting.outcomes.empty()


def test_a_reload_of_the_same_redirect_gets_the_same_page(waiting: Waiting) -> None:
    first = visit(waiting.uri, GOOD)

    again = visit(waiting.uri, GOOD)

    assert (again.status, again.headers["location"]) == (303, first.headers["location"])
    assert waiting.code() == CODE
    assert waiting.outcomes.empty()


def test_many_redirects_at_once_are_one_login(waiting: Waiting) -> None:
    queries = [GOOD.replace(CODE, f"{number:040d}") for number in range(16)]
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda query=query: statuses.append(visit(waiting.uri, query).status))
        for query in queries
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [303] + [409] * 15
    waiting.code()
    assert waiting.outcomes.empty()


def test_a_thousand_wrong_requests_do_not_end_the_login(waiting: Waiting) -> None:
    statuses = {visit(waiting.uri, f"state=guess{number}&code={CODE}").status for number in range(1000)}

    assert statuses == {400}
    visit(waiting.uri, GOOD)
    assert waiting.code() == CODE


def test_idle_and_slow_connections_do_not_block_the_answer(waiting: Waiting) -> None:
    crowd = [connect(waiting.uri) for _ in range(200)]
    for connection in crowd[-20:]:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")

    answer = visit(waiting.uri, GOOD)

    assert answer.status == 303
    assert waiting.code() == CODE
    for connection in crowd:
        connection.close()


def test_a_crowd_makes_room_oldest_first(waiting: Waiting) -> None:
    crowd = [connect(waiting.uri) for _ in range(70)]

    # Longer than a wait for the read deadline would be given here: the clock of this listener stands still.
    crowd[0].settimeout(5)
    assert crowd[0].recv(10) == b""
    crowd[-1].settimeout(0.05)
    with pytest.raises(TimeoutError):
        crowd[-1].recv(10)

    for connection in crowd:
        connection.close()


def test_a_connection_that_dribbles_is_given_up_after_its_deadline(waiting: Waiting, clock: ManualClock) -> None:
    with connect(waiting.uri) as connection:
        connection.settimeout(0.05)
        ending: bytes | None = None
        for _ in range(100):
            connection.sendall(b"G")
            clock.advance(6)
            with suppress(TimeoutError):
                ending = connection.recv(100)
                break

        assert ending == b""


def test_a_client_that_leaves_before_the_answer_is_no_news(waiting: Waiting, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(20):
        with connect(waiting.uri) as connection:
            connection.sendall(b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n")

    visit(waiting.uri, GOOD)

    assert waiting.code() == CODE
    assert capfd.readouterr().err == ""


def test_the_port_can_be_chosen_and_is_free_again_afterwards() -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    for _ in range(2):
        outcomes: SimpleQueue[RedirectResult] = SimpleQueue()
        with listen(state=STATE, asked=ASKED, deliver=outcomes.put, port=port) as uri:
            assert urlsplit(uri).port == port
            assert follow(uri, GOOD).status == 200


@pytest.mark.parametrize("port", [None, 70_000])
def test_a_port_that_cannot_be_had_is_a_clear_error(port: int | None) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1] if port is None else port

        with pytest.raises(UsageError, match=f"Port {wanted}"):
            listen(state=STATE, asked=ASKED, deliver=print, port=wanted).__enter__()


def test_nothing_listens_after_the_end() -> None:
    with listen(state=STATE, asked=ASKED, deliver=print) as uri:
        idle = connect(uri)

    with pytest.raises(ConnectionRefusedError):
        connect(uri)
    # Closed or, where nobody had taken it up yet, reset.
    with closing(idle), suppress(ConnectionResetError):
        assert idle.recv(10) == b""


def test_the_block_waits_for_the_page_to_be_fetched() -> None:
    outcomes: SimpleQueue[RedirectResult] = SimpleQueue()
    pages: list[int] = []

    with listen(state=STATE, asked=ASKED, deliver=outcomes.put) as uri:
        location = visit(uri, GOOD).headers["location"]
        late = threading.Timer(0.2, lambda: pages.append(visit(uri, path=location).status))
        late.start()

    late.join()  # the page has been sent by now, but the browser may not have read it to its end
    assert pages == [200]


def test_a_denial_raised_inside_the_block_still_gets_its_page() -> None:
    outcomes: SimpleQueue[RedirectResult] = SimpleQueue()
    pages: list[int] = []
    late: list[threading.Timer] = []

    def deny() -> None:
        with listen(state=STATE, asked=ASKED, deliver=outcomes.put) as uri:
            location = visit(uri, f"state={STATE}&error=access_denied").headers["location"]
            late.append(threading.Timer(0.2, lambda: pages.append(visit(uri, path=location).status)))
            late[0].start()
            raise LoginDenied

    with pytest.raises(LoginDenied):
        deny()

    late[0].join()
    assert pages == [200]


def test_the_listener_is_reachable_from_this_machine_alone(waiting: Waiting) -> None:
    port = urlsplit(waiting.uri).port
    assert port is not None

    with pytest.raises(OSError, match=r"."):
        socket.create_connection(("127.0.0.2", port), timeout=2)


def test_raw_lines_without_carriage_returns_are_not_taken_for_a_request(waiting: Waiting) -> None:
    with connect(waiting.uri) as connection:
        connection.sendall(b"GET / HTTP/1.1\n\n")
        connection.shutdown(socket.SHUT_WR)

        assert connection.recv(10) == b""


def test_an_absolute_target_is_not_the_path(waiting: Waiting) -> None:
    host = urlsplit(waiting.uri).netloc

    answer = send_raw(waiting.uri, f"GET {waiting.uri}?{GOOD} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())

    assert answer.status == 404


@pytest.mark.parametrize(("port", "status"), [(80, 404), (8080, 421)])
def test_a_browser_leaves_out_the_usual_port_alone(port: int, status: int) -> None:
    desk = _RedirectHandler(state="s", asked=Scopes(), deliver=lambda _: None, port=port)

    assert desk.answer(b"GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1")[0] == status


def test_a_code_beside_an_error_with_the_right_state_ends_the_login_with_the_error(waiting: Waiting) -> None:
    first = visit(waiting.uri, f"{GOOD}&error=server_error")
    later = visit(waiting.uri, GOOD)

    outcome = waiting.outcomes.get(timeout=10)
    assert isinstance(outcome, RedirectRefused)
    assert "server_error" in outcome.why
    page = visit(waiting.uri, path=first.headers["location"])
    assert "Strava reported an error" in page.body
    assert later.status == 409
    assert waiting.outcomes.empty()


def test_an_error_with_a_wrong_state_leaves_the_listener_open(waiting: Waiting) -> None:
    assert visit(waiting.uri, f"state=x&code={CODE}&error=server_error").status == 400
    visit(waiting.uri, GOOD)

    assert waiting.code() == CODE
