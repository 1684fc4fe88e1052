from collections.abc import Iterator

import pytest

from paceport.clock import ManualClock
from paceport.http_message import Send
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.few import few_people
from sandbox.visitor import Visitor


@pytest.fixture(scope="session")
def few() -> Population:
    """A population small enough to know by heart."""
    return few_people()


@pytest.fixture
def world(few: Population, clock: ManualClock) -> World:
    """The sandbox's own tests use the small population."""
    return World(few, seed=1, clock=clock)


@pytest.fixture
def visitor(world: World, sandbox_send: Send) -> Visitor:
    """A person at the world, without a socket."""
    return Visitor(world=world, send=sandbox_send)


@pytest.fixture
def resident(population: Population, clock: ManualClock) -> Iterator[Visitor]:
    """A person at a world of years of running, with segments, routes and clubs."""
    world = World(population, seed=1, clock=clock)
    with open_transport(wsgi=create_app(world)) as send:
        yield Visitor(world=world, send=send)
