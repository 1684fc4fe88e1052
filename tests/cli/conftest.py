"""A home whose logbook is filled and computed, for the analysis commands."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.population import Population
from paceport.training.compute import compute_results
from sandbox_logbook import fill
from shell import Shell


@pytest.fixture(scope="session")
def computed_logbook(population: Population, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose logbook holds the second athlete's newest sixty activities, computed; to be copied, not changed."""
    place = tmp_path_factory.mktemp("computed")
    clock = ManualClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    with Store(data_dir=place / "data", cache_dir=place / "cache", clock=clock) as store:
        fill(store, population.activities(population.people[1].id)[:60])
        compute_results(store)
    return place


@pytest.fixture
def analyst(shell: Shell, home: Path, computed_logbook: Path) -> Shell:
    """The shell, in a home with that logbook."""
    shutil.copytree(computed_logbook, home, dirs_exist_ok=True)
    return shell
