"""The report in a real browser: from a file address, without a network, in every light and at every width."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, Locator, Page, expect

from labels_seen import LABELS, odd_labels
from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.report.build_page import ReportContent, build_page
from paceport.report.page import render
from report.conftest import NOW
from report.logbooks import fill, history_of, loop_streams, record, save

pytestmark = pytest.mark.browser
HOSTILE = '<script>window.hurt = 1</script><img src=x onerror="window.hurt = 1">' + "x" * 10_000
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>A year</title></svg>'
VIOLATIONS = {"resultTypes": ["violations"]}


@dataclass(slots=True)
class Seen:
    """What the browser complained about and asked for."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Reports on disk by name, each made once: whole, one, heartless, hostile, borrowed."""
    made: dict[str, Path] = {}

    def path(name: str) -> Path:
        if name not in made:
            place = tmp_path_factory.mktemp(name)
            clock = ManualClock(NOW)
            with Store(data_dir=place / "data", cache_dir=place / "cache", clock=clock) as store:
                _LOGBOOKS[name](store)
                newest = 0 if name == "one" else 3  # what stands in full is not opened
                wanted = ReportContent(newest=newest, draw_year=lambda _facts: PICTURE if name == "whole" else "")
                page = build_page(store, history_of(store, clock), wanted)
            assert page is not None
            made[name] = place / "report.html"
            made[name].write_text(render(page), encoding="utf-8")
        return made[name]

    return path


def _hostile(store: Store) -> None:
    for number in range(3):
        save(store, number, loop_streams(minutes=15.0), name=HOSTILE, gear=HOSTILE)


def _borrowed(store: Store) -> None:
    fill(store, 2)
    borrowed = record(9, source="api", distance_m=9000.0, moving_time_s=3000.0)
    store.cached.save(borrowed, expires_at=NOW.replace(day=4))


_LOGBOOKS: dict[str, Callable[[Store], None]] = {
    "whole": lambda store: fill(store, 40),
    "one": lambda store: fill(store, 1),
    "heartless": lambda store: fill(store, 5, has_heart=False),
    "hostile": _hostile,
    "borrowed": _borrowed,
}


@pytest.fixture(scope="module")
def show(chromium: Browser, files: Callable[[str], Path]) -> Iterator[Callable[..., tuple[Page, Seen]]]:
    """Opens a report by name; gives the page and what was seen. A page that was shown before is given as it is."""
    contexts, pages = [], {}

    def shown(name: str, *, width: int = 1280, script: bool = True, fresh: bool = False) -> tuple[Page, Seen]:
        key = (name, width, script)
        if fresh or key not in pages:
            context = chromium.new_context(
                viewport={"width": width, "height": 900}, offline=True, java_script_enabled=script
            )
            contexts.append(context)
            page, seen = context.new_page(), Seen()
            page.on("console", lambda message: seen.complaints.append(message.text))
            page.on("pageerror", lambda error: seen.complaints.append(str(error)))
            page.on("request", lambda request: seen.requests.append(request.url))
            page.goto(files(name).as_uri())
            if fresh:
                return page, seen
            pages[key] = (page, seen)
        page, seen = pages[key]
        page.mouse.move(0, 0)
        return page, seen

    yield shown
    for context in contexts:
        context.close()


Show = Callable[..., tuple[Page, Seen]]


