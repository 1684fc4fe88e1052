"""The exchange against all that may cross it: a refresh elsewhere, Ctrl-C, a store that cannot be written."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from oauth.conftest import LogIn
from oauth.person import Person
from paceport.clock import ManualClock
from paceport.errors import Busy, StoreError
from paceport.http_message import Request, Response
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.login.login_plan import LoginPlan
from paceport.oauth.token_store.base import TokenStore
from paceport.sandbox.state.world import World

TOKEN = "POST /oauth/token"


def test_a_refresh_elsewhere_waits_for_a_login_that_may_replace_its_token(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, clock: ManualClock, world: World
) -> None:
    first = log_in(plan).grant
    keeper = Keeper(
        RefreshContext(
            token_store=token_store,
            key=first.key,
            app=lambda: plan.app,
            send=person.visitor.send,
            clock=clock,
            lock_timeout_s=0.1,
        )
    )
    refused: list[str] = []

    def refresh_elsewhere() -> None:
        try:
            keeper.token(not_this=first.access_token.reveal())
        except Busy as busy:
            refused.append(busy.why)

    def send(request: Request, *, timeout_s: float = 30.0) -> Response:
        answer = person.visitor.send(request, timeout_s=timeout_s)
        if not refused and request.url.endswith("/oauth/token"):
            world.switches.set(refresh_rotation="always")
            intruder = threading.Thread(target=refresh_elsewhere)
            intruder.start()
            intruder.join()
        return answer

    log_in(plan, send=send)

    clock.advance(6 * 3600)
    assert world.grants.holder(keeper.token(), world.now()) is not None
    assert world.grants.replays == 0
    assert refused


def test_ctrl_c_during_the_exchange_comes_after_the_grant_is_saved(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, world: World
) -> None:
    def send(request: Request, *, timeout_s: float = 30.0) -> Response:
        answer = person.visitor.send(request, timeout_s=timeout_s)
        if request.url.endswith("/oauth/token"):
            signal.raise_signal(signal.SIGINT)
        return answer

    with pytest.raises(KeyboardInterrupt):
        log_in(plan, send=send)

    (saved,) = token_store.grants()
    assert world.grants.holder(saved.access_token.reveal(), world.now()) is not None


def test_nobody_is_asked_where_the_answer_could_not_be_saved(
    plan: LoginPlan, log_in: LogIn, person: Person, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("not a folder")

    with pytest.raises(StoreError):
        log_in(plan)

    assert person.asked == []


def test_a_code_is_not_used_where_the_token_could_not_be_saved(
    plan: LoginPlan, log_in: LogIn, person: Person, tmp_path: Path, world: World
) -> None:
    def spoil(_redirect: str) -> None:
        (tmp_path / "state" / "grants").rename(tmp_path / "away")
        (tmp_path / "state" / "grants").write_text("not a folder")

    person.before = [spoil]

    with pytest.raises(StoreError):
        log_in(plan)

    assert world.requests[TOKEN] == 0
