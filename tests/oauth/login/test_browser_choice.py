import html
import re
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from paceport.oauth.login.browser_choice import consent_page_opener, reads_private_files
from paceport.oauth.login.environment import LoginEnvironment
from paceport.oauth.login.forwarding_page import forwarding_page

URL = 'https://www.strava.com/oauth/authorize?client_id=1&state=x"><script>&scope=read,activity:read_all'
DESKTOP = LoginEnvironment(kind="desktop")


def browser_that_notes(given: list[str]) -> Callable[[str], bool]:
    def open_browser(url: str) -> bool:
        given.append(url)
        return True

    return open_browser


def test_the_browser_is_not_given_the_address_but_a_private_page_that_forwards(tmp_path: Path) -> None:
    given: list[str] = []

    with consent_page_opener(
        browser_that_notes(given), DESKTOP, environ={"BROWSER": "a-browser"}, folder=tmp_path / "state"
    ) as open_address:
        assert open_address(URL)
        page = Path(unquote(urlsplit(given[0]).path))
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.read_text(encoding="utf-8"))
        mode = stat.S_IMODE(page.stat().st_mode)

    assert given[0].startswith("file://")
    assert "state=" not in given[0]
    assert found is not None
    assert html.unescape(found[1]) == URL
    assert mode == 0o600
    assert not page.exists()


def test_no_part_of_the_address_can_leave_its_attribute() -> None:
    assert b"<script>" not in forwarding_page(URL)


@pytest.mark.parametrize("kind", ["ssh", "container", "wsl"])
def test_a_browser_on_another_machine_is_given_the_address(tmp_path: Path, kind: str) -> None:
    given: list[str] = []
    place = LoginEnvironment(kind=kind, is_browser_named=True)  # type: ignore[arg-type]  # one of the three above

    with consent_page_opener(
        browser_that_notes(given), place, environ={"BROWSER": "helper"}, folder=tmp_path
    ) as open_address:
        open_address(URL)

    assert given == [URL]


def test_a_folder_that_cannot_be_written_does_not_stop_the_login(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    given: list[str] = []

    with consent_page_opener(
        browser_that_notes(given), DESKTOP, environ={"BROWSER": "a-browser"}, folder=tmp_path / "state"
    ) as open_address:
        open_address(URL)

    assert given == [URL]


def test_windows_browser_is_started_with_the_address_as_one_argument(tmp_path: Path) -> None:
    opener, seen = tmp_path / "opener", tmp_path / "seen"
    opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {seen}.new && mv {seen}.new {seen}\n')
    opener.chmod(0o700)
    place = LoginEnvironment(kind="wsl", windows_opener=(str(opener), "url.dll,FileProtocolHandler"))

    with consent_page_opener(lambda url: False, place, environ={}, folder=tmp_path) as open_address:
        assert open_address("https://x/?a=1&b=2")
    waited = threading.Event()
    while not seen.exists() and not waited.wait(0.02):
        pass

    assert seen.read_text().splitlines() == ["url.dll,FileProtocolHandler", "https://x/?a=1&b=2"]


@pytest.mark.parametrize(
    ("entry", "reads"),
    [("firefox_firefox.desktop", False), ("firefox.desktop", True), ("org.mozilla.firefox.desktop", True)],
)
def test_a_browser_packed_as_a_snap_is_known_by_its_entry(entry: str, reads: bool) -> None:
    assert reads_private_files({}, which=lambda _: None, default_entry=lambda: entry) == reads


def test_a_script_that_starts_a_snap_is_known(tmp_path: Path) -> None:
    script = tmp_path / "firefox"
    script.write_text('#!/bin/sh\nexec /snap/bin/firefox "$@"\n')

    assert not reads_private_files({"BROWSER": "firefox"}, which=lambda _: str(script))
    assert not reads_private_files({}, which=lambda _: str(script), default_entry=lambda: "")
