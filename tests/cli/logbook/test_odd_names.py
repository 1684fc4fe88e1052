"""Names of files and folders that are no text, or more than one line: every command takes them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from makers.fit_writer import hour_of_running
from shell import Shell

NAMES = (b"Stra\xdfe", b"two\nlines", b"\xe2\x80\xaeback", b"-dash", b"%s $HOME 'a' \"b\"")


@pytest.fixture(params=NAMES, ids=repr)
def name(request: pytest.FixtureRequest) -> str:
    given: bytes = request.param
    return os.fsdecode(given)


def test_a_home_and_files_of_any_name_are_used(shell: Shell, tmp_path: Path, name: str) -> None:
    home, folder = tmp_path / name / "home", tmp_path / name / "files"
    folder.mkdir(parents=True)
    (folder / f"{name}.fit").write_bytes(hour_of_running(seconds=1200))
    environ = shell.environ | {"PACEPORT_HOME": str(home)}

    for words in (
        ["import", str(folder / f"{name}.fit")],
        ["import", str(folder)],
        ["runs", "--json"],
        ["logbook"],
        ["report", "-o", str(folder / f"{name}.html")],
        ["export", "-o", str(folder / f"{name}.csv")],
        ["poster", "facets", "-o", str(folder / f"{name}.svg")],
        ["logbook", "--backup", str(folder / f"{name}.zip")],
        ["status", "--paths", "--json"],
    ):
        ended = shell(*words, environ=environ)

        assert ended.code == 0, (words, ended.err)
    assert len(list(folder.iterdir())) == 5
    assert len(json.loads(shell("runs", "--json", environ=environ).out)) == 1
