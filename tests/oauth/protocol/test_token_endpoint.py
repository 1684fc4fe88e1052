import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.clock import ManualClock
from paceport.error_body import read_error_body
from paceport.errors import (
    AnswerLost,
    AppCredentialsWrong,
    AppInactive,
    CapacityReached,
    CodeRefused,
    GatewayAnswer,
    LoginNeeded,
    PaceportError,
    RateLimited,
    StravaDown,
    UnexpectedAnswer,
)
from paceport.http_message import Request, Response
from paceport.oauth.protocol.token_answer import LARGEST_ANSWER
from paceport.oauth.protocol.token_endpoint import (
    deauthorize_request,
    exchange_request,
    is_success,
    read_token,
    refresh_request,
    revoke_request,
    token_error,
)
from paceport.oauth.token_store.base import App
from paceport.secret import Secret
from sandbox.visitor import Visitor

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CANARY = "ca9a12" * 6 + "abcd"
ANSWER: dict[str, Any] = {
    "token_type": "Bearer",
    "expires_at": int(NOW.timestamp()) + 21_600,
    "expires_in": 21_600,
    "refresh_token": CANARY,
    "access_token": CANARY[::-1],
    "athlete": {"id": 134815, "firstname": "Marianne", "lastname": "T."},
}


def answered(**changes: object) -> Response:
    body = {name: value for name, value in {**ANSWER, **changes}.items() if value is not ...}
    return Response(status=200, body=json.dumps(body).encode())


def form(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def test_the_exchange_form_carries_everything_in_its_body(app: App) -> None:
    request = exchange_request(
        oauth_url="https://www.strava.com/", client_id="12345", client_secret=Secret("s&c=t"), code=Secret("c+d")
    )

    assert (request.method, request.url) == ("POST", "https://www.strava.com/oauth/token")
    assert form(request) == {
        "client_id": "12345",
        "client_secret": "s&c=t",
        "grant_type": "authorization_code",
        "code": "c+d",
    }
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


def every_form(secret: Secret, oauth_url: str = "https://x") -> list[Request]:
    return [
        exchange_request(oauth_url=oauth_url, client_id="1", client_secret=secret, code=secret),
        refresh_request(oauth_url=oauth_url, client_id="1", client_secret=secret, refresh_token=secret),
        revoke_request(oauth_url=oauth_url, client_id="1", client_secret=secret, token=secret),
        deauthorize_request(oauth_url=oauth_url, access_token=secret),
    ]


def test_a_slash_at_the_end_of_an_address_is_not_doubled_in_any_form() -> None:
    urls = [request.url.removeprefix("https://x/EX") for request in every_form(Secret(CANARY), "https://x/EX/")]

    assert urls == ["/oauth/token", "/oauth/token", "/oauth/revoke", "/oauth/deauthorize"]


def test_no_form_shows_a_secret() -> None:
    assert not any(CANARY in f"{request} {request.url}" for request in every_form(Secret(CANARY)))


def test_the_answer_to_every_form_is_bounded() -> None:
    assert {request.largest_answer for request in every_form(Secret(CANARY))} == {LARGEST_ANSWER}


def test_a_revocation_says_what_kind_of_token_it_ends() -> None:
    revoke = revoke_request(
        oauth_url="https://x", client_id="1", client_secret=Secret("s"), token=Secret("t"), hint="access_token"
    )

    assert form(revoke) == {"token": "t", "token_type_hint": "access_token"}
    assert revoke.headers["authorization"] == "Basic MTpz"
    assert form(every_form(Secret("t"))[2])["token_type_hint"] == "refresh_token"


def test_a_whole_answer_is_read() -> None:
    token = read_token(answered(), now=NOW)

    assert token.refresh_token.reveal() == CANARY
    assert token.access_token.reveal() == CANARY[::-1]
    assert token.expires_at == NOW + timedelta(hours=6)
    assert token.expires_in_s == 21_600
    assert token.scopes is None
    assert (token.athlete_id, token.athlete_name) == (134815, "Marianne T.")
    assert CANARY not in repr(token)


def test_the_answer_to_a_refresh_names_no_athlete() -> None:
    token = read_token(answered(athlete=...), now=NOW)

    assert (token.athlete_id, token.athlete_name) == (None, "")


def test_scopes_are_read_where_the_answer_has_them() -> None:
    assert str(read_token(answered(scope="read activity:read_all"), now=NOW).scopes) == "read,activity:read_all"


def test_what_is_left_is_counted_where_the_answer_leaves_it_out() -> None:
    assert read_token(answered(expires_in=...), now=NOW + timedelta(hours=1)).expires_in_s == 18_000
    assert read_token(answered(expires_in=...), now=NOW + timedelta(hours=9)).expires_in_s == 0


@pytest.mark.parametrize(
    ("athlete", "name"),
    [
        ({"id": 1, "firstname": "A\x1b]52;x\x07", "lastname": "\u202eB"}, "A]52;x B"),
        ({"id": 1, "firstname": None, "lastname": 7}, ""),
        ({"id": 1}, ""),
        ({"id": 1, "firstname": "x" * 5000}, "x" * 100),
    ],
)
def test_an_athletes_name_is_fit_for_a_terminal(athlete: dict[str, Any], name: str) -> None:
    assert read_token(answered(athlete=athlete), now=NOW).athlete_name == name


@pytest.mark.parametrize(
    "value", [..., None, "", 12345, ["a"], "two words", "line\r\nX-Evil: 1", "ü", "a" * 5000], ids=repr
)
def test_an_answer_without_a_usable_access_token_is_refused(value: object) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        read_token(answered(access_token=value), now=NOW)

    assert CANARY not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("value", [..., None, "", 12345, ["a"], {"a": 1}, "two words"], ids=repr)
def test_a_refresh_token_that_is_left_out_or_odd_is_empty(value: object) -> None:
    assert not read_token(answered(refresh_token=value), now=NOW).refresh_token


EXPIRY_S = int((NOW + timedelta(hours=6)).timestamp())


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_at": ...},
        {"expires_at": True},
        {"expires_at": str(EXPIRY_S)},
        {"expires_at": float(EXPIRY_S)},
        {"expires_at": EXPIRY_S + 0.5},
        {"expires_at": EXPIRY_S * 1000},
        {"expires_at": -1},
        {"expires_at": 0},
        {"expires_at": ""},
        {"expires_at": "soon"},
        {"expires_at": 10**40},
        {"expires_in": True},
        {"expires_in": -5},
        {"expires_in": "21600"},
        {"expires_in": 21_600.0},
        {"expires_in": 10**12},
        {"expires_in": None},
        {"expires_in": [21_600]},
    ],
    ids=repr,
)
def test_a_lifetime_that_is_odd_in_one_field_is_read_from_the_other(changes: dict[str, object]) -> None:
    token = read_token(answered(**changes), now=NOW)

    assert (token.expires_at, token.expires_in_s) == (NOW + timedelta(hours=6), 21_600)


