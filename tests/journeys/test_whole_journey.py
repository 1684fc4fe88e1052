"""All of it in one sitting, in a browser: from an empty logbook to runs that are looked at, corrected and shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from journeys import test_serve_login as login
from journeys.test_dropped_folders import drop
from journeys.test_serve_login import Journey, clock, journey  # noqa: F401  # the fixtures
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.bulk_export.archive import write_export
from paceport.sandbox.state.world import World
from web.held_clock import HeldClock

pytestmark = [pytest.mark.browser, pytest.mark.proof]
_PATIENCE_MS = 30_000.0  # only to end what hangs
# Where the map has drawn a track, in pixels of the window.
_DRAWN = """() => { const c = document.querySelector('canvas.tracks'), p = c.getContext('2d')
  .getImageData(0, 0, c.width, c.height - 60).data, s = c.width / c.clientWidth;
  for (let at = 3; at < p.length; at += 4) if (p[at] > 100) {
    const n = (at - 3) / 4; return [n % c.width / s, Math.floor(n / c.width) / s]; } }"""


@pytest.fixture
def world(population: Population, clock: HeldClock) -> World:  # noqa: F811
    """The simulated service, where somebody with eleven activities is signed in, most of which have a track."""
    found = World(population, seed=1, clock=clock)
    found.sign_in(found.people[-1].id)
    return found


@pytest.mark.parametrize("journey", [login.DESKTOP], indirect=True)
def test_from_an_empty_logbook_to_what_one_shows_to_others(journey: Journey, tmp_path: Path) -> None:  # noqa: F811
    login._set_up_with_a_wrong_secret_first(journey)
    login._deny_and_then_grant_too_little(journey)
    login._repair(journey)
    login._sync_through_a_rate_limit(journey)
    _import_the_archive(journey, tmp_path / "export.zip")
    _look_at_a_run_and_compare_it(journey)
    _click_on_the_map(journey)
    _correct_a_run(journey)
    _save_the_picture_of_the_year(journey)
    _log_out_and_keep_what_is_ones_own(journey)


def _import_the_archive(journey: Journey, archive: Path) -> None:  # noqa: F811
    page, person = journey.page, journey.world.people[-1]
    with archive.open("wb") as file:
        write_export(file, person, sorted(journey.world.activities(person.id), key=lambda row: row.id), "en")
    page.goto(f"{journey.ours.origin}/import")
    drop(page, archive)
    page.wait_for_url("**/tasks/*")
    expect(page.locator(".next-pages")).to_be_visible(timeout=_PATIENCE_MS)
    journey.check()
    # The pages look for what was computed meanwhile every two seconds, and this clock moves only when it is told to.
    page.goto(f"{journey.ours.origin}/")
    journey.ours.reader.wait_for_background()
    journey.clock.advance(5)


def _look_at_a_run_and_compare_it(journey: Journey) -> None:  # noqa: F811
    page = journey.page
    page.goto(f"{journey.ours.origin}/runs")
    page.locator("#runs tbody a").first.click()
    page.wait_for_url("**/runs/*")
    expect(page.locator("#along")).to_be_visible()
    page.get_by_role("link", name=re.compile("Compare")).last.click()
    page.locator(".add-list a").first.click()
    expect(page.locator(".compared li")).to_have_count(2)


def _click_on_the_map(journey: Journey) -> None:  # noqa: F811
    page = journey.page
    page.goto(f"{journey.ours.origin}/map?all=1")
    expect(page.locator("#map[data-drawn]")).to_be_visible()
    x, y = page.evaluate(_DRAWN)
    page.locator("canvas.tracks").click(position={"x": x, "y": y})
    page.wait_for_url("**/runs/*")


def _correct_a_run(journey: Journey) -> None:  # noqa: F811
    page = journey.page
    page.get_by_text("Correct this run").click()
    page.get_by_label("as much as").fill("1:00")
    page.locator(".amend-forms form").first.get_by_role("button").click()
    page.get_by_role("button", name="Correct it").click()
    expect(page.locator(".amendments li")).to_contain_text("first 1:00 cut off")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".amendments")).to_contain_text("undone")


def _save_the_picture_of_the_year(journey: Journey) -> None:  # noqa: F811
    page = journey.page
    page.goto(f"{journey.ours.origin}/year")
    with page.expect_download() as saved:
        page.get_by_role("link", name="PNG, 1080 by 1350").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")


def _log_out_and_keep_what_is_ones_own(journey: Journey) -> None:  # noqa: F811
    page = journey.page
    page.goto(f"{journey.ours.origin}/logout")
    journey.press("Log out")
    expect(page.locator("h1")).to_have_text("Logged out")
    page.goto(f"{journey.ours.origin}/")
    expect(page.locator(".run-card")).to_be_visible()
