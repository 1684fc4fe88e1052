"""The face: tokens, scopes, limits, headers, planned trouble; each refusal with its literal body."""

from datetime import UTC, datetime

import pytest

from paceport.clock import ManualClock
from paceport.http_message import Request, Response, Send
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.planned_faults import FaultNeedsSocket
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.visitor import Visitor, read

MESSAGES = {401: "Authorization Error", 403: "Forbidden", 404: "Resource Not Found", 429: "Rate Limit Exceeded"}


def fault(status: int, resource: str, field: str, code: str) -> bytes:
    errors = f'[{{"resource":"{resource}","field":"{field}","code":"{code}"}}]'
    return f'{{"message":"{MESSAGES[status]}","errors":{errors}}}'.encode()


BAD_TOKEN = fault(401, "Athlete", "access_token", "invalid")
NOT_FOUND = b'{"message":"Resource Not Found","errors":[]}'
INACTIVE = fault(403, "Application", "Status", "Inactive")


def usage(answer: Response) -> tuple[str, str]:
    return answer.headers["x-ratelimit-usage"], answer.headers["x-readratelimit-usage"]


def test_an_unknown_token_is_refused(visitor: Visitor) -> None:
    answer = visitor.api("/athlete", "0" * 40)

    assert (answer.status, answer.body) == (401, BAD_TOKEN)
    assert "www-authenticate" not in answer.headers


def test_no_token_is_refused(visitor: Visitor) -> None:
    assert visitor.get("/api/v3/athlete").body == BAD_TOKEN


def test_a_token_dies_after_six_hours(visitor: Visitor, clock: ManualClock) -> None:
    token = visitor.login()["access_token"]
    clock.advance(21599)
    assert visitor.api("/athlete", token).status == 200

    clock.advance(1)

    assert visitor.api("/athlete", token).body == BAD_TOKEN


@pytest.mark.parametrize(
    "path", ["/athlete/activities", "/activities/1", "/activities/1/laps", "/activities/1/streams"]
)
def test_reading_activities_needs_a_scope_for_them(visitor: Visitor, path: str) -> None:
    token = visitor.login(scope="read")["access_token"]

    answer = visitor.api(path, token)

    assert (answer.status, answer.body) == (401, fault(401, "AccessToken", "activity:read_permission", "missing"))


def test_the_status_of_a_missing_scope_is_a_switch(visitor: Visitor, world: World) -> None:
    world.switches.set(missing_scope_status=403)

    assert visitor.api("/athlete/activities", visitor.login(scope="read")["access_token"]).status == 403


def test_zones_need_the_profile_scope(visitor: Visitor, world: World) -> None:
    token = visitor.login(scope="read")["access_token"]

    answer = visitor.api("/athlete/zones", token)
    world.switches.set(zones_refusal_body="empty")
    empty = visitor.api("/athlete/zones", token)

    assert (answer.status, answer.body) == (401, fault(401, "AccessToken", "profile:read_all_permission", "missing"))
    assert (empty.status, empty.body) == (401, b"")


def test_deleting_an_activity_is_refused_even_with_every_scope(visitor: Visitor, world: World) -> None:
    every = "read_all,profile:read_all,profile:write,activity:read_all,activity:write"
    token = visitor.login(scope=every)["access_token"]
    activity = world.activities(world.people[0].id)[0]

    answer = visitor.send(
        Request(
            method="DELETE",
            url=f"{visitor.base}/api/v3/activities/{activity.id}",
            headers={"authorization": f"Bearer {token}"},
        )
    )

    assert (answer.status, answer.body) == (401, fault(401, "Application", "internal", "invalid"))


def test_an_inactive_app_is_refused_and_may_come_back(visitor: Visitor, world: World) -> None:
    token = visitor.login()["access_token"]
    world.set_inactive()

    answer = visitor.api("/athlete", token)
    world.set_inactive(False)

    assert (answer.status, answer.body) == (403, INACTIVE)
    assert visitor.api("/athlete", token).status == 200


@pytest.mark.parametrize("path", ["/nothing", "/activities/abc", "/activities/-1", "/athlete/"])
def test_an_unknown_path_is_a_404(visitor: Visitor, path: str) -> None:
    answer = visitor.api(path.rstrip("/") + "/x", visitor.login()["access_token"])

    assert (answer.status, answer.body) == (404, fault(404, "resource", "path", "invalid"))
    visitor.world.switches.set(unknown_path="empty")
    assert visitor.api("/nothing", visitor.login()["access_token"]).body == NOT_FOUND


