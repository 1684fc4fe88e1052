"""A logbook of the second athlete's newest sixty activities, computed."""

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from paceport.training.compute import compute_results
from paceport.training.history.history import History, read_history
from sandbox_logbook import fill


@pytest.fixture(scope="session")
def activities(population: Population) -> tuple[Activity, ...]:
    return population.activities(population.people[1].id)[:60]


@pytest.fixture
def logbook(store: Store, activities: tuple[Activity, ...]) -> Store:
    fill(store, activities)
    compute_results(store)
    return store


@pytest.fixture
def history(logbook: Store, clock: ManualClock) -> History:
    return read_history(logbook, now=clock.now(), with_routes=True)
