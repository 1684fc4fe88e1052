"""What a refresh that died left behind, settled by whoever wants to do something else with the grant."""

from __future__ import annotations

from paceport.clock import Clock
from paceport.errors import AnswerLost, UnexpectedAnswer
from paceport.oauth.keeper.refresh_request import refreshed_grant
from paceport.oauth.token_store.base import Grant, TokenStore


def recover_unfinished_refresh(grant: Grant, token_store: TokenStore, clock: Clock) -> tuple[Grant, bool]:
    """The grant after a refresh whose process died before saving: its kept answer holds the token that lives.

    The second value says that a refresh was begun whose outcome nobody knows. Called with the grant's lock held.
    """
    journal = token_store.journal(grant.key)
    if journal is None or not journal.is_about(grant.refresh_token):
        return grant, False
    try:
        renewed = refreshed_grant(grant, journal.answer) if journal.answer is not None else None
    except (AnswerLost, UnexpectedAnswer):
        renewed = None
    if renewed is None:
        return grant, True
    now = clock.now()
    if renewed.refresh_token != grant.refresh_token or renewed.left_s(now) > grant.left_s(now):
        grant = token_store.save(renewed, expect_generation=grant.generation)
    token_store.drop_journal(grant.key)
    return grant, False
