"""Moves a login between a store on this machine and PostgreSQL, so that at no moment two of them can refresh it.

    to PostgreSQL    1 mark the local record    2 write PostgreSQL's     3 remove the local record
    from it          1 write a marked record    2 remove PostgreSQL's    3 take the mark away

A marked record is never refreshed: its status says that a login is needed. Whether it counts, PostgreSQL alone decides,
where every machine can look: step 2 is the moment of the change. Whoever finds a mark after a death looks there, under
both locks: PostgreSQL has the login, so the local record goes; it has none, so the mark goes.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

from paceport.errors import LoginNeeded, UsageError
from paceport.oauth.keeper.recovery import recover_before_change
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.token_store.base import Grant, GrantKey, TokenStore

_MARK = "it is being moved between this machine and PostgreSQL"


def is_being_moved(grant: Grant) -> bool:
    """Whether a record bears the mark."""
    return grant.status == "needs_consent" and grant.status_reason.startswith(_MARK)


def move_to_shared(key: GrantKey, *, local: StoreContext, shared: TokenStore) -> Grant:
    """Move a login from this machine to PostgreSQL, and give it as it lies there. Begun before, it is finished.

    Raises LoginNeeded where there is none, UsageError where PostgreSQL has another of the athlete, Busy, StoreErrors.
    """
    with _both_locked(key, local.token_store, shared):
        there = shared.read(key)
        grant = local.token_store.read(key)
        if grant is None:
            if there is None:
                raise _nothing_to_move(key)
            return there
        if there is not None and is_being_moved(grant):
            local.token_store.remove(key)
            return there
        if there is not None:
            raise _is_there_already(grant)
        grant, marked = _settled_and_marked(grant, local)
        local.on_step("marked")
        saved = shared.save(grant, expect_generation=0)
        local.on_step("changed over")
        local.token_store.remove(marked.key)
        local.on_step("removed")
        return saved


def move_from_shared(key: GrantKey, *, local: StoreContext, shared: TokenStore) -> Grant:
    """Move a login from PostgreSQL to this machine, and give it as it lies here. Raises as `move_to_shared` does."""
    with _both_locked(key, local.token_store, shared):
        grant, here = shared.read(key), local.token_store.read(key)
        if grant is None:
            if here is None:
                raise _nothing_to_move(key)
            return _unmarked(here, local.token_store)
        if here is not None and not is_being_moved(here):
            raise _is_there_already(grant)
        grant, _unknown = recover_before_change(grant, replace(local, token_store=shared))
        _refuse_in_doubt(grant, shared)
        marked = _with_mark(grant)
        before = here.generation if here is not None else 0
        saved = local.token_store.save(marked, expect_generation=before)
        local.on_step("marked")
        shared.remove(key)
        local.on_step("changed over")
        settled = local.token_store.save(
            replace(grant, generation=saved.generation), expect_generation=saved.generation
        )
        local.on_step("unmarked")
        return settled


def settle_move(grant: Grant, *, local: TokenStore, shared: TokenStore) -> Grant | None:
    """What a marked record is after its mover died: the login of this machine again, or None, as PostgreSQL has it."""
    with _both_locked(grant.key, local, shared):
        here = local.read(grant.key)
        if here is None or not is_being_moved(here):
            return here
        if shared.read(grant.key) is None:
            return _unmarked(here, local)
        local.remove(grant.key)
        return None


def _both_locked(key: GrantKey, local: TokenStore, shared: TokenStore) -> ExitStack:
    # The local one first, in both directions: two movers never wait for each other.
    with ExitStack() as locks:
        locks.enter_context(local.lock(key))
        locks.enter_context(shared.lock(key))
        return locks.pop_all()


def _settled_and_marked(grant: Grant, local: StoreContext) -> tuple[Grant, Grant]:
    """The login with every refresh of it settled, and its record, marked."""
    if is_being_moved(grant):
        return _without_mark(grant), grant
    grant, _unknown = recover_before_change(grant, local)
    _refuse_in_doubt(grant, local.token_store)
    return grant, local.token_store.save(_with_mark(grant), expect_generation=grant.generation)


def _refuse_in_doubt(grant: Grant, store: TokenStore) -> None:
    """A refresh whose answer was lost leaves a journal that must stay with its login."""
    if store.journal(grant.key) is not None:
        raise UsageError(
            what="This login cannot be moved now",
            why="a refresh of it was begun, and nobody knows how it ended",
            fix="paceport token settles it; then move it",
        )


def _with_mark(grant: Grant) -> Grant:
    # What it was comes back with the mark's end.
    reason = f"{_MARK}; repeat `paceport accounts move` [{grant.status}] {grant.status_reason}"
    return replace(grant, status="needs_consent", status_reason=reason)


def _without_mark(grant: Grant) -> Grant:
    status, _, reason = grant.status_reason.partition(" [")[2].partition("] ")
    for known in ("needs_consent", "app_inactive", "revoked"):
        if status == known:
            return replace(grant, status=known, status_reason=reason)
    return replace(grant, status="ok", status_reason="")


def _unmarked(grant: Grant, store: TokenStore) -> Grant:
    if not is_being_moved(grant):
        return grant
    return store.save(_without_mark(grant), expect_generation=grant.generation)


def _nothing_to_move(key: GrantKey) -> LoginNeeded:
    return LoginNeeded(
        why=f"no login of athlete {key.athlete_id} is stored in either place", fix="paceport accounts list"
    )


def _is_there_already(grant: Grant) -> UsageError:
    return UsageError(
        what=f"Both places have a login of athlete {grant.athlete_id}",
        why="each was made by a consent of its own, and one would replace the other",
        fix="log out of the one that you do not need, then move the other",
    )
