"""Shoes near the limit of the settings are named; others, and old ones, are not."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from makers.export_writer import activities, write_zip
from paceport.clock import ManualClock
from shell import Shell


@pytest.mark.parametrize(
    ("run_km", "days_ago", "said"),
    [
        (600, 1, ""),
        (640, 1, "the shoes Blue ones have run 640 km; 60 km are left of 700"),
        (720, 1, "the shoes Blue ones have run 720 km, 20 km past your limit"),
        (720, 90, ""),
    ],
)
def test_shoes_are_named_before_their_limit(
    shell: Shell, home: Path, tmp_path: Path, clock: ManualClock, run_km: int, days_ago: int, said: str
) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("shoe_limit_km = 700\n", encoding="utf-8")
    run = replace(
        activities(1, tracks=False)[0],
        start=clock.now() - timedelta(days=days_ago),
        gear="Blue ones",
        distance_m=1e3 * run_km,
    )
    shell("import", str(write_zip(tmp_path / "e.zip", [run])))

    found = " ".join(shell("logbook").err.split())

    assert (said in found) if said else ("the shoes" not in found)