def test_milliseconds_alone_say_when_a_token_ends() -> None:
    assert read_token(answered(expires_at=EXPIRY_S * 1000, expires_in=...), now=NOW).expires_at == NOW + timedelta(
        hours=6
    )


@pytest.mark.parametrize("moment", [datetime(2009, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)])
def test_the_first_and_the_last_moment_that_counts_as_an_end_are_read_as_they_stand(moment: datetime) -> None:
    assert read_token(answered(expires_at=int(moment.timestamp())), now=NOW).expires_at == moment


def test_ten_years_are_the_longest_life_of_a_token() -> None:
    longest_s = 10 * 366 * 86_400

    assert read_token(answered(expires_at=..., expires_in=longest_s), now=NOW).expires_in_s == longest_s
    assert read_token(answered(expires_at=..., expires_in=longest_s + 1), now=NOW).expires_in_s == 3600


def test_what_the_answer_says_is_left_counts_before_what_its_end_makes_of_it() -> None:
    token = read_token(answered(expires_in=20_000), now=NOW)

    assert (token.expires_at, token.expires_in_s) == (NOW + timedelta(hours=6), 20_000)


@pytest.mark.parametrize(("status", "is_one"), [(199, False), (200, True), (299, True), (300, False)])
def test_every_status_of_the_two_hundreds_is_a_success(status: int, is_one: bool) -> None:
    assert is_success(status) is is_one


def test_a_second_that_is_left_is_a_second() -> None:
    token = read_token(answered(expires_at=..., expires_in=1), now=NOW)

    assert (token.expires_at, token.expires_in_s) == (NOW + timedelta(seconds=1), 1)


def test_a_lifetime_that_is_not_said_at_all_is_the_hour_that_every_new_token_lives() -> None:
    token = read_token(answered(expires_at=..., expires_in=...), now=NOW)

    assert (token.expires_at, token.expires_in_s) == (NOW + timedelta(hours=1), 3600)


