"""`amend`, as a person corrects a run: what it says, and where the correction shows."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from makers.gpx_writer import write_gpx
from makers.track_point import TrackPoint
from shell import Shell

START = datetime(2026, 5, 1, 7, tzinfo=UTC)


@pytest.fixture
def runner(shell: Shell, tmp_path: Path) -> Shell:
    """A shell with two runs of 2,000 s and about 6.2 km on one morning, and one the day after."""
    for number, hours in enumerate((0, 1, 24)):
        points = [
            TrackPoint(time=START + timedelta(hours=hours, seconds=5 * n), position=(f"{52 + n * 1.4e-4:.6f}", "13.4"))
            for n in range(401)
        ]
        (tmp_path / f"{number}.gpx").write_bytes(write_gpx(points, name=f"Run {number}"))
    assert shell("import", *(str(path) for path in sorted(tmp_path.glob("*.gpx")))).code == 0
    return shell


def listed(shell: Shell) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shell("runs", "--json").out)
    return found[::-1]


def amended(shell: Shell, *words: str) -> dict[str, Any]:
    ended = shell("amend", *words, "--json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_a_crop_shows_in_runs_run_sql_and_every_export(runner: Shell, tmp_path: Path) -> None:
    before = listed(runner)[-1]

    ended = runner("amend", "last", "--crop-start", "5:00", "--crop-end", "500m")

    assert ended.code == 0
    assert "first 5:00 cut off" in ended.err
    after = listed(runner)[-1]
    assert after["distance_m"] == pytest.approx(before["distance_m"] * 0.85 - 500, abs=1)
    assert after["start"] == "2026-05-02T07:05:00Z"
    assert "amended: last 0.5 km cut off" in json.loads(runner("run", "last", "--json").out)["notes"]
    laid = runner("sql", "SELECT distance_m FROM run ORDER BY start_utc DESC LIMIT 1", "--json").out
    assert json.loads(laid)[0]["distance_m"] == pytest.approx(after["distance_m"])
    (row, *_) = [
        row
        for row in csv.DictReader(io.StringIO(runner("export", "--format", "csv", "-o", "-").out))
        if row["id"] == str(after["id"])
    ]
    assert float(row["distance_m"]) == pytest.approx(after["distance_m"])
    runner("export", "--format", "gpx", "-o", str(tmp_path / "tracks"))
    written = (tmp_path / "tracks" / f"2026-05-02-{after['id']}.gpx").read_text()
    assert re.findall("<time>([^<]+)", written)[0] == "2026-05-02T07:05:00.000Z"
    runner("export", "--format", "parquet", "--samples", "-o", str(tmp_path / "parquet"))
    import polars

    sampled = polars.read_parquet(tmp_path / "parquet" / "sample").filter(polars.col("run_id") == after["id"])
    assert sampled["distance_m"].max() == pytest.approx(after["distance_m"], abs=0.02)


def test_records_trends_and_report_follow(runner: Shell, tmp_path: Path) -> None:
    runner("amend", "2026-05-02", "--distance", "7.5km")

    records = json.loads(runner("records", "--json").out)["records"]
    weeks = json.loads(runner("trends", "--json").out)["weeks"]
    runner("report", "-o", str(tmp_path / "r.html"), "--runs", "0")

    last = listed(runner)[-1]
    assert last["distance_m"] == 7500.0
    five = next(one for one in records if one["span_m"] == 5000.0)
    assert five["progress"][-1]["run_id"] == last["id"]
    assert five["progress"][-1]["elapsed_time_s"] == pytest.approx(5000 / 7500 * 2000, abs=1)
    week = next(one for one in weeks if one["runs"] == 3)
    assert week["distance_m"] == pytest.approx(sum(row["distance_m"] for row in listed(runner)))
    assert "7.50" in (tmp_path / "r.html").read_text()


def test_a_run_is_found_by_its_id_although_it_is_no_run_any_more(runner: Shell) -> None:
    last = str(listed(runner)[-1]["id"])

    found = amended(runner, last, "--sport", "ride", "--race")

    assert [row["id"] for row in listed(runner)] == [row["id"] for row in listed(runner) if str(row["id"]) != last]
    assert found["activities"][0]["sport"] == "Ride"
    assert amended(runner, last, "--undo", "all")["activities"][0]["sport"] == "Run"
    assert len(listed(runner)) == 3


def test_two_runs_are_merged_and_parted(runner: Shell) -> None:
    first, second, _ = (str(row["id"]) for row in listed(runner))

    merged = amended(runner, first, "--merge", second)

    assert [row["elapsed_time_s"] for row in merged["activities"]] == [5600.0]
    assert len(listed(runner)) == 2
    assert "is not shown" in runner("amend", second, "--race").err
    assert len(amended(runner, second, "--part")["activities"]) == 2
    assert len(listed(runner)) == 3
    assert "is not joined" in runner("amend", second, "--part").err


def test_two_recordings_of_one_run_are_counted_apart(runner: Shell, tmp_path: Path) -> None:
    first = str(listed(runner)[0]["id"])
    points = [
        TrackPoint(time=START + timedelta(seconds=5 * n + 6), position=(f"{52 + n * 1.4e-4:.6f}", "13.40005"))
        for n in range(401)
    ]
    (tmp_path / "phone.gpx").write_bytes(write_gpx(points, name="Phone"))
    runner("import", str(tmp_path / "phone.gpx"))
    assert len(listed(runner)) == 3
    other = runner("amend", first, "--part", "--json")
    assert other.code == 0, other.err

    assert len(listed(runner)) == 4
    assert runner("amend", first, "--undo").code == 0
    assert len(listed(runner)) == 3
    hidden = {str(one) for one in json.loads(other.out)["amendments"][0]["value"].values()} | {first}
    (hidden_id,) = hidden - {str(row["id"]) for row in listed(runner)}
    assert "is another recording of run" in runner("amend", hidden_id, "--race").err


def test_the_second_part_of_a_split_is_a_run_to_amend(runner: Shell) -> None:
    split = amended(runner, "last", "--split", "3km")

    second = str(split["activities"][1]["id"])
    assert split["activities"][0]["distance_m"] == pytest.approx(3000.0, abs=0.01)
    assert amended(runner, second, "--race")["activities"][1]["is_race"] is True
    assert [row["is_race"] for row in listed(runner)[-2:]] == [None, True]
    assert runner("run", second).code == 0


def test_amendments_are_listed_and_undone_by_number(runner: Shell) -> None:
    last = str(listed(runner)[-1]["id"])
    assert "has no amendments" in runner("amend", last).out
    runner("amend", last, "--race")
    runner("amend", last, "--crop-end", "1:00")

    shown = runner("amend", last, "--undo", "1")
    table = runner("amend", last, "--list").out

    assert "undone" in shown.err
    assert re.search(r"1 +-\d+ +marked as a race +\S+ +undone", table)
    assert re.search(r"2 +-\d+ +last 1:00 cut off +\S+ +yes", table)
    assert "nothing to undo" in runner("amend", last, "--undo", "1").err
    assert runner("amend", last, "--undo").code == 0
    assert runner("amend", last, "--undo").code == 2


REFUSED = {
    "last --crop-start 5": "neither a time nor a distance",
    "last --crop-start 9:00:00": "something of it must be left",
    "last --distance 10": "is not a distance",
    "last --undo two": "not the number of an amendment",
    "last --undo --race": "do not go together",
    "last --merge last": "no other activity",
    "12345 --race": "no run 12345",
    "2026-05-01 --race": "There are 2 runs",
    "--bogus": "no option --bogus",
}


def test_what_cannot_be_done_says_why_and_changes_nothing(runner: Shell) -> None:
    before = listed(runner)

    ended = {words: runner("amend", *words.split()) for words in REFUSED}

    assert {words: each.code for words, each in ended.items()} == dict.fromkeys(REFUSED, 2)
    assert [words for words, each in ended.items() if REFUSED[words] not in " ".join(each.err.split())] == []
    assert listed(runner) == before


def test_without_own_data_there_is_nothing_to_amend(shell: Shell) -> None:
    ended = shell("amend", "last", "--race")

    assert ended.code == 2
    assert "no data of your own" in ended.err
