"""A logbook of the second athlete's newest sixty activities, computed."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from paceport.training.compute import compute_results
from paceport.training.history.history import History, read_history
from sandbox_logbook import fill

MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def activities(population: Population) -> tuple[Activity, ...]:
    return population.activities(population.people[1].id)[:60]


@pytest.fixture(scope="session")
def computed(tmp_path_factory: pytest.TempPathFactory, activities: tuple[Activity, ...]) -> Path:
    """The folder of that logbook, filled and computed once."""
    folder = tmp_path_factory.mktemp("sixty")
    with Store(data_dir=folder / "data", cache_dir=folder / "cache", clock=ManualClock(MOMENT)) as store:
        fill(store, activities)
        compute_results(store)
    return folder


@pytest.fixture
def logbook(computed: Path, tmp_path: Path, clock: ManualClock) -> Iterator[Store]:
    """A copy of it, open."""
    folder = shutil.copytree(computed, tmp_path / "sixty")
    with Store(data_dir=folder / "data", cache_dir=folder / "cache", clock=clock) as store:
        yield store


@pytest.fixture
def history(logbook: Store, clock: ManualClock) -> History:
    return read_history(logbook, now=clock.now(), with_routes=True)