@pytest.mark.parametrize(
    ("athlete", "found"),
    [
        ("me", None),
        ({}, None),
        ({"id": None}, None),
        ({"id": True}, None),
        ({"id": -3}, None),
        ({"id": 0}, None),
        ({"id": 2**70}, None),
        ({"id": "134815"}, 134815),
        ({"id": 134815.0}, 134815),
    ],
    ids=repr,
)
def test_an_athlete_that_is_odd_costs_no_token(athlete: object, found: int | None) -> None:
    assert read_token(answered(athlete=athlete), now=NOW).athlete_id == found


@pytest.mark.parametrize("scope", [["read", "activity:read"], "read,activity:read", ["activity:read", 7, "read"]])
def test_scopes_are_read_as_a_text_and_as_a_list(scope: object) -> None:
    assert str(read_token(answered(scope=scope), now=NOW).scopes) == "read,activity:read"


@pytest.mark.parametrize(("old", "new"), [(b"21600", b"NaN"), (b"21600", b"9" * 6000), (b"Marianne", b"\xff\xfe")])
def test_a_part_that_no_program_can_read_costs_no_token(old: bytes, new: bytes) -> None:
    body = json.dumps(ANSWER).encode()
    assert old in body

    assert read_token(Response(status=200, body=body.replace(old, new)), now=NOW).access_token.reveal() == CANARY[::-1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><title>Welcome to the hotel network</title></html>",
        json.dumps(ANSWER).encode().partition(b"refresh_token")[0],
        b"[" * 100_000,
        b"\xff\xfe",
        b" " * 100_000 + json.dumps(ANSWER).encode(),
    ],
)
def test_a_body_that_is_no_whole_json_counts_as_lost(body: bytes) -> None:
    with pytest.raises(AnswerLost):
        read_token(Response(status=200, body=body), now=NOW)


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"token"', b"{}"])
def test_json_that_is_no_token_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        read_token(Response(status=200, body=body), now=NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just(CANARY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ANSWER, "id", "errors"]), inner),
    max_leaves=10,
)
bodies = st.binary(max_size=200) | st.dictionaries(st.sampled_from([*ANSWER, "scope", "message"]), json_values).map(
    lambda changes: json.dumps({**ANSWER, **changes}).encode()
)


@given(st.sampled_from([200, 200, 200, 301, 400, 401, 403, 404, 429, 500, 502, 597]), bodies)
def test_no_answer_raises_anything_but_our_errors(status: int, body: bytes) -> None:
    Secret(CANARY)
    try:
        token = read_token(Response(status=status, body=body), now=NOW)
    except PaceportError as error:
        assert CANARY not in f"{error} {error!r} {vars(error)}"  # noqa: PT017  # both outcomes count
    else:
        assert status == 200
        assert token.access_token


def said(resource: str, field: str, code: str) -> str:
    return json.dumps({"message": "m", "errors": [{"resource": resource, "field": field, "code": code}]})


@pytest.mark.parametrize(
    ("status", "body", "error", "word"),
    [
        (400, said("Application", "client_id", "invalid"), AppCredentialsWrong, "client id"),
        (401, said("Application", "", "invalid"), AppCredentialsWrong, "client secret"),
        (0, said("Application", "", "invalid"), AppCredentialsWrong, "client secret"),
        (401, said("Application", "grant_type", "invalid"), UnexpectedAnswer, "grant_type"),
        (400, said("Application", "client_secret", "invalid"), AppCredentialsWrong, "client secret"),
        (400, said("AuthorizationCode", "code", "invalid"), CodeRefused, "once"),
        (400, said("AuthorizationCode", "", "expired"), CodeRefused, "too old"),
        (400, said("RequestToken", "code", "invalid"), CodeRefused, "once"),
        (400, said("RefreshToken", "refresh_token", "invalid"), LoginNeeded, "no longer accepts"),
        (401, said("RefreshToken", "refresh_token", "invalid"), LoginNeeded, "no longer accepts"),
        (400, said("Application", "", "invalid"), UnexpectedAnswer, "Application"),
        (403, said("Application", "Status", "Inactive"), AppInactive, "Inactive"),
        (403, '{"message":"Limit of connected athletes exceeded"}', CapacityReached, "another athlete"),
        (429, said("Application", "rate limit", "exceeded"), RateLimited, "Strava's login rate limit"),
        (500, '{"message":"error"}', StravaDown, "500"),
        (502, "<html><title>502 Bad Gateway</title></html>", StravaDown, "502"),
        (597, "", StravaDown, "597"),
        (400, said("Application", "grant_type", "invalid"), UnexpectedAnswer, "grant_type"),
        (418, "I am a teapot", GatewayAnswer, "teapot"),
        (301, "", GatewayAnswer, "301"),
        (401, "", GatewayAnswer, "401"),
        (400, '{"message":"Unauthorized"}', GatewayAnswer, "400"),
        (403, "<html><h1>Blocked by policy</h1></html>", GatewayAnswer, "Blocked by policy"),
        (404, "<html><title>Not Found</title></html>", GatewayAnswer, "Not Found"),
    ],
)
def test_every_refusal_is_a_decision_of_its_own(status: int, body: str, error: type[PaceportError], word: str) -> None:
    fault = read_error_body(status, body)

    found = token_error(fault)

    assert type(found) is error
    assert word in str(found)
    assert getattr(found, "fault", fault) is fault


