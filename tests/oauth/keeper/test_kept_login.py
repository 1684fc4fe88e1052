"""A login that died between its answer and its record: what its kept answer makes, and when it is left alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from oauth.keeper.conftest import Bench
from paceport.oauth.keeper.kept_login import exchanged_grant, forget_login, kept_login, recover_kept_login
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.token_store.base import Grant, GrantKey, JournalAnswer, LoginContext, RefreshJournal, login_key
from paceport.scopes import parse_granted
from paceport.secret import Secret


def body_of(bench: Bench, **changes: object) -> bytes:
    """The answer to a code exchange of the bench's athlete."""
    fields = {
        "access_token": "d" * 40,
        "refresh_token": "e" * 40,
        "expires_at": int((bench.clock.now() + timedelta(hours=6)).timestamp()),
        "expires_in": 21_600,
        "athlete": {"id": bench.grant.athlete_id, "firstname": "Ada"},
    }
    return json.dumps({**fields, **changes}).encode()


def answer_of(bench: Bench, body: bytes, **changes: Any) -> JournalAnswer:  # any field of a login's context
    login = LoginContext(
        profile="second",
        oauth_url=bench.grant.oauth_url,
        api_url="http://sandbox/elsewhere",
        client_id=bench.grant.client_id,
        scopes=parse_granted("read"),
        scopes_known_by="redirect",
    )
    return JournalAnswer(body=body, received_at=bench.clock.now(), clock_offset_s=2.5, login=replace(login, **changes))


def keep(bench: Bench, answer: JournalAnswer) -> None:
    """Leave a login's journal behind, as a process that dies after its answer."""
    journal = RefreshJournal(token_digest="", begun_at=bench.clock.now(), begun_by="another")
    bench.token_store.begin_journal(door(bench), journal)
    bench.token_store.add_journal_answer(door(bench), answer)


def door(bench: Bench) -> GrantKey:
    return login_key(bench.grant.key.oauth_origin, bench.grant.client_id)


def is_kept(bench: Bench) -> bool:
    return bench.token_store.journal(door(bench)) is not None


def recover(bench: Bench, grant: Grant | None = None) -> Grant:
    context = StoreContext(token_store=bench.token_store, clock=bench.clock)
    with bench.token_store.lock(bench.grant.key):
        return recover_kept_login(grant or bench.stored(), context)


def test_a_kept_answer_makes_the_grant_that_the_login_would_have_saved(bench: Bench) -> None:
    assert exchanged_grant(answer_of(bench, body_of(bench))) == Grant(
        profile="second",
        oauth_url=bench.grant.oauth_url,
        api_url="http://sandbox/elsewhere",
        client_id=bench.grant.client_id,
        athlete_id=bench.grant.athlete_id,
        athlete_name="Ada",
        access_token=Secret("d" * 40),
        refresh_token=Secret("e" * 40),
        expires_at=bench.clock.now() + timedelta(hours=6),
        received_at=bench.clock.now(),
        expires_in_s=21_600,
        clock_offset_s=2.5,
        scopes=parse_granted("read"),
        scopes_known_by="redirect",
    )


@pytest.mark.parametrize(
    ("redirected", "answered", "known"),
    [
        ("read", "read,activity:read", ("read", "redirect")),
        (None, "read,activity:read", ("read,activity:read", "declared")),
        (None, None, ("None", "unknown")),
    ],
)
def test_scopes_are_the_redirects_and_else_the_answers(
    bench: Bench, redirected: str | None, answered: str | None, known: tuple[str, str]
) -> None:
    body = body_of(bench, scope=answered)
    scopes = {
        "scopes": redirected and parse_granted(redirected),
        "scopes_known_by": "redirect" if redirected else "unknown",
    }

    grant = exchanged_grant(answer_of(bench, body, **scopes))

    assert grant is not None
    assert (str(grant.scopes), grant.scopes_known_by) == known


