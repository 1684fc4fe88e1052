"""The transcript of the README really runs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from shell import Shell

README = Path(__file__).parent.parent / "README.md"


def transcript() -> Iterator[tuple[list[str], list[str]]]:
    """Each command of the console blocks with the lines shown below it."""
    for block in re.findall(r"^```console\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            yield shlex.split(command), shown


def matches(shown: str, line: str) -> bool:
    """Whether an output line is the shown one, `…` standing for anything."""
    return re.fullmatch(".*".join(re.escape(part) for part in shown.split("…")), line.rstrip()) is not None


def test_the_transcript_runs_as_shown(shell: Shell) -> None:
    steps = list(transcript())
    assert len(steps) >= 3

    for words, shown in steps:
        assert words[0] == "paceport"
        ended = shell(*words[1:])
        lines = [*ended.err.splitlines(), *ended.out.splitlines()]
        assert ended.code == 0, ended.err
        for expected in shown:
            assert any(matches(expected, line) for line in lines), f"{words}: {expected!r} not in {lines}"


@pytest.mark.parametrize(
    "command", re.findall(r"\bpaceport ([a-z]+)", re.sub(r"git clone .*", "", README.read_text(encoding="utf-8")))
)
def test_every_command_the_readme_names_exists(command: str) -> None:
    from paceport.cli.commands import COMMANDS

    planned = {"and", "import", "repository"}
    assert command in COMMANDS or command in planned
