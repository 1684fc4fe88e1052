"""An empty logbook, and one with forty runs that all tests of the page share."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.report.build_page import ReportContent, build_page
from paceport.report.report_page import ReportPage
from paceport.training.history.history import History
from report.logbooks import fill, history_of

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=ManualClock(NOW)) as opened:
        yield opened


@pytest.fixture(scope="session")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A logbook of forty runs, read only."""
    place = tmp_path_factory.mktemp("forty")
    with Store(data_dir=place / "data", cache_dir=place / "cache", clock=ManualClock(NOW)) as opened:
        fill(opened, 40)
        yield opened


@pytest.fixture(scope="session")
def forty_history(forty: Store) -> History:
    return history_of(forty, ManualClock(NOW))


@pytest.fixture(scope="session")
def forty_page(forty: Store, forty_history: History) -> ReportPage:
    made = build_page(forty, forty_history, ReportContent(newest=3))
    assert made is not None
    return made
