"""What a token can do is asked of whoever answers: no answer may end in anything but a result."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers.gateway_answers import bodies, statuses
from paceport.http_message import Request, Response
from paceport.oauth.import_tokens.scope_probe import ProbeResult, probe_scopes
from paceport.secret import Secret

DEEP = b'{"id":7,"a":' + b"[" * 100_000


def probe(*answers: Response) -> ProbeResult:
    waiting = list(answers)

    def send(request: Request, *, timeout_s: float = 30.0) -> Response:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return probe_scopes(Secret("a" * 40), api_url="http://sandbox/api/v3", send=send)


@given(status=statuses(), body=bodies() | st.just(DEEP), later=bodies() | st.just(DEEP))
def test_whatever_answers_the_probe_has_a_result(status: int, body: bytes, later: bytes) -> None:
    first = Response(status=status, body=body)
    whole = Response(status=200, body=b'{"id":7}')

    assert probe(first, Response(status=status, body=later)).athlete_id is None
    assert probe(whole, Response(status=status, body=later)).athlete_id == 7


@pytest.mark.parametrize("value", [True, False, 0, -7, 2**70, 1.5, "x", None, [7], {"id": 7}])
def test_what_is_no_athletes_number_names_no_athlete(value: object) -> None:
    body = json.dumps({"id": value, "firstname": "Ann"}).encode()

    assert probe(Response(status=200, body=body)).athlete_id is None


def test_a_token_that_lacks_a_permission_is_no_dead_one() -> None:
    detail = {"resource": "AccessToken", "field": "read_permission", "code": "missing"}
    body = json.dumps({"message": "Authorization Error", "errors": [detail]}).encode()

    found = probe(Response(status=401, body=body))

    assert found.is_alive
    assert "permission" in found.trouble
