"""Who is let in, and what is refused, decided without a server."""

from datetime import UTC, datetime

import pytest

from paceport.clock import ManualClock
from paceport.web.access import (
    WRITE_TOKEN_HEADER,
    Access,
    Session,
    is_fetched_ahead,
    refuse_stranger,
    refuse_write,
)

OURS = {"host": "127.0.0.1:8643"}
VISIT = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}  # a link on another page


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))


@pytest.fixture
def access(clock: ManualClock) -> Access:
    return Access(port=8643, clock=clock)


def token_of(address: str) -> str:
    return address.rsplit("/", 1)[1]


def test_an_address_lets_one_browser_in_once(access: Access) -> None:
    token = token_of(access.new_address())

    first, second = access.enter(token), access.enter(token)

    assert first is not None
    assert second is None
    assert access.session(f"{access.cookie_name}={first.cookie}") == first


def test_an_address_that_nobody_opened_lets_nobody_in_a_quarter_of_an_hour_later(
    access: Access, clock: ManualClock
) -> None:
    token = token_of(access.new_address())

    clock.advance(15 * 60)

    assert access.enter(token) is None


@pytest.mark.parametrize("token", ["", "a", "x" * 4000, "../", "é", "\udcff"])
def test_no_other_token_lets_anybody_in(access: Access, token: str) -> None:
    access.new_address()

    assert access.enter(token) is None


def test_the_cookie_is_strict_hidden_from_scripts_and_named_after_the_port(access: Access) -> None:
    session = access.enter(token_of(access.new_address()))
    assert session is not None

    name, *attributes = access.set_cookie(session).split("; ")

    assert name.startswith("paceport-8643=")
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Strict"}


@pytest.mark.parametrize(
    "cookies",
    ["", "paceport-8643=", "paceport-8643=wrong", "paceport-8644={right}", "other={right}", "=;;;=\x00", "a" * 9000],
)
def test_no_other_cookie_proves_a_session(access: Access, cookies: str) -> None:
    session = access.enter(token_of(access.new_address()))
    assert session is not None

    assert access.session(cookies.replace("{right}", session.cookie)) is None


def test_secrets_are_in_no_repr(access: Access) -> None:
    session = access.enter(token_of(access.new_address()))
    assert session is not None

    assert session.cookie not in repr(session)
    assert session.write_token not in repr(session)


def test_old_sessions_make_room_for_new_ones(access: Access) -> None:
    sessions = [access.enter(token_of(access.new_address())) for _ in range(40)]

    known = [one for one in sessions if one and access.session(f"{access.cookie_name}={one.cookie}")]

    assert known == sessions[-32:]


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", OURS, None),
        ("POST", OURS | {"origin": "http://127.0.0.1:8643", "sec-fetch-site": "same-origin"}, None),
        ("GET", OURS | {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}, None),
        # A link on another page may be followed; the strict cookie does not come along with it.
        (
            "GET",
            OURS | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
            None,
        ),
        # A name of somebody else's that was made to point at this machine.
        ("GET", {"host": "evil.example:8643"}, 421),
        ("GET", {"host": "127.0.0.1:8643.evil.example"}, 421),
        ("GET", {"host": "localhost:8643"}, 421),
        ("GET", {"host": "127.0.0.1"}, 421),
        ("GET", {"host": "127.0.0.1:8644"}, 421),
        ("GET", {}, 421),
        # Another page, also one of another server on this machine.
        ("GET", OURS | {"origin": "https://evil.example"}, 403),
        ("POST", OURS | {"origin": "null"}, 403),
        ("POST", OURS | {"origin": "http://127.0.0.1:8644"}, 403),
        ("GET", OURS | {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"}, 403),
        ("GET", OURS | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}, 403),
        ("POST", OURS | VISIT, 403),
        ("GET", OURS | VISIT | {"sec-fetch-dest": "iframe"}, 403),
        ("OPTIONS", OURS, 405),
        ("TRACE", OURS, 405),
        ("CONNECT", OURS, 405),
    ],
)
def test_strangers_are_refused(access: Access, method: str, headers: dict[str, str], status: int | None) -> None:
    refusal = refuse_stranger(method, headers, access)

    assert (refusal.status if refusal else None) == status


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ({"origin": "http://127.0.0.1:8643", WRITE_TOKEN_HEADER: "right"}, False),
        ({"origin": "http://127.0.0.1:8643", WRITE_TOKEN_HEADER: "wrong"}, True),
        ({"origin": "http://127.0.0.1:8643", WRITE_TOKEN_HEADER: "écrit"}, True),
        ({"origin": "http://127.0.0.1:8643"}, True),
        ({WRITE_TOKEN_HEADER: "right"}, True),
        ({"origin": "http://127.0.0.1:8644", WRITE_TOKEN_HEADER: "right"}, True),
    ],
)
def test_a_change_needs_our_origin_and_the_token_of_the_session(
    access: Access, headers: dict[str, str], is_refused: bool
) -> None:
    session = Session(cookie="cookie", write_token="right")

    refusal = refuse_write("POST", headers, session, access)

    assert (refusal is not None) == is_refused
    assert refuse_write("GET", headers, session, access) is None


def test_what_a_browser_fetches_ahead_is_told_from_a_visit() -> None:
    assert is_fetched_ahead({"sec-purpose": "prefetch;prerender"})
    assert is_fetched_ahead({"x-moz": "prefetch"})
    assert not is_fetched_ahead({})
