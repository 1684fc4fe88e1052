"""A record or journal that is not as it was written: the field that is wrong is named, and no token is shown."""

from __future__ import annotations

import json
import math
import traceback
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.token_store import NOW, make_answer, make_grant, make_journal
from paceport.errors import StoreUnreadable
from paceport.oauth.token_store.base import App
from paceport.oauth.token_store.journal import ANSWER_AT, read_journal, write_answer, write_journal
from paceport.oauth.token_store.record import grant_slug, read_app, read_grant, write_app, write_grant
from paceport.secret import Secret

TEXTS = ("profile", "oauth_url", "api_url", "client_id", "athlete_name", "access_token", "refresh_token", "rests_at")
WHOLE = ("schema", "generation", "expires_in", "athlete_id")
NUMBERS = ("expires_at", "received_at", "clock_offset_s")
OPTIONAL = {"athlete_name", "rests_at", "athlete_id"}
MISSING = object()


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        *((name, (5, True, None, ["x"], MISSING), "a text") for name in TEXTS),
        *((name, ("5", "\ud800", True, 1.5, 2**63, -(2**63), 10**400, MISSING), "a whole number") for name in WHOLE),
        *((name, ("5", "\udfff", True, None, math.nan, math.inf, MISSING), "a number") for name in NUMBERS),
        ("scopes", ("read", "\ud800", [1], {"read": 1}), "a list of scopes"),
        ("status", ("fine", "\ud800", 5, None, MISSING), "one of ok"),
        ("scopes_known_by", ("hearsay", "\ud800", 5, None, MISSING), "one of redirect"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_must_be(name: str, values: tuple[object, ...], kind: str) -> None:
    whole = json.loads(write_grant(make_grant(), rests_at="here"))
    for value in values:
        record = {key: given for key, given in {**whole, name: value}.items() if given is not MISSING}
        if value is MISSING and name in OPTIONAL:
            read_grant(json.dumps(record).encode(), path="a file", rests_at="here")
            continue

        with pytest.raises(StoreUnreadable) as refused:
            read_grant(json.dumps(record).encode(), path="a file", rests_at="here")

        assert f"its field {name!r} is not {kind}" in str(refused.value)


def test_no_token_is_shown_where_a_record_is_refused() -> None:
    grant = replace(make_grant(), access_token=Secret("living-access"), refresh_token=Secret("living-refresh"))
    record = {**json.loads(write_grant(grant, rests_at="here")), "status": "living-access"}

    with pytest.raises(StoreUnreadable) as refused:
        read_grant(json.dumps(record).encode(), path="a file", rests_at="here")

    assert "living" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("name", ["Zo\xeb \u00e5", "half a letter \ud800"])
def test_a_record_is_plain_ascii_whatever_the_athlete_is_called(name: str) -> None:
    grant = replace(make_grant(), athlete_name=name)

    content = write_grant(grant, rests_at="here")

    assert content.isascii()
    assert read_grant(content, path="a file", rests_at="here").athlete_name == name


def test_a_number_that_no_json_has_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_grant(replace(make_grant(), clock_offset_s=math.nan), rests_at="here")


def test_the_name_of_a_grants_files_stays_as_other_programs_know_it() -> None:
    names = [grant_slug(make_grant(athlete_id=athlete_id).key) for athlete_id in (134815, None)]

    assert names == ["www.strava.com-12345-134815-b8f1fbda", "www.strava.com-12345-unknown-af9a2998"]


@pytest.mark.parametrize(
    ("name", "value"), [("oauth_url", 5), ("oauth_url", "http://["), ("client_id", 5), ("client_secret", 5)]
)
def test_a_wrong_field_of_an_app_is_named(name: str, value: object) -> None:
    app = App(oauth_url="https://www.strava.com", client_id="12345", client_secret=Secret("s" * 40))
    content = json.dumps({**json.loads(write_app(app)), name: value}).encode()

    with pytest.raises(StoreUnreadable, match=f"its field '{name}' is not") as refused:
        read_app(content, path="a file")

    assert refused.value.path == "a file"


def test_a_token_lives_until_its_end_by_the_servers_clock() -> None:
    grant = replace(make_grant(), expires_in_s=21_600, clock_offset_s=30.0)
    end = grant.expires_at - timedelta(seconds=30)

    assert [grant.left_s(end - timedelta(seconds=left)) for left in (-5, 0, 5, 21_600, 21_660)] == [
        *(0.0, 0.0, 5.0),
        *(21_600.0, 21_660.0),
    ]


def test_more_left_than_was_given_says_nothing() -> None:
    grant = replace(make_grant(), expires_in_s=21_600)

    assert grant.left_s(grant.expires_at - timedelta(seconds=21_661)) == 0.0


@pytest.mark.parametrize("letter", ["x", "\xe9", "\udc80", "\0", "\U0001f3c3"])
def test_no_name_of_a_process_takes_the_place_of_the_answer(letter: str) -> None:
    journal = replace(make_journal(make_grant()), begun_by=letter * 300, unknown_since=NOW)

    written = write_journal(journal)
    read = read_journal(written[:ANSWER_AT] + write_answer(make_answer()), path="a file")

    assert len(written) == 64 * 1024
    assert read is not None
    assert replace(read, begun_by=journal.begun_by) == replace(journal, answer=make_answer())
    assert set(read.begun_by) == {letter}
    assert len(read.begun_by) >= 40


def test_a_journal_keeps_what_utf8_cannot_hold_and_passes_over_what_is_new() -> None:
    journal = replace(make_journal(make_grant()), begun_by="sh\udc80")
    written = write_journal(journal)[:ANSWER_AT]
    newer = json.dumps({**json.loads(written), "colour": {"\udc80": 1}, "\udc81": None}).encode()
    answer = write_answer(make_answer())

    read = read_journal(newer.ljust(ANSWER_AT) + answer, path="a file")

    assert read == replace(journal, answer=make_answer())


@pytest.mark.parametrize("name", ["schema", "token_digest", "begun_at", "unknown_since"])
@pytest.mark.parametrize("value", [MISSING, ["x"], {}], ids=["missing", "list", "object"])
def test_a_journal_that_is_not_whole_is_none(name: str, value: object) -> None:
    head = {**json.loads(write_journal(make_journal(make_grant()))[:ANSWER_AT]), name: value}
    content = json.dumps({key: given for key, given in head.items() if given is not MISSING}).encode()

    assert read_journal(content.ljust(ANSWER_AT), path="a file") is None
