"""The control API: what can be set, planned and read from outside."""

import json
from typing import Any

import pytest

from paceport.clock import ManualClock
from paceport.http_message import Request, Response
from paceport.sandbox.state.switches import SWITCHES
from paceport.sandbox.state.world import World
from sandbox.visitor import Visitor, read


def control(visitor: Visitor, method: str, path: str, value: object = None) -> Response:
    body = b"" if value is None else json.dumps(value).encode()
    return visitor.send(Request(method=method, url=f"{visitor.base}/_sandbox/{path}", body=body))


def test_the_index_says_where_the_world_stands(visitor: Visitor, world: World) -> None:
    index = read(control(visitor, "GET", ""))

    assert index["seed"] == 1
    assert index["apps"][0]["client_secret"] == world.app.client_secret
    assert [one["id"] for one in index["athletes"]] == [person.id for person in world.people]
    assert "POST /_sandbox/faults" in index["routes"]


def test_the_clock_is_set_and_moved(visitor: Visitor, clock: ManualClock) -> None:
    control(visitor, "POST", "clock", {"set": "2027-01-04T00:00:00Z"})
    moved = read(control(visitor, "POST", "clock", {"advance_s": 90}))

    assert moved == {"now": "2027-01-04T00:01:30Z"} == read(control(visitor, "GET", "clock"))
    assert clock.now().isoformat() == "2027-01-04T00:01:30+00:00"


@pytest.mark.parametrize(
    "value",
    [{}, {"set": "soon"}, {"set": "2027-01-04T00:00:00"}, {"advance_s": "1"}, {"advance_s": 1e300}, [], "x"],
)
def test_a_clock_order_that_makes_no_sense_is_refused(visitor: Visitor, value: object) -> None:
    assert control(visitor, "POST", "clock", value).status == 400


def test_a_fault_is_planned_shown_and_forgotten(visitor: Visitor) -> None:
    planned = control(visitor, "POST", "faults", {"kind": "status", "path": "/oauth/token", "status": 503, "times": 2})

    assert planned.status == 201
    assert visitor.refresh("x").status == 503
    assert read(control(visitor, "GET", "faults"))[0]["times"] == 1
    assert read(control(visitor, "DELETE", "faults")) == []
    assert visitor.refresh("x").status == 400


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"kind": "meteor"},
        {"kind": "status", "times": 0},
        {"kind": "status", "status": 200},
        {"kind": "status", "times": "2"},
        {"kind": "status", "colour": "red"},
        {"kind": "slow", "seconds": -1},
    ],
)
def test_a_fault_that_could_never_happen_is_refused(visitor: Visitor, value: dict[str, Any]) -> None:
    assert control(visitor, "POST", "faults", value).status == 400
    assert read(control(visitor, "GET", "faults")) == []


def test_switches_are_listed_with_default_choices_and_mark(visitor: Visitor) -> None:
    listed = read(control(visitor, "GET", "switches"))

    assert [one["name"] for one in listed] == [switch.name for switch in SWITCHES]
    assert {one["mark"] for one in listed} == {"documented", "recorded", "seen", "assumed"}
    assert all(one["value"] == one["default"] for one in listed)


def test_switches_are_set_all_or_none(visitor: Visitor, world: World) -> None:
    good = control(visitor, "PUT", "switches", {"header_only": True, "code_lifetime_s": 5})
    bad = control(visitor, "PUT", "switches", {"header_only": False, "code_lifetime_s": "five"})

    assert (good.status, bad.status) == (200, 400)
    assert (world.switches["header_only"], world.switches["code_lifetime_s"]) == (True, 5)


@pytest.mark.parametrize(
    "value", [{"moon": 1}, {"refresh_rotation": "sometimes"}, {"header_only": 1}, {"code_lifetime_s": -1}]
)
def test_a_switch_takes_only_its_values(visitor: Visitor, value: dict[str, Any]) -> None:
    assert control(visitor, "PUT", "switches", value).status == 400


def test_limits_are_set(visitor: Visitor) -> None:
    control(visitor, "PUT", "limits", {"read_quarter": 3, "read_day": 30})

    answer = visitor.api("/athlete", visitor.login()["access_token"])

    assert answer.headers["x-readratelimit-limit"] == "3,30"
    assert control(visitor, "PUT", "limits", {"read_quarter": "x"}).status == 400


def test_state_is_changed(visitor: Visitor, world: World) -> None:
    token = visitor.login()["access_token"]

    control(visitor, "PUT", "state", {"inactive": True, "sign_in": world.people[1].id})
    inactive = visitor.api("/athlete", token).status
    control(visitor, "PUT", "state", {"inactive": False, "revoke": True})

    assert inactive == 403
    assert world.signed_in == world.people[1].id
    assert visitor.api("/athlete", token).status == 401


@pytest.mark.parametrize("value", [{}, {"moon": 1}, {"revoke": 5}, {"sign_in": "x"}])
def test_a_state_that_makes_no_sense_is_refused(visitor: Visitor, value: dict[str, Any]) -> None:
    assert control(visitor, "PUT", "state", value).status == 400


def test_tokens_are_shown_here_and_nowhere_else(visitor: Visitor) -> None:
    token = visitor.login()

    shown = read(control(visitor, "GET", "tokens"))

    assert shown[0]["refresh_token"] == token["refresh_token"]
    assert shown[0]["access_tokens"][0]["access_token"] == token["access_token"]
    for where in ("/", "/oauth/authorize", "/api/v3/athlete", "/_sandbox/counters", "/_sandbox/"):
        answer = visitor.get(where, authorization=f"Bearer {token['access_token']}")
        assert token["access_token"] not in answer.text()
        assert token["refresh_token"] not in answer.text()


def test_a_reset_forgets_everything_but_the_clock(visitor: Visitor, world: World, clock: ManualClock) -> None:
    visitor.login()
    world.switches.set(header_only=True)
    world.plan("status")
    clock.advance(60)
    before = clock.now()

    control(visitor, "POST", "reset")

    assert read(control(visitor, "GET", "tokens")) == []
    assert world.switches["header_only"] is False
    assert read(control(visitor, "GET", "faults")) == []
    assert clock.now() == before


def test_no_json_is_refused(visitor: Visitor) -> None:
    answer = visitor.send(Request(method="PUT", url=f"{visitor.base}/_sandbox/switches", body=b"\xff{"))

    assert answer.status == 400
