"""A damaged logbook on the command line: named by every command, found by doctor, rebuilt from the originals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from makers.export_writer import activities, write_zip
from shell import Shell

PAGE = 4096


@pytest.fixture
def damaged(shell: Shell, home: Path, tmp_path: Path) -> Shell:
    """A logbook of an export whose own.db is overwritten behind its first pages."""
    shell("import", str(write_zip(tmp_path / "e.zip", activities(8))))
    path = home / "data" / "own.db"
    with path.open("r+b") as file:
        file.seek(2 * PAGE)
        file.write(bytes(range(256)) * (path.stat().st_size // 256 - 32))
    return shell


@pytest.mark.parametrize("words", [("runs",), ("records",), ("logbook",), ("sql", "SELECT sum(length(name)) FROM run")])
def test_every_command_names_the_damaged_file_and_the_repair(damaged: Shell, words: tuple[str, ...]) -> None:
    ended = damaged(*words)

    assert ended.code == 8
    assert "own.db cannot be read" in ended.err
    assert "originals cannot be read" not in ended.err
    assert "paceport import --rebuild" in ended.err


def test_doctor_finds_the_damage(damaged: Shell) -> None:
    rows = {row["check"]: row for row in json.loads(damaged("doctor", "--offline", "--json").out)}

    assert rows["own.db"]["state"] == "bad"
    assert "damaged" in rows["own.db"]["text"]
    assert rows["cache.db"]["state"] == "ok"


def test_a_rebuild_brings_the_runs_back_and_keeps_the_damaged_file(damaged: Shell, home: Path, tmp_path: Path) -> None:
    broken = (home / "data" / "own.db").read_bytes()

    ended = damaged("import", "--rebuild")

    assert ended.code == 0
    (kept,) = (path for path in (home / "data").glob("own.db.damaged-*") if path.name[-3:] not in {"wal", "shm"})
    assert kept.read_bytes() == broken
    assert str(kept) in ended.err
    assert len(json.loads(damaged("sql", "SELECT id FROM run WHERE has_track", "--json").out)) > 0
    damaged("import", str(tmp_path / "e.zip"))
    assert json.loads(damaged("sql", "SELECT count(*) AS n FROM run", "--json").out) == [{"n": 8}]


def test_a_rebuild_of_a_whole_logbook_sets_nothing_aside(shell: Shell, home: Path, tmp_path: Path) -> None:
    shell("import", str(write_zip(tmp_path / "e.zip", activities(4))))

    shell("import", "--rebuild")

    assert not list((home / "data").glob("own.db.damaged-*"))


def test_sql_and_export_answer_at_once_what_they_answer_after_runs(shell: Shell, tmp_path: Path) -> None:
    shell("import", str(write_zip(tmp_path / "e.zip", activities(4))))
    query = "SELECT r.moving_time_s, r.average_gap_mps, f.figures FROM run r JOIN result f ON f.activity_id = r.id"
    shell("export", "--format", "csv", "-o", str(tmp_path / "before.csv"))
    before = shell("sql", query, "--csv").out

    shell("runs")

    assert before.count("\n") > 1
    assert shell("sql", query, "--csv").out == before
    shell("export", "--format", "csv", "-o", str(tmp_path / "after.csv"))
    assert (tmp_path / "after.csv").read_text() == (tmp_path / "before.csv").read_text()
