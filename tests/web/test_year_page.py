"""The year in review, its pictures, and what is no picture."""

from __future__ import annotations

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
