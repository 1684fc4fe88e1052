"""An error is explained the same whatever printed, encoded, prefixed, wrapped or cut it; other texts never are."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from makers.error_wrappers import KNOWN_BODIES, PRINTERS, WRAPPERS, Body
from paceport.errors import UsageError
from paceport.explain.explain_error import Explanation, explain

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
bodies = st.sampled_from(KNOWN_BODIES)
printers = st.sampled_from(sorted(PRINTERS))
# A dump of bytes is made of a text once and by itself: what wraps a dump leaves nothing that can be told from bytes.
ALONE = {"xxd", "hexdump", "indented wrap"}
# Wrapping goes first: once lines are cut, nobody can tell the prefix of a line from what it cut in two.
wrappers = st.tuples(
    st.lists(st.sampled_from(sorted(name for name in WRAPPERS.keys() - ALONE if "wrap" in name)), max_size=1),
    st.lists(st.sampled_from(sorted(name for name in WRAPPERS.keys() - ALONE if "wrap" not in name)), max_size=2),
).map(lambda names: names[0] + names[1])


def explained(text: str) -> Explanation:
    return explain(text, now=NOW)


def said(text: str) -> tuple[str, str, str]:
    error = explained(text).error
    return error.what, error.why, error.fix


def wrapped(body: Body, printer: str, names: list[str]) -> str:
    text = PRINTERS[printer](body)
    for name in names:
        text = WRAPPERS[name](text)
    return text


@pytest.mark.parametrize("printer", PRINTERS)
def test_every_printer_is_read(printer: str) -> None:
    for body in KNOWN_BODIES:
        assert said(PRINTERS[printer](body)) == said(json.dumps(body)), body


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("printer", ["compact JSON", "print_r"])
def test_every_wrapper_is_undone(wrapper: str, printer: str) -> None:
    for body in KNOWN_BODIES:
        text = wrapped(body, printer, [wrapper])
        assert said(text) == said(json.dumps(body)), text


@settings(max_examples=150)
@given(bodies, printers, wrappers)
def test_any_composition_of_wrappers_is_undone(body: Body, printer: str, names: list[str]) -> None:
    assert said(wrapped(body, printer, names)) == said(json.dumps(body))


@settings(max_examples=100)
@given(bodies, printers, wrappers, st.floats(0, 1))
def test_a_cut_text_is_explained_alike_or_not_at_all(body: Body, printer: str, names: list[str], part: float) -> None:
    text = wrapped(body, printer, names)

    try:
        found = explained(text[: round(part * len(text))])
    except UsageError:
        return

    assert not found.is_known or type(found.error) is type(explained(json.dumps(body)).error)


@pytest.mark.parametrize(
    "cut",
    [
        # A list in Go's notation begins as an empty one does.
        (
            "Client error: `POST https://www.strava.com/oauth/token` resulted in a `400 Bad Request` response:\n"
            'main.Fault{Message:"Authorization Error", Errors:[]main.Error{main.Fault{Resource:"Athlete", Fi'
        ),
        'strava: main.Fault{Message:"Authorization Error", Errors:[]',
        # The prefix of a log line can hold the bracket that closes a list.
        (
            'Nov 22 10:00:00 host app[4711]: {\nNov 22 10:00:01 host app[4711]:   "message": "Authorization Error",\n'
            'Nov 22 10:00:02 host app[4711]:   "errors": [\nNov 22 10:00:03 host app[4711]:     {\n'
            "Nov 22 10:00:04 host app[4711"
        ),
        # What is left of an entity is no empty value.
        (
            "{&quot;message&quot;:&quot;Bad Request&quot;,&quot;errors&quot;:[{&quot;resource&quot;:"
            "&quot;Upload&quot;,&quot;field&quot;:&quot;data&quot;,&quot;code&quot;: &q"
        ),
        # Nor is a word that no quote closes a whole one.
        "{'message': 'Bad Request', 'errors': [{'resource': 'Upload', 'field': 'data', 'code': 'emp",
    ],
)
def test_a_text_cut_before_the_word_that_tells_is_not_explained(cut: str) -> None:
    assert not is_diagnosed(cut)


@pytest.mark.parametrize("body", KNOWN_BODIES, ids=lambda body: "/".join(body["errors"][0].values()))
def test_a_body_cut_after_the_word_that_tells_is_explained(body: Body) -> None:
    text = json.dumps(body, separators=(",", ":"))
    detail = body["errors"][0]
    word = (
        detail["code"] if detail["code"] in {"expired", "future", "empty"} or not detail["field"] else detail["field"]
    )
    first = text.rindex(f'"{word}"') + len(word) + 2

    for end in range(first, len(text)):
        assert said(text[:end] + " (truncated...)") == said(text), text[:end]


OTHER_TEXTS = (
    '{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest","status":"401"}',
    '{"message":"Validation Failed","errors":[{"resource":"Issue","field":"title","code":"missing_field"}]}',
    '{"error":"invalid_grant","error_description":"Token has been expired or revoked."}',
    '{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED"}}',
    '{"errors":[{"errorType":"expired_token","message":"Access token expired"}],"success":false}',
    "401 Client Error: Unauthorized for url: https://connectapi.garmin.com/activity-service/activity",
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='www.strava.com', port=443): Max retries exceeded",
    'Traceback (most recent call last):\n  File "main.py", line 404\nsqlite3.OperationalError: database is locked',
    "strava-offline: the refresh token file is missing; exit status 1",
    '127.0.0.1 - - [22/Nov/2026:10:00:00 +0000] "GET /strava/callback HTTP/1.1" 404 153',
    "API rate limit exceeded for 192.0.2.1",
    "make: the file is empty",
    "this issue is a duplicate of my activity from 2024",
    "The application could not find the resource; field and code are invalid, error code 500",
    '{"code":"invalid","field":"email","resource":"user"}',
    '{"resource":"Application","field":"name","code":"invalid"}',
    '{"message":"Unauthorized"}',
    '[{"id":1,"name":"Morning Run","distance":5000.0,"resource_state":2,"type":"Run"}]',
    '{"token_type":"Bearer","access_token":"a","refresh_token":"b","expires_in":21600}',
    "I ran 500 m in 404 seconds",
    "2026-11-22 10:00:11 INFO refresh_token code scope client_id access_token Application RefreshToken",
)


@pytest.mark.parametrize("wrapper", [None, "JSON text", "CSV", "HTML", "percent", "log lines", "hard wrap 30"])
def test_what_is_no_error_of_strava_gets_no_diagnosis(wrapper: str | None) -> None:
    for text in OTHER_TEXTS:
        assert not is_diagnosed(WRAPPERS[wrapper](text) if wrapper else text), text


@settings(max_examples=100)
@given(
    st.text(max_size=200)
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda part: (
            st.dictionaries(st.sampled_from(["message", "errors", "code", "field", "resource", "status"]), part)
            | st.lists(part)
        ),
    ).map(json.dumps)
)
def test_no_other_text_is_diagnosed(text: str) -> None:
    assume(not re.fullmatch(r"\W*[45]\d\d\W*", text))  # a bare status is asked about on purpose

    assert not is_diagnosed(text)


def is_diagnosed(text: str) -> bool:
    try:
        return explained(text).is_known
    except UsageError:
        return False


def test_the_most_specific_word_wins_over_the_message_around_it() -> None:
    inner = json.dumps(KNOWN_BODIES[0])
    outer = json.dumps({"statusCode": 429, "message": "Rate Limit Exceeded", "errors": [], "cause": inner})

    found = explained(outer)

    assert type(found.error).__name__ == "ScopeMissing"
    assert "activity:read_permission" in str(found.fault)


@pytest.mark.parametrize(
    "text",
    [
        '{"message":"Authorization Error","errors":[{"resource":"Acc',
        "{ message: 'Authorization Error', errors: [ [Object] ] }",
        "HTTP/2 401",
        "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://www.strava.com/api/v3/athlete",
    ],
)
def test_what_has_several_causes_is_said_to_be_unsure(text: str) -> None:
    found = explained(text)

    assert not found.is_known
    assert "does not name the cause" in found.error.what
    assert "it may be" in found.error.why


def test_a_page_is_named_as_a_page_and_never_read_as_strava_refusing() -> None:
    found = explained("HTTP/1.1 403 Forbidden\r\n\r\n<html><head><title>Access denied</title></head></html>")

    assert not found.is_known
    assert "web page" in found.error.what
    assert "Access denied" in found.error.why
