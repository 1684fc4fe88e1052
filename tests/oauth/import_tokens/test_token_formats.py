"""Tokens in every shape that people have them lying around in."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.errors import FileError
from paceport.oauth.import_tokens.token_formats import ImportedTokens, parse_tokens

ACCESS, REFRESH, SECRET = "a1" * 20, "b2" * 20, "c3" * 20
EXPIRES = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
STAMP = int(EXPIRES.timestamp())
ANSWER = {
    "token_type": "Bearer",
    "expires_at": STAMP,
    "expires_in": 21600,
    "refresh_token": REFRESH,
    "access_token": ACCESS,
    "athlete": {"id": 134815, "firstname": "Ida\x1b[31m", "lastname": "Runner"},
}
# strava-offline keeps what requests-oauthlib gives it.
OFFLINE = {
    "token_type": "Bearer",
    "access_token": ACCESS,
    "expires_at": STAMP + 0.25,
    "expires_in": 21600,
    "refresh_token": REFRESH,
    "scope": ["read", "activity:read_all"],
}
STRAVALIB = {"access_token": ACCESS, "refresh_token": REFRESH, "expires_at": STAMP}
ENV = f"""\
# made by hand
STRAVA_CLIENT_ID=12345
export STRAVA_CLIENT_SECRET='{SECRET}'   # from the page
STRAVA_ACCESS_TOKEN="{ACCESS}"
STRAVA_REFRESH_TOKEN = {REFRESH}
STRAVA_TOKEN_EXPIRES={STAMP}
OTHER=x
"""


def read(text: str) -> ImportedTokens:
    return parse_tokens(text, name="somewhere")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ANSWER),
        json.dumps(OFFLINE),
        json.dumps(STRAVALIB, indent=2),
        json.dumps([STRAVALIB, {"id": 1}]),
        f"HTTP/2 200\r\ncontent-type: application/json\r\n\r\n{json.dumps(ANSWER)}\n",
        ENV,
    ],
    ids=["answer", "strava-offline", "stravalib", "stravalib-pair", "curl -i", ".env"],
)
def test_the_tokens_are_found(text: str) -> None:
    found = read(text)

    assert found.refresh_token.reveal() == REFRESH
    assert found.access_token is not None
    assert found.access_token.reveal() == ACCESS
    assert found.expires_at is not None
    assert abs((found.expires_at - EXPIRES).total_seconds()) < 1


def test_an_answer_says_whose_they_are() -> None:
    found = read(json.dumps(ANSWER))

    assert found.athlete_id == 134815
    assert found.athlete_name.endswith("Runner")
    assert "\x1b" not in found.athlete_name


def test_a_token_file_may_say_its_scopes() -> None:
    assert str(read(json.dumps(OFFLINE)).scopes) == "read,activity:read_all"


def test_an_env_file_brings_its_app() -> None:
    found = read(ENV)

    assert found.client_id == "12345"
    assert found.client_secret is not None
    assert found.client_secret.reveal() == SECRET


@pytest.mark.parametrize("name", ["STRAVA_EXPIRES_AT", "STRAVA_TOKEN_EXPIRES_AT", "STRAVA_ACCESS_TOKEN_EXPIRES_AT"])
@pytest.mark.parametrize("value", [str(STAMP), "2026-11-22T14:00:00Z", "2026-11-22T15:00:00+01:00"])
def test_the_expiry_goes_by_many_names_and_shapes(name: str, value: str) -> None:
    assert read(f"REFRESH_TOKEN={REFRESH}\nACCESS_TOKEN={ACCESS}\n{name}={value}").expires_at == EXPIRES


def test_a_refresh_token_alone_is_enough() -> None:
    found = read(f"STRAVA_REFRESH_TOKEN={REFRESH}")

    assert (found.access_token, found.expires_at) == (None, None)


def test_an_access_token_alone_is_not_and_what_to_do_is_said() -> None:
    with pytest.raises(FileError, match="STRAVA_ACCESS_TOKEN"):
        read(json.dumps({"access_token": ACCESS}))


@pytest.mark.parametrize(
    "text",
    ["", "hello", "{}", "[]", "[[]]", '{"refresh_token": 5}', '{"refresh_token": "a b c d e f g h"}', "x" * 70_000],
)
def test_what_holds_no_token_is_refused(text: str) -> None:
    with pytest.raises(FileError):
        read(text)


@pytest.mark.parametrize("value", ["0", "''", "-5", "soon", "2026-11-22T14:00:00", "NaN", "1e400", "true", "9" * 17])
def test_an_expiry_that_says_nothing_leaves_it_unknown(value: str) -> None:
    found = read(f"REFRESH_TOKEN={REFRESH}\nACCESS_TOKEN={ACCESS}\nEXPIRES_AT={value}")

    assert found.expires_at is None
    assert found.refresh_token.reveal() == REFRESH


@pytest.mark.parametrize("value", [str(STAMP * 1000), "2026-11-22 14:00:00 UTC", "2026-11-22 09:00:00 -0500"])
def test_an_expiry_in_milliseconds_or_as_ruby_prints_it_is_read(value: str) -> None:
    assert read(f"refresh_token: {REFRESH}\nexpires_at: {value}").expires_at == EXPIRES


def test_a_refusal_repeats_nothing_of_the_text() -> None:
    with pytest.raises(FileError) as caught:
        read(f'{{"refresh_token": "{REFRESH} {SECRET}"}}')

    assert REFRESH not in str(caught.value)
    assert SECRET not in repr(caught.value)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300) | st.recursive(st.none() | st.text(), lambda part: st.lists(part)).map(json.dumps))
def test_no_text_raises_anything_but_our_errors(text: str) -> None:
    with contextlib.suppress(FileError):
        read(text)


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {"refresh_token": st.just(REFRESH)},
        optional={
            name: st.none() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
            for name in ("expires_at", "scope", "athlete", "client_id", "access_token", "client_secret")
        },
    )
)
def test_no_object_raises_anything_but_our_errors(fields: dict[str, object]) -> None:
    with contextlib.suppress(FileError):
        assert read(json.dumps(fields)).refresh_token.reveal() == REFRESH
