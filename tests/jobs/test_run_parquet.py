"""Runs of all athletes as Parquet: brought up to date piece by piece, with tombstones, read by DuckDB and Polars."""

from __future__ import annotations

import io
import json
import os
import random
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
from disk_recorder import DiskRecorder
from paceport.errors import Busy, UsageError
from paceport.jobs.run_parquet.counted_runs import counted_runs
from paceport.jobs.run_parquet.export import ParquetReport, export_runs
from paceport.jobs.run_parquet.parts import LOCK
from paceport.jobs.run_parquet.table import LAYOUT_NUMBER
from paceport.storage import disk
from paceport.storage.postgres.athlete_rows import AthleteRows, StoredResult
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members
from paceport.storage.process_lock import hold_short_lock

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def result(
    activity_id: int, *, days_ago: float = 1, km: float = 10.0, sport: str = "Run", hours: float = 1, **changes: object
) -> StoredResult:
    totals = {"distance_m": 1000 * km, "elapsed_time_s": 3600 * hours, "samples": 3600}
    metrics = {"sport": sport, "name": "Run", **totals, "figures": {"cadence_spm": 170.5}}
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


def keep(database: Database, athlete_id: int, *results: StoredResult) -> None:
    """Store results of the API, and those of own files."""
    rows = AthleteRows(database, athlete_id)
    for one in results:
        if one.own_file:
            assert rows.save_own_results(one.own_file, [one], schema_number=1, why="")
        else:
            assert rows.save_fetched([], one)


def own(activity_id: int, **changes: Any) -> StoredResult:
    """The result of an own file."""
    return result(activity_id, expires_at=None, own_file=f"{-activity_id:064x}", **changes)


Row = tuple[int, int, str]


def rows_of(folder: Path) -> list[Row]:
    """Athlete, run and month of every row that a reader sees."""
    found = polars.read_parquet(folder / "runs/**/*.parquet", hive_partitioning=True) if parts_of(folder) else None
    return (
        []
        if found is None
        else [(one[0], one[1], str(one[2])) for one in found["athlete_id", "run_id", "month"].rows()]
    )


def parts_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("runs/*/*/*.parquet"))


