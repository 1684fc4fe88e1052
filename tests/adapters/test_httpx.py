"""httpx2 and httpx, sync and async, with one login inside them all."""

from __future__ import annotations

import asyncio
from types import ModuleType

import httpx
import httpx2
import pytest

from adapters.conftest import Foreign
from paceport.adapters.httpx import Auth
from paceport.clock import ManualClock
from paceport.errors import LoginNeeded
from paceport.profile.profile import Profile
from paceport.sandbox.state.planned_faults import FaultKind
from paceport.sandbox.state.world import World

HOUR_S = 3600
LIBRARIES = pytest.mark.parametrize("library", [httpx2, httpx], ids=["httpx2", "httpx"])


def athlete(me: Profile) -> str:
    return f"{me.settings.api_url}/athlete"


@LIBRARIES
def test_a_client_lives_on_while_its_tokens_expire(
    library: ModuleType, me: Profile, world: World, clock: ManualClock
) -> None:
    with library.Client(auth=Auth(me)) as client:
        for _ in range(4):
            answer = client.get(athlete(me))
            assert answer.status_code == 200
            clock.advance(7 * HOUR_S)

    assert world.grants.refreshes == 3
    assert world.grants.replays == 0


@LIBRARIES
def test_async_callers_share_one_refresh(library: ModuleType, me: Profile, world: World, clock: ManualClock) -> None:
    async def ask() -> list[int]:
        async with library.AsyncClient(auth=Auth(me)) as client:
            answers = await asyncio.gather(*(client.get(athlete(me)) for _ in range(8)))
        return [answer.status_code for answer in answers]

    clock.advance(7 * HOUR_S)

    assert asyncio.run(ask()) == [200] * 8
    assert world.grants.refreshes == 1


def test_sync_and_async_callers_share_one_refresh(me: Profile, world: World, clock: ManualClock) -> None:
    async def ask() -> list[int]:
        def in_a_thread() -> int:
            with httpx2.Client(auth=Auth(me)) as client:
                return client.get(athlete(me)).status_code

        async with httpx2.AsyncClient(auth=Auth(me)) as client:
            threads = asyncio.gather(*(asyncio.to_thread(in_a_thread) for _ in range(4)))
            answers = await asyncio.gather(*(client.get(athlete(me)) for _ in range(4)))
        return [*await threads, *(answer.status_code for answer in answers)]

    clock.advance(7 * HOUR_S)

    assert asyncio.run(ask()) == [200] * 8
    assert world.grants.refreshes == 1


@LIBRARIES
def test_a_refused_token_is_replaced_and_the_call_repeated_once(library: ModuleType, me: Profile, world: World) -> None:
    run = world.activities(world.people[0].id)[0]
    world.grants.drop_access_token(str(me.token()))

    with library.Client(auth=Auth(me)) as client:
        answer = client.put(f"{me.settings.api_url}/activities/{run.id}", data={"name": "Lunch run"})

    assert answer.json()["name"] == "Lunch run"
    assert world.grants.refreshes == 1


@LIBRARIES
def test_an_async_call_is_repeated_once_too(library: ModuleType, me: Profile, world: World) -> None:
    async def ask() -> int:
        async with library.AsyncClient(auth=Auth(me)) as client:
            answer = await client.get(athlete(me))
        return int(answer.status_code)

    world.grants.drop_access_token(str(me.token()))

    assert asyncio.run(ask()) == 200
    assert world.grants.refreshes == 1


@LIBRARIES
def test_a_login_that_was_taken_back_is_said_so(library: ModuleType, me: Profile, world: World) -> None:
    world.revoke()

    with library.Client(auth=Auth(me)) as client, pytest.raises(LoginNeeded):
        client.get(athlete(me))

    assert world.requests["GET /athlete"] == 1


