"""Shoes near their limit are named wherever a person looks."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from makers.export_writer import activities, write_zip
from paceport.clock import ManualClock
from shell import Shell


@pytest.fixture
def worn(shell: Shell, home: Path, tmp_path: Path, clock: ManualClock) -> Shell:
    """A logbook with 640 km in the shoes Blue ones, whose limit is 700."""
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('[shoe_limits_km]\n"Blue ones" = 700', encoding="utf-8")
    start = clock.now() - timedelta(days=1)
    run = replace(activities(1, tracks=False)[0], start=start, gear="Blue ones", distance_m=640e3)
    shell("import", str(write_zip(tmp_path / "e.zip", [run])))
    return shell


def test_every_place_where_a_person_looks_names_them(worn: Shell, tmp_path: Path) -> None:
    said = "he shoes Blue ones have run 640 km; 60 km are left of 700"

    for command in ("runs", "shoes", "logbook"):
        assert said in " ".join(worn(command).err.split()), command
    worn("report", "-o", str(tmp_path / "r.html"))
    assert said in (tmp_path / "r.html").read_text(encoding="utf-8")
    (pair,) = json.loads(worn("shoes", "--json").out)
    assert (pair["name"], pair["runs"], pair["limit_km"], pair["left_km"]) == ("Blue ones", 1, 700.0, 60.0)
    assert {"398", "435", "37"} <= set(worn("shoes", "--units", "mi").out.split())


def test_a_limit_that_cannot_be_is_refused_by_name(shell: Shell, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('[shoe_limits_km]\n"Blue ones" = "far"', encoding="utf-8")

    answer = shell("runs")

    assert answer.code == 2
    assert "shoe_limits_km" in answer.err
