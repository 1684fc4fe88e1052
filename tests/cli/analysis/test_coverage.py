"""Every number says what it rests on: a logbook of which only part is measured shows both counts, in text and JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.streams import Streams
from shell import Shell

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
# How many of ten runs have a track, and of these a heart rate.
PARTS = [(0, 0), (1, 0), (4, 2), (10, 10)]


def fill_partly(home: Path, clock: ManualClock, *, tracks: int, rates: int, cached: bool = False) -> None:
    """Ten runs of 5 km, so many with a track, so many of these with a heart rate."""
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        for number in range(10):
            record = ActivityRecord(
                id=number + 1,
                source="api" if cached else "archive",
                sport="Run",
                start=NOON - timedelta(days=3 * number),
                content=str(number),
                distance_m=5000.0,
                moving_time_s=1500.0,
                samples=301 if number < tracks else 0,
                notes=("two samples without a time were left out",) if number == 4 else (),
            )
            time_s = np.arange(0.0, 1505.0, 5.0)
            rate = np.full(len(time_s), 150.0) if number < rates else None
            angle = time_s / 240.0
            streams = Streams(
                time_s=time_s,
                distance_m=time_s * 5000 / 1500,
                latitude_deg=52.0 + 0.01 * np.sin(angle),
                longitude_deg=13.0 + 0.01 * np.cos(angle),
                heartrate_bpm=rate,
            )
            parts = EncodedTrack(blocks=encode_streams(streams) if number < tracks else {})
            if cached:
                store.cached.save(record, expires_at=clock.now() + timedelta(days=3))
            else:
                store.own.save(record, ImportSource(), parts)


@pytest.fixture(params=PARTS, ids=lambda part: f"{part[0]}-tracks-{part[1]}-rates")
def partly(request: pytest.FixtureRequest, shell: Shell, home: Path, clock: ManualClock) -> tuple[Shell, int, int]:
    """A shell whose logbook is measured in part, and how many of its ten runs have a track and a heart rate."""
    tracks, rates = request.param
    fill_partly(home, clock, tracks=tracks, rates=rates)
    return shell, tracks, rates


def test_each_command_shows_both_counts(partly: tuple[Shell, int, int]) -> None:
    shell, tracks, rates = partly
    expected = {
        ("records",): tracks,
        ("records", "5k"): tracks,
        ("predict",): tracks,
        ("zones",): rates,
        ("trends", "volume"): 10,
        ("trends", "form"): rates,
        ("trends", "pace"): 10,
        ("trends", "routes"): tracks,
    }

    for words, measured in expected.items():
        ended = shell(*words)

        counted = "activities" if "form" in words else "runs"  # loads of every sport count in form
        assert f"{measured} of 10 {counted}" in ended.out, words
        if measured < 10:
            assert f"left out: {10 - measured} without" in ended.out, words


def test_the_json_has_the_same_counts(partly: tuple[Shell, int, int]) -> None:
    shell, tracks, rates = partly

    def coverage(*words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(shell(*words, "--json").out)["coverage"]
        return found

    for words, measured in ((("records",), tracks), (("predict",), tracks), (("zones",), rates)):
        assert_counts(coverage(*words), measured)
    trends = coverage("trends", "routes")
    for part, measured in {"volume": 10, "form": rates, "pace": 10, "adjusted_pace": 0, "routes": tracks}.items():
        if part != "adjusted_pace":
            assert_counts(trends[part], measured)


def assert_counts(found: dict[str, Any], measured: int) -> None:
    assert (found["runs"], found["measured"]) == (10, measured)
    assert sum(one["runs"] for one in found["left_out"]) == 10 - measured


def test_the_list_of_runs_says_how_many_are_measured(partly: tuple[Shell, int, int]) -> None:
    shell, tracks, rates = partly

    text = shell("runs").err

    assert f"Distance known for 10 of 10, with a track {tracks}, with a heart rate in it {rates}." in text


def test_a_run_names_its_channels(shell: Shell, home: Path, clock: ManualClock) -> None:
    fill_partly(home, clock, tracks=2, rates=1)

    first, second, third = (shell("run", str(number)).out for number in (1, 2, 3))

    assert "time, distance, position, heart rate; not recorded: elevation, cadence" in first
    assert "not recorded: elevation, heart rate, cadence" in second
    assert "nothing but totals" in third
    assert json.loads(shell("run", "1", "--json").out)["channels"][0] == "time_s"
    assert json.loads(shell("run", "3", "--json").out)["channels"] == []


def test_the_logbook_names_what_was_left_out_at_the_import(shell: Shell, home: Path, clock: ManualClock) -> None:
    fill_partly(home, clock, tracks=0, rates=0)

    assert "note: 5: two samples without a time were left out" in shell("logbook").out
    assert json.loads(shell("logbook", "--json").out)["notes"] == [
        {"id": 5, "name": "", "notes": ["two samples without a time were left out"]}
    ]


@pytest.mark.parametrize("kind", ["csv", "gpx", "geojson", "parquet"])
def test_an_export_of_nothing_says_why(shell: Shell, home: Path, clock: ManualClock, tmp_path: Path, kind: str) -> None:
    place = tmp_path / f"runs.{kind}"

    empty = shell("export", "-o", str(place))
    fill_partly(home, clock, tracks=0, rates=0, cached=True)
    borrowed = shell("export", "-o", str(place))

    assert (empty.code, borrowed.code) == (1, 1)
    assert "holds no runs yet" in empty.err
    assert "10 come from Strava's API and are left out" in borrowed.err
    assert "--include-cached" in borrowed.err
    assert not place.exists()


def test_an_export_of_runs_without_positions_says_so(
    shell: Shell, home: Path, clock: ManualClock, tmp_path: Path
) -> None:
    fill_partly(home, clock, tracks=0, rates=0)

    ended = shell("export", "-o", str(tmp_path / "runs.gpx"))

    assert ended.code == 1
    assert "10 runs have no positions" in ended.err


def test_sql_and_export_compute_before_they_answer(
    shell: Shell, home: Path, clock: ManualClock, tmp_path: Path
) -> None:
    fill_partly(home, clock, tracks=3, rates=1)
    place = tmp_path / "runs.csv"

    found = json.loads(shell("sql", "SELECT count(*) AS n FROM best_effort", "--json").out)
    shell("export", "-o", str(place))

    assert found[0]["n"] > 0
    assert ",1500" in place.read_text(encoding="utf-8")