def point(page: Page, target: Locator, across: float = 0.5, down: float = 0.5) -> None:
    """Move the pointer to a place of the target, given as shares of its width and height."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


@pytest.mark.parametrize("script", [True, False])
def test_labels_below_charts_are_thinned_out_evenly(show: Show, script: bool) -> None:
    for width in (360, 390, 768, 1280):
        page, _ = show("whole", width=width, script=script, fresh=True)
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        found = page.evaluate(LABELS)

        assert odd_labels(found) == [], width
        assert len(found) > 3


def test_the_report_fits_every_width_in_both_lights(show: Show) -> None:
    page, seen = show("whole", fresh=True)

    for width in (320, 360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, background[4:-1].split(","))) < 200) == (scheme == "dark")
    page.locator("#map").scroll_into_view_if_needed()
    page.locator("#map[data-drawn]").wait_for()
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in seen.requests if url.startswith("file:")]) == 1


@pytest.mark.slow
def test_axe_finds_nothing_on_the_page_and_in_a_run_that_is_open(show: Show) -> None:
    page, _ = show("one", width=390, fresh=True)
    page.emulate_media(color_scheme="dark")
    page.locator("#map").scroll_into_view_if_needed()
    page.locator("#map[data-drawn]").wait_for()

    whole = Axe().run(page, context={"exclude": [["#definitions"]]}, options=VIOLATIONS)
    page.locator("#every-runs a").click()
    page.locator("#one .facts").wait_for()
    opened = Axe().run(page, context="#one", options=VIOLATIONS)

    for found in (whole, opened):
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.proof
@pytest.mark.parametrize(
    ("name", "dark"), [("one", False), ("whole", False), ("whole", True), ("heartless", True), ("hostile", False)]
)
def test_axe_finds_nothing(show: Show, name: str, dark: bool) -> None:
    page, _ = show(name, width=390, fresh=True)
    page.emulate_media(color_scheme="dark" if dark else "light")
    # Open everything, so that the tables are looked at too.
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")

    found = Axe().run(page, options=VIOLATIONS)

    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == []


@pytest.mark.parametrize(
    "name", ["whole", *(pytest.param(one, marks=pytest.mark.proof) for one in ("heartless", "one", "borrowed"))]
)
def test_every_chart_has_a_table_twin_that_opens(show: Show, name: str) -> None:
    page, seen = show(name, fresh=True)

    page.locator("#weeks summary").first.click()
    opened = page.locator("#weeks .twin tbody tr").first.is_visible()
    page.locator("details:not([open])").evaluate_all("all => all.forEach(one => { one.open = true; })")
    row = "one.querySelector('.twin tbody tr')"
    heights = page.locator("figure.chart").evaluate_all(f"all => all.map(one => {row} ? {row}.offsetHeight : 0)")

    assert opened
    assert len(heights) >= 5
    assert all(heights)
    assert seen.complaints == []


def test_pointing_at_a_week_shows_its_row(show: Show) -> None:
    page, _ = show("whole")

    point(page, page.locator("#weeks .plot").first)

    number = int(page.locator("#weeks .panels").get_attribute("aria-valuenow") or -1)
    row = page.locator("#weeks tbody tr").nth(number).locator("td").all_text_contents()
    assert number == 6
    assert page.locator("#tip").is_visible()
    assert page.locator("#tip dd").all_text_contents() == row
    assert page.locator("#weeks .cursor").count() == 1


def test_pointing_reads_where_the_pointer_is_even_where_nothing_is_drawn(show: Show) -> None:
    page, _ = show("whole")

    # This year's line ends in June, last year's is empty: half-way along is the week that ends on 7 July,
    # since every year has room for a 29 February.
    point(page, page.locator("#years .plot").first, 0.51)

    assert page.locator("#tip dd").first.text_content() == "7 Jul"


def test_pointing_at_a_day_a_share_and_a_route_shows_theirs(show: Show) -> None:
    page, _ = show("whole")

    for chart, mark in (("calendar-2025", ".marks"), ("zones", "[data-row='1']"), ("gallery", "[data-row='2']")):
        # 3 March 2025, the first run: a Monday in the tenth column.
        at = (9.5 / 53, 0.5 / 7) if chart == "calendar-2025" else (0.5, 0.5)
        point(page, page.locator(f"#{chart} {mark}").first, *at)
        if chart == "calendar-2025":
            assert "3 Mar 2025" in page.locator("#tip").inner_text()
        assert page.locator("#tip").is_visible()
        page.mouse.move(0, 0)
        assert page.locator("#tip").is_hidden()


def test_the_keyboard_reads_a_chart_aloud(show: Show) -> None:
    page, _ = show("whole")
    weeks = page.locator("#weeks .panels")

    weeks.focus()
    page.keyboard.press("End")
    last = weeks.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")
    before = weeks.get_attribute("aria-valuetext")
    page.keyboard.press("Escape")

    assert weeks.get_attribute("role") == "slider"
    assert last != before
    assert last is not None
    assert "Week of: 26 May 2025" in last
    assert before is not None
    assert "Week of: 19 May 2025" in before
    assert page.locator("#tip").is_hidden()


def test_dragging_over_weeks_chooses_a_period_for_all_charts_of_time(show: Show) -> None:
    page, _ = show("whole")
    marks = page.locator("#weeks .plot").first
    whole = page.locator("#pace .marks").get_attribute("viewBox")
    alone = page.locator("#form-now .marks").first.get_attribute("viewBox")

    point(page, marks, 0.25)
    page.mouse.down()
    point(page, marks, 0.4)
    point(page, marks, 0.5)
    page.mouse.up()

    assert page.locator("#pace .marks").get_attribute("viewBox") != whole
    assert page.locator("#form-now .marks").first.get_attribute("viewBox") == alone
    assert page.locator("#from").input_value() == "2025-03-25"
    assert page.locator("#sum").inner_text().startswith("14 runs")
    page.locator("#period").get_by_role("button", name="Everything").click()
    assert page.locator("#sum").inner_text().startswith("40 runs")
    assert page.locator("#pace .marks").get_attribute("viewBox") == page.locator("#weeks .marks").first.get_attribute(
        "viewBox"
    )


def test_dates_choose_the_period_without_a_mouse(show: Show) -> None:
    page, _ = show("whole")

    page.locator("#from").fill("2025-04-07")
    page.locator("#to").fill("2025-04-20")

    assert page.locator("#sum").inner_text().startswith("7 runs")
    page.locator("#period").get_by_role("button", name="Everything").click()


def test_a_hostile_name_runs_nothing_and_reads_as_text(show: Show) -> None:
    page, seen = show("hostile")
    point(page, page.locator("#gallery [data-row='0']"))

    assert page.evaluate("window.hurt") is None
    assert "<script>" in page.locator("#tip").inner_text()
    page.locator("#map").scroll_into_view_if_needed()
    page.locator("#map[data-drawn]").wait_for()
    page.locator("#map canvas.tracks").focus()
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate("window.hurt") is None
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert seen.complaints == []


def test_borrowed_runs_are_said_to_be_so(show: Show) -> None:
    page, _ = show("borrowed")

    assert "1 of the 3" in page.locator("#overview").inner_text()
    assert "4 Jun 2025" in page.locator("#overview").inner_text()


def test_it_reads_without_script(show: Show) -> None:
    page, _ = show("whole", script=False)

    assert page.locator("#period").is_hidden()
    assert page.locator("#weeks .marks path").first.is_visible()
    assert page.locator("#map").is_hidden()
    assert page.locator("#map-filters").is_hidden()
    assert page.locator("#map-plain").is_visible()
    assert page.locator("#map-plain .all path").count() == 40


def test_it_prints_on_paper_without_controls(show: Show) -> None:
    page, _ = show("whole", fresh=True)
    page.emulate_media(color_scheme="dark", media="print")

    assert page.locator("nav").is_hidden()
    assert page.locator("#definitions article").last.is_visible()
    assert page.locator("#runs .facts").last.is_visible()
    assert page.locator("#map-plain").is_visible()
    assert page.locator("#map").is_hidden()
    page.set_viewport_size({"width": 680, "height": 960})  # what A4 leaves between its margins
    wide = "all => all.filter(one => one.scrollWidth > one.parentElement.clientWidth + 1).map(one => one.outerHTML)"
    assert page.locator("table:visible").evaluate_all(wide) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.locator("#weeks summary").is_hidden()
    assert page.locator("#weeks .marks").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf()) > 10_000


def test_a_folded_part_opens_where_an_address_leads(show: Show) -> None:
    page, seen = show("whole", fresh=True)
    folded = page.locator("details.part:not([open]) > summary h2").all_inner_texts()

    page.locator("#weeks .how a").first.click()
    page.locator("nav").get_by_role("link", name="Newest runs").click()

    assert folded == ["Newest runs", "Definitions"]
    assert page.locator("#definitions details").get_attribute("open") is not None
    assert page.locator("#runs article").first.is_visible()
    assert seen.complaints == []


def test_a_run_is_found_sorted_and_drawn_with_one_cursor(show: Show) -> None:
    page, seen = show("whole", width=390, fresh=True)
    rows = page.locator("#every-runs tbody tr[id]:visible")
    everything = page.locator("#every-runs tbody tr").count()

    page.locator("#every th button", has_text="km").first.dblclick()
    distances = [float(text) for text in page.locator("#every-runs tbody td:nth-child(3)").all_inner_texts()]
    name = rows.last.locator("a").inner_text()
    page.get_by_label("Find").fill(f"{name} {rows.last.locator('td').first.inner_text()}")
    found = rows.count()
    name = rows.first.locator("a").inner_text()
    rows.first.locator("a").click()
    dialog = page.get_by_role("dialog")
    point(page, dialog.locator(".panels"), across=0.6, down=0.2)

    assert everything == 40
    assert distances == sorted(distances, reverse=True)
    assert 1 <= found < everything
    assert dialog.get_by_role("heading", name=name).is_visible()
    assert dialog.locator(".cursor").count() >= 2
    assert dialog.locator("circle.here").is_visible()
    assert page.locator("#tip").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert seen.complaints == []
    assert all(url.startswith(("file:", "data:")) for url in seen.requests)


def test_the_address_opens_a_run_and_back_closes_it(show: Show) -> None:
    page, _ = show("whole", fresh=True)
    link = page.locator("#every-runs tbody tr[id] a").first
    anchor = link.get_attribute("href")
    page.evaluate("anchor => { location.hash = anchor; }", anchor)
    dialog = page.get_by_role("dialog")

    dialog.wait_for()
    page.go_back()
    dialog.wait_for(state="hidden")

    assert page.evaluate("location.hash") == ""


def test_a_week_of_the_overview_leads_to_its_runs_in_the_list(show: Show) -> None:
    page, seen = show("whole", fresh=True)

    page.locator("#overview .days a").nth(1).click()
    days = page.locator("#every-runs tbody tr:visible td:first-child").all_inner_texts()

    assert days == ["20 Apr 2025", "18 Apr 2025", "16 Apr 2025", "14 Apr 2025"]
    assert page.locator("#found").inner_text() == "4 of 40, 14 Apr 2025 to 20 Apr 2025"
    page.get_by_role("button", name="Show every run").click()
    assert page.locator("#every-runs tbody tr:visible").count() == 40
    assert seen.complaints == []


def test_the_map_is_moved_and_chosen_from_and_leads_to_a_run(show: Show) -> None:
    page, seen = show("whole", fresh=True)
    frame, canvas = page.locator("#map"), page.locator("#map canvas.tracks")
    frame.scroll_into_view_if_needed()
    page.locator("#map[data-drawn='40']").wait_for()
    before = frame.get_attribute("data-view")

    # The wheel is the page's until the map has been chosen; then it zooms.
    point(page, canvas)
    page.mouse.wheel(0, -40)
    kept = frame.get_attribute("data-view")
    canvas.focus()
    page.keyboard.press("0")
    page.keyboard.press("+")
    zoomed = frame.get_attribute("data-view")
    page.locator("#map-filters [name=pace]").select_option("2")
    expect(page.locator("#map-words")).to_contain_text("of 40 tracks")
    few = page.locator("#map-words").inner_text()
    page.locator("#map-filters [name=pace]").select_option("")
    page.keyboard.press("Tab")
    # The loop is a square that fills the height: its lower side is found by the pointer, and a click opens a run.
    page.get_by_role("button", name="Show everything").click()
    page.locator("#map[data-drawn='40']").wait_for()
    box = canvas.bounding_box()
    assert box is not None
    for share in range(50, 100):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * share / 100)
        if "Loop" in page.locator("#map-words").inner_text():
            break
    page.mouse.down()
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()

    assert kept == before
    assert zoomed != before
    assert 0 < int(few.split(" ")[0]) < 40
    expect(dialog.locator("svg.route")).to_be_visible()
    assert seen.complaints == []
