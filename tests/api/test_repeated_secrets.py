"""Whoever answers may repeat what it was sent: no error shows a secret, a control sign, or pages of text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.api.endpoints import ENDPOINTS, Endpoint
from paceport.api.protocol import api_error, check_answer, error_body_of
from paceport.errors import PaceportError
from paceport.http_message import Response
from paceport.secret import AccessToken

TOKEN = AccessToken("70ce9" * 8)
NOW = datetime(2026, 11, 22, 8, 7, tzinfo=UTC)
SAYINGS = (
    "<html><h1>{}</h1></html>",
    "<p>You sent authorization: Bearer {}</p>",
    "{}",
    '{{"message": "{}", "errors": []}}',
    '{{"message": "x", "errors": [{{"resource": "{}", "field": "{}", "code": "{}"}}]}}',
    '{{"message": "x", "errors": [{{"resource": "A", "field": "access_token {}", "code": "b"}}]}}',
)


@given(
    status=st.sampled_from([200, 201, 302, 400, 401, 402, 403, 404, 418, 422, 429, 500, 503]),
    saying=st.sampled_from(SAYINGS),
    before=st.sampled_from(["", "x" * 100, "\x1b]52;", "\u202e"]),
    kind=st.sampled_from(["application/json", "text/html", "", "text/{}", "text/\x1b[2J{}"]),
    endpoint=st.sampled_from(ENDPOINTS),
)
def test_no_error_shows_the_token_that_an_answer_repeats(
    status: int, saying: str, before: str, kind: str, endpoint: Endpoint
) -> None:
    body = saying.replace("{}", before + TOKEN).replace("{{", "{").replace("}}", "}").encode()
    response = Response(status=status, headers={"content-type": kind.replace("{}", TOKEN)}, body=body)

    if status < 300:
        try:
            check_answer(response, endpoint=endpoint)
        except PaceportError as refused:
            error = refused
        else:
            return
    else:
        error = api_error(error_body_of(response), endpoint=endpoint, granted=None, rates=None, now=NOW)

    text = f"{error.what} {error.why} {error.fix}"
    assert TOKEN not in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert len(text) < 1500


@pytest.mark.parametrize("length", [60, 100, 118, 119, 120])
def test_no_part_of_a_token_is_left_where_a_page_is_cut(length: int) -> None:
    response = Response(status=200, headers={"content-type": "text/html"}, body=b"x" * length + TOKEN.encode())

    with pytest.raises(PaceportError) as caught:
        check_answer(response, endpoint=ENDPOINTS[0])

    assert TOKEN[:5] not in str(caught.value)
