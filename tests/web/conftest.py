"""One logbook for all tests of the pages, and one server of it for each module."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.record_verdicts import decide_records
from paceport.logbook.database.store import Store
from report.logbooks import fill, loop_streams, save
from web.serving import Served, served

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
HOSTILE = '<script>window.hurt = 1</script><img src=x onerror="window.hurt = 1">{{ 7 * 7 }}"\'&'
HOSTILE_ID = 1900


@pytest.fixture(scope="session")
def web_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with forty runs on a loop, one with a hostile name, one of 300 km, one on a treadmill, one rejected for
    records; to be read only."""
    home = tmp_path_factory.mktemp("web")
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=ManualClock(NOW)) as store:
        save(
            store,
            HOSTILE_ID - 1000,
            loop_streams(minutes=15.0),
            name=HOSTILE,
            gear=HOSTILE,
            start=NOW.replace(day=1, month=5),
        )
        save(store, 901, loop_streams(minutes=1667.0), name="A very long day", start=NOW.replace(day=10, month=5))
        save(
            store,
            902,
            None,
            name="Belt",
            is_indoor=True,
            start=NOW.replace(day=20, month=5),
            distance_m=8000.0,
            moving_time_s=2700.0,
        )
        fill(store, 40)
        decide_records(store, 1003, is_confirmed=False)
    return home


@pytest.fixture(scope="module")
def server(web_home: Path) -> Iterator[Served]:
    with served(web_home, ManualClock(NOW)) as found:
        yield found
