"""Every page of a logbook of 20,000 runs: answered soon, and no heavier than a browser bears."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from time import process_time

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.web.page_table import PAGES
from report.logbooks import FIRST, save
from web.conftest import NOW
from web.serving import served

COUNT = 20_000


@pytest.mark.proof
def test_twenty_thousand_runs_are_shown_by_every_page(tmp_path: Path) -> None:
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=ManualClock(NOW)) as store:
        for number in range(COUNT):
            start = FIRST - timedelta(hours=7 * number)
            moved = {"distance_m": 5000.0 + number % 97 * 100, "moving_time_s": 1800.0 + number % 89 * 20}
            save(store, number, None, start=start, **moved)
    with served(tmp_path, ManualClock(NOW)) as server:
        server.read("/")
        server.reader.wait_for_background()
        seen = {}
        for path in (*(path.replace("{run_id}", "1000") for path in PAGES), "/runs?page=150", "/charts?y=distance"):
            before_s = process_time()
            answer = server.read(path)
            seen[path] = answer.status, len(answer.text) < 1_000_000, process_time() - before_s < 2.0

    assert {path: found for path, found in seen.items() if found != (200, True, True)} == {}
