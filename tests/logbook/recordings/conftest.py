"""An athlete of the simulated world who carries a phone beside the watch."""

import pytest

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.kinds_of_athletes import KINDS
from paceport.sandbox.athletes.population_generator import populate


@pytest.fixture(scope="session")
def watch_and_phone() -> tuple[Activity, ...]:
    """Thirty of the newest activities of an athlete who carries a phone beside the watch, some of them twice."""
    number = 2 + KINDS.index("phone")
    population = populate(1, athletes=number + 1)
    return tuple(population.activities(population.people[number].id)[:30])