def test_a_token_in_the_query_counts_until_the_switch(visitor: Visitor, world: World) -> None:
    token = visitor.login()["access_token"]

    before = visitor.get(f"/api/v3/athlete?access_token={token}")
    world.switches.set(header_only=True)
    after = visitor.get(f"/api/v3/athlete?access_token={token}")

    assert before.status == 200
    assert (after.status, after.body) == (401, BAD_TOKEN)


def test_the_bare_host_answers_by_switch(visitor: Visitor, world: World) -> None:
    token = visitor.login()["access_token"]

    before = visitor.get("/athlete", authorization=f"Bearer {token}")
    world.switches.set(api_prefix="")
    after = visitor.get("/athlete", authorization=f"Bearer {token}")

    assert (before.status, after.status) == (404, 200)
    assert visitor.api("/athlete", token).status == 200


def test_headers_are_those_of_the_service(visitor: Visitor, clock: ManualClock) -> None:
    clock.set(datetime(2027, 1, 4, 12, 0, 5, tzinfo=UTC))
    answer = visitor.api("/athlete", visitor.login()["access_token"])

    assert answer.headers["date"] == "Mon, 04 Jan 2027 12:00:05 GMT"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["cache-control"] == "max-age=0, private, must-revalidate"
    assert answer.headers["vary"] == "Accept, Origin"
    assert answer.headers["etag"].startswith('W/"')
    assert len(answer.headers["x-request-id"]) == 36
    assert (answer.headers["x-ratelimit-limit"], answer.headers["x-readratelimit-limit"]) == ("200,2000", "100,1000")
    assert "retry-after" not in answer.headers


def test_calls_count_in_both_windows_and_classes(visitor: Visitor, clock: ManualClock) -> None:
    token = visitor.login()["access_token"]
    clock.set(datetime(2026, 11, 22, 11, 59, 59, tzinfo=UTC))
    first = visitor.api("/athlete", token)

    clock.advance(1)
    second = visitor.api("/athlete", token)

    assert usage(first) == ("1,1", "1,1")
    assert usage(second) == ("1,2", "1,2")


def test_the_day_begins_at_midnight_utc(visitor: Visitor, clock: ManualClock) -> None:
    clock.set(datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC))
    token = visitor.login()["access_token"]
    visitor.api("/athlete", token)

    clock.advance(1)

    assert usage(visitor.api("/athlete", token)) == ("1,1", "1,1")


def test_beyond_the_read_limit_calls_are_refused_and_still_count(visitor: Visitor, world: World) -> None:
    world.set_limits(Limits(read_quarter=2))
    token = visitor.login()["access_token"]
    for _ in range(2):
        assert visitor.api("/athlete", token).status == 200

    refused = visitor.api("/athlete", token)

    assert (refused.status, refused.body) == (429, fault(429, "Application", "read rate limit", "exceeded"))
    assert usage(refused) == ("3,3", "3,3")


def test_beyond_the_overall_limit_the_field_is_another(visitor: Visitor, world: World) -> None:
    world.set_limits(Limits(overall_quarter=1))
    token = visitor.login()["access_token"]
    visitor.api("/athlete", token)

    assert visitor.api("/athlete", token).body == fault(429, "Application", "overall rate limit", "exceeded")


def test_the_next_quarter_of_an_hour_opens_again(visitor: Visitor, world: World, clock: ManualClock) -> None:
    world.set_limits(Limits(read_quarter=1))
    token = visitor.login()["access_token"]
    visitor.api("/athlete", token)
    assert visitor.api("/athlete", token).status == 429

    clock.advance(900)

    assert visitor.api("/athlete", token).status == 200


def test_a_used_up_day_stays_closed_in_the_next_quarter(visitor: Visitor, world: World, clock: ManualClock) -> None:
    world.set_limits(Limits(overall_day=1))
    token = visitor.login()["access_token"]
    visitor.api("/athlete", token)

    clock.advance(900)

    assert visitor.api("/athlete", token).status == 429


