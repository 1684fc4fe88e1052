"""One service for all tests of a module; each finds its database empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from makers.postgres_server import empty_tables
from paceport.clock import ManualClock
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from service.serving import Served, Visitor, served_service


@pytest.fixture(scope="module")
def service_of_module(population: Population, postgres_url: str) -> Iterator[Served]:
    clock = ManualClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    world = World(population, seed=1, clock=clock)
    world.set_limits(Limits(overall_quarter=20_000, overall_day=20_000, read_quarter=10_000, read_day=10_000))
    empty_tables(postgres_url)
    with serve(world) as address, served_service(world, address.url, postgres_url, clock) as found:
        yield found


@pytest.fixture
def served(service_of_module: Served, database_url: str) -> Served:
    """A service that knows nobody."""
    del database_url
    service_of_module.parts.token_store._remembered._grants.clear()  # read from rows that are gone
    return service_of_module


@pytest.fixture
def visitor(served: Served) -> Visitor:
    return served.browser()
