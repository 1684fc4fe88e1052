"""Plain `requests` as an independent client, with the login inside it."""

from __future__ import annotations

import io
import json
import re
import sys

import pytest
import requests

from adapters.conftest import Foreign
from paceport.adapters.bearer import Refusal
from paceport.adapters.requests import Auth
from paceport.clock import ManualClock
from paceport.errors import LoginNeeded, MissingExtra
from paceport.install import install_line
from paceport.profile.profile import Profile
from paceport.sandbox.state.world import World

HOUR_S = 3600


def athlete(me: Profile) -> str:
    return f"{me.settings.api_url}/athlete"


def test_a_session_lives_on_while_its_tokens_expire(me: Profile, world: World, clock: ManualClock) -> None:
    sent = set()
    with requests.Session() as session:
        session.auth = Auth(me)
        for _ in range(4):
            answer = session.get(athlete(me), timeout=10)
            assert answer.status_code == 200
            assert answer.json()["id"] == world.people[0].id
            sent.add(answer.request.headers["Authorization"])
            clock.advance(7 * HOUR_S)

    assert len(sent) == 4
    assert world.grants.replays == 0


def test_a_refused_token_is_replaced_and_the_call_repeated_once(me: Profile, world: World) -> None:
    dead = me.token()
    world.grants.drop_access_token(str(dead))

    answer = requests.get(athlete(me), auth=Auth(me), timeout=10)

    assert answer.status_code == 200
    assert [was.status_code for was in answer.history] == [401]
    assert world.requests["GET /athlete"] == 2
    assert world.grants.refreshes == 1


def test_a_call_that_is_refused_again_is_not_repeated_again(me: Profile, world: World) -> None:
    world.plan("revoked", path="/api/v3/athlete", times=5)

    with pytest.raises(LoginNeeded):
        # The refresh gives the same token back: with hours left that means it was revoked.
        requests.get(athlete(me), auth=Auth(me), timeout=10)

    assert world.requests["GET /athlete"] <= 2


def test_a_refusal_that_may_mean_anything_ends_no_login_that_lives(me: Profile, world: World) -> None:
    world.switches.set(dead_token_body="application")
    world.plan("revoked", path="/api/v3/athlete/zones")

    answer = requests.get(f"{athlete(me)}/zones", auth=Auth(me), timeout=10)

    assert answer.status_code == 401
    assert me.grant().status == "ok"
    assert (world.grants.refreshes, world.requests["GET /athlete"]) == (0, 1)


def test_a_dead_token_that_is_not_named_is_replaced(me: Profile, world: World) -> None:
    world.switches.set(dead_token_body="application")
    world.grants.drop_access_token(str(me.token()))

    assert requests.get(f"{athlete(me)}/zones", auth=Auth(me), timeout=10).status_code == 200
    assert world.grants.refreshes == 1
    world.revoke()
    with pytest.raises(LoginNeeded):
        requests.get(f"{athlete(me)}/zones", auth=Auth(me), timeout=10)


@pytest.mark.parametrize("resource", ["Club", "Activity", "Upload", "Segment"])
def test_a_401_about_another_thing_is_no_reason_to_refresh(resource: str, me: Profile) -> None:
    detail = {"resource": resource, "field": "id", "code": "invalid"}
    body = json.dumps({"message": "Authorization Error", "errors": [detail]}).encode()
    url = f"{me.settings.api_url}/clubs/1"

    assert not Refusal(method="GET", url=url, token=str(me.token()), body=body).is_worth_another_token(me)


def test_a_missing_scope_is_no_reason_to_refresh(me: Profile, world: World) -> None:
    body = {"message": "Authorization Error"}
    world.grants._grants[0].scopes = ("read",)

    answer = requests.get(f"{athlete(me)}/activities", auth=Auth(me), timeout=10)

    assert answer.status_code == 401
    assert answer.json()["message"] == body["message"]
    assert world.grants.refreshes == 0


@pytest.mark.parametrize("body", [b"name=Lunch+run", io.BytesIO(b"name=Lunch+run")], ids=["bytes", "file"])
def test_the_repeated_call_carries_the_whole_body(me: Profile, world: World, body: object) -> None:
    run = world.activities(world.people[0].id)[0]
    world.grants.drop_access_token(str(me.token()))

    answer = requests.put(
        f"{me.settings.api_url}/activities/{run.id}",
        data=body,  # type: ignore[arg-type]  # bytes or a file
        headers={"content-type": "application/x-www-form-urlencoded"},
        auth=Auth(me),
        timeout=10,
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "Lunch run"


def test_a_body_that_can_be_read_once_is_not_repeated(me: Profile, world: World) -> None:
    run = world.activities(world.people[0].id)[0]
    world.grants.drop_access_token(str(me.token()))

    answer = requests.put(
        f"{me.settings.api_url}/activities/{run.id}", data=iter([b"name=x"]), auth=Auth(me), timeout=10
    )

    assert answer.status_code == 401
    assert world.grants.refreshes == 0


def test_the_header_does_not_follow_a_redirect(lent: Profile, redirecting: Foreign, stranger: Foreign) -> None:
    answer = requests.get(f"{redirecting.url}/athlete", auth=Auth(lent), timeout=10)

    assert redirecting.seen == [f"Bearer {'a' * 40}"]
    assert stranger.seen == [None]
    assert answer.status_code == 401


def test_another_address_gets_no_token(lent: Profile, stranger: Foreign) -> None:
    requests.get(f"{stranger.url}/photo.jpg", auth=Auth(lent), timeout=10)

    assert stranger.seen == [None]


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "paceport.adapters.requests")
    monkeypatch.setitem(sys.modules, "requests", None)

    with pytest.raises(MissingExtra, match=re.escape(install_line("requests"))):
        __import__("paceport.adapters.requests")


def test_a_refusal_that_is_not_about_the_token_leaves_the_login_alone(me: Profile, world: World) -> None:
    world.grants._grants[0].scopes = ("read", "activity:read_all", "activity:write")
    world.switches.set(zones_refusal_body="empty")
    with requests.Session() as session:
        session.auth = Auth(me)
        newest = session.get(f"{athlete(me)}/activities", params={"per_page": 1}, timeout=10).json()[0]["id"]

        zones = session.get(f"{athlete(me)}/zones", timeout=10)
        deletion = session.delete(f"{me.settings.api_url}/activities/{newest}", timeout=10)

    assert (zones.status_code, deletion.status_code) == (401, 401)
    assert me.grant().status == "ok"
    assert world.grants.refreshes == 0
