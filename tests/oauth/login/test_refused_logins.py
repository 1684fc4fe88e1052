"""Logins that are refused after their code was exchanged: what is stored lives, whosever it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from oauth.conftest import LogIn
from oauth.person import Person, code_of
from paceport.clock import ManualClock
from paceport.errors import ScopeMissing, UsageError
from paceport.http_message import Request, Send
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.login.login_plan import LoginPlan
from paceport.oauth.token_store.base import TokenStore
from paceport.sandbox.state.world import World
from paceport.scopes import parse_granted

CheckAll = Callable[[], list[str]]


@pytest.fixture
def check_all(
    token_store: TokenStore, plan: LoginPlan, sandbox_send: Send, clock: ManualClock, world: World
) -> CheckAll:
    """Refreshes every stored login, twice over, and gives their profiles; no used token is sent again."""

    def check() -> list[str]:
        for advance_s in (6 * 3600, 6 * 3600):
            clock.advance(advance_s)
            for grant in token_store.grants():
                context = RefreshContext(
                    token_store=token_store, key=grant.key, app=lambda: plan.app, send=sandbox_send, clock=clock
                )
                headers = {"authorization": f"Bearer {Keeper(context).token()}"}
                answer = sandbox_send(Request(method="GET", url=f"{plan.api_url}/athlete", headers=headers))
                assert answer.status == 200
                assert f'"id":{grant.athlete_id}'.encode() in answer.body.replace(b" ", b"")
        assert world.grants.replays == 0
        return [grant.profile for grant in token_store.grants()]

    return check


@pytest.fixture
def partner(plan: LoginPlan, log_in: LogIn, world: World) -> LoginPlan:
    """Two athletes, each with a profile; the second is signed in, at a server that retires every used refresh token."""
    log_in(plan)
    world.sign_in(world.people[1].id)
    partner = replace(plan, profile="partner")
    log_in(partner)
    world.switches.set(refresh_rotation="always", scope_in_token_answer=True)
    return partner


def test_a_grant_that_another_athlete_answers_costs_that_athlete_no_login(
    plan: LoginPlan, partner: LoginPlan, log_in: LogIn, token_store: TokenStore, check_all: CheckAll
) -> None:
    mine = next(grant for grant in token_store.grants() if grant.profile == "default")

    with pytest.raises(UsageError, match="Another athlete"):
        log_in(replace(plan, only_athlete_id=mine.athlete_id))

    assert mine in token_store.grants()
    assert check_all() == ["default", "partner"]


def test_a_strict_login_that_is_refused_by_its_answer_costs_no_stored_login(
    plan: LoginPlan, partner: LoginPlan, log_in: LogIn, person: Person, check_all: CheckAll
) -> None:
    person.pastes = [code_of]
    wanted = parse_granted("read,activity:read_all,activity:write")
    person.granted = ["read", "activity:read_all"]

    with pytest.raises(ScopeMissing) as caught:
        log_in(replace(partner, requested_scopes=wanted, is_strict=True))

    assert "nothing was stored" not in str(caught.value)
    assert check_all() == ["default", "partner"]


@pytest.mark.parametrize("profile", ["default", "partner", "third"])
@pytest.mark.parametrize("is_strict", [True, False])
@pytest.mark.parametrize("only_first", [True, False])
@pytest.mark.parametrize("pastes", [True, False])
def test_no_login_that_is_refused_costs_a_stored_one(
    plan: LoginPlan,
    partner: LoginPlan,
    log_in: LogIn,
    person: Person,
    check_all: CheckAll,
    world: World,
    profile: str,
    is_strict: bool,
    only_first: bool,
    pastes: bool,
) -> None:
    person.pastes = [code_of] if pastes else []
    person.granted = ["read", "activity:read_all"]
    wanted = parse_granted("read,activity:read_all,activity:write")
    only = world.people[0].id if only_first else None
    asked = replace(plan, profile=profile, requested_scopes=wanted, is_strict=is_strict, only_athlete_id=only)

    with suppress(ScopeMissing, UsageError):
        log_in(asked)

    assert check_all() == ["default", "partner"]
