"""One call from its words to its answer, against the simulated service."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from api.conftest import Login, Wire
from paceport.api.client.client import Client
from paceport.api.client.request_options import RequestOptions
from paceport.api.client.requester import Requester
from paceport.api.rate_limit.budget import MemoryBudget
from paceport.api.rate_limit.headers import WaitPlan
from paceport.clock import ManualClock
from paceport.errors import (
    AnswerLost,
    ApiError,
    AppInactive,
    NotFound,
    NotSent,
    PaceportError,
    RateLimited,
    ScopeMissing,
    StravaDown,
    TokenRefused,
    UnexpectedAnswer,
    UsageError,
)
from paceport.http_message import Request, Response
from paceport.sandbox.state.planned_faults import FaultKind
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.scopes import parse_granted


def json_answer(body: bytes, status: int = 200) -> Response:
    return Response(status=status, headers={"content-type": "application/json"}, body=body)


class Script:
    """A server that says what it was told to, and notes what it was asked."""

    def __init__(self, *answers: Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def __call__(self, request: Request, *, timeout_s: float = 30.0) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Tokens:
    """Hands out token-1, and a later one when told that one was refused."""

    def __init__(self) -> None:
        self.number = 1

    def __call__(self, *, not_this: str | None = None) -> str:
        if not_this == f"token-{self.number}":
            self.number += 1
        return f"token-{self.number}"


def scripted(clock: ManualClock, script: Script) -> Client:
    options = RequestOptions(spread=lambda: 0.0)
    return Client(Requester(send=script, token=Tokens(), clock=clock, options=options))


DEAD = json_answer(
    b'{"message":"Authorization Error","errors":[{"resource":"Athlete","field":"access_token","code":"invalid"}]}', 401
)


def test_a_typed_call_gives_a_typed_value(login: Login, client: Client) -> None:
    athlete = client.athlete()

    assert athlete.id == login.athlete_id
    assert athlete.display_name


def test_a_generic_call_gives_the_answer_as_it_is(client: Client) -> None:
    answer = client.request("GET", "/athlete/activities", query={"per_page": 3})

    assert answer.status == 200
    assert answer.body.startswith(b"[{")


def test_a_dead_token_is_replaced_once_and_the_call_repeated(login: Login, client: Client, world: World) -> None:
    world.plan("revoked", path="/api/v3/athlete")

    athlete = client.athlete()

    assert athlete.id == login.athlete_id
    assert len(login.tokens) == 2


def test_a_second_refusal_is_final(clock: ManualClock) -> None:
    script = Script(DEAD, DEAD)

    with pytest.raises(TokenRefused):
        scripted(clock, script).athlete()

    sent = [request.headers["authorization"] for request in script.requests]
    assert sent == ["Bearer token-1", "Bearer token-2"]


def test_a_401_that_may_mean_anything_ends_no_login_that_lives(login: Login, client: Client, world: World) -> None:
    world.switches.set(dead_token_body="application")
    world.plan("revoked", path="/api/v3/athlete/zones")

    with pytest.raises(ApiError, match="401") as caught:
        client.athlete_zones()

    assert not isinstance(caught.value, TokenRefused)
    assert "login itself is fine" in caught.value.why
    assert len(login.tokens) == 1
    assert (world.requests["GET /athlete"], len(login.wire.requests)) == (1, 2)


def test_a_dead_token_that_is_not_named_is_replaced_after_one_question(
    login: Login, client: Client, world: World
) -> None:
    world.switches.set(dead_token_body="application")
    world.grants.drop_access_token(login.tokens[0])

    zones = client.athlete_zones()

    assert zones.heart_rate is not None
    assert len(login.tokens) == 2
    assert [request.url.rpartition("/")[2] for request in login.wire.requests if "/api/" in request.url] == [
        "zones",
        "athlete",
        "zones",
    ]


def test_a_call_that_is_the_question_is_not_asked_about(login: Login, client: Client, world: World) -> None:
    world.switches.set(dead_token_body="application")
    world.grants.drop_access_token(login.tokens[0])

    assert client.athlete().id == login.athlete_id

    assert world.requests["GET /athlete"] == 2
    assert len(login.tokens) == 2


def test_a_token_is_asked_about_anew_at_each_refusal(login: Login, client: Client, world: World) -> None:
    world.switches.set(dead_token_body="application")
    world.plan("revoked", path="/api/v3/athlete/zones")
    with pytest.raises(ApiError):
        client.athlete_zones()
    world.grants.drop_access_token(login.tokens[0])

    client.athlete_zones()

    assert len(login.tokens) == 2


@pytest.mark.parametrize(("kind", "error"), [("html", StravaDown), ("inactive", AppInactive)])
def test_a_question_without_an_answer_ends_no_login(
    login: Login, client: Client, world: World, kind: FaultKind, error: type[PaceportError]
) -> None:
    world.switches.set(dead_token_body="application")
    world.plan("revoked", path="/api/v3/athlete/zones", times=99)
    world.plan(kind, path="/api/v3/athlete", times=99)

    with pytest.raises(error):
        client.athlete_zones()

    assert len(login.tokens) == 1
    assert len(login.wire.requests) <= 8, "as often as any call is repeated, and no more"


def test_a_question_counts_against_the_budget(login: Login, world: World) -> None:
    world.switches.set(dead_token_body="application")
    world.plan("revoked", path="/api/v3/athlete/zones")
    budget = MemoryBudget()
    client = login.client(budget=budget, no_wait=True)
    client.athlete()
    before = client.rates()

    with pytest.raises(ApiError):
        client.athlete_zones()

    after = client.rates()
    assert before is not None
    assert after is not None
    assert after.read.quarter_used is not None
    # The planned fault is no call that the service counts, but the client's own count is what it must not overspend.
    assert after.read.quarter_used >= (before.read.quarter_used or 0) + 1


def test_many_refusals_at_once_end_no_login(login: Login, client: Client, world: World) -> None:
    world.switches.set(dead_token_body="application")
    world.plan("revoked", path="/api/v3/athlete/zones", times=8)
    client.athlete()
    refused = threading.Barrier(8)

    def meet(request: Request, body: bytes) -> bytes:
        if request.url.endswith("/zones"):
            refused.wait(timeout=20)
        return body

    login.wire.spoil = meet

    def ask(_number: int) -> str:
        with pytest.raises(ApiError) as refusal:
            client.athlete_zones()
        return refusal.value.why

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(ask, range(8)))

    assert all("login itself is fine" in why for why in said)
    assert world.requests["GET /athlete"] - 1 <= 8
    assert len(login.tokens) == 1


def test_a_dead_token_lets_a_post_go_again(clock: ManualClock) -> None:
    script = Script(DEAD, json_answer(b'{"id":7}', 201))

    upload = scripted(clock, script).request("POST", "/uploads", form={"data_type": "fit"})

    assert upload.status == 201


def test_a_call_that_lacks_its_scope_is_not_sent(login: Login, wire: Wire) -> None:
    client = login.client(granted=lambda **_: parse_granted("read"))

    with pytest.raises(ScopeMissing) as caught:
        list(client.activities())

    assert caught.value.needed == "activity:read"
    assert caught.value.fix == "paceport grant +activity:read_all"
    assert wire.requests == []


def test_the_scope_to_ask_for_is_the_one_that_lacks(login: Login) -> None:
    client = login.client(granted=lambda **_: parse_granted("read,activity:read_all"))

    with pytest.raises(ScopeMissing) as caught:
        client.update_activity(7, name="Morning Run")

    assert caught.value.fix == "paceport grant +activity:write"
    assert "activity:read_all for" not in caught.value.why


def test_unknown_scopes_are_tried_and_explained(world: World, wire: Wire, clock: ManualClock) -> None:
    narrow = Login(world, wire, clock, "read")

    with pytest.raises(ScopeMissing) as caught:
        list(narrow.client().activities())

    assert (caught.value.needed, caught.value.granted) == ("activity:read", None)
    assert len(wire.requests) == 1


def test_what_is_removed_is_not_asked(client: Client, wire: Wire) -> None:
    with pytest.raises(ApiError, match="no longer part"):
        client.request("DELETE", "/activities/7")

    assert wire.requests == []


def test_what_is_removed_can_be_tried_on_purpose(client: Client, wire: Wire, login: Login) -> None:
    with pytest.raises(ApiError, match="own apps may make this call"):
        client.request("DELETE", f"/activities/{login.ids()[0]}", even_if_removed=True)

    assert len(wire.requests) == 1


def test_an_inactive_app_is_told_at_once(client: Client, world: World, wire: Wire) -> None:
    world.set_inactive()

    with pytest.raises(AppInactive):
        client.athlete()

    assert len(wire.requests) == 1


def test_a_reading_call_survives_a_gateways_trouble(client: Client, world: World, clock: ManualClock) -> None:
    world.plan("html", path="/api/v3/athlete", times=2)

    assert client.athlete().id
    assert clock.monotonic_s() == 1.5


def test_trouble_that_stays_is_reported(client: Client, world: World, wire: Wire) -> None:
    world.plan("status", path="/api/v3/athlete", times=9, status=503)

    with pytest.raises(StravaDown):
        client.athlete()

    assert len(wire.requests) == 4


@pytest.mark.parametrize("trouble", [AnswerLost(host="h", why="cut"), json_answer(b'{"message":"error"}', 500)])
def test_a_post_that_may_have_worked_is_never_repeated(clock: ManualClock, trouble: Response | Exception) -> None:
    script = Script(trouble)

    with pytest.raises((AnswerLost, StravaDown)):
        scripted(clock, script).create_activity(
            name="x", sport_type="Run", start_local=datetime(2026, 1, 1, 8), elapsed_time_s=60
        )

    assert len(script.requests) == 1


def test_a_post_that_was_never_sent_is_repeated(clock: ManualClock) -> None:
    script = Script(NotSent(host="h", why="refused"), json_answer(b'{"id":7,"status":""}', 201))

    answer = scripted(clock, script).request("POST", "/uploads", form={"data_type": "fit"})

    assert answer.status == 201


def test_a_cut_body_is_read_again(clock: ManualClock) -> None:
    script = Script(json_answer(b'{"id": 12'), json_answer(b'{"id": 12}'))

    assert scripted(clock, script).athlete().id == 12


def test_html_with_200_is_not_taken_for_an_answer(clock: ManualClock) -> None:
    page = Response(status=200, headers={"content-type": "text/html"}, body=b"<html>Please log in</html>")

    with pytest.raises(UnexpectedAnswer, match="Please log in"):
        scripted(clock, Script(page)).athlete()


def test_the_base_of_2027_has_no_prefix(clock: ManualClock) -> None:
    script = Script(json_answer(b'{"id": 12}'))
    options = RequestOptions(api_url="https://api-v3.strava.com")
    client = Client(Requester(send=script, token=Tokens(), clock=clock, options=options))

    client.athlete()

    assert script.requests[0].url == "https://api-v3.strava.com/athlete"


def test_a_change_goes_as_json_so_that_false_stays_false(clock: ManualClock) -> None:
    body = b'{"id":7,"distance":1,"moving_time":1,"elapsed_time":1,"start_date":"2026-01-01T00:00:00Z"}'
    script = Script(json_answer(body))

    scripted(clock, script).update_activity(7, commute=False, gear_id="none")

    assert script.requests[0].body == b'{"commute":false,"gear_id":"none"}'
    assert script.requests[0].method == "PUT"


def test_a_field_that_cannot_be_changed_is_refused_here(client: Client, wire: Wire) -> None:
    with pytest.raises(UsageError, match="distance"):
        client.update_activity(7, distance="1")

    assert wire.requests == []


def test_a_full_window_is_announced_and_waited_for(login: Login, world: World, clock: ManualClock) -> None:
    plans: list[WaitPlan] = []
    world.set_limits(Limits(overall_quarter=100, overall_day=1000, read_quarter=5, read_day=1000))
    client = login.client(wait=plans.append)

    for _ in range(12):
        client.athlete()

    assert [plan.limit for plan in plans] == ["15-minute read", "15-minute read"]
    assert clock.now() >= datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert "429" not in str(world.counters())


def test_no_wait_raises_before_anything_is_sent(login: Login, world: World, wire: Wire) -> None:
    world.set_limits(Limits(overall_quarter=100, overall_day=1000, read_quarter=3, read_day=1000))
    client = login.client(no_wait=True)
    for _ in range(3):
        client.athlete()

    with pytest.raises(RateLimited) as caught:
        client.athlete()

    assert caught.value.until == datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
    assert len(wire.requests) == 3


@pytest.mark.parametrize("wrong_min", [-7, 0, 11])
@pytest.mark.parametrize("is_counted", [True, False])
def test_the_moment_to_wait_for_is_told_by_the_machines_own_clock(
    login: Login, world: World, clock: ManualClock, wrong_min: int, is_counted: bool
) -> None:
    login.clock = ManualClock(clock.now() + timedelta(minutes=wrong_min))
    client = login.client(no_wait=True)
    if is_counted:
        world.set_limits(Limits(overall_quarter=100, overall_day=1000, read_quarter=1, read_day=1000))
        client.athlete()
    else:
        world.plan("rate_limited", path="/api/v3/athlete")

    with pytest.raises(RateLimited) as caught:
        client.athlete()

    end = datetime(2026, 11, 22, 8, 15, tzinfo=UTC) + timedelta(minutes=wrong_min)
    assert caught.value.until == end
    assert f"{end:%H:%M}" in caught.value.why


def test_a_refusal_in_spite_of_the_count_is_waited_out(
    client: Client, world: World, wire: Wire, clock: ManualClock
) -> None:
    world.plan("rate_limited", path="/api/v3/athlete")

    assert client.athlete().id
    assert len(wire.requests) == 2
    assert clock.now() >= datetime(2026, 11, 22, 8, 15, tzinfo=UTC)


def test_background_work_leaves_a_reserve(login: Login, world: World) -> None:
    world.set_limits(Limits(overall_quarter=100, overall_day=1000, read_quarter=20, read_day=1000))
    client = login.client(no_wait=True, keep=10)

    for _ in range(10):
        client.athlete()
    with pytest.raises(RateLimited):
        client.athlete()

    found = client.rates()
    assert found is not None
    assert found.read.quarter_used == 10


def test_a_paged_request_gathers_all_rows(login: Login, client: Client, wire: Wire) -> None:
    login.fill(205)
    wire.requests.clear()

    answer = client.request("GET", "/athlete/activities", paged=True)

    assert answer.body.count(b'"start_date":') == 205
    assert wire.pages() == [1, 2, 3]


def test_what_has_no_pages_is_not_paged(client: Client) -> None:
    with pytest.raises(UsageError):
        client.request("GET", "/athlete", paged=True)


def test_comments_follow_the_cursor(clock: ManualClock) -> None:
    script = Script(
        json_answer(b'[{"id":1,"text":"a","cursor":"x%3D"},{"id":2,"text":"b","cursor":"y%3D"}]'),
        json_answer(b'[{"id":3,"text":"c","cursor":"z%3D"}]'),
        json_answer(b"[]"),
    )

    texts = [comment.text for comment in scripted(clock, script).activity_comments(7)]

    assert texts == ["a", "b", "c"]
    assert [request.url.partition("after_cursor=")[2] for request in script.requests] == ["", "y%253D", "z%253D"]


def test_a_manual_activity_has_no_streams(client: Client) -> None:
    with pytest.raises(NotFound):
        client.activity_streams(1)


def test_bounds_are_days_where_the_activity_was(login: Login, client: Client) -> None:
    login.fill(100)
    everything = list(client.activities())
    day = everything[50].start_local
    assert day is not None

    found = list(client.activities(after=day.date(), before=day.date() + timedelta(days=1)))

    expected = [row for row in everything if row.start_local is not None and row.start_local.date() == day.date()]
    assert [row.id for row in found] == [row.id for row in expected]


def test_bounds_may_be_moments_from_the_first_to_just_before_the_second(login: Login, client: Client) -> None:
    login.fill(30)
    everything = list(client.activities())

    found = list(client.activities(after=everything[20].start, before=everything[10].start))

    assert [row.id for row in found] == [row.id for row in everything[11:21]]


def test_a_moment_without_a_zone_is_refused(client: Client) -> None:
    with pytest.raises(UsageError):
        list(client.activities(after=datetime(2026, 1, 1)))


def test_the_future_is_empty_and_not_asked_for(client: Client, wire: Wire, clock: ManualClock) -> None:
    assert list(client.activities(after=clock.now() + timedelta(hours=1))) == []
    assert wire.requests == []


def test_an_end_in_the_future_is_no_bound(login: Login, client: Client, wire: Wire) -> None:
    assert len(list(client.activities(before=date(2030, 1, 1)))) == len(login.ids())
    assert "before" not in wire.requests[0].url
