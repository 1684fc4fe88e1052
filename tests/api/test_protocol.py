"""Requests out of calls, errors out of answers, and when to try again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.api.endpoints import ENDPOINTS, Endpoint, endpoint_named, find_endpoint
from paceport.api.models.activity import SummaryActivity
from paceport.api.models.decoding import decode_page
from paceport.api.protocol import (
    FilePart,
    api_error,
    authorize,
    build_request,
    check_answer,
    error_body_of,
    is_rate_limit,
    retry_pause_s,
    server_time,
)
from paceport.api.rate_limit.headers import Rates, Usage
from paceport.errors import (
    AnswerLost,
    ApiError,
    AppCredentialsWrong,
    AppInactive,
    BadRequest,
    CapacityReached,
    GatewayAnswer,
    NotFound,
    NotSent,
    PaceportError,
    RateLimited,
    ScopeMissing,
    StravaDown,
    SubscriptionNeeded,
    TokenRefused,
    UnexpectedAnswer,
    UsageError,
)
from paceport.http_message import Response
from paceport.scopes import Scopes, parse_granted

NOW = datetime(2026, 11, 22, 8, 7, tzinfo=UTC)
TODAY = "https://www.strava.com/api/v3"
IN_2027 = "https://api-v3.strava.com"


def fault_body(resource: str, field: str, code: str, message: str = "x") -> bytes:
    return (
        f'{{"message":"{message}","errors":[{{"resource":"{resource}","field":"{field}","code":"{code}"}}]}}'.encode()
    )


def error_of(
    status: int,
    body: bytes = b"",
    *,
    call: str = "GET /athlete/activities",
    granted: Scopes | None = None,
    rates: Rates | None = None,
) -> PaceportError:
    response = Response(status=status, body=body)
    endpoint = find_endpoint(*call.split(" "))
    return api_error(error_body_of(response), endpoint=endpoint, granted=granted, rates=rates, now=NOW)


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        (TODAY, "/athlete", f"{TODAY}/athlete"),
        (TODAY, "athlete", f"{TODAY}/athlete"),
        (TODAY + "/", "/api/v3/athlete", f"{TODAY}/athlete"),
        (IN_2027, "/athlete", f"{IN_2027}/athlete"),
        (IN_2027, "/api/v3/athlete", f"{IN_2027}/athlete"),
        (TODAY, "/gear/b 1", f"{TODAY}/gear/b%201"),
        (TODAY, "/activities?page=2", f"{TODAY}/activities?page=2"),
    ],
)
def test_a_path_is_joined_to_the_base_of_today_and_of_2027(base: str, path: str, url: str) -> None:
    assert build_request(base, "GET", path).url == url


@pytest.mark.parametrize("path", ["https://evil.example/x", "//evil.example/x", "/../oauth/token", "/a/../../x"])
def test_a_token_never_leaves_for_another_place(path: str) -> None:
    with pytest.raises(UsageError):
        build_request(TODAY, "GET", path)


def test_query_values_are_written_as_the_service_reads_them() -> None:
    request = build_request(
        TODAY, "GET", "/x", query={"flag": True, "keys": ["time", "latlng"], "after": NOW, "page": 2, "none": None}
    )

    assert request.url == f"{TODAY}/x?flag=true&keys=time%2Clatlng&after={int(NOW.timestamp())}&page=2"


def test_an_encoded_cursor_is_encoded_once_more() -> None:
    assert build_request(TODAY, "GET", "/x", query={"after_cursor": "abc%3D"}).url.endswith("after_cursor=abc%253D")


def test_json_keeps_false_false() -> None:
    request = build_request(TODAY, "PUT", "/activities/1", json={"hide_from_home": False})

    assert request.body == b'{"hide_from_home":false}'
    assert request.headers["content-type"] == "application/json"


def test_a_file_goes_whole_whatever_its_bytes() -> None:
    content = b"\x00--paceport-part\r\n\xff"

    request = build_request(
        TODAY,
        "POST",
        "/uploads",
        form={"data_type": "fit"},
        files={"file": FilePart(name='a"b\n.fit', content=content)},
    )

    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    assert boundary not in content
    parts = request.body.split(b"--" + boundary)
    assert parts[1] == b'\r\nContent-Disposition: form-data; name="data_type"\r\n\r\nfit\r\n'
    assert b'filename="a%22b%0A.fit"' in parts[2]
    assert parts[2].partition(b"\r\n\r\n")[2] == content + b"\r\n"
    assert parts[3] == b"--\r\n"


def test_two_bodies_are_one_too_many() -> None:
    with pytest.raises(UsageError):
        build_request(TODAY, "POST", "/x", form={"a": 1}, json={"a": 1})


def test_the_token_goes_into_the_header_alone() -> None:
    request = authorize(build_request(TODAY, "GET", "/athlete"), "t0ken")

    assert request.headers["authorization"] == "Bearer t0ken"
    assert "t0ken" not in request.url


@pytest.mark.parametrize(
    "body", [fault_body("Athlete", "access_token", "invalid"), fault_body("Application", "", "invalid")]
)
def test_a_dead_token_asks_for_another(body: bytes) -> None:
    assert isinstance(error_of(401, body), TokenRefused)


@pytest.mark.parametrize(
    ("call", "field", "needed", "fix"),
    [
        ("GET /athlete/activities", "activity:read_permission", "activity:read", "paceport grant +activity:read_all"),
        ("POST /uploads", "activity:write_permission", "activity:write", "paceport grant +activity:write"),
        ("GET /athlete/zones", "profile:read_permission", "profile:read_all", "paceport grant +profile:read_all"),
        ("GET /nowhere", "profile:read_permission", "profile:read_all", "paceport grant +profile:read_all"),
        ("PUT /athlete", "profile:write_permission", "profile:write", "paceport grant +profile:write"),
    ],
)
def test_a_missing_permission_names_the_scope_to_ask_for(call: str, field: str, needed: str, fix: str) -> None:
    error = error_of(401, fault_body("AccessToken", field, "missing"), call=call, granted=parse_granted("read"))

    assert isinstance(error, ScopeMissing)
    assert (error.needed, error.granted, error.fix) == (needed, "read", fix)


def test_a_missing_permission_may_come_as_403_too() -> None:
    body = fault_body("AccessToken", "activity:read_permission", "missing")

    assert isinstance(error_of(403, body), ScopeMissing)


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("code", ["missing", "invalid"])
@pytest.mark.parametrize(
    ("word", "needed"),
    [("read", "read"), ("read_all", "read_all"), ("write", "activity:write"), ("activity:read_all",) * 2],
)
def test_every_permission_word_is_a_scope_and_no_dead_token(status: int, code: str, word: str, needed: str) -> None:
    body = fault_body("AccessToken", f"{word}_permission", code)

    for call in ("GET /clubs/1", "GET /nowhere"):
        error = error_of(status, body, call=call, granted=parse_granted("activity:read"))

        assert isinstance(error, ScopeMissing)
        assert error.needed == needed


@given(
    resource=st.sampled_from(["Club", "Activity", "Segment", "Upload", "PushSubscription", "Athlete", "Application"]),
    field=st.sampled_from(["", "id", "client_secret", "internal", "premium", "after"]),
    code=st.sampled_from(["invalid", "not found", "not authorized", "missing"]),
    endpoint=st.sampled_from([each for each in ENDPOINTS if "client_secret" not in each.required]),
)
def test_a_401_about_anything_but_the_token_ends_no_login(
    resource: str, field: str, code: str, endpoint: Endpoint
) -> None:
    fault = error_body_of(Response(status=401, body=fault_body(resource, field, code)))

    error = api_error(fault, endpoint=endpoint, granted=None, rates=None, now=NOW)

    assert isinstance(error, TokenRefused) == ((resource, field) == ("Application", ""))


@pytest.mark.parametrize("field", ["", "client_secret", "client_id"])
def test_a_call_with_the_apps_own_secret_ends_no_login(field: str) -> None:
    error = error_of(401, fault_body("Application", field, "invalid"), call="GET /push_subscriptions")

    assert isinstance(error, AppCredentialsWrong)


def test_an_empty_401_is_read_by_what_the_login_lacks() -> None:
    lacking = error_of(401, b"", call="GET /athlete/zones", granted=parse_granted("read"))
    enough = error_of(401, b"", call="GET /athlete/zones", granted=parse_granted("profile:read_all"))

    assert isinstance(lacking, ScopeMissing)
    assert isinstance(enough, GatewayAnswer)


def test_an_empty_401_is_no_revoked_token_where_the_scopes_are_unknown() -> None:
    error = error_of(401, b"", call="GET /athlete/zones", granted=None)

    assert isinstance(error, ScopeMissing)
    assert error.needed == "profile:read_all"


def test_deleting_is_the_services_own_business() -> None:
    error = error_of(401, fault_body("Application", "internal", "invalid"), call="DELETE /activities/1")

    assert type(error) is ApiError
    assert "2017" in error.why


def test_an_inactive_app_is_no_login_trouble() -> None:
    error = error_of(403, fault_body("Application", "Status", "Inactive", "Forbidden"))

    assert isinstance(error, AppInactive)
    assert error.exit_code == 5


def test_a_full_app_is_said_to_be_full() -> None:
    assert isinstance(error_of(403, b'{"message":"Limit of connected athletes exceeded"}'), CapacityReached)


def test_any_other_403_is_an_api_error() -> None:
    assert type(error_of(403, b'{"message":"Forbidden","errors":[]}')) is ApiError


@pytest.mark.parametrize("status", [302, 400, 401, 402, 403, 404, 407, 418, 422, 429])
@pytest.mark.parametrize(
    "body", [b"<html><h1>Blocked</h1></html>", b"Access denied", b"", b"{}", b"[]", b'{"message":"Forbidden"}']
)
def test_a_status_without_stravas_own_words_is_not_stravas(status: int, body: bytes) -> None:
    error = error_of(status, body)

    assert type(error) is GatewayAnswer
    assert "gateway" in error.what
    assert retry_pause_s("GET", error, 1) is None


@pytest.mark.parametrize("status", [500, 502, 503, 597])
def test_an_outage_that_a_gateway_tells_of_is_told_as_the_gateways(status: int) -> None:
    error = error_of(status, b"<html><title>502 Bad Gateway</title></html>")

    assert isinstance(error, StravaDown)
    assert "gateway's" in error.why


def test_a_403_that_names_the_limit_is_the_limit() -> None:
    body = fault_body("Application", "rate limit", "exceeded", "Rate Limit Exceeded")

    assert isinstance(error_of(403, body), RateLimited)


def test_a_gateways_429_closes_no_window() -> None:
    fault = error_body_of(Response(status=429, headers={}, body=b"<h1>slow down</h1>"))

    assert not is_rate_limit(fault, None)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, BadRequest), (402, SubscriptionNeeded), (404, NotFound), (500, StravaDown), (502, StravaDown),
     (597, StravaDown), (302, UnexpectedAnswer), (418, UnexpectedAnswer)],
)  # fmt: skip
def test_each_status_has_its_error(status: int, kind: type[PaceportError]) -> None:
    assert type(error_of(status, b'{"message":"Sorry","errors":[]}')) is kind


def test_milliseconds_are_recognised() -> None:
    assert "milliseconds" in error_of(400, fault_body("Application", "after", "future")).fix


NOT_FOUND = b'{"message":"Not Found","errors":[]}'


def test_a_404_says_which_scope_might_show_it() -> None:
    error = error_of(
        404,
        b'{"message":"Not Found","errors":[]}',
        call="GET /activities/7",
        granted=parse_granted("read,activity:read"),
    )

    assert "+activity:read_all" in error.fix


@pytest.mark.parametrize(
    ("field", "read_used", "day_used", "limit", "until"),
    [
        ("rate limit", 100, 300, "15-minute read", NOW.replace(minute=15)),
        ("overall rate limit", 5, 5, "15-minute overall", NOW.replace(minute=15)),
        ("rate limit", 100, 1000, "daily read", datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_a_429_knows_its_limit_and_its_end(
    field: str, read_used: int, day_used: int, limit: str, until: datetime
) -> None:
    read = Usage(quarter_limit=100, day_limit=1000, quarter_used=read_used, day_used=day_used)
    rates = Rates(at=NOW, overall=Usage(), read=read)

    error = error_of(429, fault_body("Application", field, "exceeded"), rates=rates)

    assert isinstance(error, RateLimited)
    assert (error.limit, error.until) == (limit, until)


def answer(body: bytes, *, kind: str = "application/json; charset=utf-8", status: int = 200) -> Response:
    return Response(status=status, headers={"content-type": kind}, body=body)


def test_html_in_place_of_json_is_shown_without_tags() -> None:
    with pytest.raises(UnexpectedAnswer, match="Hotel login") as caught:
        check_answer(
            answer(b"<html><h1>Hotel\x1b <b>login</b></h1>", kind="text/html"), endpoint=endpoint_named("athlete")
        )

    assert "\x1b" not in caught.value.why


@pytest.mark.parametrize("body", [b"", b'{"id": 1', b'[{"id": 1},'])
def test_a_body_that_ends_too_early_is_a_lost_answer(body: bytes) -> None:
    with pytest.raises(AnswerLost):
        check_answer(answer(body), endpoint=endpoint_named("athlete"))


@pytest.mark.parametrize("odd", ["Infinity", "-Infinity", "NaN", "1e999", '"\\ud800"'])
def test_a_number_that_is_no_json_costs_its_field_and_not_the_answer(odd: str) -> None:
    start = '"sport_type":"Run","start_date":"2026-05-01T06:00:00Z"'
    body = f'[{{"id":1,{start},"average_watts":{odd},"distance":5000.0}},{{"id":2,{start}}}]'.encode()

    check_answer(answer(body), endpoint=endpoint_named("activities"))
    page = decode_page(SummaryActivity, body)

    assert [row.id for row in page.items] == [1, 2]
    assert page.items[0].distance_m == 5000.0
    assert [part.path for part in page.odd] == ["$[0].average_watts"]
    with pytest.raises(AnswerLost):
        check_answer(answer(body[:-1]), endpoint=endpoint_named("activities"))


def test_a_page_in_place_of_a_file_is_no_file() -> None:
    with pytest.raises(UnexpectedAnswer, match="sign-in page"):
        check_answer(answer(b"<html>Sign in</html>", kind="text/html"), endpoint=endpoint_named("route_gpx"))


def test_files_and_empty_204_pass() -> None:
    check_answer(answer(b"<gpx/>", kind="application/gpx+xml"), endpoint=endpoint_named("route_gpx"))
    check_answer(answer(b"", status=204), endpoint=None)


@pytest.mark.parametrize(
    ("method", "error", "again"),
    [
        ("GET", NotSent(host="h", why="w"), True),
        ("POST", NotSent(host="h", why="w"), True),
        ("GET", AnswerLost(host="h", why="w"), True),
        ("POST", AnswerLost(host="h", why="w"), False),
        ("PUT", AnswerLost(host="h", why="w"), False),
        ("GET", StravaDown(status=502), True),
        ("POST", StravaDown(status=502), False),
        ("GET", BadRequest(what="w", why="w", fix="f"), False),
    ],
)
def test_only_what_cannot_have_worked_twice_is_tried_again(method: str, error: PaceportError, again: bool) -> None:
    assert (retry_pause_s(method, error, 1) is not None) is again


def test_a_server_that_is_too_slow_is_not_asked_again() -> None:
    assert retry_pause_s("GET", AnswerLost(host="h", why="w", is_lasting=True), 1) is None


def test_trying_again_ends() -> None:
    pauses = [retry_pause_s("GET", NotSent(host="h", why="w"), attempt) for attempt in range(1, 6)]

    assert pauses == [0.5, 1.0, 2.0, None, None]


@pytest.mark.parametrize("text", ["", "yesterday", "Sun, 99 Nov 2026 08:00:00 GMT", "\x00"])
def test_an_unreadable_date_is_no_date(text: str) -> None:
    assert server_time({"date": text}, now=NOW) == NOW


WORDS = st.sampled_from(["Application", "", "AccessToken", "a_permission", "activity:read_permission", "missing"])


@settings(max_examples=200, deadline=None)
@given(
    status=st.integers(100, 999),
    body=st.binary(max_size=80) | st.builds(fault_body, WORDS, WORDS, WORDS),
    kind=st.sampled_from(["application/json", "text/html", ""]),
    endpoint=st.sampled_from([None, *ENDPOINTS]),
)
def test_no_answer_raises_anything_but_our_errors(status: int, body: bytes, kind: str, endpoint: object) -> None:
    response = answer(body, kind=kind, status=status)

    error = api_error(error_body_of(response), endpoint=endpoint, granted=parse_granted("read"), rates=None, now=NOW)  # type: ignore[arg-type]  # a row or None

    assert isinstance(error, PaceportError)
    try:
        check_answer(response, endpoint=endpoint)  # type: ignore[arg-type]  # a row or None
    except PaceportError:
        assert 200 <= status < 300
