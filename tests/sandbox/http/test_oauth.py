"""The token endpoint and revocation, row by row, with the literal bodies."""

import base64
import json
from urllib.parse import urlencode

import pytest

from paceport.clock import ManualClock
from paceport.http_message import Request
from paceport.sandbox.state.world import World
from sandbox.visitor import Visitor, read

UNKNOWN_APP = b'{"message":"Bad Request","errors":[{"resource":"Application","field":"client_id","code":"invalid"}]}'
WRONG_SECRET = b'{"message":"Authorization Error","errors":[{"resource":"Application","field":"","code":"invalid"}]}'
BAD_CODE = b'{"message":"Bad Request","errors":[{"resource":"AuthorizationCode","field":"code","code":"invalid"}]}'
OLD_CODE = b'{"message":"Bad Request","errors":[{"resource":"AuthorizationCode","field":"","code":"expired"}]}'
BAD_REFRESH = (
    b'{"message":"Bad Request","errors":[{"resource":"RefreshToken","field":"refresh_token","code":"invalid"}]}'
)
BAD_TOKEN = (
    b'{"message":"Authorization Error","errors":[{"resource":"Athlete","field":"access_token","code":"invalid"}]}'
)
HOUR_S = 3600


def basic(world: World, secret: str | None = None) -> str:
    pair = f"{world.app.client_id}:{world.app.client_secret if secret is None else secret}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


@pytest.mark.parametrize("path", ["/oauth/token", "/api/v3/oauth/token"])
@pytest.mark.parametrize("grant_type", ["authorization_code", "refresh_token", "", "password"])
@pytest.mark.parametrize("client_id", ["999", "abc", "", "\uff11\uff12", "9" * 5000])
def test_an_unknown_client_id_is_named_first(visitor: Visitor, path: str, grant_type: str, client_id: str) -> None:
    answer = visitor.post(path, {"client_id": client_id, "grant_type": grant_type})

    assert (answer.status, answer.body) == (400, UNKNOWN_APP)


def test_an_empty_body_is_an_unknown_client(visitor: Visitor) -> None:
    answer = visitor.post("/oauth/token", {})

    assert (answer.status, answer.body) == (400, UNKNOWN_APP)


@pytest.mark.parametrize("secret", ["wrong", "", None, "é"])
@pytest.mark.parametrize("grant_type", ["authorization_code", "refresh_token"])
def test_a_wrong_secret_is_a_401_whatever_the_grant(visitor: Visitor, secret: str | None, grant_type: str) -> None:
    answer = visitor.ask_token(client_secret=secret, grant_type=grant_type, code="x", refresh_token="x")

    assert (answer.status, answer.body) == (401, WRONG_SECRET)


def test_an_unknown_code_is_refused(visitor: Visitor) -> None:
    answer = visitor.ask_token(code="0" * 40, grant_type="authorization_code")

    assert (answer.status, answer.body) == (400, BAD_CODE)


def test_a_code_works_once(visitor: Visitor) -> None:
    code = visitor.code()
    visitor.ask_token(code=code, grant_type="authorization_code")

    again = visitor.ask_token(code=code, grant_type="authorization_code")

    assert (again.status, again.body) == (400, BAD_CODE)


def test_a_code_of_another_app_is_refused(visitor: Visitor, world: World) -> None:
    other = world.add_app(name="Other")

    answer = visitor.ask_token(
        client_id=str(other.client_id),
        client_secret=other.client_secret,
        code=visitor.code(),
        grant_type="authorization_code",
    )

    assert (answer.status, answer.body) == (400, BAD_CODE)


def test_a_code_expires(visitor: Visitor, clock: ManualClock) -> None:
    code = visitor.code()
    clock.advance(601)

    answer = visitor.ask_token(code=code, grant_type="authorization_code")

    assert (answer.status, answer.body) == (400, OLD_CODE)


