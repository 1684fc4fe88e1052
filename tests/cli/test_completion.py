"""Completion, by the shells' own programs where they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import ROOT, missing
from paceport.cli.commands import COMMANDS
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.population import Population
from sandbox_logbook import fill
from shell import Shell

Complete = Callable[..., list[str]]


@pytest.fixture
def complete(shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Complete:
    """What bash's completion would be told for a line that ends in the last word."""

    def completed(*words: str) -> list[str]:
        # Click reads these of the process itself, writes to its stdout, and ends it.
        line = {"COMP_WORDS": " ".join(["paceport", *words]), "COMP_CWORD": str(len(words))}
        with monkeypatch.context() as patched, suppress(SystemExit):
            for name, value in {"_PACEPORT_COMPLETE": "bash_complete", **line}.items():
                patched.setenv(name, value)
            said = shell(environ={"_PACEPORT_COMPLETE": "bash_complete"})
            assert said.err == ""
        return [row.partition(",")[2] for row in capsys.readouterr().out.splitlines() if row]

    return completed


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_printed_lines_are_the_shells_own_language(shell: Shell, name: str, tmp_path: Path) -> None:
    ended = shell("completion", name)
    file = tmp_path / "lines"
    file.write_text(ended.out)

    assert ended.code == 0
    assert "_PACEPORT_COMPLETE" in ended.out
    program = shutil.which(name)
    if program is None:
        missing(f"{name} is not installed: its lines were not parsed")
    assert program is not None
    subprocess.run([program, "-n", str(file)], check=True, timeout=20)


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """A folder whose `paceport` is the one of this tree."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "paceport"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT / "src"} exec {sys.executable} -m paceport "$@"\n')
    program.chmod(0o755)
    return folder


def in_shell(shell: Shell, entry: Path, name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What a real shell ends with, in a home of its own without any start-up file."""
    program = shutil.which(name)
    if program is None:
        missing(f"{name} is not installed")
    assert program is not None
    environ = shell.environ | {"PATH": f"{entry}:{os.environ['PATH']}", "HOME": str(entry.parent), "TERM": "dumb"}
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=60, env=environ, check=False)


BASH_LINES = {
    "COMP_WORDS=(paceport sta); COMP_CWORD=1": "status",
    "COMP_WORDS=(paceport grant +activity : w); COMP_CWORD=4": "write",
    "COMP_WORDS=(paceport login --scope read,prof); COMP_CWORD=3": "read,profile:read_all read,profile:write",
    "COMP_WORDS=(paceport explain-metric trim); COMP_CWORD=2": "trimp",
    "COMP_WORDS=(paceport run la); COMP_CWORD=2": "last",
}


def test_bash_starts_silent_and_completes(shell: Shell, entry: Path) -> None:
    load = 'eval "$(paceport completion bash)"; echo loaded; '
    ask = "; ".join(f'{line}; _paceport_completion paceport; echo "${{COMPREPLY[@]}}"' for line in BASH_LINES)

    ended = in_shell(shell, entry, "bash", "--norc", "-c", load + ask)

    assert ended.stdout.splitlines() == ["loaded", *BASH_LINES.values()]
    assert ended.stderr == ""


@pytest.mark.parametrize("has_compinit", [True, False])
def test_zsh_starts_silent_and_completes_with_and_without_compinit(
    shell: Shell, entry: Path, has_compinit: bool
) -> None:
    start = "autoload -Uz compinit && compinit -D -i; " if has_compinit else ""
    load = start + 'eval "$(paceport completion zsh)"; print ${_comps[paceport]}; '
    # Outside the line editor compadd cannot work: what it is given is printed instead.
    ask = "compadd() { print -l -- $plain }; words=(paceport explain-metric trim); CURRENT=3; _paceport_completion"

    ended = in_shell(shell, entry, "zsh", "-f", "-c", load + ask)

    assert (ended.stdout.split(), ended.stderr) == (["_paceport_completion", "trimp"], "")


def test_fish_starts_silent_and_completes(shell: Shell, entry: Path) -> None:
    load = "paceport completion fish | source; echo loaded; "
    ask = "complete -C 'paceport grant +activity:w'; complete -C 'paceport explain-metric trim'"

    ended = in_shell(shell, entry, "fish", "--no-config", "-c", load + ask)

    assert [line.split("\t")[0] for line in ended.stdout.splitlines()] == ["loaded", "+activity:write", "trimp"]
    assert ended.stderr == ""


def test_a_shell_that_starts_hears_nothing(shell: Shell) -> None:
    assert shell("completion", "bash").err == ""
    assert "~/.bashrc" in shell("completion", "bash", is_terminal=True).err


def test_scopes_are_completed_wherever_one_is_asked_for(complete: Complete) -> None:
    assert complete("grant", "+act") == ["+activity:read", "+activity:read_all", "+activity:write"]
    assert complete("token", "--need", "profile:w") == ["profile:write"]
    assert complete("login", "--scope", "read,read_") == ["read,read_all"]


def test_runs_are_completed_newest_first(shell: Shell, complete: Complete, home: Path, population: Population) -> None:
    assert complete("run", "") == ["last"]
    assert not (home / "data").exists()

    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=shell.clock) as store:
        fill(store, population.activities(population.people[0].id)[:5])

    offered = complete("run", "")
    assert offered[0] == "last"
    assert all(word.isdigit() for word in offered[1:])


def test_commands_are_completed(complete: Complete) -> None:
    assert complete("") == list(COMMANDS)
    assert complete("pro") == ["profiles"]


def test_options_of_a_command_are_completed(complete: Complete) -> None:
    assert "--everything" in complete("logout", "--")


def test_words_of_an_option_are_completed(complete: Complete) -> None:
    assert "upload" in complete("login", "--for", "")


def test_profile_names_are_completed(shell: Shell, complete: Complete) -> None:
    shell("login")

    assert complete("--profile", "") == ["default"]
    assert complete("status", "--profile", "def") == ["default"]
    assert complete("use", "") == ["default"]
    assert complete("use", "x") == []


def test_a_store_that_cannot_be_read_completes_nothing(shell: Shell, complete: Complete, home: Path) -> None:
    shell("login")
    next((home / "state" / "grants").glob("*.json")).write_text("{")

    assert complete("use", "") == []


def test_a_keyring_is_not_asked(complete: Complete, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('vault = "keyring:"\n')

    assert complete("use", "") == []
