"""An empty logbook, open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.logbook.store import Store


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[Store]:
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock) as opened:
        yield opened