def test_refused_calls_are_free_by_switch(visitor: Visitor, world: World) -> None:
    token = visitor.login(scope="read")["access_token"]
    assert usage(visitor.api("/athlete/activities", token)) == ("1,1", "1,1")
    world.switches.set(refused_calls_count=False)

    assert usage(visitor.api("/athlete/activities", token)) == ("1,1", "1,1")


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("status", 500, b'{"message":"error"}'),
        ("rate_limited", 429, fault(429, "Application", "overall rate limit", "exceeded")),
        ("revoked", 401, BAD_TOKEN),
        ("inactive", 403, INACTIVE),
    ],
)
def test_planned_trouble_strikes_where_and_as_often_as_planned(
    visitor: Visitor, kind: str, status: int, body: bytes
) -> None:
    token = visitor.login()["access_token"]
    visitor.world.plan(kind, path="/api/v3/athlete", after=1, times=2)  # type: ignore[arg-type]  # one of the kinds

    answers = [visitor.api("/athlete", token) for _ in range(4)]

    assert [answer.status for answer in answers] == [200, status, status, 200]
    assert answers[1].body == body


def test_a_dead_token_may_be_told_what_was_recorded_in_2020(visitor: Visitor, world: World) -> None:
    world.switches.set(dead_token_body="application")
    token = visitor.login()["access_token"]
    world.plan("revoked", path="/api/v3/athlete/zones")

    for answer in (visitor.api("/athlete/zones", token), visitor.api("/athlete", "none")):
        assert (answer.status, answer.body) == (401, fault(401, "Application", "", "invalid"))
    assert visitor.api("/athlete", token).status == 200


def test_trouble_is_bound_to_path_and_method(visitor: Visitor, world: World) -> None:
    token = visitor.login()["access_token"]
    world.plan("status", path="/api/v3/athlete/activities")
    world.plan("status", method="POST")

    assert visitor.api("/athlete", token).status == 200
    assert visitor.api("/athlete/activities", token).status == 500


def test_a_gateway_answers_in_html(visitor: Visitor, world: World) -> None:
    world.plan("html")

    answer = visitor.api("/athlete", "x")

    assert answer.status == 502
    assert answer.headers["content-type"].startswith("text/html")


def test_a_revoked_grant_planned_at_the_token_endpoint_is_a_dead_refresh_token(visitor: Visitor, world: World) -> None:
    token = visitor.login()
    world.plan("revoked", path="/oauth/token")

    answer = visitor.refresh(token["refresh_token"])

    assert answer.status == 400
    assert b'"RefreshToken"' in answer.body


def test_trouble_of_a_connection_is_refused_without_one_but_lost_commits(visitor: Visitor, world: World) -> None:
    token = visitor.login()
    world.plan("lost", path="/oauth/token")

    with pytest.raises(FaultNeedsSocket):
        visitor.refresh(token["refresh_token"])

    assert world.counters()["refreshes"] == 1


def test_trouble_never_strikes_the_control_face(visitor: Visitor, world: World) -> None:
    world.plan("status", times=5)

    assert visitor.get("/_sandbox/counters").status == 200


def script(send: Send, world: World) -> list[Response]:
    visitor = Visitor(world=world, send=send)
    answers = [visitor.get(visitor.asking())]
    token = visitor.login()
    answers += [visitor.refresh(token["refresh_token"]), visitor.api("/athlete/activities", token["access_token"])]
    return answers


def test_the_same_seed_and_requests_give_the_same_bytes(few: Population) -> None:
    start = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    runs = []
    for seed in (5, 5, 6):
        world = World(few, seed=seed, clock=ManualClock(start))
        with open_transport(wsgi=create_app(world)) as send:
            runs.append([(one.status, dict(one.headers), one.body) for one in script(send, world)])

    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_a_reset_world_begins_again(visitor: Visitor, world: World) -> None:
    first = visitor.login()

    world.reset()

    assert visitor.api("/athlete", first["access_token"]).status == 401
    assert visitor.login() == first
    assert world.counters()["exchanges"] == 1


def test_counters_name_the_endpoint_without_its_prefix(visitor: Visitor, world: World) -> None:
    token = visitor.login()["access_token"]
    visitor.api("/athlete", token)
    visitor.api("/activities/5", token)

    assert read(visitor.get("/_sandbox/counters"))["requests"] == {
        "GET /activities/<int:activity_id>": 1,
        "GET /athlete": 1,
        "POST /oauth/authorize": 1,
        "POST /oauth/token": 1,
    }
