"""The tutorial really runs, and the index of the documentation leads to every page."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from shell import Shell
from test_readme import matches

DOCS = ROOT / "docs"
TUTORIAL = DOCS / "tutorial" / "first-login.md"
PAGES = sorted(DOCS.rglob("*.md"))
EXIT = re.compile(r"\[exit (\d+)\]")


def steps() -> Iterator[tuple[list[str], list[str], int]]:
    """Each command of the console blocks, the lines shown below it, and the exit code it ends with."""
    for block in re.findall(r"^```console\n(.*?)^```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            codes = [int(match[1]) for line in shown if (match := EXIT.fullmatch(line))]
            told = [line for line in shown if not EXIT.fullmatch(line)]
            yield shlex.split(command), told, codes[0] if codes else 0


def test_the_tutorial_runs_as_shown(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for words, shown, code in steps():
        assert words[0] == "paceport"
        ended = shell(*words[1:])
        ran += 1
        lines = [*ended.err.splitlines(), *ended.out.splitlines()]
        assert ended.code == code, ended.err
        for expected in shown:
            assert any(matches(expected, line) for line in lines), f"{words}: {expected!r} not in {lines}"
    assert ran >= 10


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    yield from (target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in links(page):
        where, _, anchor = link.partition("#")
        target = (page.parent / where).resolve() if where else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_index_leads_to_every_page() -> None:
    index = DOCS / "README.md"

    led_to = {(DOCS / link).resolve() for link in links(index)}

    assert {page.resolve() for page in PAGES} - led_to == {index.resolve()}