@LIBRARIES
def test_a_refusal_that_may_mean_anything_ends_no_login_that_lives(
    library: ModuleType, me: Profile, world: World
) -> None:
    async def ask() -> int:
        async with library.AsyncClient(auth=Auth(me)) as client:
            return int((await client.get(f"{athlete(me)}/zones")).status_code)

    world.switches.set(dead_token_body="application")
    world.plan("revoked", path="/api/v3/athlete/zones", times=2)

    with library.Client(auth=Auth(me)) as client:
        answer = client.get(f"{athlete(me)}/zones")

    assert (answer.status_code, asyncio.run(ask())) == (401, 401)
    assert me.grant().status == "ok"
    assert world.grants.refreshes == 0
    assert world.requests["GET /athlete"] == 2


@LIBRARIES
def test_a_dead_token_that_is_not_named_is_replaced(library: ModuleType, me: Profile, world: World) -> None:
    async def ask() -> int:
        async with library.AsyncClient(auth=Auth(me)) as client:
            return int((await client.get(f"{athlete(me)}/zones")).status_code)

    world.switches.set(dead_token_body="application")
    world.grants.drop_access_token(str(me.token()))

    assert asyncio.run(ask()) == 200
    assert world.grants.refreshes == 1
    world.revoke()
    with library.Client(auth=Auth(me)) as client, pytest.raises(LoginNeeded):
        client.get(f"{athlete(me)}/zones")


@LIBRARIES
@pytest.mark.parametrize("trouble", ["html", "rate_limited", "inactive"])
def test_a_question_without_an_answer_changes_no_login(
    library: ModuleType, me: Profile, world: World, trouble: FaultKind
) -> None:
    world.switches.set(dead_token_body="application")
    world.plan("revoked", path="/api/v3/athlete/zones")
    world.plan(trouble, path="/api/v3/athlete", times=9)

    with library.Client(auth=Auth(me)) as client:
        answer = client.get(f"{athlete(me)}/zones")

    assert answer.status_code == 401
    assert me.grant().status in ("ok", "app_inactive")
    assert world.grants.refreshes == 0


@LIBRARIES
def test_a_missing_scope_is_no_reason_to_refresh(library: ModuleType, me: Profile, world: World) -> None:
    world.grants._grants[0].scopes = ("read",)

    with library.Client(auth=Auth(me)) as client:
        answer = client.get(f"{athlete(me)}/activities")

    assert answer.status_code == 401
    assert world.grants.refreshes == 0


@LIBRARIES
def test_the_header_does_not_follow_a_redirect(
    library: ModuleType, lent: Profile, redirecting: Foreign, stranger: Foreign
) -> None:
    with library.Client(auth=Auth(lent), follow_redirects=True) as client:
        answer = client.get(f"{redirecting.url}/athlete")

    assert redirecting.seen == [f"Bearer {'a' * 40}"]
    assert stranger.seen == [None]
    assert answer.status_code == 401


@LIBRARIES
def test_another_address_gets_no_token(library: ModuleType, lent: Profile, stranger: Foreign) -> None:
    async def ask() -> None:
        async with library.AsyncClient(auth=Auth(lent)) as client:
            await client.get(f"{stranger.url}/photo.jpg")

    with library.Client(auth=Auth(lent)) as client:
        client.get(f"{stranger.url}/photo.jpg")
    asyncio.run(ask())

    assert stranger.seen == [None, None]


@LIBRARIES
def test_a_body_that_can_be_read_once_is_repeated_whole(library: ModuleType, me: Profile, world: World) -> None:
    run = world.activities(world.people[0].id)[0]
    world.grants.drop_access_token(str(me.token()))
    form = {"content-type": "application/x-www-form-urlencoded"}

    with library.Client(auth=Auth(me)) as client:
        answer = client.put(
            f"{me.settings.api_url}/activities/{run.id}", content=iter([b"name=Lunch", b"+run"]), headers=form
        )

    assert answer.json()["name"] == "Lunch run"
