"""Answers that no honest server gives: odd in one field, a gateway's, far too large; and waiting for others."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.gateway_answers import bodies, statuses
from oauth.keeper.conftest import Bench, tampered
from oauth.keeper.test_keeper import Killed, kill_at
from paceport.clock import ManualClock
from paceport.errors import AnswerLost, LoginNeeded, PaceportError
from paceport.http_message import Request, Response

# -- who spoke


@given(status=statuses(), body=bodies())
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_of_a_gateway_changes_what_is_stored(bench: Bench, status: int, body: bytes) -> None:
    bench.put(expires_at=bench.clock.now())
    before = bench.stored()

    with pytest.raises(PaceportError) as caught:
        bench.keeper(send=lambda request, *, timeout_s=30.0: Response(status=status, body=body), retry_s=0.0).token()

    assert not isinstance(caught.value, LoginNeeded)
    assert bench.stored() == before


def test_a_gateways_page_with_status_400_is_no_dead_login_and_the_living_token_is_given(bench: Bench) -> None:
    bench.clock.advance(6 * 3600 - 60)

    def gateway(request: Request, *, timeout_s: float = 30.0) -> Response:
        return Response(status=400, body=b"<html><h1>Bad Request</h1><hr>squid</html>")

    token = bench.keeper(send=gateway).token()

    assert token == bench.grant.access_token.reveal()
    assert "in place of Strava" in bench.warnings[0]
    assert bench.token_store.journal(bench.grant.key) is None


# -- odd answers


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
fields = st.sampled_from(["expires_at", "expires_in", "scope", "token_type", "athlete", "message", "refresh_token"])


@given(field=fields, value=json_values | st.just(...))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_in_any_one_field_of_an_answer_loses_the_login(bench: Bench, field: str, value: object) -> None:
    # Without a refresh token in its answer the server has kept the old one.
    bench.world.switches.set(refresh_rotation="never" if field == "refresh_token" else "always")
    bench.put(expires_at=bench.clock.now())

    def odd(request: Request, response: Response) -> Response:
        answer = json.loads(response.body)
        answer.pop(field, None) if value is ... else answer.update({field: value})
        return replace(response, body=json.dumps(answer).encode())

    first = bench.keeper(send=tampered(bench.send, odd)).token()

    assert bench.stored().access_token.reveal() == first
    bench.put(expires_at=bench.clock.now())
    assert bench.keeper().token()
    assert bench.world.grants.replays == 0


@pytest.mark.parametrize("status", [200, 201, 203])
@pytest.mark.parametrize("damage", [(b"}", b",}"), (b"{", b"{" + b"[" * 9_000), (b"21600", b"7" * 5_000)])
def test_a_damaged_answer_with_any_status_of_success_is_kept(
    bench: Bench, damage: tuple[bytes, bytes], status: int
) -> None:
    bench.world.switches.set(refresh_rotation="always")
    bench.expire()

    def damaged(request: Request, response: Response) -> Response:
        return replace(response, status=status, body=response.body.replace(*damage))

    first = bench.keeper(send=tampered(bench.send, damaged)).token()
    bench.put(expires_at=bench.clock.now())

    assert bench.stored().access_token.reveal() == first
    assert bench.keeper().token()
    assert bench.world.grants.replays == 0


@pytest.mark.parametrize("pack", [gzip.compress, lambda body: gzip.compress(body) + b"rest", lambda body: body[:-1]])
def test_an_answer_whose_packing_was_spoiled_on_its_way_is_kept(bench: Bench, pack: Callable[[bytes], bytes]) -> None:
    bench.expire()

    first = bench.keeper(send=tampered(bench.send, lambda _, whole: replace(whole, body=pack(whole.body)))).token()
    bench.put(expires_at=bench.clock.now())

    assert bench.stored().access_token.reveal() == first
    assert bench.keeper().token()
    assert bench.world.grants.replays == 0


def test_an_odd_answer_that_a_dead_process_kept_is_tried_before_anything_is_sent(bench: Bench) -> None:
    bench.expire()

    def odd(request: Request, response: Response) -> Response:
        answer = json.loads(response.body)
        answer |= {"expires_at": float(answer["expires_at"]), "scope": ["read"], "athlete": {"id": None}}
        return replace(response, body=json.dumps(answer).encode())

    with pytest.raises(Killed):
        bench.keeper(send=tampered(bench.send, odd), on_step=kill_at("answer kept")).token()
    sent = bench.posts

    token = bench.keeper().token()

    assert bench.posts == sent
    assert bench.stored().access_token.reveal() == token


# -- time

SKEWS_S = (0, 3 * 3600, -3 * 3600, 365 * 86_400, -365 * 86_400)
HOURS = 3600


def _says(response: Response, **changes: object) -> Response:
    fields = {name: value for name, value in (json.loads(response.body) | changes).items() if value is not ...}
    return replace(response, body=json.dumps(fields).encode())


@pytest.mark.parametrize("skew_s", SKEWS_S)
@pytest.mark.parametrize(
    "odd", [{}, {"expires_in": ...}, {"expires_at": ...}, {"expires_in": "soon"}, {"expires_in": 0}, {"expires_at": 0}]
)
def test_a_wrong_clock_and_a_missing_time_make_no_token_older_or_younger(
    bench: Bench, skew_s: int, odd: dict[str, object]
) -> None:
    bench.expire()
    servers_now = bench.clock.now()
    bench.put(expires_at=servers_now - timedelta(days=800))
    clock = ManualClock(servers_now + timedelta(seconds=skew_s))

    def answer(request: Request, response: Response) -> Response:
        dated = replace(response, headers={**response.headers, "date": format_datetime(servers_now, usegmt=True)})
        return _says(dated, **odd)

    bench.keeper(send=tampered(bench.send, answer), clock=clock).token()

    assert bench.stored().left_s(clock.now()) == pytest.approx(6 * HOURS, abs=60)


@pytest.mark.parametrize("said_s", [21_600_000, 21_600, 10_900])
def test_a_token_lives_no_longer_than_to_its_own_end(bench: Bench, said_s: int) -> None:
    bench.expire()
    ends_at = bench.clock.now() + timedelta(hours=3)

    def cached(request: Request, response: Response) -> Response:
        dated = replace(response, headers={**response.headers, "date": format_datetime(bench.clock.now(), usegmt=True)})
        return _says(dated, expires_at=int(ends_at.timestamp()), expires_in=said_s)

    bench.keeper(send=tampered(bench.send, cached)).token()

    assert bench.stored().left_s(bench.clock.now()) == pytest.approx(3 * HOURS, abs=60)
    bench.clock.advance(4 * HOURS)
    assert bench.stored().left_s(bench.clock.now()) == 0


# -- bounds


def test_an_answer_larger_than_its_room_counts_as_lost_and_wedges_nothing(bench: Bench) -> None:
    bench.world.switches.set(refresh_rotation="never")
    bench.expire()

    def swollen(request: Request, response: Response) -> Response:
        answer = json.loads(response.body) | {"padding": "x" * 2_000_000}
        return replace(response, body=json.dumps(answer).encode())

    with pytest.raises(AnswerLost, match="larger"):
        bench.keeper(send=tampered(bench.send, swollen, swollen)).token()

    assert bench.stored() == bench.grant
    assert bench.keeper().token()


def test_an_answer_of_many_kilobytes_fits_the_room_that_was_taken(bench: Bench) -> None:
    bench.expire()

    def large(request: Request, response: Response) -> Response:
        answer = json.loads(response.body) | {"padding": "x" * 50_000}
        return replace(response, body=json.dumps(answer).encode())

    with pytest.raises(Killed):
        bench.keeper(send=tampered(bench.send, large), on_step=kill_at("answer kept")).token()
    assert bench.file("journal").stat().st_size == 64 * 1024

    assert bench.keeper().token()
    assert bench.world.grants.replays == 0


def test_all_attempts_of_one_refresh_end_within_a_minute(bench: Bench) -> None:
    bench.expire()

    def dripping(request: Request, *, timeout_s: float = 30.0) -> Response:
        # As long as the transport lets a server drip.
        bench.clock.advance(2 * timeout_s)
        raise AnswerLost(host="sandbox", why="timed out")

    begun_s = bench.clock.monotonic_s()
    with pytest.raises(AnswerLost):
        bench.keeper(send=dripping).token()

    assert bench.clock.monotonic_s() - begun_s <= 60


# -- waiting


def test_a_reader_that_waits_for_the_lock_leaves_with_the_token_that_has_come_meanwhile(bench: Bench) -> None:
    bench.expire()
    fresh = replace(bench.stored(), expires_at=bench.clock.now() + timedelta(hours=6))
    looked: list[str] = []

    def watch(step: str) -> None:
        looked.append(step)
        if looked.count("read again") == 1:
            # The holder has saved, and is stopped before it lets go of the lock.
            stored = bench.stored()
            bench.token_store.save(replace(fresh, generation=0), expect_generation=stored.generation)

    with bench.token_store.lock(bench.grant.key):
        token = bench.keeper(on_step=watch, lock_timeout_s=30.0).token()

    assert token == fresh.access_token.reveal()
    assert bench.posts == 0


def test_a_reader_that_waited_in_vain_gives_the_old_token_while_it_lives(bench: Bench) -> None:
    bench.clock.advance(6 * 3600 - 60)

    with bench.token_store.lock(bench.grant.key):
        token = bench.keeper(lock_timeout_s=0.1).token()

    assert token == bench.grant.access_token.reveal()
    assert "in use" in bench.warnings[0]
