"""A server whose profile reaches the simulated service without a socket, and a person who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.http_message import Send
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.few import few_people
from web.account.person import Person
from web.serving import served


@pytest.fixture(scope="session")
def few() -> Population:
    """Two athletes with fourteen short activities each."""
    return few_people(14)


@pytest.fixture
def world(few: Population, clock: ManualClock) -> World:
    return World(few, seed=1, clock=clock)


@pytest.fixture
def person(world: World, clock: ManualClock, tmp_path: Path, sandbox_send: Send) -> Iterator[Person]:
    settings = Settings.from_environment({"PACEPORT_HOME": str(tmp_path)})
    with served(tmp_path, clock, transport=partial(open_transport, wsgi=create_app(world))) as server:
        yield Person(
            server=server,
            world=world,
            profile=lambda: Profile(settings=settings, clock=clock),
            send=sandbox_send,
        )