def test_a_code_that_is_too_old_is_told_from_one_that_was_used() -> None:
    expired = token_error(read_error_body(400, said("AuthorizationCode", "", "expired")))

    assert isinstance(expired, CodeRefused)
    assert expired.expired


def refused(visitor: Visitor, **fields: str | None) -> PaceportError:
    answer = visitor.ask_token(**fields)
    with pytest.raises(PaceportError) as caught:
        read_token(answer, now=NOW)
    return caught.value


def test_the_simulated_service_refuses_in_the_same_words(visitor: Visitor, clock: ManualClock) -> None:
    code = visitor.code()
    grant = {"grant_type": "authorization_code"}

    assert isinstance(refused(visitor, **grant, client_id="7", code=code), AppCredentialsWrong)
    assert isinstance(refused(visitor, **grant, client_secret="0" * 40, code=code), AppCredentialsWrong)
    assert isinstance(refused(visitor, **grant, code="0" * 40), CodeRefused)
    assert isinstance(refused(visitor, grant_type="refresh_token", refresh_token="0" * 40), LoginNeeded)
    assert isinstance(refused(visitor, grant_type="password"), UnexpectedAnswer)
    visitor.world.plan("inactive", path="/oauth/token")
    assert isinstance(refused(visitor, **grant, code=code), AppInactive)
    visitor.world.plan("html", path="/oauth/token")
    assert isinstance(refused(visitor, **grant, code=code), StravaDown)
    visitor.world.plan("rate_limited", path="/oauth/token")
    assert isinstance(refused(visitor, **grant, code=code), RateLimited)
    clock.advance(601)
    expired = refused(visitor, **grant, code=code)
    assert isinstance(expired, CodeRefused)
    assert expired.expired


def test_a_token_of_the_simulated_service_is_read_and_refreshed(visitor: Visitor, app: App, clock: ManualClock) -> None:
    request = exchange_request(
        oauth_url=app.oauth_url,
        client_id=app.client_id,
        client_secret=app.client_secret,
        code=Secret(visitor.code()),
    )
    first = read_token(visitor.send(request), now=clock.now())
    clock.advance(6 * 3600)
    again = refresh_request(
        oauth_url=app.oauth_url,
        client_id=app.client_id,
        client_secret=app.client_secret,
        refresh_token=first.refresh_token,
    )

    second = read_token(visitor.send(again), now=clock.now())

    assert first.athlete_id == visitor.world.people[0].id
    assert second.access_token != first.access_token
    assert second.expires_at == clock.now() + timedelta(hours=6)


def test_both_ways_to_end_a_grant_are_understood_by_the_simulated_service(visitor: Visitor, app: App) -> None:
    token = Secret(visitor.login()["refresh_token"])
    revoke = revoke_request(
        oauth_url=app.oauth_url, client_id=app.client_id, client_secret=app.client_secret, token=token
    )
    assert visitor.send(revoke).status == 200
    assert visitor.refresh(token.reveal()).status == 400

    token = Secret(visitor.login()["access_token"])
    assert visitor.send(deauthorize_request(oauth_url=app.oauth_url, access_token=token)).status == 200
    assert visitor.api("/athlete", token.reveal()).status == 401


fields = st.sampled_from(["refresh_token", "expires_at", "expires_in", "scope", "token_type", "athlete", "message"])


@given(fields, json_values)
def test_any_value_in_any_one_field_leaves_the_access_token_readable(field: str, value: object) -> None:
    token = read_token(answered(**{field: value}), now=NOW)

    assert token.access_token.reveal() == CANARY[::-1]
    assert token.expires_in_s >= 0


@given(json_values)
def test_any_value_as_the_athletes_id_leaves_the_access_token_readable(value: object) -> None:
    assert read_token(answered(athlete={"id": value, "firstname": value}), now=NOW).access_token
