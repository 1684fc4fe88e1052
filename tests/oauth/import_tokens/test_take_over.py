"""What was found is saved with the app it belongs to, and with no other."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from paceport.clock import ManualClock
from paceport.errors import AppMismatch
from paceport.http_message import Send
from paceport.oauth.import_tokens.take_over import identify_grant, save_imported_tokens
from paceport.oauth.import_tokens.token_formats import ImportedTokens
from paceport.oauth.token_store.base import App, JournalAnswer, RefreshJournal, TokenStore
from paceport.sandbox.state.world import World
from paceport.secret import Secret


def test_tokens_that_name_another_app_are_not_saved(token_store: TokenStore, app: App, clock: ManualClock) -> None:
    found = ImportedTokens(refresh_token=Secret("r" * 40), client_id="999")

    with pytest.raises(AppMismatch) as caught:
        save_imported_tokens(
            found, app=app, api_url="http://sandbox/api/v3", profile="default", token_store=token_store, clock=clock
        )

    assert (caught.value.stored, caught.value.wanted) == ("999", app.client_id)
    assert token_store.grants() == []


def test_what_does_not_say_how_long_it_lives_is_taken_for_expired(
    token_store: TokenStore, app: App, clock: ManualClock
) -> None:
    found = ImportedTokens(refresh_token=Secret("r" * 40), access_token=Secret("a" * 40))

    grant = save_imported_tokens(
        found, app=app, api_url="http://sandbox/api/v3", profile="default", token_store=token_store, clock=clock
    )

    assert grant.left_s(clock.now()) == 0
    assert (grant.scopes, grant.scopes_known_by) == (None, "unknown")


def test_the_answer_a_dead_refresh_left_behind_moves_to_the_new_name(
    token_store: TokenStore, app: App, clock: ManualClock, world: World, sandbox_send: Send
) -> None:
    code = world.grants.make_code(world.app.client_id, world.people[0].id, ("read",), clock.now())
    issued = world.grants.exchange(world.app.client_id, code, clock.now())
    found = ImportedTokens(
        refresh_token=Secret("0" * 40),
        access_token=Secret(issued.access_token),
        expires_at=clock.now() + timedelta(hours=5),
    )
    grant = save_imported_tokens(
        found, app=app, api_url="http://sandbox/api/v3", profile="default", token_store=token_store, clock=clock
    )
    answer = {
        "token_type": "Bearer",
        "access_token": issued.access_token,
        "refresh_token": issued.refresh_token,
        "expires_at": issued.expires_at_s,
        "expires_in": issued.expires_in_s,
    }
    with token_store.lock(grant.key):
        digest = grant.refresh_token.digest()
        token_store.begin_journal(
            grant.key, RefreshJournal(token_digest=digest, begun_at=clock.now(), begun_by="somebody")
        )
        kept = JournalAnswer(body=json.dumps(answer).encode(), received_at=clock.now(), clock_offset_s=None)
        token_store.add_journal_answer(grant.key, kept)

    named, _ = identify_grant(grant.key, token_store=token_store, send=sandbox_send, clock=clock)

    assert named.athlete_id == world.people[0].id
    assert named.refresh_token.reveal() == issued.refresh_token
    assert token_store.read(grant.key) is None
