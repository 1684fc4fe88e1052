"""A login on its way between a folder and PostgreSQL: stopped anywhere, one place alone can refresh it."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from contracts.token_store import make_grant, make_journal
from paceport.clock import ManualClock, SystemClock
from paceport.errors import LoginNeeded, UsageError
from paceport.oauth import move_login
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.move_login import is_being_moved, move_from_shared, move_to_shared, settle_move
from paceport.oauth.token_store.base import Grant, TokenStore
from paceport.oauth.token_store.file import FileTokenStore
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.secret import Secret
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.sealing import Key, Sealer

KEY = make_grant().key
STEPS = {True: ("marked", "changed over", "removed"), False: ("marked", "changed over", "unmarked")}
TraceFunction = Callable[[FrameType, str, object], Any]
SEALER = Sealer(lambda: (Key(id="1", value=Secret("a" * 64)),))


@pytest.fixture
def shared(database_url: str, clock: ManualClock) -> Iterator[TokenStore]:
    store = PostgresTokenStore(Database(Secret(database_url), clock=clock), SEALER, clock=clock)
    yield store
    store.close()


@pytest.fixture
def local(tmp_path: Path, clock: ManualClock) -> TokenStore:
    return FileTokenStore(tmp_path / "state", clock=clock)


class Died(BaseException):
    """The process ended here."""


def die_after(step: str) -> Callable[[str], None]:
    def on_step(done: str) -> None:
        if done == step:
            raise Died

    return on_step


def put(store: TokenStore, grant: Grant) -> Grant:
    with store.lock(grant.key):
        return store.save(grant, expect_generation=0)


def able_to_refresh(*stores: TokenStore) -> list[TokenStore]:
    found = [(store, store.read(KEY)) for store in stores]
    return [store for store, grant in found if grant is not None and grant.status == "ok"]


@pytest.mark.parametrize("to_shared", [True, False])
def test_a_moved_login_is_whole_and_in_one_place(
    local: TokenStore, shared: TokenStore, clock: ManualClock, to_shared: bool
) -> None:
    source, sink = (local, shared) if to_shared else (shared, local)
    before = put(source, make_grant())
    mover = move_to_shared if to_shared else move_from_shared

    moved = mover(KEY, local=StoreContext(token_store=local, clock=clock), shared=shared)

    assert source.read(KEY) is None
    assert sink.read(KEY) == moved
    assert replace(moved, generation=0) == replace(before, generation=0)


@pytest.mark.parametrize("to_shared", [True, False])
@pytest.mark.parametrize("number", range(3))
def test_a_mover_that_dies_leaves_one_keeper(
    local: TokenStore, shared: TokenStore, clock: ManualClock, to_shared: bool, number: int
) -> None:
    source = local if to_shared else shared
    before = put(source, make_grant())
    mover = move_to_shared if to_shared else move_from_shared
    context = StoreContext(token_store=local, clock=clock, on_step=die_after(STEPS[to_shared][number]))
    with pytest.raises(Died):
        mover(KEY, local=context, shared=shared)
    assert len(able_to_refresh(local, shared)) <= 1

    # Whoever uses the local record next looks at PostgreSQL first.
    here = local.read(KEY)
    if here is not None and is_being_moved(here):
        settle_move(here, local=local, shared=shared)

    (keeper,) = able_to_refresh(local, shared)
    kept = keeper.read(KEY)
    assert kept is not None
    assert replace(kept, generation=0) == replace(before, generation=0)
    assert [store.read(KEY) is not None for store in (local, shared)].count(True) == 1


@pytest.mark.parametrize("to_shared", [True, False])
@pytest.mark.parametrize("number", range(3))
def test_a_move_that_was_stopped_is_finished_by_the_same_command(
    local: TokenStore, shared: TokenStore, clock: ManualClock, to_shared: bool, number: int
) -> None:
    put(local if to_shared else shared, make_grant())
    mover = move_to_shared if to_shared else move_from_shared
    with pytest.raises(Died):
        mover(
            KEY,
            local=StoreContext(token_store=local, clock=clock, on_step=die_after(STEPS[to_shared][number])),
            shared=shared,
        )

    mover(KEY, local=StoreContext(token_store=local, clock=clock), shared=shared)

    assert able_to_refresh(local, shared) == [shared if to_shared else local]


def _move_and_be_killed(url: str, folder: Path, to_shared: bool, at: int) -> None:
    """Move in this process, which ends at the line of that number of the module that moves."""
    clock = SystemClock()
    shared = PostgresTokenStore(Database(Secret(url), clock=clock), SEALER, clock=clock)
    lines = itertools.count(1)

    def trace(frame: FrameType, event: str, _: object) -> TraceFunction | None:
        if frame.f_code.co_filename != move_login.__file__:
            return None
        if event == "line" and next(lines) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    local = StoreContext(token_store=FileTokenStore(folder, clock=clock), clock=clock)
    sys.settrace(trace)
    (move_to_shared if to_shared else move_from_shared)(KEY, local=local, shared=shared)
    sys.settrace(None)
    os._exit(0)


def killed_at(url: str, folder: Path, to_shared: bool, at: int) -> bool:
    mover = multiprocessing.get_context("fork").Process(target=_move_and_be_killed, args=[url, folder, to_shared, at])
    mover.start()
    mover.join(30)
    assert mover.exitcode in (0, -signal.SIGKILL)
    return mover.exitcode != 0


def check_killed_mover(url: str, folder: Path, clock: ManualClock, *, to_shared: bool, at: int) -> bool:
    """Kill a mover at a line: at most one place can refresh, and either way of going on has the login in one place."""
    shared = PostgresTokenStore(Database(Secret(url), clock=clock), SEALER, clock=clock)
    local = FileTokenStore(folder, clock=clock)
    mover = move_to_shared if to_shared else move_from_shared
    before = put(shared if not to_shared else local, make_grant())

    is_killed = killed_at(url, folder, to_shared, at)
    able = able_to_refresh(local, shared)
    here = local.read(KEY)
    if at % 2 and here is not None and is_being_moved(here):
        settle_move(here, local=local, shared=shared)
    else:
        mover(KEY, local=StoreContext(token_store=local, clock=clock), shared=shared)

    assert len(able) <= 1, at
    (keeper,) = able_to_refresh(local, shared)
    kept = keeper.read(KEY)
    assert kept is not None
    assert replace(kept, generation=0) == replace(before, generation=0), at
    assert [store.read(KEY) is not None for store in (local, shared)].count(True) == 1, at
    for store in (local, shared):
        with store.lock(KEY):
            store.remove(KEY)
    shared.close()
    return is_killed


@pytest.mark.parametrize("to_shared", [True, False])
def test_a_mover_killed_between_two_lines_leaves_one_keeper(
    database_url: str, tmp_path: Path, clock: ManualClock, to_shared: bool
) -> None:
    killed = [
        check_killed_mover(database_url, tmp_path / "state", clock, to_shared=to_shared, at=at) for at in (20, 22, 24)
    ]

    assert all(killed)


@pytest.mark.proof
@pytest.mark.parametrize("to_shared", [True, False])
def test_a_mover_killed_at_any_line_leaves_one_keeper(
    database_url: str, tmp_path: Path, clock: ManualClock, to_shared: bool
) -> None:
    at = 1
    while check_killed_mover(database_url, tmp_path / "state", clock, to_shared=to_shared, at=at):
        at += 1

    assert at > 20, at


@pytest.mark.parametrize("status", ["needs_consent", "app_inactive", "revoked"])
def test_what_was_wrong_with_a_login_is_still_wrong_afterwards(
    local: TokenStore, shared: TokenStore, clock: ManualClock, status: str
) -> None:
    before = put(local, replace(make_grant(), status=status, status_reason="[a] reason] of its own"))  # type: ignore[arg-type]
    with pytest.raises(Died):
        move_to_shared(
            KEY, local=StoreContext(token_store=local, clock=clock, on_step=die_after("marked")), shared=shared
        )

    moved = move_to_shared(KEY, local=StoreContext(token_store=local, clock=clock), shared=shared)

    assert (moved.status, moved.status_reason) == (before.status, before.status_reason)


def test_two_logins_of_one_athlete_are_never_merged(local: TokenStore, shared: TokenStore, clock: ManualClock) -> None:
    put(local, make_grant())
    put(shared, replace(make_grant(), refresh_token=Secret("z" * 40)))

    for mover in (move_to_shared, move_from_shared):
        with pytest.raises(UsageError, match="Both places"):
            mover(KEY, local=StoreContext(token_store=local, clock=clock), shared=shared)

    assert len(able_to_refresh(local, shared)) == 2


def test_a_refresh_in_doubt_keeps_its_login_where_it_is(
    local: TokenStore, shared: TokenStore, clock: ManualClock
) -> None:
    grant = put(local, make_grant())
    with local.lock(KEY):
        local.begin_journal(KEY, make_journal(grant))

    with pytest.raises(UsageError, match="nobody knows how it ended"):
        move_to_shared(KEY, local=StoreContext(token_store=local, clock=clock), shared=shared)

    assert local.read(KEY) == grant
    assert shared.read(KEY) is None


def test_there_must_be_something_to_move(local: TokenStore, shared: TokenStore, clock: ManualClock) -> None:
    for mover in (move_to_shared, move_from_shared):
        with pytest.raises(LoginNeeded):
            mover(KEY, local=StoreContext(token_store=local, clock=clock), shared=shared)