def test_what_is_no_token_or_no_login_makes_no_grant(bench: Bench) -> None:
    whole = answer_of(bench, body_of(bench))

    assert [exchanged_grant(each) for each in (replace(whole, login=None), replace(whole, body=b"{}"))] == [None, None]
    assert exchanged_grant(replace(whole, body=b"<html>")) is None


def test_a_kept_login_takes_the_place_of_the_record_and_leaves_its_profile(bench: Bench) -> None:
    under_way = RefreshJournal(
        token_digest=bench.grant.refresh_token.digest(), begun_at=bench.clock.now(), begun_by="x"
    )
    bench.token_store.begin_journal(bench.grant.key, under_way)
    keep(bench, answer_of(bench, body_of(bench)))

    grant = recover(bench)

    assert bench.stored() == grant
    assert (grant.profile, grant.generation) == ("default", 2)
    assert grant.refresh_token.reveal() == "e" * 40
    assert bench.token_store.journal(bench.grant.key) is None
    assert not is_kept(bench)


def test_a_kept_login_without_a_refresh_token_keeps_the_one_that_is_stored(bench: Bench) -> None:
    keep(bench, answer_of(bench, body_of(bench, refresh_token=None)))

    assert recover(bench).refresh_token == bench.grant.refresh_token
    assert bench.stored().access_token.reveal() == "d" * 40


def test_a_kept_login_that_is_older_than_the_record_is_dropped(bench: Bench) -> None:
    keep(bench, answer_of(bench, body_of(bench)))
    bench.put(received_at=bench.clock.now() + timedelta(seconds=1))

    assert recover(bench) == bench.stored() == bench.grant
    assert not is_kept(bench)


def test_a_kept_login_that_was_saved_already_is_dropped(bench: Bench) -> None:
    keep(bench, answer_of(bench, body_of(bench, refresh_token=bench.grant.refresh_token.reveal())))

    assert recover(bench) == bench.stored() == bench.grant
    assert not is_kept(bench)


def test_a_kept_login_of_another_athlete_waits_for_them(bench: Bench) -> None:
    keep(bench, answer_of(bench, body_of(bench, athlete={"id": 4711})))

    assert recover(bench) == bench.stored() == bench.grant
    assert is_kept(bench)


def test_a_record_whose_athlete_nobody_knows_takes_no_kept_login(bench: Bench) -> None:
    keep(bench, answer_of(bench, body_of(bench, athlete=None)))
    nobodys = replace(bench.grant, athlete_id=None)

    assert recover(bench, nobodys) == nobodys
    assert is_kept(bench)


@pytest.mark.parametrize("changes", [{"client_id": "4712"}, {"oauth_url": "http://elsewhere"}])
def test_a_kept_login_of_another_app_is_none_of_this_one(bench: Bench, changes: dict[str, str]) -> None:
    keep(bench, answer_of(bench, body_of(bench), **changes))
    context = StoreContext(token_store=bench.token_store, clock=bench.clock)

    assert kept_login(bench.grant.key.oauth_origin, bench.grant.client_id, context) is None


@pytest.mark.parametrize(
    ("athlete_id", "profile", "stays"),
    [(None, "second", False), (4711, "default", False), (4711, "second", True)],
    ids=["the same athlete", "the same profile", "neither"],
)
def test_a_login_that_is_forgotten_is_not_brought_back_by_a_kept_one(
    bench: Bench, athlete_id: int | None, profile: str, stays: bool
) -> None:
    athlete = {"id": athlete_id or bench.grant.athlete_id}
    keep(bench, answer_of(bench, body_of(bench, athlete=athlete), profile=profile))

    forget_login(bench.grant, token_store=bench.token_store, clock=bench.clock)

    assert bench.token_store.grants() == []
    assert is_kept(bench) is stays


def test_a_login_is_forgotten_where_no_other_was_begun(bench: Bench) -> None:
    forget_login(bench.grant, token_store=bench.token_store, clock=bench.clock)

    assert bench.token_store.grants() == []
