"""The year in review, its pictures, and what is no picture."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from paceport.pictures.png import find_font
from web.serving import Served


def test_the_page_shows_the_year_and_its_picture_can_be_saved(server: Served) -> None:
    page, picture = server.read("/year").text, server.read("/year/tall.svg?year=2025")

    assert "2025 in review" in page
    assert 'href="/year/wide.png?year=2025"' in page
    assert picture.headers["content-disposition"] == 'attachment; filename="2025-tall.svg"'
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "hurt" not in picture.text


def test_no_other_shape_or_kind_is_a_picture(server: Served) -> None:
    assert [server.read(path).status for path in ("/year/round.svg", "/year/tall.pdf")] == [404, 404]
    assert server.ask("/year/tall.svg").status == 401


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes and shell scripts")
def test_other_pages_are_answered_while_a_png_is_drawn(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_font() is None:
        pytest.skip("no font is installed here")
    gate, slow = tmp_path / "gate", tmp_path / "python"
    os.mkfifo(gate)
    slow.write_text(f'#!/bin/sh\nread go < "{gate}"\nexec "{sys.executable}" "$@"\n')
    slow.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(slow))
    asked = Request(f"{server.origin}/year/wide.png?year=2025", headers={"Cookie": server.cookie})
    drawn: list[bytes] = []
    drawing = threading.Thread(target=lambda: drawn.append(urlopen(asked, timeout=60).read()))

    drawing.start()
    with gate.open("w") as opened:  # the drawing has begun when somebody reads
        answers = [server.read(path).status for path in ("/runs", "/year")]
        still_drawing = drawing.is_alive()
        opened.write("go\n")
    drawing.join(60)

    assert answers == [200, 200]
    assert still_drawing
    assert drawn[0].startswith(b"\x89PNG")
