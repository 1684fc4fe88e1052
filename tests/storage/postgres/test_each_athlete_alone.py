"""Every statement on what is stored of athletes names one of them; those that see several give ids and times alone.

Read from the source, so that a statement that is added tomorrow is held to it as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from conftest import ROOT, reads_source

SRC = ROOT / "src" / "paceport"
# Tables with rows of athletes, and their columns that hold what is stored of one.
TABLES = ("reply", "own_file", "own_file_done", "result", "inbox", "fetch", "athlete")
CONTENTS = {"body", "content", "metrics", "raw", "updates", "name", "digest", "listed_digest", "sealed", "trouble"}
# May see rows of several athletes: who has work, how much there is, what has expired; how many places are taken.
SEES_SEVERAL = ("storage/postgres/members.py", "storage/postgres/connect_states.py")
# Why an athlete's work stands still is shown to the owner of the service.
ALLOWED_THERE = {"trouble"}
_NAMES_ONE = re.compile(
    r"athlete = %\(text\)s|athlete_id\s*=\s*%|\(athlete_id,|\(\s*athlete_id\b.*VALUES|%\(athlete\)s", re.DOTALL
)
_VERB = re.compile(r"\b(FROM|INTO|UPDATE|JOIN)\s+paceport\.(\w+|\{table\}|\{name\})")


def statements(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that are SQL on tables of athletes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.expr):
            continue
        text = None
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value.decode(errors="replace") if isinstance(node.value, bytes) else node.value
        elif isinstance(node, ast.JoinedStr):
            text = ast.unparse(node)
        if text is None or not (found := _VERB.findall(text)):
            continue
        if any(table in TABLES or table.startswith("{") for _, table in found):
            yield node.lineno, text


def modules() -> list[Path]:
    found = (path for path in SRC.rglob("*.py") if path.name != "migrations.py")
    return [path for path in found if _VERB.search(path.read_text(encoding="utf-8"))]


def test_every_statement_names_one_athlete() -> None:
    wrong = [
        f"{path.relative_to(SRC)}:{line}: {' '.join(text.split())[:100]}"
        for path in modules()
        if path.relative_to(SRC).as_posix() not in SEES_SEVERAL
        for line, text in statements(path)
        if not _NAMES_ONE.search(text)
    ]

    assert wrong == []


@reads_source
def test_what_sees_several_athletes_reads_no_contents() -> None:
    found = [one for path in SEES_SEVERAL for one in statements(SRC / path)]
    read = {
        word
        for _, text in found
        if not text.lstrip().startswith(("INSERT", "UPDATE"))
        for word in re.findall(r"\b[a-z_]+\b", re.sub(r"'[^']*'|trouble = ''", "", text))
    }

    assert len(found) > 8
    assert read & (CONTENTS - ALLOWED_THERE) == set()