def test_a_fresh_code_may_be_refused_once_by_switch(visitor: Visitor, world: World) -> None:
    world.switches.set(fresh_code_refusals=1)
    code = visitor.code()

    first = visitor.ask_token(code=code, grant_type="authorization_code")
    second = visitor.ask_token(code=code, grant_type="authorization_code")

    assert (first.status, first.body) == (400, BAD_CODE)
    assert second.status == 200


def test_a_fresh_code_may_be_refused_for_a_while_by_switch(visitor: Visitor, world: World, clock: ManualClock) -> None:
    world.switches.set(fresh_code_delay_s=2)
    code = visitor.code()

    first = visitor.ask_token(code=code, grant_type="authorization_code")
    clock.advance(2)
    second = visitor.ask_token(code=code, grant_type="authorization_code")

    assert (first.status, second.status) == (400, 200)


def test_an_exchange_gives_the_fields_in_order(visitor: Visitor, clock: ManualClock) -> None:
    token = visitor.login()

    assert list(token) == ["token_type", "expires_at", "expires_in", "refresh_token", "access_token", "athlete"]
    assert token["token_type"] == "Bearer"
    assert (token["expires_in"], token["expires_at"]) == (21600, int(clock.now().timestamp()) + 21600)
    assert len(token["access_token"]) == len(token["refresh_token"]) == 40
    assert token["athlete"]["resource_state"] == 2


def test_the_scope_is_in_the_answer_by_switch(visitor: Visitor, world: World) -> None:
    world.switches.set(scope_in_token_answer=True)

    assert visitor.login(scope="activity:read_all")["scope"] == "read,activity:read_all"


@pytest.mark.parametrize("encoding", ["form", "multipart", "query"])
@pytest.mark.parametrize("path", ["/oauth/token", "/api/v3/oauth/token"])
def test_form_multipart_and_query_are_read(visitor: Visitor, world: World, encoding: str, path: str) -> None:
    fields = {
        "client_id": str(world.app.client_id),
        "client_secret": world.app.client_secret,
        "code": visitor.code(),
        "grant_type": "authorization_code",
    }
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    url, kind, body = {
        "form": (path, "application/x-www-form-urlencoded", urlencode(fields)),
        "multipart": (path, "multipart/form-data; boundary=x", parts + "--x--\r\n"),
        "query": (f"{path}?{urlencode(fields)}", "", ""),
    }[encoding]

    answer = visitor.send(
        Request(method="POST", url=visitor.base + url, headers={"content-type": kind}, body=body.encode())
    )

    assert answer.status == 200


@pytest.mark.parametrize(("switch", "status"), [(False, 400), (True, 200)])
def test_json_is_read_by_switch(visitor: Visitor, world: World, switch: bool, status: int) -> None:
    world.switches.set(json_token_body=switch)
    fields = {
        "client_id": world.app.client_id,
        "client_secret": world.app.client_secret,
        "code": visitor.code(),
        "grant_type": "authorization_code",
    }

    answer = visitor.send(
        Request(
            method="POST",
            url=visitor.base + "/oauth/token",
            headers={"content-type": "application/json"},
            body=json.dumps(fields).encode(),
        )
    )

    assert answer.status == status


@pytest.mark.parametrize(("switch", "status"), [("authorization_code", 200), ("refuse", 400)])
def test_a_missing_grant_type_is_answered_by_switch(visitor: Visitor, world: World, switch: str, status: int) -> None:
    world.switches.set(missing_grant_type=switch)

    assert visitor.ask_token(code=visitor.code()).status == status


def test_an_unknown_grant_type_is_refused(visitor: Visitor) -> None:
    assert visitor.ask_token(code=visitor.code(), grant_type="password").status == 400


def test_a_refresh_gives_the_same_token_while_more_than_an_hour_is_left(visitor: Visitor, clock: ManualClock) -> None:
    token = visitor.login()
    clock.advance(21600 - HOUR_S - 1)

    again = read(visitor.refresh(token["refresh_token"]))

    assert list(again) == ["token_type", "expires_at", "expires_in", "refresh_token", "access_token"]
    assert again["access_token"] == token["access_token"]
    assert again["refresh_token"] == token["refresh_token"]
    assert (again["expires_in"], again["expires_at"]) == (HOUR_S + 1, token["expires_at"])


