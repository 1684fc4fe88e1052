"""A row that no reader can take never breaks a command: it is left out, named, and can be taken out."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from makers.export_writer import activities, write_zip
from shell import Shell

WORDS = (("runs",), ("run", "last"), ("records",), ("trends",), ("zones",), ("logbook",), ("sql", "SELECT * FROM run"))
BAD: dict[str, list[object]] = {
    "start_utc": ["garbage", "2026-02-30T08:00:00Z", "2026-11-20T08:00:00", "", "0000-01-01T00:00:00Z", 5],
    "local_start": ["garbage", "2026-11-20T08:00:00Z"],
    "distance_m": ["far", b"\x00", float("inf")],
    "moving_time_s": ["long"],
    "is_indoor": ["yes"],
    "name": [b"\xff\xfe"],
    "gear": [b"\xff"],
}
CASES = [(column, value) for column, values in BAD.items() for value in values]


def change(home: Path, statement: str, *values: object) -> None:
    """Write into own.db past every check of ours, as another program may."""
    with closing(sqlite3.connect(home / "data" / "own.db")) as connection, connection:
        connection.execute(statement, values)


@pytest.fixture
def filled(shell: Shell, tmp_path: Path) -> Shell:
    shell("import", str(write_zip(tmp_path / "e.zip", activities(6))))
    shell("runs")
    return shell


def newest(shell: Shell) -> int:
    return int(json.loads(shell("runs", "--json").out)[0]["id"])


@pytest.mark.parametrize(("column", "value"), CASES, ids=str)
def test_a_bad_row_is_left_out_and_named(filled: Shell, home: Path, column: str, value: object) -> None:
    bad = newest(filled)
    change(home, f"UPDATE activity SET {column} = ? WHERE id = ?", value, bad)  # a column of ours

    ended = filled("runs", "--json")

    assert ended.code == 0, ended.err
    assert bad not in {run["id"] for run in json.loads(ended.out)}
    assert f"activity {bad} cannot be read" in ended.err
    assert f"logbook --remove {bad}" in ended.err
    assert column in ended.err


def test_no_command_breaks_on_it(filled: Shell, home: Path) -> None:
    change(home, "UPDATE activity SET start_utc = 'garbage' WHERE id = ?", newest(filled))

    for words in WORDS:
        assert filled(*words).code == 0, words


@pytest.mark.parametrize(
    "figures", ["no json", "[]", '{"heart": 3}', '{"heart": {"known_s": "x"}}', "{}", '{"splits_km": [1]}']
)
def test_results_that_are_no_results_break_nothing(filled: Shell, home: Path, figures: str) -> None:
    change(home, "UPDATE result SET figures = ?", figures)
    change(home, "UPDATE effort SET elapsed_s = 'fast'")
    change(home, "UPDATE activity SET track = 'no json', notes = 'no json'")

    for words in WORDS:
        assert filled(*words).code == 0, words


def test_a_removed_activity_is_kept_aside_and_comes_back_with_its_export(
    filled: Shell, home: Path, tmp_path: Path
) -> None:
    bad = newest(filled)
    change(home, "UPDATE activity SET distance_m = 'far' WHERE id = ?", bad)

    assert filled("logbook", "--remove", str(bad)).code == 2
    ended = filled("logbook", "--remove", str(bad), "--yes")

    assert ended.code == 0, ended.err
    (folder,) = (home / "data" / "removed").iterdir()
    assert json.loads((folder / "activity.json").read_text())["distance_m"] == "far"
    assert str(folder) in ended.err
    assert "cannot be read" not in filled("runs").err
    filled("import", str(tmp_path / "e.zip"))
    assert newest(filled) == bad


def test_removing_asks_first(filled: Shell) -> None:
    bad = newest(filled)

    assert filled("logbook", "--remove", str(bad), stdin="n\n", can_answer=True).code == 0
    assert newest(filled) == bad


def test_what_is_not_there_cannot_be_removed(filled: Shell) -> None:
    ended = filled("logbook", "--remove", "1", "--yes")

    assert ended.code == 2
    assert "no activity 1" in ended.err


@pytest.mark.parametrize("notes", ["", "no json", "{}", "3", "[1]"])
def test_notes_that_are_no_notes_break_nothing(filled: Shell, home: Path, notes: str) -> None:
    change(home, "UPDATE activity SET notes = ?", notes)

    assert filled("run", "last").code == 0
