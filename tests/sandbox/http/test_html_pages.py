"""The consent page in a real Chromium: at phone width, in light and dark, without script."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser

from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = (360, 740)


def asking(server: Address, world: World) -> str:
    # The way back leads to a page of the same server, so that the browser has somewhere to arrive.
    back = f"http://localhost:{server.port}/_sandbox/clock"
    return (
        f"{server.url}/oauth/authorize?client_id={world.app.client_id}&response_type=code&redirect_uri={back}"
        "&scope=read,profile:read_all,activity:read_all,activity:write&state=s"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_phone_and_has_no_accessibility_violation(
    chromium: Browser, server: Address, world: World, scheme: Literal["light", "dark"]
) -> None:
    page = chromium.new_page(viewport={"width": PHONE[0], "height": PHONE[1]}, color_scheme=scheme)

    page.goto(asking(server, world))

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert Axe().run(page).violations_count == 0
    page.close()


def test_a_person_unticks_a_box_and_agrees_without_script(chromium: Browser, server: Address, world: World) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(asking(server, world))

    page.get_by_label("View data about your private activities").uncheck()
    page.get_by_label("Signed in as").select_option(str(world.people[1].id))
    page.get_by_role("button", name="Authorize").click()

    assert page.url.startswith(f"http://localhost:{server.port}/_sandbox/clock?state=s&code=")
    assert page.url.endswith("&scope=read,profile:read_all,activity:write")
    assert world.signed_in == world.people[1].id
    context.close()


def test_a_person_cancels(chromium: Browser, server: Address, world: World) -> None:
    page = chromium.new_page()
    page.goto(asking(server, world))

    page.get_by_role("button", name="Cancel").click()

    assert page.url == f"http://localhost:{server.port}/_sandbox/clock?state=s&error=access_denied"
    page.close()