def stones_of(folder: Path) -> list[Row]:
    """Athlete, run and month of every tombstone."""
    found = [polars.read_parquet(path, hive_partitioning=False) for path in folder.glob("tombstones/*/*.parquet")]
    return [row for one in found for row in one["athlete_id", "run_id", "month"].rows()]


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with what changes when it is written again."""
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {str(path.relative_to(folder)): (one.st_ino, one.st_mtime_ns) for path, one in found.items()}


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
    keep(filled, 7, own(-5, days_ago=3))
    export_runs(filled, folder, now=NOW)

    export_runs(filled, folder, now=NOW + timedelta(days=4))

    assert rows_of(folder) == [(7, -5, "2026-11")]


def test_nothing_is_written_where_nothing_has_changed(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_runs(filled, folder, now=NOW)
    before = state_of(folder)

    export_runs(filled, folder, now=NOW + timedelta(days=1))

    assert state_of(folder) == before


def test_a_run_from_the_api_and_from_an_own_file_is_one_row(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    keep(filled, 7, own(-5, days_ago=1.0001, km=10.1))
    export_runs(filled, folder, now=NOW)
    november = polars.read_parquet(folder / "runs/athlete_id=7/month=2026-11/part-0.parquet", hive_partitioning=False)

    both = november["run_id", "source", "recordings"].rows()
    AthleteRows(filled, 7).save_own_results(own(-5).own_file, [], schema_number=1, why="")
    export_runs(filled, folder, now=NOW)

    assert both == [(701, "api", 1), (-5, "file", 2)]
    assert {row[1] for row in rows_of(folder) if row[0] == 7} == {700, 701, 702}
    assert stones_of(folder) == [(7, -5, "2026-11")]


@pytest.mark.parametrize(
    ("other", "counted"),
    [
        (own(-5), {-5}),
        (own(-5, km=10.4, days_ago=1.005), {-5}),
        (own(-5, km=12.0), {-5}),  # from the same second to the same second
        (own(-5, km=12.0, days_ago=1.005), {-5, 700}),
        (own(-5, days_ago=1.02), {-5, 700}),
        (own(-5, sport="TrailRun"), {-5}),
        (own(-5, sport="Ride"), {700}),
        (own(-5, hours=0, km=0), {-5, 700}),
        (result(699), {699}),
    ],
)
def test_recordings_are_one_run_by_the_rule_of_the_logbook(other: StoredResult, counted: set[int]) -> None:
    found = counted_runs([other, result(700)])

    assert {run.id for run in found} == counted
    assert sum(run.recordings for run in found) == 2 - (json.loads(other.metrics)["sport"] == "Ride")


def test_a_run_that_is_recorded_across_the_end_of_a_month_counts_once(filled: Database, tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 1, tzinfo=UTC)
    keep(filled, 7, result(710, started_at=midnight - timedelta(seconds=3)), own(-9, started_at=midnight))

    export_runs(filled, tmp_path / "out", now=NOW)

    assert [row for row in rows_of(tmp_path / "out") if row[1] in (710, -9)] == [(7, -9, "2026-11")]


def test_a_run_that_moves_to_another_month_is_there_once(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_runs(filled, folder, now=NOW)

    keep(filled, 7, result(702, days_ago=3))
    moved = export_runs(filled, folder, now=NOW)
    there = rows_of(folder), stones_of(folder)
    keep(filled, 7, result(702, days_ago=40))
    export_runs(filled, folder, now=NOW)

    assert moved == ParquetReport(written=1, unchanged=2, removed=1, gone=0)
    assert [row for row in there[0] if row[1] == 702] == [(7, 702, "2026-11")]
    assert there[1] == [(7, 702, "2026-10")]
    assert stones_of(folder) == [(7, 702, "2026-11")]


def test_an_athlete_who_comes_back_has_no_tombstone(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_runs(filled, folder, now=NOW)
    AthleteRows(filled, 8).erase()
    export_runs(filled, folder, now=NOW)
    gone = stones_of(folder)

    Members(filled).join(8, oauth_origin="https://example.org", client_id="1", now=NOW)
    keep(filled, 8, result(800), result(801, days_ago=2))
    export_runs(filled, folder, now=NOW + timedelta(days=1))

    assert sorted(row[1] for row in gone) == [800, 801, 802]
    assert stones_of(folder) == [(8, 802, "2026-10")]


def test_a_clock_that_goes_backwards_neither_doubles_nor_loses_anything(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_runs(filled, folder, now=NOW)
    AthleteRows(filled, 7).forget_activity(700)
    export_runs(filled, folder, now=NOW)

    AthleteRows(filled, 7).forget_activity(701)
    for days in (-3, 0, -40):
        export_runs(filled, folder, now=NOW + timedelta(days=days))

    assert sorted(row[1] for row in stones_of(folder)) == [700, 701]
    assert sorted(row[1] for row in rows_of(folder)) == [702, 800, 801, 802]


def test_a_part_that_somebody_removed_is_written_again(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_runs(filled, folder, now=NOW)
    parts_of(folder)[0].unlink()

    assert export_runs(filled, folder, now=NOW).written == 1


class Killed(BaseException):
    """The end of a process, after which it does nothing more."""


class DyingDisk(DiskRecorder):
    """A disk whose user is killed after so many calls: no call of it does anything afterwards."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.left = calls

    def _live(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        self._live()
        return super().open(path, flags, mode)

    def write(self, file: int, content: bytes) -> int:
        self._live()
        return super().write(file, content[: len(content) // 2 + 1])

    def fsync(self, file: int) -> None:
        self._live()
        os.fsync(file)

    def replace(self, old: Path, new: Path) -> None:
        self._live()
        super().replace(old, new)


@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.proof)])
def test_an_export_that_is_killed_at_any_step_leaves_nothing_behind_that_was_erased(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    """What it had written of athlete 9 is gone with the next export, though no manifest ever named it."""
    Members(filled).join(9, oauth_origin="https://example.org", client_id="1", now=NOW)
    AthleteRows(filled, 8).erase()
    is_killed, step = True, 0
    while is_killed:
        folder = tmp_path / str(step)
        keep(filled, 7, result(700), result(701, days_ago=2), result(702, days_ago=40))
        export_runs(filled, folder, now=NOW)
        keep(filled, 9, result(900))
        keep(filled, 7, result(703, days_ago=3), result(702, days_ago=4))
        AthleteRows(filled, 7).forget_activity(701)
        try:
            with monkeypatch.context() as patch:
                patch.setattr(disk, "os", DyingDisk(step))
                export_runs(filled, folder, now=NOW)
            is_killed = False
        except Killed:
            step += every
        AthleteRows(filled, 9).forget_activity(900)
        AthleteRows(filled, 7).forget_activity(703)
        export_runs(filled, folder, now=NOW + timedelta(days=1))

        assert sorted(rows_of(folder)) == [(7, 700, "2026-11"), (7, 702, "2026-11")], step
        stones = stones_of(folder)
        assert len(stones) == len(set(stones))
        assert {(7, 701, "2026-11"), (7, 702, "2026-10")} <= set(stones), step
        assert set(stones) <= {(7, 701, "2026-11"), (7, 702, "2026-10"), (7, 703, "2026-11"), (9, 900, "2026-11")}
        assert not (folder / "runs" / "athlete_id=9").exists()
        assert [path.name for path in folder.iterdir() if path.suffix == ".new"] == []
    assert step > 15


def test_the_first_export_that_is_killed_at_any_step_is_done_by_the_next(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    AthleteRows(filled, 8).erase()
    for step in range(0, 12, 3):
        folder = tmp_path / str(step)
        with monkeypatch.context() as patch:
            patch.setattr(disk, "os", DyingDisk(step))
            with pytest.raises(Killed):
                export_runs(filled, folder, now=NOW)

        export_runs(filled, folder, now=NOW)

        assert sorted(row[1] for row in rows_of(folder)) == [700, 701, 702]


def test_two_exports_never_write_at_once(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_runs(filled, folder, now=NOW)
    keep(filled, 7, result(700, km=12))
    before = state_of(folder)

    with hold_short_lock(folder / LOCK, timeout_s=0, what="the first export"), pytest.raises(Busy, match="Another"):
        export_runs(filled, folder, now=NOW)

    assert state_of(folder) == before
    assert export_runs(filled, folder, now=NOW).written == 1


def test_whatever_happens_a_copy_can_follow(filled: Database, tmp_path: Path) -> None:
    """Each row that was ever there is there or has a tombstone, and never both; no run is there twice."""
    rng, folder, seen = random.Random(3), tmp_path / "out", set[Row]()
    for day in range(20):
        athlete_id = rng.choice((7, 8))
        run_id = athlete_id * 100 + rng.randrange(5)
        days_ago = rng.choice((1, 2, 3, 35, 40)) + (run_id % 5) / 10
        if rng.random() < 0.1:
            AthleteRows(filled, athlete_id).erase()
        elif rng.random() < 0.3:
            AthleteRows(filled, athlete_id).forget_activity(run_id)
        else:
            Members(filled).join(athlete_id, oauth_origin="https://example.org", client_id="1", now=NOW)
            one = own(-run_id, days_ago=days_ago) if rng.random() < 0.3 else result(run_id, days_ago=days_ago)
            keep(filled, athlete_id, one)
        export_runs(filled, folder, now=NOW + timedelta(hours=day - 2 * (day % 5)))

        there, stones = rows_of(folder), stones_of(folder)
        seen |= set(there)
        assert len({row[:2] for row in there}) == len(there)
        assert sorted(stones) == sorted(seen - set(there))


def test_an_export_of_a_newer_version_is_left_alone(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_runs(filled, folder, now=NOW)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"schema_number": LAYOUT_NUMBER + 1}))
    before = state_of(folder)

    with pytest.raises(UsageError, match="newer"):
        export_runs(filled, folder, now=NOW)

    assert state_of(folder) == before


def test_a_folder_of_something_else_is_refused(filled: Database, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(UsageError):
        export_runs(filled, tmp_path, now=NOW)


def test_the_documented_queries_give_each_athletes_months(filled: Database, tmp_path: Path) -> None:
    keep(filled, 7, own(-5), result(750, sport="Ride"))  # the file of run 700, and what is no run
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
