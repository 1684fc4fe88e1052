"""The command line as a whole: its overview, and what people mistype."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from paceport.cli.commands import COMMANDS, SECTIONS
from paceport.clock import SystemClock
from paceport.logbook.database.store import Store
from shell import Shell


@pytest.fixture
def overview(shell: Shell, capsys: pytest.CaptureFixture[str]) -> str:
    """What `paceport --help` shows."""
    assert shell("--help").code == 0
    return capsys.readouterr().out


def test_the_overview_names_every_command_below_a_heading(overview: str) -> None:
    lines = overview.splitlines()

    assert [line.removesuffix(":") for line in lines if line.removesuffix(":") in SECTIONS.values()] == [
        *SECTIONS.values()
    ]
    assert {line.split()[0] for line in lines if line.startswith("  ") and line.strip()} >= set(COMMANDS)


def test_no_sentence_of_the_overview_is_cut_off(overview: str) -> None:
    _, heading, commands = overview.partition(next(iter(SECTIONS.values())))

    assert heading
    assert "..." not in commands


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        (["--json", "activities"], "paceport activities --json"),
        (["--limit", "3", "activities"], "paceport activities --limit …"),
        (["-q", "--own-only", "runs"], "paceport runs --own-only"),
    ],
)
def test_an_option_before_its_command_is_sent_behind_it(shell: Shell, words: list[str], fix: str) -> None:
    ended = shell(*words)

    assert ended.code == 2
    assert "comes before the command" in ended.err
    assert f"Fix: {fix}\n" in ended.err


def test_an_option_that_no_command_has_is_called_so(shell: Shell) -> None:
    ended = shell("--jsn", "activities")

    assert ended.code == 2
    assert "has no option --jsn" in ended.err
    assert "did you mean: paceport activities --json" in ended.err


def test_an_option_before_its_command_is_an_error_in_json_too(shell: Shell) -> None:
    assert json.loads(shell("--json", "activities").out)["error"]["fix"] == "paceport activities --json"


@pytest.mark.parametrize(("typed", "meant"), [("logn", "login"), ("acivities", "activities"), ("report-", "report")])
def test_a_mistyped_command_names_the_nearest(shell: Shell, typed: str, meant: str) -> None:
    ended = shell(typed)

    assert ended.code == 2
    assert f"did you mean: paceport {meant}\n" in ended.err


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("auth login", "paceport login"),
        ("auth status", "paceport status"),
        ("auth", "paceport login"),
        ("auth refresh", "paceport token"),
        ("whoami", "paceport status"),
        ("refresh", "paceport token"),
        ("version", "paceport --version"),
        ("help", "paceport --help"),
        ("help login", "paceport login --help"),
        ("logn", "did you mean: paceport login"),
    ],
)
def test_a_word_of_another_tool_leads_to_the_command(shell: Shell, line: str, command: str) -> None:
    ended = shell(*line.split())

    assert ended.code == 2
    assert f"{command}\n" in ended.err


def test_json_and_csv_are_utf8_in_an_8_bit_locale(tmp_path: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PACEPORT_HOME": str(tmp_path),
        "PYTHONIOENCODING": "ascii",
    }
    (tmp_path / "data").mkdir()
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=SystemClock()):
        pass
    for form in ("--json", "--csv"):
        command = [sys.executable, "-m", "paceport", "sql", "SELECT 'Mühle 走' AS n", form]

        said = subprocess.run(command, env=environment, capture_output=True, check=True).stdout

        assert "Mühle 走" in said.decode()
