"""The picture of a year where the machine has no font: told on a page, while the SVG is as everywhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from makers.no_fonts import without_fonts
from processes import start

pytestmark = [pytest.mark.browser, pytest.mark.proof]


def test_a_picture_that_cannot_be_made_is_told_on_a_page_and_the_svg_is_saved(
    chromium: Browser, computed_logbook: Path, tmp_path: Path
) -> None:
    pytest.importorskip("resvg_py")
    shutil.copytree(computed_logbook, tmp_path / "home")
    process = start(["serve", "--port", "0"], {"PACEPORT_HOME": str(tmp_path / "home")} | without_fonts(tmp_path))
    context = chromium.new_context(accept_downloads=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        origin = re.sub(r"(http://[^/]+)/.*", r"\1", address)
        page = context.new_page()
        page.goto(address)
        page.wait_for_url(f"{origin}/")
        page.goto(f"{origin}/year")
        with page.expect_download() as saved:
            page.get_by_role("link", name="SVG, 1080 by 1350").click()
        svg = Path(str(saved.value.path())).read_text()
        page.get_by_role("link", name="PNG, 1080 by 1350").click()
        page.wait_for_load_state()
        said = page.locator("main").inner_text()
    finally:
        context.close()
        process.kill()
        process.communicate(timeout=20)

    assert saved.value.suggested_filename.endswith("-tall.svg")
    assert svg.startswith("<svg")
    assert "<text" in svg
    assert "The words of the picture cannot be drawn" in said
    assert "write an .svg file, or install a font" in said
