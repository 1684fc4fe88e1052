"""What the tests of jobs share."""

import faulthandler
from collections.abc import Iterator

import pytest

from paceport.clock import ManualClock
from paceport.jobs.queue import Queue
from paceport.secret import Secret
from paceport.storage.postgres.database import Database


@pytest.fixture
def database(database_url: str, clock: ManualClock) -> Iterator[Database]:
    opened = Database(Secret(database_url), clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def queue(database: Database) -> Iterator[Queue]:
    opened = Queue(database)
    yield opened
    opened.close()


@pytest.fixture
def takes_minutes() -> None:
    """A test that may take long: pytest does not show after two minutes what every thread does."""
    faulthandler.cancel_dump_traceback_later()
