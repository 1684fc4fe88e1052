"""The map: which tracks it is given, what it hides, and what a browser may load for it."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from paceport.clock import ManualClock
from paceport.training.metrics.polyline import decode
from web.conftest import NOW
from web.serving import Served, served

# One transparent pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000"
    "000049454e44ae426082"
)


def packed(server: Served, query: str = "") -> list[list[object]]:
    found: list[list[object]] = json.loads(server.read("/map.json" + query).text)["runs"]
    return found


def test_every_run_with_a_track_is_on_the_map_with_its_page_and_its_words(server: Served) -> None:
    rows = packed(server, "?all=1")

    assert len(rows) == 42
    assert all(server.read(str(row[0])).status == 200 for row in rows[:2])
    assert {row[2] for row in rows} == {"Run"}
    assert "Belt" not in json.dumps(rows)


def test_places_where_many_runs_begin_are_left_out_unless_all_is_asked_for(server: Served) -> None:
    whole = [decode(str(text)) for row in packed(server, "?all=1") for text in row[5]]  # type: ignore[attr-defined]
    shown = [decode(str(text)) for row in packed(server) for text in row[5]]  # type: ignore[attr-defined]
    begin = np.median([(latitude[0], longitude[0]) for latitude, longitude in whole], axis=0)

    def nearest_m(tracks: list[tuple[np.ndarray, np.ndarray]]) -> float:
        apart = [np.hypot(latitude - begin[0], (longitude - begin[1]) * 0.67).min() for latitude, longitude in tracks]
        return 111_195.0 * float(min(apart, default=1.0))

    assert nearest_m(whole) < 5.0
    assert nearest_m(shown) > 150.0
    assert "Show everything" in server.read("/map").text
    assert "private places too" in server.read("/map?all=1").text


def test_without_a_script_the_map_is_a_picture_whose_lines_lead_to_runs(server: Served) -> None:
    head = server.read("/map?all=1").text
    plain = server.read("/map?plain=1&all=1").text.split("<main")[1]

    assert '<noscript><meta http-equiv="refresh" content="0;url=/map?plain=1&amp;all=1"></noscript>' in head
    assert head.count('<a href="/runs/') == 0
    assert plain.count('<a href="/runs/') == 42


def test_a_browser_may_load_nothing_from_elsewhere_unless_a_street_map_is_set(server: Served, web_home: Path) -> None:
    assert "img-src 'self' data: blob:;" in server.read("/map").headers["content-security-policy"]
    with served(web_home, ManualClock(NOW), tile_address="https://tile.example.org/{z}/{x}/{y}.png") as other:
        answer = other.read("/map")

    assert "img-src 'self' data: blob: https://tile.example.org;" in answer.headers["content-security-policy"]
    assert "that server sees which parts of the world you look at" in answer.text


def test_tiles_are_counted_on_a_page_of_their_own(server: Served) -> None:
    text = server.read("/tiles").text

    assert "visited · largest square" in text
    assert '<path class="visited" d="M' in text


@contextmanager
def tile_server() -> Iterator[tuple[str, list[str]]]:
    """A street map of our own on loopback, and what it was asked for."""
    asked: list[str] = []

    class Tiles(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response_only(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PNG)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tiles) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/{{z}}/{{x}}/{{y}}.png", asked
        running.shutdown()


def view_of(page: Page) -> tuple[float, float, float]:
    """Where the middle of the map is in the world of width 1, and how many pixels wide the world is."""
    x, y, scale = map(float, page.locator("#map").get_attribute("data-view").split())  # type: ignore[union-attr]
    return x, y, scale


def drag_and_pinch(page: Page, canvas: Locator) -> None:
    """A mouse draws the map 60 pixels to the left; two fingers that part by half draw it larger about their middle."""
    box = canvas.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    x, y, scale = view_of(page)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 60, middle[1], steps=6)
    page.mouse.up()
    assert view_of(page) == pytest.approx((x + 60 / scale, y, scale), rel=1e-9)
    assert page.url.endswith("/map?all=1")

    fingers = page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 40), ("touchMove", 50), ("touchMove", 60), ("touchEnd", 0)):
        points = [{"x": middle[0] + side * apart, "y": middle[1], "id": side + 1} for side in (-1, 1)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if apart else []})
    pinched = view_of(page)
    assert pinched[2] == pytest.approx(1.5 * scale, rel=0.02)
    assert pinched[:2] == pytest.approx((x + 60 / scale, y), abs=3 / scale)


@pytest.mark.slow
@pytest.mark.browser
def test_a_hand_moves_the_map_and_a_click_leads_to_a_run(chromium: Browser, web_home: Path) -> None:
    with tile_server() as (address, asked), served(web_home, ManualClock(NOW), tile_address=address) as server:
        context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
        page, complaints = context.new_page(), []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server.access.new_address())
        page.wait_for_url(f"{server.origin}/")
        page.goto(f"{server.origin}/map?all=1")
        expect(page.locator("#map-words")).to_have_text("42 of 42 tracks")
        expect(page.locator("#map[data-drawn]")).to_be_visible()
        canvas = page.locator("canvas.tracks")
        canvas.focus()
        for key in ("+", "-", "ArrowLeft", "ArrowRight", "0"):
            canvas.press(key)
        drag_and_pinch(page, canvas)
        page.select_option("select[name=look]", "heat")
        page.select_option("select[name=year]", "2025")
        page.wait_for_function("document.querySelector('#map').dataset.drawn > 0")
        found = page.evaluate(
            """() => { const c = document.querySelector('canvas.tracks'), p = c.getContext('2d')
              .getImageData(0, 0, c.width, c.height - 60).data, s = c.width / c.clientWidth;
              for (let at = 3; at < p.length; at += 4) if (p[at] > 100) {
                const n = (at - 3) / 4; return [n % c.width / s, Math.floor(n / c.width) / s]; } }"""
        )
        canvas.click(position={"x": found[0], "y": found[1]})
        page.wait_for_url("**/runs/*")
        context.close()

    assert complaints == []
    assert asked
    assert all(path.endswith(".png") for path in asked)
