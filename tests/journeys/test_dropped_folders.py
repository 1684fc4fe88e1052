"""Folders in the browser: dropped, chosen, very many files, and what the page says of those that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.test_serve import Seen, violations
from makers.export_writer import gpx
from paceport.clock import ManualClock
from web.serving import Served, served

pytestmark = [pytest.mark.browser, pytest.mark.proof]

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
PATIENCE_MS = 60_000.0  # only to end what hangs


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "home", ManualClock(NOW)) as found:
        yield found


@pytest.fixture
def open_import(chromium: Browser, server: Served) -> Iterator[tuple[Page, Seen]]:
    """The page of the import on a phone's width."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE_MS)
    page, seen = context.new_page(), Seen()
    page.goto(server.access.new_address())
    page.wait_for_url(f"{server.origin}/")
    seen.watch(page)
    page.goto(f"{server.origin}/import")
    yield page, seen
    context.close()


@pytest.fixture
def watch_folder(tmp_path: Path) -> Path:
    """A folder as a watch's program leaves it: recordings in folders, and what no import wants."""
    folder = tmp_path / "Garmin"
    for days, name in enumerate(["2025/run.gpx", "2026/run.gpx", "2026/deep/er/run.GPX"]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(gpx(NOW - timedelta(days=days + 1)))
    for name in ("2025/._run.gpx", ".DS_Store", ".git/objects/a.fit", "__MACOSX/2025/._run.gpx", "2026/.hidden.gpx"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"litter")
    (folder / "2026" / "notes.txt").write_bytes(b"notes")
    (folder / "2026" / "totals.csv").write_bytes(b"a,b")
    return folder


def drop(page: Page, *paths: Path) -> None:
    """Drop files and folders of this machine, as its file manager would hand them to the browser."""
    line, place = page.context.new_cdp_session(page), page.locator("#drop").bounding_box()
    assert place is not None
    files = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        line.send("Input.dispatchDragEvent", {"type": kind, "x": place["x"] + 20, "y": place["y"] + 20, "data": files})


@pytest.mark.parametrize("way", ["dropped", "chosen"])
def test_a_folder_is_imported_with_all_below_it_and_litter_is_counted(
    open_import: tuple[Page, Seen], watch_folder: Path, way: str
) -> None:
    page, seen = open_import
    found = violations(page)
    if way == "dropped":
        drop(page, watch_folder)
    else:
        page.set_input_files("#folder", watch_folder)
    expect(page.locator(".next-pages")).to_be_visible(timeout=PATIENCE_MS)

    assert page.locator("main .lead").inner_text() == "3 new activities."
    assert page.locator(".notes").inner_text() == (
        "Not sent from the folder: 5 hidden files or folders and 2 files of other kinds"
    )
    assert page.locator(".left-list li").count() == 0
    assert found == []
    assert seen.complaints == []


def test_folders_and_files_are_dropped_together_with_options(
    open_import: tuple[Page, Seen], watch_folder: Path, tmp_path: Path, server: Served
) -> None:
    page, seen = open_import
    ride = tmp_path / "ride.gpx"
    ride.write_bytes(gpx(NOW - timedelta(days=9), kind=""))
    page.get_by_text("If the files do not say everything").click()
    page.get_by_label("Time zone of activities").fill("Europe/Berln")
    page.get_by_label("Sport of files").select_option("Ride")
    found = violations(page)
    drop(page, ride, watch_folder)
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible(timeout=PATIENCE_MS)
    said = page.locator(".said").inner_text()
    page.get_by_label("Time zone of activities").fill("Europe/Berlin")
    again.click()
    expect(page.locator(".next-pages")).to_be_visible(timeout=PATIENCE_MS)

    assert "“Europe/Berln” is not a time zone" in said
    assert page.locator("main .lead").inner_text() == "4 new activities."
    page.goto(f"{server.origin}/runs?sport=ride")
    assert page.locator("#runs tbody a").count() == 1
    assert found == []
    assert [one for one in seen.complaints if "400" not in one] == []


def test_thousands_of_files_are_sent_while_the_page_stays_quick(open_import: tuple[Page, Seen], tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(2000):
        part = folder / str(number % 4)
        part.mkdir(parents=True, exist_ok=True)
        (part / f"{number}.fit").write_bytes(b"no FIT")
    page, _ = open_import
    page.evaluate(
        "window.longest = 0; new PerformanceObserver(seen => seen.getEntries().forEach("
        "one => { window.longest = Math.max(window.longest, one.duration); })).observe({type: 'longtask'})"
    )
    # Files that cannot be sent keep the page from leaving for that of the task.
    page.route("**/files?name=1999.fit*", lambda route: route.abort())
    drop(page, folder)
    expect(page.get_by_role("button", name="Import the 1,999 other files")).to_be_visible(timeout=PATIENCE_MS)

    assert page.locator(".refused li").count() == 1
    assert "many/3/1999.fit could not be sent" in page.locator(".refused").inner_text()
    assert float(page.evaluate("window.longest")) < 250  # a busy machine; 50 on a quiet one


# As a file system answers that does not let the browser in; tests may run as a user who is let in everywhere.
_UNREADABLE = """() => {
  const asked = DataTransferItem.prototype.webkitGetAsEntry;
  DataTransferItem.prototype.webkitGetAsEntry = function () {
    const entry = asked.call(this), refusal = new DOMException("no", "NotReadableError");
    if (entry.name === "closed") entry.createReader = () => ({readEntries: (_, refuse) => refuse(refusal)});
    return entry;
  };
}"""


def test_a_folder_that_cannot_be_read_is_named_with_what_to_do_and_the_others_go_on(
    open_import: tuple[Page, Seen], tmp_path: Path
) -> None:
    folders = [tmp_path / "closed", tmp_path / "open"]
    for days, folder in enumerate(folders):
        folder.mkdir()
        (folder / "run.gpx").write_bytes(gpx(NOW - timedelta(days=days)))
    page, _ = open_import
    page.evaluate(_UNREADABLE)
    drop(page, *folders)
    go_on = page.get_by_role("button", name="Import the other file")
    expect(go_on).to_be_visible(timeout=PATIENCE_MS)
    told = page.locator(".refused").inner_text()
    found = violations(page)
    go_on.click()
    expect(page.locator("main .lead")).to_have_text("1 new activity.", timeout=PATIENCE_MS)

    assert "closed could not be read: the browser was not let in (NotReadableError)" in told
    assert "see that you may open it" in told
    assert "paceport import FOLDER" in told
    assert found == []


def test_a_folder_that_is_gone_and_one_without_recordings_are_told(
    open_import: tuple[Page, Seen], tmp_path: Path
) -> None:
    page, _ = open_import
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_bytes(b"Dear")
    drop(page, tmp_path / "letters")
    expect(page.locator(".said")).to_contain_text("There is no FIT, GPX, TCX or ZIP file in it", timeout=PATIENCE_MS)
    said = page.locator(".said").inner_text()
    drop(page, tmp_path / "gone")
    expect(page.locator(".refused")).to_contain_text("gone could not be sent", timeout=PATIENCE_MS)

    assert "Left out: 1 file of another kind." in said
    assert "see that the file is still there" in page.locator(".refused").inner_text()
