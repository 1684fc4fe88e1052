"""Two thousand people who connect at once."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from makers.postgres_server import empty_tables
from paceport.clock import ShiftedClock
from paceport.sandbox.athletes.athlete_ids import athlete_id
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.world import World
from sandbox.few import few_people
from service.serving import Served, served_service

pytestmark = pytest.mark.proof
PEOPLE = 2000


def crowd() -> Population:
    """So many athletes without any activity."""
    base = few_people(1)
    people = tuple(replace(base.people[1], id=athlete_id(number)) for number in range(PEOPLE))
    return replace(base, people=people, by_athlete={person.id: () for person in people})


@pytest.fixture
def crowded(postgres_url: str) -> Iterator[Served]:
    """A service whose app has places for all."""
    empty_tables(postgres_url)
    clock = ShiftedClock()
    world = World(crowd(), seed=1, clock=clock)
    world.switches.set(athlete_capacity=PEOPLE)
    with (
        serve(world) as address,
        served_service(world, address.url, postgres_url, clock, capacity=PEOPLE) as found,
    ):
        yield found


async def asked(served: Served, what: str, body: bytes = b"", *, cookie: str = "") -> str:
    """One request on a connection of its own; the whole answer."""
    host = served.parts.options.host
    reader, writer = await asyncio.open_connection(*host.split(":"))
    lines = [f"{what} HTTP/1.1", f"host: {host}", f"origin: {served.url}", "connection: close", f"cookie: {cookie}"]
    lines += [f"content-length: {len(body)}"]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    answer = await reader.read()
    writer.close()
    return answer.decode()


async def connect(served: Served, number: int) -> int:
    """One person's way there and back; the status of the answer to the redirect."""
    begun = await asked(served, "POST /connect")
    state = re.findall(r"state=([^&\s]+)", begun)[0]
    cookie = re.findall(r"set-cookie: ([^;]+)", begun)[0]
    world = served.world
    person = world.people[number].id
    code = world.grants.make_code(world.app.client_id, person, ("read", "activity:read_all"), world.now())
    query = urlencode({"state": state, "code": code, "scope": "read,activity:read_all"})
    answer = await asked(served, f"GET /callback?{query}", cookie=cookie)
    return int(answer.split()[1])


async def all_at_once(served: Served) -> list[int]:
    return await asyncio.gather(*(connect(served, number) for number in range(PEOPLE)))


def test_two_thousand_people_connect_at_once_and_nobody_is_lost(crowded: Served) -> None:
    begun_s = time.monotonic()

    statuses = Counter(asyncio.run(all_at_once(crowded)))

    print(f"\n{PEOPLE} logins in {time.monotonic() - begun_s:.1f} s: {dict(statuses)}")
    grants = crowded.parts.token_store.grants()
    assert statuses == {303: PEOPLE}
    assert {grant.athlete_id for grant in grants} == {person.id for person in crowded.world.people}
    assert all(crowded.world.grants.holder(grant.access_token.reveal(), crowded.world.now()) for grant in grants)
    assert crowded.world.grants.replays == 0
