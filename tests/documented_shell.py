"""The lines of a documented shell block, run in one process: words, pipes into another program, `&&`, `<`, `>`, `$()`.

It knows only what the documentation uses, and fails on anything else, so that a new form is noticed.
"""

from __future__ import annotations

import glob
import re
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shell import Ended, Shell

COMMENT = re.compile(r"\s{2,}#.*$")
EVAL = re.compile(r'eval "\$\((paceport [^)]*)\)"')
ASSIGNMENT = re.compile(r"([A-Z]+)=\$\((paceport [^)]*)\)")
EXPORT = re.compile(r"export ([A-Z_]+)=(\S*)")


@dataclass(slots=True, kw_only=True)
class DocumentedShell:
    """A shell in `folder`, whose `~` is `folder` too. `hosts` are addresses of the service and where it is here.

    `answers` is what a person types into the commands that ask; `variables` what lines have set.
    """

    shell: Shell
    folder: Path
    hosts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, line: str) -> list[Ended]:
        """Run a line as bash would, and give how each `paceport` of it ended."""
        line = COMMENT.sub("", line).strip()
        if match := EVAL.fullmatch(line):
            ended = self._paceport(match[1])
            self.variables |= {name: shlex.join(shlex.split(value)) for name, value in EXPORT.findall(ended.out)}
            return [ended]
        if match := ASSIGNMENT.fullmatch(line):
            ended = self._paceport(match[2])
            self.variables[match[1]] = ended.out.rstrip("\n")
            return [ended]
        if match := EXPORT.fullmatch(line):
            self.shell.environ[match[1]] = self._here(match[2])
            return []
        return [self._piped(part.strip()) for part in line.split(" && ")]

    def _piped(self, command: str) -> Ended:
        first, *others = (part.strip() for part in command.split(" | "))
        ended = self._paceport(first) if first.startswith("paceport ") else self._program(first, Ended(0, "", ""))
        for other in others:
            ended = self._program(other, ended)
        return ended

    def _program(self, command: str, before: Ended) -> Ended:
        """A real program, given what the command before it printed."""
        words = [self._here(word) for word in shlex.split(command)]
        run = subprocess.run(
            words, input=before.out, capture_output=True, text=True, timeout=30, check=False, cwd=self.folder
        )
        return Ended(before.code or run.returncode, run.stdout, before.err + run.stderr)

    def _paceport(self, command: str) -> Ended:
        words = shlex.split(command)
        assert words[0] == "paceport", f"not known how to run: {command}"
        written = read = ""
        if len(words) > 2 and words[-2] in (">", "<"):
            written, read = (words[-1], "") if words[-2] == ">" else ("", words[-1])
            words = words[:-2]
        stdin = (self.folder / read).read_text() if read else self.answers.get(" ".join(words), "")
        ended = self.shell(*self._expanded(words[1:]), stdin=stdin, can_answer=bool(stdin) and not read)
        if written:
            (self.folder / written).write_text(ended.out, encoding="utf-8")
        return ended

    def _expanded(self, words: list[str]) -> list[str]:
        found: list[str] = []
        for word in map(self._here, words):
            home = str(self.folder) + word[1:] if word.startswith("~/") else word
            found += sorted(glob.glob(home)) if "*" in home and not home.startswith("{") else [home]  # noqa: PTH207  # as a shell does
        return found

    def _here(self, word: str) -> str:
        for name, value in self.shell.environ.items():
            word = word.replace(f"${name}", value)
        for address, here in self.hosts.items():
            word = word.replace(address, here)
        return word
