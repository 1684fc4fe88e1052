"""Subscriptions, their handshake, and the events that reach a callback."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from paceport.http_message import Request, Response
from paceport.sandbox.http.server import serve
from paceport.sandbox.http.webhook_delivery import is_loopback, request_callback, webhook_queue
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.callback import Callback, listening
from sandbox.few import ONLY_ME
from sandbox.files import fit, hand_in
from sandbox.visitor import Visitor, read

PUSH = "/api/v3/push_subscriptions"
ALL = "read,activity:read_all,activity:write"


@pytest.fixture
def callback() -> Iterator[Callback]:
    with listening() as one:
        yield one


def app_of(world: World) -> dict[str, str]:
    return {"client_id": str(world.app.client_id), "client_secret": world.app.client_secret}


def ask(visitor: Visitor, callback_url: str, **changes: str | None) -> Response:
    fields = {**app_of(visitor.world), "callback_url": callback_url, "verify_token": "mine", **changes}
    return visitor.post(PUSH, {name: value for name, value in fields.items() if value is not None})


def subscribed(visitor: Visitor, callback: Callback) -> int:
    answer = ask(visitor, callback.url)
    assert answer.status == 201, answer.text()
    return int(read(answer)["id"])


def view(visitor: Visitor) -> Any:  # noqa: ANN401  # JSON is what it is
    app = app_of(visitor.world)
    return read(visitor.get(f"{PUSH}?client_id={app['client_id']}&client_secret={app['client_secret']}"))


def remove(visitor: Visitor, subscription_id: int) -> Response:
    app = app_of(visitor.world)
    query = f"client_id={app['client_id']}&client_secret={app['client_secret']}"
    return visitor.send(Request(method="DELETE", url=f"{visitor.base}{PUSH}/{subscription_id}?{query}"))


def arrived(visitor: Visitor, callback: Callback) -> list[dict[str, Any]]:
    """All events so far, after the last has come."""
    answer = visitor.post("/_sandbox/webhooks/flush", {})
    assert answer.status == 200, answer.text()
    return callback.events


def code_of(answer: Response) -> tuple[int, str, str]:
    error = read(answer)["errors"][0]
    assert error["resource"] == "PushSubscription"
    return answer.status, error["field"], error["code"]


def test_a_subscription_is_made_after_its_callback_has_answered(visitor: Visitor, callback: Callback) -> None:
    answer = ask(visitor, callback.url)

    (asked,) = callback.asked
    assert (asked["hub.mode"], asked["hub.verify_token"], asked["mine"]) == ("subscribe", "mine", "1")
    assert asked["hub.challenge"]
    assert (answer.status, read(answer).keys()) == (201, {"id"})
    assert view(visitor) == [
        {
            "id": read(answer)["id"],
            "resource_state": 2,
            "application_id": visitor.world.app.client_id,
            "callback_url": callback.url,
            "created_at": "2026-11-22T08:00:00Z",
            "updated_at": "2026-11-22T08:00:00Z",
        }
    ]


def test_the_answer_can_be_the_longer_one_of_2018(visitor: Visitor, callback: Callback) -> None:
    visitor.world.switches.set(subscription_answer="full")

    assert read(ask(visitor, callback.url)) == view(visitor)[0]


def test_an_app_has_one_subscription(visitor: Visitor, callback: Callback) -> None:
    subscription_id = subscribed(visitor, callback)
    again = ask(visitor, callback.url)
    gone = remove(visitor, subscription_id)

    assert code_of(again) == (400, "", "already exists")
    assert (gone.status, gone.body) == (204, b"")
    assert view(visitor) == []
    assert remove(visitor, subscription_id).status == 404
    assert subscribed(visitor, callback) != subscription_id


def test_a_callback_that_does_not_answer_200_is_refused(visitor: Visitor, callback: Callback) -> None:
    callback.handshake_status = 404

    assert code_of(ask(visitor, callback.url)) == (400, "callback url", "GET to callback URL does not return 200")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"hub.challenge": "other"}', b'{"hub_challenge": "x"}'])
def test_a_callback_that_does_not_echo_the_challenge_is_not_verifiable(
    visitor: Visitor, callback: Callback, body: bytes
) -> None:
    callback.handshake = lambda challenge: body

    assert code_of(ask(visitor, callback.url)) == (400, "callback url", "not verifiable")
    assert view(visitor) == []


def test_a_callback_nobody_listens_at_is_not_verifiable(visitor: Visitor) -> None:
    with listening() as callback:
        url = callback.url

    assert code_of(ask(visitor, url)) == (400, "callback url", "not verifiable")


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1/hook",
        "http://localhost.example.com/hook",
        "http://127.0.0.1@192.0.2.1/hook",
        "file:///etc/hosts",
        "ftp://127.0.0.1/x",
        "http://[::1",
        "http://127.0.0.1:x/",
        "http://127.0.0.1/a b",
        "127.0.0.1/hook",
    ],
)
def test_the_sandbox_calls_nobody_beyond_this_machine(visitor: Visitor, url: str) -> None:
    assert not is_loopback(url)
    assert code_of(ask(visitor, url)) == (400, "callback url", "not verifiable")
    with pytest.raises(ValueError, match="not this machine"):
        request_callback(url)


def test_a_redirect_is_not_followed(visitor: Visitor, callback: Callback) -> None:
    callback.sends_away_to = "http://192.0.2.1/elsewhere"

    assert code_of(ask(visitor, callback.url)) == (400, "callback url", "GET to callback URL does not return 200")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"client_id": "1"}, 400),
        ({"client_secret": "wrong"}, 401),
        ({"client_secret": None}, 401),
        ({"callback_url": None}, 400),
        ({"callback_url": "http://127.0.0.1/" + "x" * 255}, 400),
        ({"verify_token": None}, 400),
    ],
)
def test_a_bad_question_makes_no_subscription(
    visitor: Visitor, callback: Callback, changes: dict[str, str | None], status: int
) -> None:
    assert ask(visitor, **{"callback_url": callback.url, **changes}).status == status  # type: ignore[arg-type]  # None leaves it out
    assert callback.asked == []
    assert view(visitor) == []


def test_a_new_edited_and_deleted_activity_is_told_in_order(visitor: Visitor, callback: Callback) -> None:
    token, world = visitor.login(scope=ALL)["access_token"], visitor.world
    subscription_id = subscribed(visitor, callback)
    fields = {"name": "A", "sport_type": "Run", "start_date_local": "2026-11-20T12:00:00", "elapsed_time": "60"}
    made = read(visitor.post("/api/v3/activities", fields, authorization=f"Bearer {token}"))["id"]
    visitor.put(f"/activities/{made}", token, name="B", sport_type="Walk", description="no news")
    visitor.put(f"/activities/{made}", token, sport_type="Ride")
    visitor.put(f"/activities/{made}", token, description="no news either")
    world.delete_activity(made)

    events = arrived(visitor, callback)

    assert [(event["aspect_type"], event["updates"]) for event in events] == [
        ("create", {}),
        ("update", {"title": "B", "type": "Walk"}),
        ("update", {"type": "Ride"}),
        ("delete", {}),
    ]
    assert events[0] == {
        "aspect_type": "create",
        "event_time": 1795334400,
        "object_id": made,
        "object_type": "activity",
        "owner_id": world.people[0].id,
        "subscription_id": subscription_id,
        "updates": {},
    }


def test_an_edit_of_two_fields_can_make_two_events(visitor: Visitor, callback: Callback) -> None:
    token, world = visitor.login(scope=ALL)["access_token"], visitor.world
    world.switches.set(webhook_updates="each")
    subscribed(visitor, callback)
    row = world.activities(world.people[0].id)[0]
    visitor.put(f"/activities/{row.id}", token, name="B", sport_type="Walk")

    assert [event["updates"] for event in arrived(visitor, callback)] == [{"title": "B"}, {"type": "Walk"}]


def test_an_upload_is_told_when_it_is_ready(visitor: Visitor, callback: Callback) -> None:
    token = visitor.login(scope=ALL)["access_token"]
    subscribed(visitor, callback)
    upload_id = read(hand_in(visitor, token, fit(), {"data_type": "fit"}))["id"]
    before = list(arrived(visitor, callback))
    for _ in range(2):
        done = read(visitor.api(f"/uploads/{upload_id}", token))

    assert before == []
    assert [event["object_id"] for event in arrived(visitor, callback)] == [done["activity_id"]]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("read,activity:read_all", [("update", {"private": "true"}), ("update", {"private": "false"})]),
        ("read,activity:read", [("delete", {}), ("create", {})]),
        ("read", []),
    ],
)
def test_what_going_private_and_back_is_told_as_depends_on_the_scope(
    visitor: Visitor, callback: Callback, scope: str, expected: list[Any]
) -> None:
    world = visitor.world
    visitor.login(scope=scope)
    subscribed(visitor, callback)
    row = world.activities(world.people[0].id)[0]
    world.edit_activity(replace(row, visibility="only_me"))
    world.edit_activity(replace(row, visibility="followers_only"))
    world.edit_activity(row)

    assert [(event["aspect_type"], event["updates"]) for event in arrived(visitor, callback)] == expected


def test_an_only_me_activity_is_told_to_who_may_see_it(visitor: Visitor, callback: Callback) -> None:
    world = visitor.world
    visitor.login(scope="read,activity:read")
    subscribed(visitor, callback)
    hidden = world.activities(world.people[0].id)[ONLY_ME[0]]
    world.edit_activity(replace(hidden, name="Secret"))
    world.delete_activity(hidden.id)

    assert arrived(visitor, callback) == []


def test_an_athlete_who_has_not_connected_is_not_told_of(visitor: Visitor, callback: Callback) -> None:
    world = visitor.world
    visitor.login(scope=ALL)
    subscribed(visitor, callback)
    world.delete_activity(world.activities(world.people[1].id)[0].id)

    assert arrived(visitor, callback) == []


@pytest.mark.parametrize("way", ["world", "deauthorize", "revoke"])
def test_deauthorization_is_told_once_by_every_way(visitor: Visitor, callback: Callback, way: str) -> None:
    world, token = visitor.world, visitor.login(scope="read")
    subscription_id = subscribed(visitor, callback)
    if way == "world":
        world.revoke()
    elif way == "deauthorize":
        visitor.post("/oauth/deauthorize", {"access_token": token["access_token"]})
    else:
        basic = {"authorization": _basic(world)}
        visitor.post("/oauth/revoke", {"token": token["refresh_token"]}, **basic)

    (event,) = arrived(visitor, callback)

    owner = world.people[0].id
    assert (event["object_type"], event["object_id"], event["owner_id"]) == ("athlete", owner, owner)
    assert (event["aspect_type"], event["updates"]) == ("update", {"authorized": "false"})
    assert event["subscription_id"] == subscription_id


@pytest.mark.parametrize(
    ("statuses", "attempts"), [([], [200]), ([500, 404], [500, 404, 200]), ([500, 500, 500, 500], [500, 500, 500])]
)
def test_an_event_is_tried_three_times_in_all(
    visitor: Visitor, callback: Callback, statuses: list[int], attempts: list[int]
) -> None:
    world = visitor.world
    visitor.login(scope="read")
    subscribed(visitor, callback)
    callback.statuses = list(statuses)
    world.revoke()
    arrived(visitor, callback)
    callback.statuses = []

    shown = read(visitor.get("/_sandbox/webhooks"))

    assert (shown["waiting"], [one["attempts"] for one in shown["over"]]) == ([], [attempts])
    assert len(callback.events) == len(attempts)


def test_held_events_wait_to_be_flushed(visitor: Visitor, callback: Callback) -> None:
    world = visitor.world
    visitor.login(scope=ALL)
    subscribed(visitor, callback)
    held = visitor.send(Request(method="PUT", url=f"{visitor.base}/_sandbox/webhooks", body=b'{"held": true}'))
    rows = world.activities(world.people[0].id)[:3]
    for row in rows:
        world.edit_activity(replace(row, name="New"))
    waiting = read(visitor.get("/_sandbox/webhooks"))["waiting"]

    assert held.status == 200
    assert [one["event"]["object_id"] for one in waiting] == [row.id for row in rows]
    assert callback.events == []
    assert [event["object_id"] for event in arrived(visitor, callback)] == [row.id for row in rows]


def test_a_callback_may_call_back_while_it_is_told(world: World, callback: Callback) -> None:
    seen: list[int] = []
    with serve(world) as address, open_transport() as send:
        visitor = Visitor(world=world, send=send, base=address.url)
        visitor.login(scope="read")
        callback.on_event = lambda: seen.append(visitor.get("/_sandbox/clock").status)
        ask(visitor, callback.url)
        world.revoke()
        arrived(visitor, callback)

    assert seen == [200]


def test_a_reset_drops_subscriptions_and_what_waits(visitor: Visitor, callback: Callback) -> None:
    visitor.login(scope="read")
    subscribed(visitor, callback)
    webhook_queue(visitor.world).is_held = True
    visitor.world.revoke()
    visitor.world.reset()

    assert arrived(visitor, callback) == []
    assert view(visitor) == []


def _basic(world: World) -> str:
    return "Basic " + base64.b64encode(f"{world.app.client_id}:{world.app.client_secret}".encode()).decode()
