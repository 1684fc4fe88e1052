"""Activities made by hand, and edited."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from paceport.http_message import Request, Response
from paceport.sandbox.state.world import World
from sandbox.few import ONLY_ME
from sandbox.visitor import FORM, Visitor, read

GOOD = {
    "name": "Lunch Run",
    "sport_type": "TrailRun",
    "start_date_local": "2026-11-20 12:30:00 -0400",
    "elapsed_time": "1234",
    "distance": "1000",
    "description": "by hand",
    "trainer": "true",
}


@pytest.fixture
def token(visitor: Visitor) -> str:
    return str(visitor.login(scope="read,activity:read_all,activity:write")["access_token"])


def create(visitor: Visitor, token: str, **changes: str | None) -> Response:
    fields = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return visitor.post("/api/v3/activities", fields, authorization=f"Bearer {token}")


def put(visitor: Visitor, token: str, activity_id: int, fields: object, *, as_json: bool = True) -> Response:
    kind = {"content-type": "application/json"} if as_json else FORM
    body = json.dumps(fields) if as_json else urlencode(fields)  # type: ignore[arg-type]  # a mapping, then
    return visitor.send(
        Request(
            method="PUT",
            url=f"{visitor.base}/api/v3/activities/{activity_id}",
            headers={"authorization": f"Bearer {token}", **kind},
            body=body.encode(),
        )
    )


def newest(world: World) -> int:
    return world.activities(world.people[0].id)[0].id


def test_a_manual_activity_is_made_and_listed_first(visitor: Visitor, token: str) -> None:
    answer = create(visitor, token)
    made = read(answer)

    assert answer.status == 201
    assert (made["resource_state"], made["manual"], made["trainer"]) == (3, True, True)
    assert (made["start_date_local"], made["start_date"]) == ("2026-11-20T12:30:00Z", "2026-11-20T11:30:00Z")
    assert (made["moving_time"], made["elapsed_time"], made["average_speed"]) == (1234, 1234, 0.81)
    assert (made["upload_id"], made["external_id"], made["start_latlng"]) == (None, None, [])
    assert made["map"] == {"id": f"a{made['id']}", "polyline": "", "resource_state": 3, "summary_polyline": ""}
    assert made["gear"]["id"] == "g41"
    assert "upload_id_str" not in made
    assert read(visitor.api("/athlete/activities?per_page=1", token))[0]["id"] == made["id"]


def test_creating_counts_in_the_overall_class_alone_and_sends_a_lone_comma(visitor: Visitor, token: str) -> None:
    answer = create(visitor, token)
    later = visitor.api("/athlete", token)

    assert (answer.headers["x-ratelimit-usage"], answer.headers["x-readratelimit-usage"]) == ("1,1", ",")
    assert (later.headers["x-ratelimit-usage"], later.headers["x-readratelimit-usage"]) == ("2,2", "1,1")


def test_the_same_request_twice_makes_two_activities(visitor: Visitor, token: str) -> None:
    assert read(create(visitor, token))["id"] != read(create(visitor, token))["id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"sport_type": "Quidditch"},
        {"sport_type": None},
        {"elapsed_time": "0"},
        {"elapsed_time": "nan"},
        {"elapsed_time": None},
        {"distance": "-1"},
        {"distance": "inf"},
        {"start_date_local": "yesterday"},
        {"start_date_local": None},
        {"start_date_local": "0001-01-01T00:00:00"},
    ],
)
def test_a_bad_field_makes_nothing(visitor: Visitor, world: World, token: str, changes: dict[str, str | None]) -> None:
    before = newest(world)

    assert create(visitor, token, **changes).status == 400
    assert newest(world) == before


@pytest.mark.parametrize("method", ["create", "put"])
def test_writing_needs_its_scope(visitor: Visitor, world: World, method: str) -> None:
    reader = visitor.login(scope="read,activity:read_all")["access_token"]
    answer = create(visitor, reader) if method == "create" else put(visitor, reader, newest(world), {"name": "x"})

    assert answer.status == 401
    assert answer.text() == (
        '{"message":"Authorization Error","errors":[{"resource":"AccessToken",'
        '"field":"activity:write_permission","code":"missing"}]}'
    )


def test_an_edit_changes_what_it_names_and_nothing_else(visitor: Visitor, world: World, token: str) -> None:
    before = read(visitor.api(f"/activities/{newest(world)}", token))

    edited = read(put(visitor, token, newest(world), {"name": "New", "commute": True, "private_note": "sore knee"}))

    expected: dict[str, Any] = {**before, "name": "New", "commute": True, "private_note": "sore knee"}
    assert edited == expected == read(visitor.api(f"/activities/{newest(world)}", token))


def test_gear_is_cleared_and_set(visitor: Visitor, world: World, token: str) -> None:
    cleared = read(put(visitor, token, newest(world), {"gear_id": "none"}))
    on_bike = read(put(visitor, token, newest(world), {"gear_id": "b7"}))

    assert (cleared["gear_id"], "gear" in cleared) == (None, False)
    assert on_bike["gear"]["id"] == "b7"
    assert put(visitor, token, newest(world), {"gear_id": "g999"}).status == 400


def test_in_a_form_every_flag_is_on_in_json_it_is_what_it_says(visitor: Visitor, world: World, token: str) -> None:
    by_form = read(put(visitor, token, newest(world), {"hide_from_home": "false"}, as_json=False))
    by_json = read(put(visitor, token, newest(world), {"hide_from_home": False}))

    assert (by_form["hide_from_home"], by_json["hide_from_home"]) == (True, False)


def test_an_edit_counts_as_a_read(visitor: Visitor, world: World, token: str) -> None:
    answer = put(visitor, token, newest(world), {"name": "New"})

    assert answer.headers["x-readratelimit-usage"] == "1,1"


@pytest.mark.parametrize("fields", [{"sport_type": "Quidditch"}, {"sport_type": ["Run"]}, {"gear_id": 5}, [], "x", 5])
def test_a_bad_edit_is_refused(visitor: Visitor, world: World, token: str, fields: object) -> None:
    assert put(visitor, token, newest(world), fields).status == 400


def test_only_you_activities_are_not_found_for_a_narrow_writer(visitor: Visitor, world: World) -> None:
    narrow = visitor.login(scope="read,activity:read,activity:write")["access_token"]
    hidden = world.activities(world.people[0].id)[ONLY_ME[0]].id

    assert put(visitor, narrow, hidden, {"name": "x"}).status == 404
