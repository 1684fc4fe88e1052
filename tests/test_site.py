"""The documentation as a site: every page is in it, every link leads somewhere, and no page asks another host."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT, reads_source

pytest.importorskip("zensical", reason="zensical builds the site")

CONFIG = ROOT / "zensical.toml"
LOADED = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["']?(https?:[^"'\s>]+)""")


def pages_of(navigation: object) -> Iterator[str]:
    """Every page that a menu names, at any depth."""
    if isinstance(navigation, str):
        yield navigation
    elif isinstance(navigation, dict):
        for below in navigation.values():
            yield from pages_of(below)
    elif isinstance(navigation, list):
        for below in navigation:
            yield from pages_of(below)


def test_the_menu_leads_to_every_page() -> None:
    told = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]["nav"]
    there = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}

    assert sorted(pages_of(told)) == sorted(there)


@reads_source
def test_the_site_has_the_icon_of_the_application() -> None:
    icon = (ROOT / "src" / "paceport" / "look" / "icon.svg").read_bytes()

    assert (ROOT / "docs" / "images" / "icon.svg").read_bytes() == icon


@pytest.mark.slow
def test_the_site_is_built_with_every_link_and_asks_no_other_host(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(CONFIG, tmp_path)

    built = subprocess.run(
        [Path(sys.executable).parent / "zensical", "build", "--strict"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert built.returncode == 0, built.stdout + built.stderr
    site = tmp_path / "build" / "site"
    found = {
        address
        for page in site.rglob("*.html")
        for address in LOADED.findall(page.read_text(encoding="utf-8"))
        if 'rel="canonical"' not in address
    }
    assert not found
    assert len(list(site.rglob("*.html"))) > 25
