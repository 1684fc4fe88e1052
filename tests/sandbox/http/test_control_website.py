"""What athletes do on the web site, over the control API."""

import json

import pytest

from paceport.http_message import Request, Response
from paceport.sandbox.state.world import World
from sandbox.visitor import Visitor, read


def send(visitor: Visitor, method: str, where: str, asked: object = None) -> Response:
    body = b"" if asked is None else json.dumps(asked).encode()
    return visitor.send(Request(method=method, url=f"{visitor.base}/_sandbox/{where}", body=body))


def test_visibility_map_and_start_are_changed(visitor: Visitor, world: World) -> None:
    row = world.activities(world.people[0].id)[0]
    token = visitor.login(scope="read,activity:read_all")["access_token"]
    asked = {"visibility": "only_me", "map_hidden": True, "start_hidden": True, "name": "Mine", "sport_type": "Walk"}

    answer = send(visitor, "PUT", f"activities/{row.id}", asked)
    shown = read(visitor.api(f"/activities/{row.id}", token))

    assert read(answer) == {"id": row.id, **asked}
    assert (shown["visibility"], shown["private"], shown["map"]["polyline"]) == ("only_me", True, "")
    assert (shown["start_date_local"][10:], shown["name"], shown["sport_type"]) == ("T00:00:01Z", "Mine", "Walk")
    send(visitor, "PUT", f"activities/{row.id}", {"start_hidden": False})
    assert read(visitor.api(f"/activities/{row.id}", token))["start_date_local"][10:] == "T07:30:00Z"


def test_an_activity_is_deleted(visitor: Visitor, world: World) -> None:
    row = world.activities(world.people[0].id)[0]
    token = visitor.login(scope="read,activity:read_all")["access_token"]

    assert send(visitor, "DELETE", f"activities/{row.id}").status == 204
    assert visitor.api(f"/activities/{row.id}", token).status == 404
    assert send(visitor, "DELETE", f"activities/{row.id}").status == 400


@pytest.mark.parametrize(
    "asked",
    [{"visibility": "nobody"}, {"sport_type": "Quidditch"}, {"name": 5}, {"distance": 5}, {"map_hidden": 1}, []],
)
def test_an_edit_that_makes_no_sense_is_a_400(visitor: Visitor, world: World, asked: object) -> None:
    row = world.activities(world.people[0].id)[0]

    assert send(visitor, "PUT", f"activities/{row.id}", asked).status == 400
    assert world.activities(world.people[0].id)[0] == row


@pytest.mark.parametrize("asked", [{}, {"held": 1}, {"held": True, "more": 1}])
def test_holding_webhooks_takes_a_truth_value(visitor: Visitor, asked: object) -> None:
    assert send(visitor, "PUT", "webhooks", asked).status == 400