def test_at_an_hour_left_a_new_token_is_made_and_the_old_one_lives_on(visitor: Visitor, clock: ManualClock) -> None:
    token = visitor.login()
    clock.advance(21600 - HOUR_S)

    again = read(visitor.refresh(token["refresh_token"]))

    assert again["access_token"] != token["access_token"]
    assert again["expires_in"] == 21600
    assert visitor.api("/athlete", token["access_token"]).status == 200
    clock.advance(HOUR_S)
    assert visitor.api("/athlete", token["access_token"]).status == 401
    assert visitor.api("/athlete", again["access_token"]).status == 200


def test_a_second_exchange_gives_the_existing_token(visitor: Visitor, clock: ManualClock) -> None:
    token = visitor.login()
    clock.advance(HOUR_S)

    again = visitor.login()

    assert again["access_token"] == token["access_token"]
    assert again["expires_in"] == 21600 - HOUR_S


@pytest.mark.parametrize(
    ("rotation", "left_s", "rotates"),
    [
        ("on_new_token", HOUR_S, True),
        ("on_new_token", HOUR_S + 1, False),
        ("always", HOUR_S + 1, True),
        ("never", HOUR_S, False),
    ],
)
def test_the_refresh_token_rotates_by_switch(
    visitor: Visitor, world: World, clock: ManualClock, rotation: str, left_s: int, rotates: bool
) -> None:
    world.switches.set(refresh_rotation=rotation)
    token = visitor.login()
    clock.advance(21600 - left_s)

    again = read(visitor.refresh(token["refresh_token"]))

    assert (again["refresh_token"] != token["refresh_token"]) is rotates


def test_a_rotated_away_token_is_dead_at_once_and_its_use_is_counted(
    visitor: Visitor, world: World, clock: ManualClock
) -> None:
    token = visitor.login()
    clock.advance(21600)
    visitor.refresh(token["refresh_token"])

    replay = visitor.refresh(token["refresh_token"])

    assert (replay.status, replay.body) == (400, BAD_REFRESH)
    assert world.counters()["replays"] == 1


def test_an_unknown_refresh_token_is_no_replay(visitor: Visitor, world: World) -> None:
    answer = visitor.refresh("0" * 40)

    assert (answer.status, answer.body) == (400, BAD_REFRESH)
    assert world.counters()["replays"] == 0


def test_a_refresh_never_widens_the_scope(visitor: Visitor, clock: ManualClock) -> None:
    token = visitor.login(scope="read")
    clock.advance(21600)

    again = visitor.ask_token(
        grant_type="refresh_token", refresh_token=token["refresh_token"], scope="read,activity:read_all"
    )

    assert visitor.api("/athlete/activities", read(again)["access_token"]).status == 401


def test_refreshing_works_while_the_app_is_inactive(visitor: Visitor, world: World) -> None:
    token = visitor.login()
    world.set_inactive()

    assert visitor.refresh(token["refresh_token"]).status == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_ends_all_tokens_of_the_pair(visitor: Visitor, world: World, which: str) -> None:
    token, other = visitor.login(), visitor.login(scope="read")

    answer = visitor.post("/oauth/revoke", {"token": token[which]}, authorization=basic(world))

    assert (answer.status, answer.body) == (200, b"")
    assert visitor.api("/athlete", token["access_token"]).body == BAD_TOKEN
    assert visitor.api("/athlete", other["access_token"]).body == BAD_TOKEN
    assert visitor.refresh(token["refresh_token"]).body == BAD_REFRESH


def test_revoking_an_access_token_may_spare_the_rest_by_switch(visitor: Visitor, world: World) -> None:
    world.switches.set(access_token_revocation="token")
    token = visitor.login()

    visitor.post("/oauth/revoke", {"token": token["access_token"]}, authorization=basic(world))

    assert visitor.api("/athlete", token["access_token"]).status == 401
    assert visitor.refresh(token["refresh_token"]).status == 200


