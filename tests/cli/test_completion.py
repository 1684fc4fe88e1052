"""Completion, by the shells' own programs where they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, missing
from paceport.cli.main import COMMANDS
from shell import Shell


def complete(shell: Shell, *words: str) -> list[str]:
    """What bash's completion would be told for a line that ends in the last word."""
    environ = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **shell.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "_PACEPORT_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["paceport", *words]),
        "COMP_CWORD": str(len(words)),
    }
    code = "import sys; sys.argv = ['paceport']; from paceport.quick import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environ, timeout=30, check=False
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return [row.partition(",")[2] for row in ended.stdout.splitlines() if row]


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_printed_lines_are_the_shells_own_language(shell: Shell, name: str, tmp_path: Path) -> None:
    ended = shell("completion", name)
    file = tmp_path / "lines"
    file.write_text(ended.out)

    assert ended.code == 0
    assert "_PACEPORT_COMPLETE" in ended.out
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed: its lines were not parsed")
    subprocess.run([program, "-n", str(file)], check=True, timeout=20)


def test_bash_itself_completes_a_command(shell: Shell, tmp_path: Path) -> None:
    program = shutil.which("bash")
    if program is None:
        missing("bash is not installed")
    assert program is not None
    lines = tmp_path / "lines"
    lines.write_text(shell("completion", "bash").out)
    entry = tmp_path / "paceport"
    entry.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT / "src"} exec {sys.executable} -m paceport "$@"\n')
    entry.chmod(0o755)
    line = f"source {lines}; COMP_WORDS=(paceport sta); COMP_CWORD=1; _paceport_completion {entry}"
    script = line + '; echo "${COMPREPLY[@]}"'

    ended = subprocess.run(
        [program, "--norc", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env=shell.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )

    assert ended.stdout.split() == ["status"]


def test_commands_are_completed(shell: Shell) -> None:
    assert complete(shell, "") == list(COMMANDS)
    assert complete(shell, "pro") == ["profiles"]


def test_options_of_a_command_are_completed(shell: Shell) -> None:
    assert "--everything" in complete(shell, "logout", "--")


def test_words_of_an_option_are_completed(shell: Shell) -> None:
    assert "upload" in complete(shell, "login", "--for", "")


def test_profile_names_are_completed(shell: Shell) -> None:
    shell("login")

    assert complete(shell, "--profile", "") == ["default"]
    assert complete(shell, "status", "--profile", "def") == ["default"]
    assert complete(shell, "use", "") == ["default"]
    assert complete(shell, "use", "x") == []


def test_a_store_that_cannot_be_read_completes_nothing_and_says_nothing(shell: Shell, home: Path) -> None:
    shell("login")
    next((home / "state" / "grants").glob("*.json")).write_text("{")

    assert complete(shell, "use", "") == []


def test_a_keyring_is_not_asked(shell: Shell, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('vault = "keyring:"\n')

    assert complete(shell, "use", "") == []
