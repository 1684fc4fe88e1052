"""One login is found in every shape, encoding and spelling; what cannot be read is refused with its reason."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.token_files import ENCODINGS, NEED_PLAIN_NAMES, PLAIN_SPELLINGS, SHAPES, SPELLINGS
from paceport.errors import FileError
from paceport.oauth.import_tokens.token_formats import ImportedTokens, parse_tokens
from paceport.oauth.import_tokens.token_text import decode_token_file

ACCESS, REFRESH = "a1" * 20, "b2" * 20
EXPIRES = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
FIELDS: dict[str, object] = {
    "client_id": "4711",
    "access_token": ACCESS,
    "refresh_token": REFRESH,
    "expires_at": int(EXPIRES.timestamp()),
}


def read(content: bytes | str) -> ImportedTokens:
    text = decode_token_file(content, name="somewhere") if isinstance(content, bytes) else content
    return parse_tokens(text, name="somewhere")


def written(shape: str, spelling: str = "snake", encoding: str = "UTF-8") -> bytes:
    if shape in NEED_PLAIN_NAMES and spelling not in PLAIN_SPELLINGS:
        spelling = "snake"
    spell = SPELLINGS[spelling]
    return ENCODINGS[encoding](SHAPES[shape]({spell(name): value for name, value in FIELDS.items()}))


def assert_found(found: ImportedTokens) -> None:
    assert found.refresh_token.reveal() == REFRESH
    assert found.access_token is not None
    assert found.access_token.reveal() == ACCESS
    assert found.expires_at == EXPIRES
    assert found.client_id == "4711"


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_read_in_every_spelling(shape: str) -> None:
    for spelling in SPELLINGS:
        assert_found(read(written(shape, spelling)))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_read(encoding: str) -> None:
    for shape in ("JSON", "env", "nested YAML", "TOML", "export"):
        assert_found(read(written(shape, encoding=encoding)))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(SHAPES)), st.sampled_from(sorted(SPELLINGS)), st.sampled_from(sorted(ENCODINGS)))
def test_any_shape_in_any_spelling_and_encoding_is_read(shape: str, spelling: str, encoding: str) -> None:
    assert_found(read(written(shape, spelling, encoding)))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted({"access_token", "expires_at", "client_id", "scope", "athlete", "client_secret"})),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3),
    ),
)
def test_no_other_field_decides_over_the_refresh_token(field: str, value: object) -> None:
    assert read(json.dumps(FIELDS | {field: value})).refresh_token.reveal() == REFRESH


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_refused_with_its_reason_and_never_run(protocol: int) -> None:
    with pytest.raises(FileError) as caught:
        read(pickle.dumps(FIELDS, protocol))

    assert "pickle" in caught.value.why
    assert "json.dump" in caught.value.fix


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"SQLite format 3\0....", "SQLite"),
        (b"\x1f\x8b\x08\0\0\0", "gzip"),
        (b"PK\x03\x04abc", "zip"),
        (b"text\0\0\0\0\0more", "no text|not a text"),
    ],
)
def test_what_is_no_text_is_named(content: bytes, word: str) -> None:
    with pytest.raises(FileError, match=word):
        read(content)


def test_two_logins_are_never_guessed_between() -> None:
    both = [{"refresh_token": REFRESH}, {"refresh_token": ACCESS}]

    for text in (json.dumps(both), "\n".join(map(json.dumps, both))):
        with pytest.raises(FileError, match="2 different refresh tokens"):
            read(text)


@pytest.mark.parametrize("value", ["your_refresh_token_here", "<refresh token>", "${STRAVA_REFRESH_TOKEN}", "xxxxxxxx"])
def test_a_placeholder_is_named_as_one(value: str) -> None:
    with pytest.raises(FileError, match="placeholder"):
        read(f"STRAVA_REFRESH_TOKEN={value}")


def test_the_expiry_of_another_service_is_not_taken() -> None:
    found = read(json.dumps({"google": {"expires_at": 1_800_000_000}, "strava": {"refresh_token": REFRESH}}))

    assert found.expires_at is None


def test_a_login_of_omniauth_is_read() -> None:
    stamp = int(EXPIRES.timestamp())
    credentials = {"token": ACCESS, "refresh_token": REFRESH, "expires_at": stamp, "expires": True}

    found = read(json.dumps({"provider": "strava", "uid": "1", "credentials": credentials}))

    assert found.access_token is not None
    assert found.access_token.reveal() == ACCESS
    assert found.expires_at == EXPIRES


def test_the_settings_page_as_copied_is_read() -> None:
    found = read(f"Client ID: 4711\nClient Secret: {'c3' * 20}\nYour Refresh Token: {REFRESH}\n")

    assert found.refresh_token.reveal() == REFRESH
    assert (found.client_id, found.client_secret is not None) == ("4711", True)
