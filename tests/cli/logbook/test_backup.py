"""`logbook --backup` and `--restore`, as a person moves to another machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from makers.export_writer import activities, write_zip
from shell import Shell


@pytest.fixture
def filled(shell: Shell, tmp_path: Path) -> Shell:
    shell("import", str(write_zip(tmp_path / "e.zip", activities(3))))
    shell("runs")
    return shell


def test_a_logbook_moves_to_another_machine(filled: Shell, tmp_path: Path) -> None:
    place = str(tmp_path / "runs.zip")
    runs = json.loads(filled("runs", "--json").out)
    backed_up = filled("logbook", "--backup", place)
    there = {"PACEPORT_HOME": str(tmp_path / "there")}

    restored = filled("logbook", "--restore", place, environ=there)

    assert backed_up.code == restored.code == 0
    assert "3 activities" in backed_up.err
    assert "keep it private" in backed_up.err
    assert "3 activities" in restored.err
    assert json.loads(filled("runs", "--json", environ=there).out) == runs


def test_a_person_is_asked_before_a_logbook_is_replaced(filled: Shell, tmp_path: Path) -> None:
    place = str(tmp_path / "runs.zip")
    filled("logbook", "--backup", place)

    unasked = filled("logbook", "--restore", place)
    declined = filled("logbook", "--restore", place, stdin="n\n", can_answer=True)
    agreed = filled("logbook", "--restore", place, stdin="y\n", can_answer=True)

    assert unasked.code == 2
    assert "--yes" in unasked.err
    assert "Nothing was restored" in declined.err
    assert "is kept in" in agreed.err
    assert agreed.code == 0


def test_a_file_that_is_no_backup_is_named_before_anything_is_asked(filled: Shell, tmp_path: Path) -> None:
    missing = filled("logbook", "--restore", str(tmp_path / "nope.zip"))
    other = filled("logbook", "--restore", str(tmp_path / "e.zip"), stdin="n\n", can_answer=True)

    assert "no such file" in missing.err
    assert "it is no backup of Paceport" in other.err
    assert "--yes" not in missing.err + other.err
    assert "[y/N]" not in other.err


def test_only_one_thing_is_done_at_a_time(filled: Shell, tmp_path: Path) -> None:
    ended = filled("logbook", "--backup", str(tmp_path / "a.zip"), "--remove", "1")

    assert ended.code == 2
    assert not (tmp_path / "a.zip").exists()


def test_both_answer_in_json(filled: Shell, tmp_path: Path) -> None:
    place = str(tmp_path / "runs.zip")

    backed_up = json.loads(filled("logbook", "--backup", place, "--json").out)
    restored = json.loads(filled("logbook", "--restore", place, "--yes", "--json").out)

    assert backed_up["place"] == place
    assert (backed_up["activities"], backed_up["missing"]) == (3, [])
    assert restored["activities"] == 3
    assert restored["kept_aside"]
