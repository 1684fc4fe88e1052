"""Every text that says how to install says the one line that works."""

from __future__ import annotations

import re
import tomllib

import pytest

from conftest import ROOT
from paceport.install import IS_RELEASED, install_line

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "src" / "paceport").rglob("*.py"))]
OF_OURS = re.compile(r"(?:pip3?|pipx|uv pip|uv tool) install +(?:-\S+ +)*'?(?:paceport|\.)[^\n`]*")


@pytest.mark.skipif(IS_RELEASED, reason="a release is on the package index: its lines are the good ones then")
def test_no_text_installs_from_an_index_that_has_no_release() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {line}"
        for path in PAGES
        if path.name != "install.py"
        for line in OF_OURS.findall(path.read_text(encoding="utf-8"))
        if "paceport" in line.split("#")[0]
    }

    assert not found


@pytest.mark.skipif(not IS_RELEASED, reason="nothing is on the package index yet: people install from a clone")
def test_no_text_sends_people_to_a_clone_once_there_is_a_release() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {line}"
        for path in PAGES
        if path.name != "install.py"
        for line in OF_OURS.findall(path.read_text(encoding="utf-8"))
        if "paceport" not in line.split("#")[0]
    }

    assert not found


def test_the_line_of_the_pages_is_the_one_of_the_errors() -> None:
    for name, extra in (("README.md", "all"), ("docs/tutorial/first-login.md", "all")):
        assert install_line(extra) in (ROOT / name).read_text(encoding="utf-8"), name


def test_the_readme_names_every_part_that_can_be_chosen() -> None:
    (chosen,) = re.findall(r"choose from: (.*)", (ROOT / "README.md").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert set(chosen.split(", ")) == set(project["optional-dependencies"]) - {"all", "dev"}
