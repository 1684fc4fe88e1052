"""Step 4 of the keeper: finishes an interrupted refresh, in the same way for everyone who holds the lock."""

from __future__ import annotations

from datetime import datetime

from paceport.errors import AnswerLost, LoginNeeded, StoreChanged, StoreUnwritable, UnexpectedAnswer
from paceport.oauth.keeper.kept_login import recover_kept_login
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.keeper.refresh_request import refreshed_grant
from paceport.oauth.token_store.base import Grant, GrantKey


class UnsavedGrant(Exception):
    """A new grant that could not be saved. `grant` is it, `problem` why; its kept answer lies in the journal."""

    def __init__(self, grant: Grant, problem: StoreUnwritable) -> None:
        self.grant, self.problem = grant, problem
        super().__init__(str(problem))


def no_login(key: GrantKey) -> LoginNeeded:
    """There is no such grant."""
    return LoginNeeded(why=f"nothing is stored for app {key.client_id} at {key.oauth_origin}")


def recover_unfinished_refresh(grant: Grant, context: StoreContext) -> tuple[Grant, datetime | None]:
    """The grant after a refresh whose process died before saving: its kept answer holds the token that lives.

    The second value is since when it is unknown what became of a refresh with this refresh token, None where nothing
    is in doubt. A journal in doubt stays until the next one takes its place: the doubt must outlive this process, too.
    Called with the grant's lock held. Raises UnsavedGrant and StoreErrors.
    """
    grant = recover_kept_login(grant, context)
    journal = context.token_store.journal(grant.key)
    if journal is None:
        return grant, None
    if not journal.is_about(grant.refresh_token):
        drop_journal(grant.key, context)
        return grant, None
    doubt = journal.unknown_since or journal.begun_at
    if journal.answer is None:
        context.on_step("journal without an answer")
        return grant, doubt
    try:
        renewed = refreshed_grant(grant, journal.answer)
    except (AnswerLost, UnexpectedAnswer):
        return grant, doubt
    now = context.clock.now()
    if renewed.refresh_token == grant.refresh_token and renewed.left_s(now) <= grant.left_s(now):
        drop_journal(grant.key, context)  # its writer died after saving, or a login has come since: nothing new in it
        return grant, None
    return save_renewed(grant, renewed, context), None


def recover_before_change(grant: Grant, context: StoreContext) -> tuple[Grant, datetime | None]:
    """The same for whoever is about to change the grant in another way. Raises StoreErrors."""
    try:
        return recover_unfinished_refresh(grant, context)
    except UnsavedGrant as unsaved:
        raise unsaved.problem from unsaved


def save_renewed(grant: Grant, renewed: Grant, context: StoreContext) -> Grant:
    """The end of step 8: save what a refresh has made of a grant, then drop the journal.

    Raises UnsavedGrant where there is no room: the kept answer becomes the record with the next start.
    """
    try:
        saved = context.token_store.save(renewed, expect_generation=grant.generation)
    except StoreChanged:
        saved = _save_over(grant, renewed, context)
    except StoreUnwritable as problem:
        raise UnsavedGrant(renewed, problem) from problem
    context.on_step("saved")
    drop_journal(grant.key, context)
    return saved


def drop_journal(key: GrantKey, context: StoreContext) -> None:
    """The refresh is settled."""
    context.token_store.drop_journal(key)
    context.on_step("journal dropped")


def _save_over(grant: Grant, renewed: Grant, context: StoreContext) -> Grant:
    """Somebody wrote without our lock. If it was about another refresh token, theirs is the newer login."""
    stored = context.token_store.read(grant.key)
    if stored is None:
        raise no_login(grant.key)
    if stored.refresh_token != grant.refresh_token:
        return stored
    return context.token_store.save(renewed, expect_generation=stored.generation)
