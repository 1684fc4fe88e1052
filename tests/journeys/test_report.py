"""The report in a real browser: from a file address, without a network, in every light and at every width."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, Locator, Page

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.report.build_page import ReportContent, build_page
from paceport.report.page import render
from report.conftest import NOW
from report.logbooks import fill, history_of, loop_streams, record, save

pytestmark = pytest.mark.browser
HOSTILE = '<script>window.hurt = 1</script><img src=x onerror="window.hurt = 1">' + "x" * 10_000


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
                page = build_page(store, history_of(store, clock), ReportContent(newest=3))
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


@pytest.fixture
def show(chromium: Browser, files: Callable[[str], Path]) -> Iterator[Callable[..., tuple[Page, Seen]]]:
    """Opens a report by name; gives the page and what was seen."""
    contexts = []

    def shown(name: str, *, width: int = 1280, dark: bool = False) -> tuple[Page, Seen]:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", offline=True
        )
        context.set_default_timeout(5000)
        contexts.append(context)
        page, seen = context.new_page(), Seen()
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("request", lambda request: seen.requests.append(request.url))
        page.goto(files(name).as_uri())
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


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_report_fits_every_width_in_both_lights(show: Show, width: int, dark: bool) -> None:
    page, seen = show("whole", width=width, dark=dark)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith("file:")] == []
    assert len(seen.requests) == 1
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) < 200) == dark


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "dark"),
    [
        ("whole", False),
        pytest.param("one", True, marks=pytest.mark.proof),
        pytest.param("whole", True, marks=pytest.mark.proof),
        pytest.param("heartless", True, marks=pytest.mark.proof),
        pytest.param("hostile", False, marks=pytest.mark.proof),
    ],
)
def test_axe_finds_nothing(show: Show, name: str, dark: bool) -> None:
    page, _ = show(name, width=390, dark=dark)
    # Open everything, so that the tables are looked at too.
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")

    found = Axe().run(page)

    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == []


@pytest.mark.parametrize(
    "name", ["whole", "heartless", *(pytest.param(one, marks=pytest.mark.proof) for one in ("one", "borrowed"))]
)
def test_every_chart_has_a_table_twin_that_opens(show: Show, name: str) -> None:
    page, seen = show(name)

    page.locator("details.part:not([open])").evaluate_all("all => all.forEach(one => { one.open = true; })")
    charts = page.locator("figure.chart")
    assert charts.count() >= 5
    for number in range(charts.count()):
        chart = charts.nth(number)
        chart.locator("summary").first.click()
        assert chart.locator(".twin tbody tr").first.is_visible()
    assert seen.complaints == []


def test_pointing_at_a_week_shows_its_row(show: Show) -> None:
    page, _ = show("whole")

    point(page, page.locator("#weeks .plot").first)

    number = int(page.locator("#weeks .panels").get_attribute("aria-valuenow") or -1)
    row = page.locator("#weeks tbody tr").nth(number).locator("td").all_text_contents()
    assert number == 6
    assert page.locator("#tip").is_visible()
    assert page.locator("#tip dd").all_text_contents() == row
    assert page.locator("#weeks .cursor").count() == 2


def test_pointing_reads_where_the_pointer_is_even_where_nothing_is_drawn(show: Show) -> None:
    page, _ = show("whole")

    # This year's line ends in June, last year's is empty: half-way along is the week that ends on 7 July,
    # since every year has room for a 29 February.
    point(page, page.locator("#years .plot").first, 0.51)

    assert page.locator("#tip dd").first.text_content() == "7 Jul"


def test_pointing_reads_the_period_that_is_shown(show: Show) -> None:
    page, _ = show("whole")
    page.locator("#from").fill("2025-04-07")
    page.locator("#to").fill("2025-05-04")

    point(page, page.locator("#weeks .plot").first, 0.3)

    assert page.locator("#tip dd").first.text_content() == "14 Apr 2025"


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

    point(page, marks, 0.25)
    page.mouse.down()
    point(page, marks, 0.4)
    point(page, marks, 0.5)
    page.mouse.up()

    assert page.locator("#pace .marks").get_attribute("viewBox") != whole
    assert page.locator("#from").input_value() == "2025-03-25"
    assert page.locator("#sum").inner_text().startswith("14 runs")
    page.get_by_role("button", name="Everything").click()
    assert page.locator("#sum").inner_text().startswith("40 runs")
    assert page.locator("#pace .marks").get_attribute("viewBox") == page.locator("#weeks .marks").first.get_attribute(
        "viewBox"
    )


def test_dates_choose_the_period_without_a_mouse(show: Show) -> None:
    page, _ = show("whole")

    page.locator("#from").fill("2025-04-07")
    page.locator("#to").fill("2025-04-20")

    assert page.locator("#sum").inner_text().startswith("7 runs")


def test_a_hostile_name_runs_nothing_and_reads_as_text(show: Show) -> None:
    page, seen = show("hostile")
    point(page, page.locator("#gallery [data-row='0']"))

    assert page.evaluate("window.hurt") is None
    assert seen.complaints == []
    assert page.locator("img").count() == 0
    assert "<script>" in page.locator("#tip").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_borrowed_runs_are_said_to_be_so(show: Show) -> None:
    page, _ = show("borrowed")

    assert "1 of the 3" in page.locator("#totals").inner_text()
    assert "4 Jun 2025" in page.locator("#totals").inner_text()


def test_it_reads_without_script(chromium: Browser, files: Callable[[str], Path]) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files("whole").as_uri())

    assert page.locator("#period").is_hidden()
    assert page.locator("#weeks .marks path").first.is_visible()
    assert page.locator("#weeks .panels").get_attribute("role") == "img"
    context.close()


def test_it_prints_on_paper_without_controls(show: Show) -> None:
    page, _ = show("whole", dark=True)

    page.emulate_media(media="print")

    assert page.locator("nav").is_hidden()
    assert page.locator("#definitions article").last.is_visible()
    assert page.locator("#runs .facts").last.is_visible()
    page.set_viewport_size({"width": 680, "height": 960})  # what A4 leaves between its margins
    wide = "all => all.filter(one => one.scrollWidth > one.parentElement.clientWidth + 1).map(one => one.outerHTML)"
    assert page.locator("table:visible").evaluate_all(wide) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.locator("#weeks summary").is_hidden()
    assert page.locator("#weeks .marks").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf()) > 10_000


def test_a_folded_part_opens_where_an_address_leads(show: Show) -> None:
    page, seen = show("whole")
    folded = page.locator("details.part:not([open]) > summary h2").all_inner_texts()

    page.locator("#weeks .how a").first.click()
    page.locator("nav").get_by_role("link", name="Newest runs").click()

    assert folded == ["Curve, zones, durability and hills", "Newest runs", "Definitions"]
    assert page.locator("#definitions details").get_attribute("open") is not None
    assert page.locator("#runs article").first.is_visible()
    assert seen.complaints == []


def test_a_run_is_found_sorted_and_drawn_with_one_cursor(show: Show) -> None:
    page, seen = show("whole")
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
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert seen.complaints == []
    assert all(url.startswith("file:") for url in seen.requests)


def test_the_address_opens_a_run_and_back_closes_it(show: Show) -> None:
    page, _ = show("whole")
    link = page.locator("#every-runs tbody tr[id] a").first
    anchor = link.get_attribute("href")
    page.evaluate("anchor => { location.hash = anchor; }", anchor)
    dialog = page.get_by_role("dialog")

    dialog.wait_for()
    page.go_back()
    dialog.wait_for(state="hidden")

    assert page.evaluate("location.hash") == ""


def test_axe_finds_nothing_in_a_run_that_is_open(show: Show) -> None:
    page, _ = show("whole", width=390)
    page.locator("#every-runs tbody tr[id] a").first.click()
    page.locator("#one .facts").wait_for()

    results = Axe().run(page)

    assert results.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
