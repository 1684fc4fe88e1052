"""Runs of all athletes as Parquet: brought up to date piece by piece, with tombstones, read by DuckDB and Polars."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars
import pytest

from conftest import ROOT
from paceport.errors import UsageError
from paceport.jobs.run_parquet import LAYOUT_NUMBER, ParquetReport, export_runs
from paceport.storage.postgres.athlete_rows import AthleteRows, StoredResult
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def result(activity_id: int, *, days_ago: float = 1, km: float = 10.0, **changes: object) -> StoredResult:
    metrics = {"sport": "Run", "name": "Run", "distance_m": 1000 * km, "figures": {"cadence_spm": 170.5}}
    one = StoredResult(
        activity_id=activity_id,
        started_at=NOW - timedelta(days=days_ago),
        metrics=json.dumps(metrics),
        schema_number=1,
        expires_at=NOW + timedelta(days=3),
    )
    return replace(one, **changes)  # type: ignore[arg-type]


@pytest.fixture
def filled(database: Database) -> Database:
    """Two athletes with two runs in November and one in October each."""
    for athlete_id in (7, 8):
        Members(database).join(athlete_id, oauth_origin="https://example.org", client_id="1", now=NOW)
        for number, days_ago in enumerate((1, 2, 40)):
            one = result(athlete_id * 100 + number, days_ago=days_ago)
            assert AthleteRows(database, athlete_id).save_fetched([], one)
    return database


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def documented(language: str) -> str:
    """The query of that language in the how-to."""
    page = (ROOT / "docs" / "how-to" / "many-athletes.md").read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert found
    return found[1]


def test_only_what_has_changed_is_written_again(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"

    first, second = (export_runs(filled, folder, now=NOW) for _ in range(2))
    AthleteRows(filled, 7).save_fetched([], result(700, km=12))
    third = export_runs(filled, folder, now=NOW)

    assert first == ParquetReport(written=4, unchanged=0, removed=0, gone=0)
    assert second == ParquetReport(written=0, unchanged=4, removed=0, gone=0)
    assert third == ParquetReport(written=1, unchanged=3, removed=0, gone=0)
    assert json.loads((folder / "manifest.json").read_text())["schema_number"] == LAYOUT_NUMBER
    assert {oct(path.stat().st_mode)[-3:] for path in folder.rglob("*.parquet")} == {"600"}


def test_what_is_gone_leaves_its_part_and_a_tombstone(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_runs(filled, folder, now=NOW)

    AthleteRows(filled, 7).forget_activity(700)
    AthleteRows(filled, 8).erase()
    report = export_runs(filled, folder, now=NOW)
    export_runs(filled, folder, now=NOW)

    stones = polars.read_parquet(folder / "tombstones" / "gone=2026-11-22" / "part-0.parquet", hive_partitioning=False)
    assert (report.gone, report.removed) == (4, 2)
    assert set(stones["run_id"]) == {700, 800, 801, 802}
    assert not (folder / "runs" / "athlete_id=8").exists()
    export_runs(filled, folder, now=NOW + timedelta(days=31))
    assert not (folder / "tombstones" / "gone=2026-11-22").exists()


def test_what_has_expired_is_not_exported(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    own = result(-5, expires_at=None, own_file="a" * 64)
    AthleteRows(filled, 7).save_own_results("a" * 64, [own], schema_number=1, why="")
    export_runs(filled, folder, now=NOW)

    export_runs(filled, folder, now=NOW + timedelta(days=4))

    (left,) = (folder / "runs").rglob("*.parquet")
    assert list(polars.read_parquet(left, hive_partitioning=False)["run_id"]) == [-5]


def test_a_stopped_export_is_finished_by_the_next(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    export_runs(filled, folder, now=NOW)
    AthleteRows(filled, 7).forget_activity(700)
    (folder / "manifest.json.new").mkdir()
    with pytest.raises(Exception, match="manifest"):
        export_runs(filled, folder, now=NOW)
    (folder / "manifest.json.new").rmdir()

    report = export_runs(filled, folder, now=NOW)

    stones = polars.read_parquet(folder / "tombstones" / "gone=2026-11-22" / "part-0.parquet", hive_partitioning=False)
    assert (report.written, report.gone) == (1, 1)
    assert list(stones["run_id"]) == [700]


def test_a_folder_of_something_else_is_refused(filled: Database, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(UsageError):
        export_runs(filled, tmp_path, now=NOW)


def test_the_documented_queries_give_each_athletes_months(filled: Database, tmp_path: Path) -> None:
    export_runs(filled, tmp_path / "runs-of-all", now=NOW)
    shown, names = io.StringIO(), dict[str, Any]()

    with inside(tmp_path):
        by_duckdb = duckdb.connect().execute(documented("sql")).fetchall()
        with redirect_stdout(shown):
            exec(compile(documented("py"), "many-athletes.md", "exec"), names)
        by_polars = names["by_month"].sort("athlete_id", "month").collect().rows()

    expected = [
        (athlete_id, month, runs, 10.0 * runs)
        for athlete_id in (7, 8)
        for month, runs in (("2026-10", 1), ("2026-11", 2))
    ]
    assert [(int(row[0]), str(row[1]), row[2], row[3]) for row in by_duckdb] == expected
    assert [(int(row[0]), str(row[1]), row[2], row[3]) for row in by_polars] == expected
