"""What whoever changes a grant does first with the journal that a dead refresh left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oauth.keeper.conftest import Bench
from oauth.keeper.test_keeper import Killed, kill_at
from paceport.oauth.keeper.recovery import recover_before_change
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.token_store.base import Grant, RefreshJournal
from paceport.secret import Secret


def recover(bench: Bench) -> tuple[Grant, object]:
    with bench.token_store.lock(bench.grant.key):
        return recover_before_change(bench.stored(), StoreContext(token_store=bench.token_store, clock=bench.clock))


def died_at(bench: Bench, step: str) -> None:
    bench.expire()
    with pytest.raises(Killed):
        bench.keeper(on_step=kill_at(step)).token()


def test_a_kept_answer_becomes_the_record_and_its_journal_is_dropped(bench: Bench) -> None:
    died_at(bench, "answer kept")

    grant, unknown_since = recover(bench)

    assert bench.stored() == grant
    assert grant.left_s(bench.clock.now()) > 3600
    assert unknown_since is None
    assert bench.token_store.journal(grant.key) is None


def test_a_journal_whose_answer_is_saved_already_is_dropped(bench: Bench) -> None:
    died_at(bench, "saved")
    saved = bench.stored()

    assert recover(bench) == (saved, None)
    assert bench.token_store.journal(saved.key) is None


def test_a_journal_without_an_answer_stays_for_its_doubt_outlives_the_process(bench: Bench) -> None:
    begun_at = bench.clock.now() + timedelta(hours=6)
    died_at(bench, "journal begun")

    assert recover(bench) == (bench.stored(), begun_at)
    assert bench.token_store.journal(bench.grant.key) is not None


def test_a_journal_of_an_older_token_is_dropped(bench: Bench) -> None:
    older = RefreshJournal(token_digest=Secret("z" * 40).digest(), begun_at=bench.clock.now(), begun_by="another")
    with bench.token_store.lock(bench.grant.key):
        bench.token_store.begin_journal(bench.grant.key, older)

    assert recover(bench) == (bench.stored(), None)
    assert bench.token_store.journal(bench.grant.key) is None


def test_a_token_left_out_of_the_kept_answer_leaves_the_stored_one(bench: Bench) -> None:
    died_at(bench, "answer kept")
    journal = bench.token_store.journal(bench.grant.key)
    assert journal is not None
    assert journal.answer is not None
    body = journal.answer.body.replace(b'"refresh_token"', b'"unused"')
    with bench.token_store.lock(bench.grant.key):
        bench.token_store.begin_journal(bench.grant.key, replace(journal, answer=None))
        bench.token_store.add_journal_answer(bench.grant.key, replace(journal.answer, body=body))

    grant, _ = recover(bench)

    assert grant.refresh_token == bench.grant.refresh_token
    assert grant.access_token != bench.grant.access_token


def test_a_journal_whose_answer_cannot_be_read_stays_for_its_doubt_outlives_the_process(bench: Bench) -> None:
    died_at(bench, "answer kept")
    journal = bench.token_store.journal(bench.grant.key)
    assert journal is not None
    assert journal.answer is not None
    with bench.token_store.lock(bench.grant.key):
        bench.token_store.begin_journal(bench.grant.key, replace(journal, answer=None))
        bench.token_store.add_journal_answer(bench.grant.key, replace(journal.answer, body=b"{"))

    assert recover(bench) == (bench.stored(), journal.begun_at)
    assert recover(bench) == (bench.stored(), journal.begun_at)
