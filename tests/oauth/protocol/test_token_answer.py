"""A token answer whose JSON is damaged, foreign or somewhere else than expected: its tokens are kept."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.errors import AnswerLost, UnexpectedAnswer
from paceport.oauth.protocol.token_answer import LARGEST_ANSWER, answer_fields

ACCESS, REFRESH = "a1" * 20, "b2" * 20
ANSWER = {
    "token_type": "Bearer",
    "expires_at": 1795388400,
    "expires_in": 21600,
    "refresh_token": REFRESH,
    "access_token": ACCESS,
    "athlete": {"id": 77, "firstname": "Ada", "bio": None},
}
TEXT = json.dumps(ANSWER)

ODD = {
    "a trailing comma": TEXT[:-1] + ",}",
    "garbage behind it": TEXT + "\n<!-- served by cache 7 -->",
    "a second object": TEXT + json.dumps({"access_token": "c3" * 20}),
    "a guard before it": ")]}',\n" + TEXT,
    "a warning before it": "Notice: undefined index\n" + TEXT,
    "a callback round it": f"callback({TEXT});",
    "single quotes round nothing": TEXT.replace('"athlete"', "athlete"),
    "NaN and Infinity": TEXT.replace("21600", "NaN").replace("77", "-Infinity"),
    "a number of 5,000 digits": TEXT.replace("77", "7" * 5000),
    "an exponent without end": TEXT.replace("21600", "1e999999"),
    "nesting without end": TEXT[:-1] + ', "deep": ' + "[" * 5_000 + "]" * 5_000 + "}",
    "nesting that never ends": TEXT[:-1] + ', "deep": ' + "[" * 5_000,
    "a name twice, the second empty": TEXT[:-1] + ', "access_token": null, "refresh_token": ""}',
    "a name twice, the first empty": '{"access_token": "", "refresh_token": 7, ' + TEXT[1:],
    "a list round it": f"[{TEXT}]",
    "an envelope round it": json.dumps({"status": "ok", "data": ANSWER}),
    "a raw control character": TEXT.replace("Ada", "A\nd\x01a"),
    "a backslash alone": TEXT.replace("Ada", "A\\da"),
    "an end cut off": TEXT[:-30],
    "escaped letters": TEXT.replace("a1a1", "\\u0061\\u0031a1", 1),
    "blanks in a token's quotes": TEXT.replace(ACCESS, f" {ACCESS}\\n"),
}
CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("odd", ODD)
def test_a_damaged_answer_still_gives_its_tokens(odd: str, codec: str) -> None:
    fields = answer_fields(ODD[odd].encode(codec))

    assert (fields["access_token"].strip(), fields["refresh_token"]) == (ACCESS, REFRESH)


def test_of_a_name_that_stands_twice_the_last_token_counts() -> None:
    twice = TEXT[:-1] + f', "refresh_token": "{"c3" * 20}"}}'

    assert answer_fields(twice.encode())["refresh_token"] == "c3" * 20


def test_an_answer_may_be_as_large_as_the_room_of_the_journal_and_no_larger() -> None:
    filled = TEXT.encode().ljust(LARGEST_ANSWER)

    assert answer_fields(filled)["access_token"] == ACCESS
    with pytest.raises(AnswerLost):
        answer_fields(filled + b" ")


@settings(max_examples=100)
@given(at=st.integers(0, len(TEXT)), inserted=st.binary(max_size=4))
def test_a_few_wrong_bytes_outside_the_tokens_cost_nothing(at: int, inserted: bytes) -> None:
    start, end = TEXT.index('"refresh_token"'), TEXT.index(ACCESS) + len(ACCESS) + 1
    at = at if not start <= at <= end else end
    # At the very start such bytes may change the encoding of all that follows, or make a page of it.
    body = TEXT[:at].encode() + inserted + TEXT[at:].encode()
    if at < 4 or b"\x00" in inserted:
        return

    fields = answer_fields(body)

    assert (fields["access_token"], fields["refresh_token"]) == (ACCESS, REFRESH)


@settings(max_examples=100)
@given(end=st.integers(0, len(TEXT) - 1))
def test_an_answer_cut_anywhere_gives_whole_tokens_or_counts_as_lost(end: int) -> None:
    try:
        fields = answer_fields(TEXT[:end].encode())
    except AnswerLost:
        return

    assert (fields["access_token"], fields["refresh_token"]) == (ACCESS, REFRESH)


@pytest.mark.parametrize(
    "body",
    [
        f"<html><script>var s = {TEXT};</script></html>",
        f"\ufeff\ufeff<html><script>var s = {TEXT};</script></html>",
        TEXT.replace(ACCESS, ""),
        TEXT.replace(ACCESS, "two words"),
        TEXT.replace("access_token", "token"),
        '{"error": "access_token missing"}',
    ],
)
def test_a_page_or_a_body_without_an_access_token_is_no_answer(body: str) -> None:
    with pytest.raises((AnswerLost, UnexpectedAnswer)):
        answer_fields(body.encode())
