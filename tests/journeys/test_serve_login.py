"""The whole way from an empty logbook to synced runs and back, in a browser, with the consent page on another site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, BrowserContext, Page, expect

from paceport.clock import ManualClock
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.planned_faults import PlannedFault
from paceport.sandbox.state.world import World, first_app
from sandbox.few import few_people
from web.held_clock import HeldClock
from web.serving import Served, served

pytestmark = pytest.mark.browser


@pytest.fixture
def clock(clock: ManualClock) -> HeldClock:
    return HeldClock(clock.now())


@pytest.fixture
def world(clock: HeldClock) -> World:
    """Two athletes with a few short activities."""
    return World(few_people(10), seed=1, clock=clock)


@dataclass(slots=True)
class Journey:
    """A window of a browser that was let in to an empty logbook, and the two servers.

    The consent page is on `localhost` and ours on 127.0.0.1, which are two sites to a browser.
    """

    page: Page
    ours: Served
    consent: str
    world: World
    clock: HeldClock
    visited: list[str]
    does_check: bool

    def check(self) -> None:
        """Nothing on this page is wrong for a screen reader, or wider than the window."""
        self.page.wait_for_load_state()
        size = self.page.viewport_size
        assert size is not None
        for width in {size["width"], 360}:
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            overflow = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, (self.page.url, width)
        self.page.set_viewport_size(size)
        if not self.does_check:
            return
        self.page.evaluate("document.querySelector('.thumb')?.style.setProperty('position', 'static')")
        found = Axe().run(self.page, options={"rules": {"target-size": {"enabled": True}}})
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == [], self.page.url

    def press(self, name: str) -> None:
        """Press a button or follow a link of the page's main part, and wait until another page comes."""
        main = self.page.locator("main")
        with self.page.expect_navigation(wait_until="commit"):
            main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()

    def answer(self, *, untick: str = "", button: str = "Authorize") -> None:
        """Answer the consent page; the browser then comes back."""
        self.page.wait_for_url(f"{self.consent}/**")
        if untick:
            self.page.locator(f"input[value='{untick}']").uncheck()
        self.page.get_by_role("button", name=button).click()
        self.page.wait_for_url(f"{self.ours.origin}/**")


DESKTOP = pytest.param((1280, "light", True), id="desktop")
# The forms are sent without script in tests/web/account as well, without a browser.
PHONE = pytest.param((360, "dark", False), id="phone without script", marks=pytest.mark.proof)


@pytest.fixture(params=[DESKTOP, PHONE])
def journey(
    request: pytest.FixtureRequest, chromium: Browser, world: World, clock: HeldClock, tmp_path: Path
) -> Iterator[Journey]:
    width, light, has_script = request.param
    with serve(world) as address:
        consent = f"http://localhost:{address.port}"
        environ = {"PACEPORT_OAUTH_URL": consent, "PACEPORT_API_URL": f"{consent}/api/v3"}
        with served(tmp_path, clock, environ=environ) as ours:
            context = _window(chromium, width=width, light=light, has_script=has_script)
            page, visited = context.new_page(), list[str]()
            page.on("framenavigated", lambda frame: visited.append(frame.url))
            page.goto(ours.access.new_address())
            page.wait_for_url(f"{ours.origin}/")
            yield Journey(page, ours, consent, world, clock, visited, does_check=has_script)
            context.close()


def _window(chromium: Browser, *, width: int, light: str, has_script: bool) -> BrowserContext:
    return chromium.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if light == "dark" else "light",
        java_script_enabled=has_script,
    )


@pytest.mark.slow
def test_from_an_empty_logbook_to_synced_runs_and_logged_out(journey: Journey) -> None:
    _set_up_with_a_wrong_secret_first(journey)
    _deny_and_then_grant_too_little(journey)
    _repair(journey)
    _sync_through_a_rate_limit(journey)
    _log_out(journey)

    shown = [url for url in journey.visited if url.startswith(journey.ours.origin)]
    assert [url for url in shown if re.search("code=|state=|[0-9a-f]{40}", url)] == []


def _set_up_with_a_wrong_secret_first(journey: Journey) -> None:
    page, app = journey.page, first_app(journey.world.seed)
    journey.press("set up an app")
    page.get_by_label("Client ID").fill(str(app.client_id))
    page.get_by_label("Client Secret").fill("0" * 40)
    journey.press("Store the app")
    expect(page.locator("#wrong")).to_contain_text("does not accept the client secret")
    expect(page.get_by_label("Client Secret")).to_have_value("")
    journey.check()

    page.get_by_label("Client Secret").fill(app.client_secret)
    journey.press("Store the app")
    page.wait_for_url("**/login")
    journey.check()


def _deny_and_then_grant_too_little(journey: Journey) -> None:
    page = journey.page
    journey.press("Go on to Strava")
    journey.answer(button="Cancel")
    expect(page.locator("h1")).to_have_text("No permission was given")

    journey.press("Try again")
    expect(page.locator(".wrong")).to_contain_text("Cancel was chosen there")
    journey.press("Go on to Strava")
    journey.answer(untick="activity:read_all")
    expect(page.locator("h1")).to_have_text("You are logged in, with less than asked")
    journey.check()


def _repair(journey: Journey) -> None:
    page = journey.page
    journey.press("See what is missing")
    expect(page.locator(".notice")).to_contain_text("activities that only you may see are left out")
    journey.check()
    journey.press("Ask Strava for it")
    journey.answer()
    expect(page.locator("h1")).to_have_text("You are logged in")

    journey.press("Go on")
    expect(page.locator(".notice")).to_have_count(0)
    journey.check()


def _sync_through_a_rate_limit(journey: Journey) -> None:
    page = journey.page
    journey.press("Sync your activities")
    journey.check()
    journey.press("Yes, keep it")
    journey.check()
    journey.world.faults.plan(PlannedFault(kind="rate_limited", path="/api/v3/activities", after=3, times=1))
    journey.press("Start the sync")
    assert journey.clock.waits.wait(20)
    expect(page.locator(".words")).to_contain_text("until 08:15 UTC")
    expect(page.locator("progress")).to_be_visible()
    journey.check()

    journey.clock.go_on.set()
    expect(page.locator(".lead")).to_contain_text("The logbook is up to date", timeout=30_000)  # to end what hangs
    journey.check()
    journey.press("See your runs")
    expect(page.locator(".run-card")).to_be_visible()


def _log_out(journey: Journey) -> None:
    page = journey.page
    page.goto(f"{journey.ours.origin}/account")
    journey.press("Log out")
    journey.check()
    journey.press("Log out")
    expect(page.locator("h1")).to_have_text("Logged out")
    journey.check()
    page.goto(f"{journey.ours.origin}/")
    expect(page.locator("h1")).to_have_text("No runs yet")
