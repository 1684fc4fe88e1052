"""The whole way in a real Chromium: to the consent page on another site, back, an upload, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, Page, expect

from paceport.clock import ManualClock
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.world import World
from paceport.storage.postgres.athlete_rows import AthleteRows
from service.serving import Served, served_service

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def served(world: World, clock: ManualClock, database_url: str) -> Iterator[Served]:
    # `localhost` and 127.0.0.1 are two sites to a browser, as Strava and the service are.
    with (
        serve(world) as address,
        served_service(world, f"http://localhost:{address.port}", database_url, clock) as found,
    ):
        yield found


def check(page: Page) -> None:
    """Nothing is wrong for a screen reader, and nothing is wider than a phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == []


def test_an_athlete_connects_brings_a_file_and_leaves(chromium: Browser, served: Served, tmp_path: Path) -> None:
    file, person = tmp_path / "Sonntag.gpx", served.world.people[1]
    file.write_bytes(b'<?xml version="1.0"?><gpx version="1.1"/>')
    context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]  # a plain dict
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    page.goto(served.url)
    check(page)
    page.get_by_role("button", name="Continue to Strava").click()
    page.get_by_label("Signed in as").select_option(str(person.id))
    page.get_by_role("button", name="Authorize").click()

    expect(page).to_have_url(served.url + "/me")
    expect(page.get_by_role("heading", name="Your data here")).to_be_visible()
    check(page)
    page.get_by_label("Your Strava export").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status")).to_contain_text("Sonntag.gpx: 1 stored")
    page.reload()
    expect(page.get_by_text("1 file, 1 kB.")).to_be_visible()

    page.get_by_label("Erase everything stored about me").check()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("heading", name="You are disconnected")).to_be_visible()
    check(page)
    page.goto(served.url + "/me")
    expect(page).to_have_url(served.url + "/connect")

    assert set(AthleteRows(served.parts.database, person.id).counts().values()) == {0}
    assert complaints == []
    context.close()
