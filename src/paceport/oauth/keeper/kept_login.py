"""A login that was interrupted between its answer and its record: the kept answer becomes the record."""

from __future__ import annotations

from dataclasses import replace

from paceport.clock import Clock
from paceport.errors import AnswerLost, UnexpectedAnswer
from paceport.http_message import Response, origin_of
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.keeper.refresh_request import life_of, server_time_of
from paceport.oauth.protocol.token_endpoint import read_token
from paceport.oauth.token_store.base import Grant, JournalAnswer, TokenStore, login_key


def exchanged_grant(answer: JournalAnswer) -> Grant | None:
    """The grant that the kept answer to a code exchange makes; None for one that is no token."""
    login = answer.login
    if login is None:
        return None
    try:
        token = read_token(Response(status=200, body=answer.body), now=server_time_of(answer))
    except (AnswerLost, UnexpectedAnswer):
        return None
    left_s, offset_s = life_of(token, answer)
    scopes, known_by = login.scopes, login.scopes_known_by
    if scopes is None and token.scopes is not None:
        scopes, known_by = token.scopes, "declared"
    return Grant(
        profile=login.profile,
        oauth_url=login.oauth_url,
        api_url=login.api_url,
        client_id=login.client_id,
        athlete_id=token.athlete_id,
        athlete_name=token.athlete_name,
        access_token=token.access_token,
        refresh_token=token.refresh_token,
        expires_at=token.expires_at,
        received_at=answer.received_at,
        expires_in_s=left_s,
        clock_offset_s=offset_s,
        scopes=scopes,
        scopes_known_by=known_by,
    )


def kept_login(oauth_origin: str, client_id: str, context: StoreContext) -> Grant | None:
    """The grant of a login of this app whose answer was kept and not saved; None where there is none."""
    journal = context.token_store.journal(login_key(oauth_origin, client_id))
    grant = exchanged_grant(journal.answer) if journal is not None and journal.answer is not None else None
    is_of_app = grant is not None and (origin_of(grant.oauth_url), grant.client_id) == (oauth_origin, client_id)
    return grant if is_of_app else None


def drop_kept_login(oauth_origin: str, client_id: str, context: StoreContext) -> None:
    """The login is settled."""
    context.token_store.drop_journal(login_key(oauth_origin, client_id))


def recover_kept_login(grant: Grant, context: StoreContext) -> Grant:
    """The grant after a login of the same athlete that died before saving. Called with the grant's lock held.

    That login may have retired the stored refresh token, so its answer goes before anything is sent.
    """
    key = grant.key
    if key.athlete_id is None:
        return grant
    found = kept_login(key.oauth_origin, key.client_id, context)
    if found is None or found.key != key:
        return grant
    if found.received_at >= grant.received_at and found.refresh_token != grant.refresh_token:
        grant = save_over(grant, found, context)
        context.on_step("kept login saved")
    drop_kept_login(key.oauth_origin, key.client_id, context)
    return grant


def forget_login(grant: Grant, *, token_store: TokenStore, clock: Clock) -> None:
    """Remove a grant under its lock, and the kept answer of a login that would bring it back."""
    key, context = grant.key, StoreContext(token_store=token_store, clock=clock)
    with token_store.lock(key):
        token_store.remove(key)
        found = kept_login(key.oauth_origin, key.client_id, context)
        if found is not None and (found.key == key or found.profile == grant.profile):
            drop_kept_login(key.oauth_origin, key.client_id, context)


def save_over(old: Grant | None, new: Grant, context: StoreContext) -> Grant:
    """Save a login in the place of an older record of its athlete, whose profile stays. The lock is held.

    Where the answer left out a refresh token, the old one stays.
    """
    if old is not None:
        new = replace(new, profile=old.profile, refresh_token=new.refresh_token or old.refresh_token)
    saved = context.token_store.save(new, expect_generation=old.generation if old is not None else 0)
    # Whatever refresh was under way used a token that this login has replaced.
    context.token_store.drop_journal(new.key)
    return saved
