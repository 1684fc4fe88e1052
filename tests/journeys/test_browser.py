"""The login in a real Chromium: the page a person sees, and what they may do on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from paceport.cli.demo import forwarded_address
from paceport.http_message import Request
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from shell import Shell

from .conftest import Underway

pytestmark = pytest.mark.browser
Start = Callable[[], Underway]


def redirect_uri(url: str) -> str:
    return parse_qs(urlsplit(forwarded_address(url)).query)["redirect_uri"][0]


def open_consent(page: Page, url: str) -> None:
    """Open the consent page that the private page forwards to."""
    page.goto(forwarded_address(url))


def shows_no_secret(page: Page) -> bool:
    seen = page.url + page.content() + (page.locator("body").inner_text())
    return re.search(r"[0-9a-f]{40}", seen) is None and "code=" not in page.url and "state=" not in page.url


def test_one_click_and_the_token_is_there(page: Page, underway: Start, shell: Shell, tmp_path: Path) -> None:
    command = underway()
    open_consent(page, command.start("login"))
    page.screenshot(path=tmp_path / "consent.png")

    page.get_by_role("button", name="Authorize").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.screenshot(path=tmp_path / "done.png")
    ended = command.end()
    assert ended.code == 0, ended.err
    assert shows_no_secret(page)
    assert shell("token").code == 0


def test_cancel_ends_the_login_with_three(page: Page, underway: Start) -> None:
    command = underway()
    open_consent(page, command.start("login"))

    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    ended = command.end()
    assert ended.code == 3
    assert "refused" in ended.err
    assert shows_no_secret(page)


def test_an_unticked_box_is_named_with_its_repair(page: Page, underway: Start) -> None:
    command = underway()
    open_consent(page, command.start("login", "--for", "runs"))

    page.get_by_label("View data about your private activities").uncheck()
    page.get_by_role("button", name="Authorize").click()

    ended = command.end()
    assert ended.code == 0
    assert "Not granted" in ended.err
    assert "paceport grant +activity:read_all" in ended.err
    assert shows_no_secret(page)


def test_noise_does_not_end_the_login(page: Page, underway: Start) -> None:
    command = underway()
    url = command.start("login")
    address = redirect_uri(url)
    origin = address[: address.index("/", 8)]
    with open_transport() as send:
        foreign = send(Request(method="GET", url=f"{address}?state=foreign&code={'0' * 40}&scope=read"))
        favicon = send(Request(method="GET", url=f"{origin}/favicon.ico"))
    open_consent(page, url)

    page.get_by_role("button", name="Authorize").click()

    assert foreign.status >= 400
    assert favicon.status >= 400
    assert command.end().code == 0


def test_the_consent_page_is_usable_without_a_mouse(page: Page, underway: Start) -> None:
    command = underway()
    open_consent(page, command.start("login"))
    for box in page.get_by_role("checkbox").all():
        assert box.is_checked()
        assert box.evaluate("box => box.labels.length") == 1

    page.get_by_role("button", name="Authorize").focus()
    page.keyboard.press("Enter")

    # The window's requests are let through by this thread, so it looks on until the page is there.
    expect(page.get_by_role("heading", name="Permission given")).to_be_visible()
    assert command.end().code == 0


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_the_screen(page: Page, underway: Start, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    command = underway()
    open_consent(page, command.start("login", "--for", "everything"))
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0

    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert page.evaluate(overflow) <= 0
    command.end()


def test_another_athlete_can_be_chosen_on_the_page(page: Page, underway: Start, shell: Shell, world: World) -> None:
    second = world.people[1]
    command = underway()
    open_consent(page, command.start("login"))

    page.get_by_role("combobox").select_option(str(second.id))
    page.get_by_role("button", name="Authorize").click()

    assert command.end().code == 0
    assert f'"id": {second.id}' in shell("status", "--json").out