def test_revoking_an_unknown_token_is_done_already(visitor: Visitor, world: World) -> None:
    answer = visitor.post("/oauth/revoke", {"token": "0" * 40}, authorization=basic(world))

    assert (answer.status, answer.body) == (200, b"")


def test_an_app_cannot_revoke_the_tokens_of_another(visitor: Visitor, world: World) -> None:
    token, other = visitor.login(), world.add_app(name="Other")
    pair = base64.b64encode(f"{other.client_id}:{other.client_secret}".encode()).decode()

    visitor.post("/oauth/revoke", {"token": token["refresh_token"]}, authorization=f"Basic {pair}")

    assert visitor.api("/athlete", token["access_token"]).status == 200


def test_revoking_without_a_token_is_a_400(visitor: Visitor, world: World) -> None:
    assert visitor.post("/oauth/revoke", {}, authorization=basic(world)).status == 400


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Basic eA==", "Bearer x"])
def test_revoking_with_bad_credentials_is_a_401_without_errors(visitor: Visitor, header: str) -> None:
    answer = visitor.post("/oauth/revoke", {"token": "x"}, authorization=header)

    assert (answer.status, answer.body) == (401, b'{"message":"Authorization Error","errors":[]}')


def test_revoking_with_a_wrong_secret_is_refused(visitor: Visitor, world: World) -> None:
    assert visitor.post("/oauth/revoke", {"token": "x"}, authorization=basic(world, "no")).status == 401


def test_deauthorizing_answers_the_token_and_counts_against_both_limits(visitor: Visitor) -> None:
    token = visitor.login()["access_token"]

    answer = visitor.post("/oauth/deauthorize", {}, authorization=f"Bearer {token}")

    assert (answer.status, answer.body) == (200, f'{{"access_token":"{token}"}}'.encode())
    assert answer.headers["x-ratelimit-usage"] == answer.headers["x-readratelimit-usage"] == "1,1"
    assert visitor.api("/athlete", token).body == BAD_TOKEN


def test_deauthorizing_takes_the_token_as_a_field_too(visitor: Visitor) -> None:
    token = visitor.login()["access_token"]

    assert visitor.post("/oauth/deauthorize", {"access_token": token}).status == 200


def test_deauthorizing_with_a_dead_token_is_refused(visitor: Visitor) -> None:
    answer = visitor.post("/oauth/deauthorize", {}, authorization="Bearer x")

    assert (answer.status, answer.body) == (401, BAD_TOKEN)


def test_deauthorize_is_gone_by_switch(visitor: Visitor, world: World) -> None:
    token = visitor.login()["access_token"]
    world.switches.set(legacy_deauthorize=False)

    assert visitor.post("/oauth/deauthorize", {}, authorization=f"Bearer {token}").status == 404


def test_after_the_athlete_took_access_back_both_tokens_are_dead(visitor: Visitor, world: World) -> None:
    token = visitor.login()
    world.revoke(world.people[0].id)

    assert visitor.api("/athlete", token["access_token"]).body == BAD_TOKEN
    assert visitor.refresh(token["refresh_token"]).body == BAD_REFRESH


def test_the_token_endpoint_may_refuse_beyond_capacity_by_switch(visitor: Visitor, world: World) -> None:
    code = visitor.code()
    world.switches.set(capacity_at_token_endpoint=True, athlete_capacity=0)

    answer = visitor.ask_token(code=code, grant_type="authorization_code")

    assert (answer.status, answer.body) == (403, b'{"message":"Limit of connected athletes exceeded"}')


def test_token_answers_carry_no_limit_headers(visitor: Visitor) -> None:
    answer = visitor.ask_token(code=visitor.code(), grant_type="authorization_code")

    assert not [name for name in answer.headers if "ratelimit" in name]
