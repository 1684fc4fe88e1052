"""The web application in a real browser: let in by its address, read with and without script, at every width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, BrowserContext, Page, expect

from labels_seen import LABELS, odd_labels
from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.web.navigation import MAIN_PAGES, MENU
from paceport.web.page_table import PAGES
from report.logbooks import save
from web.conftest import HOSTILE_ID, NOW, server, web_home  # noqa: F401  # the fixtures
from web.serving import Served, served

pytestmark = pytest.mark.browser
ADDRESSES = {path.replace("{run_id}", "1010"): path for path in PAGES}
ADDRESSES |= {path: path for path in ("/setup", "/login", "/account", "/sync", "/logout")}
ADDRESSES["/compare?run=1010&run=1020&run=1030"] = "/compare"


@dataclass(slots=True)
class Seen:
    """What the browser complained about and asked for."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))


@pytest.fixture(scope="module")
def inside(chromium: Browser, server: Served) -> Iterator[Callable[..., BrowserContext]]:  # noqa: F811  # the fixture
    """Windows of a browser that has been let in, by width, light and whether script runs."""
    first = chromium.new_context()
    page = first.new_page()
    page.goto(server.access.new_address())
    page.wait_for_url(f"{server.origin}/")
    state = first.storage_state()
    opened: dict[tuple[int, bool, bool], BrowserContext] = {}

    def context(*, width: int = 1280, dark: bool = False, script: bool = True) -> BrowserContext:
        key = (width, dark, script)
        if key not in opened:
            opened[key] = chromium.new_context(
                storage_state=state,
                viewport={"width": width, "height": 844},
                color_scheme="dark" if dark else "light",
                java_script_enabled=script,
                reduced_motion="reduce",
            )
        return opened[key]

    yield context
    for one in (first, *opened.values()):
        one.close()


@pytest.fixture
def show(
    inside: Callable[..., BrowserContext],
    server: Served,  # noqa: F811  # the fixture
) -> Iterator[Callable[..., tuple[Page, Seen]]]:
    """Opens a page by its path; gives it and what was seen."""
    pages = []

    def shown(path: str, **window: object) -> tuple[Page, Seen]:
        page, seen = inside(**window).new_page(), Seen()
        seen.watch(page)
        pages.append(page)
        page.goto(server.origin + path)
        return page, seen

    yield shown
    for page in pages:
        page.close()


Show = Callable[..., tuple[Page, Seen]]


@pytest.mark.slow
def test_every_page_fits_a_phone_and_asks_nobody_else(show: Show, server: Served) -> None:  # noqa: F811
    page, seen = show("/", width=360)
    widths = {}
    for path in ADDRESSES:
        page.goto(server.origin + path)
        widths[path] = page.evaluate("document.documentElement.scrollWidth")

    assert {path: width for path, width in widths.items() if width > 360} == {}
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(server.origin)] == []


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds, the size of targets included, which it leaves out unless asked."""
    # What the bar at the lower edge covers at this moment can be scrolled to; axe would call it too small.
    page.evaluate("document.querySelector('.thumb').style.position = 'static'")
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]


@pytest.mark.slow
# All pages, in both lights and at every width, are among the proofs.
@pytest.mark.parametrize("path", ["/", "/runs/1010"])
def test_axe_finds_nothing(show: Show, path: str) -> None:
    page, _ = show(path, width=360)

    assert violations(page) == []


@pytest.mark.proof
@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 768, 1280, 2560])
def test_every_page_is_accessible_in_both_lights_at_every_width(show: Show, path: str, width: int, dark: bool) -> None:
    page, seen = show(path, width=width, dark=dark)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == []


# Text that is wider than its box and cannot be scrolled to; names in lists may end in an ellipsis.
_CUT_TEXT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(one => {
  const style = getComputedStyle(one);
  const isText = [...one.childNodes].some(child => child.nodeType === 3 && child.data.trim());
  if (!isText || one.closest(".unseen, .skip, svg, .scroll") || style.display === "inline") return false;
  return one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 &&
    ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis" && style.clipPath === "none";
}).map(one => one.outerHTML.slice(0, 160))"""


@pytest.mark.proof
@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("width", [640, 320])
def test_nothing_is_cut_at_two_and_four_hundred_percent(show: Show, path: str, width: int) -> None:
    """A window of 1280 pixels at 200 % is one of 640, at 400 % one of 320; so is one of text twice as large."""
    page, _ = show(path, width=width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(_CUT_TEXT) == []


# The place of the focus and whether something that stays in place covers it.
_FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return null;
  const style = getComputedStyle(one);
  const middle = [Math.max(1, box.left + Math.min(box.width, 24) / 2), box.top + box.height / 2];
  const above = document.elementFromPoint(...middle), covers = above && above.closest(".thumb, #tip");
  return [one.outerHTML.slice(0, 120), Boolean(covers && !covers.contains(one)),
    style.outlineStyle !== "none" || style.boxShadow !== "none" || one.matches("svg a")];
}"""


@pytest.mark.proof
@pytest.mark.parametrize("path", ADDRESSES)
def test_the_keyboard_reaches_everything_and_is_seen(show: Show, path: str) -> None:
    page, _ = show(path, width=390)
    reachable = "a[href]:not([tabindex='-1']), button, input:not([type=hidden]), select, summary, [tabindex='0']"
    wanted = page.locator(reachable).evaluate_all("all => all.filter(one => one.checkVisibility()).length")

    found = []
    for _ in range(min(wanted, 150)):
        page.keyboard.press("Tab")
        found.append(page.evaluate(_FOCUS))

    assert None not in found
    assert [html for html, is_covered, _ in found if is_covered] == []
    assert [html for html, _, is_marked in found if not is_marked] == []


@pytest.mark.proof
def test_nothing_moves_for_people_who_asked_for_that(show: Show, server: Served) -> None:  # noqa: F811
    page, _ = show("/")

    for path in ADDRESSES:
        page.goto(server.origin + path)
        assert page.evaluate("document.getAnimations().length") == 0, path


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_labels_below_charts_are_thinned_out_evenly(show: Show, width: int, script: bool) -> None:
    found = {}
    for path in ("/", "/training", "/calendar", "/years", "/charts", "/runs/1010", "/compare?run=1010&run=1020"):
        page, _ = show(path, width=width, script=script)
        found[path] = page.evaluate(LABELS)

    assert {path: odd for path, charts in found.items() if (odd := odd_labels(charts))} == {}
    assert sum(len(charts) for charts in found.values()) > 8


@pytest.mark.parametrize("width", [360, 960, 1280, 2560])
def test_every_page_is_in_the_navigation_which_stays_in_one_line(show: Show, width: int) -> None:
    page, _ = show("/tiles", width=width, script=False)
    bar = page.locator("nav[aria-label$=ages]").locator("visible=true")
    places = bar.locator("> ul > li").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    bar.locator("summary").click()

    assert len({round(place) for place in places}) == 1
    assert set(bar.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")) == {
        path for _, pages in (("", MAIN_PAGES), *MENU) for path, _ in pages
    }
    assert bar.locator("[aria-current=page]").all_inner_texts() == ["Explorer tiles"]
    assert bar.locator("a").last.is_visible()
    assert bar.locator(".menu > div").evaluate("one => one.scrollWidth <= one.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_menu_is_closed_by_escape_and_by_leaving_it(show: Show) -> None:
    page, seen = show("/")
    menu = page.locator(".top .menu")
    menu.locator("summary").focus()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = menu.locator("a").first.evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    after_escape = menu.evaluate("one => [one.open, one.contains(document.activeElement)]")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")

    assert inside
    assert after_escape == [False, True]
    assert menu.evaluate("one => one.open") is False
    assert seen.complaints == []


def test_an_address_opened_from_another_page_lets_the_browser_in(
    chromium: Browser,
    server: Served,  # noqa: F811  # the fixture
    tmp_path: Path,
) -> None:
    elsewhere = tmp_path / "mail.html"
    elsewhere.write_text(f'<a href="{server.access.new_address()}">your runs</a>', encoding="utf-8")
    context = chromium.new_context()
    page = context.new_page()
    page.goto(elsewhere.as_uri())

    page.get_by_role("link").click()
    page.wait_for_url(f"{server.origin}/")

    assert page.locator(".figure").is_visible()
    context.close()


def test_another_page_cannot_read_or_frame_it(
    inside: Callable[..., BrowserContext],
    server: Served,  # noqa: F811  # the fixture
    web_home: Path,  # noqa: F811  # the fixture
) -> None:
    """The other page comes from another port of this machine, which a browser counts as the same site."""
    with served(web_home, ManualClock(NOW)) as other:
        page, seen = inside().new_page(), Seen()
        page.goto(f"{other.origin}/assets/icon.svg")
        seen.watch(page)

        answer = page.evaluate(
            "url => fetch(url, {credentials: 'include', mode: 'no-cors'}).then(a => a.type, e => 'failed')",
            f"{server.origin}/runs.json",
        )
        framed = server.ask(
            "/runs",
            headers={
                "Cookie": server.cookie,
                "Sec-Fetch-Site": "same-site",
                "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Dest": "iframe",
            },
        )

        assert answer == "failed"
        assert framed.status == 403
        page.close()


def test_the_list_scrolls_searches_and_sorts(show: Show) -> None:
    page, seen = show("/runs")

    rows, search = page.locator("#runs tbody tr:not(.gap)"), page.locator(".filters input[name=q]")
    search.fill("Loop 39")
    expect(rows).to_have_count(1)
    one = rows.locator("a").inner_text()
    search.fill("")
    expect(rows.nth(15)).to_be_attached()
    page.locator("#runs thead .distance a").click()
    expect(rows.first.locator("a")).to_have_text("A very long day")

    assert one == "Loop 39"
    assert "sort=distance" in page.url
    assert page.locator("th.distance").get_attribute("aria-sort") == "descending"
    assert seen.complaints == []


def test_without_script_the_list_is_searched_sorted_and_opened(show: Show) -> None:
    page, _ = show("/runs", script=False)

    page.locator(".filters input[name=q]").fill("Loop 39")
    page.get_by_role("button", name="Show").click()
    page.locator("#runs tbody a").click()

    assert page.locator("h1").inner_text() == "Loop 39"
    assert page.locator("#along .marks path").first.is_visible()
    assert page.locator("#along .panels").get_attribute("role") == "img"


def test_without_script_a_chart_is_kept_and_removed(show: Show) -> None:
    page, _ = show("/charts?y=climb&by=month", script=False)

    page.get_by_label("Keep it as").fill("Hills")
    page.get_by_role("button", name="Keep", exact=True).click()
    kept = page.locator(".kept-chart h3").all_inner_texts()
    page.get_by_role("button", name="Remove Hills").click()

    assert kept == ["Hills"]
    assert page.locator(".kept-chart").count() == 0
    assert "y=climb" in page.url


def test_one_cursor_goes_through_charts_and_route(show: Show) -> None:
    page, seen = show("/runs/1010")
    along = page.locator("#along .panels")

    along.focus()
    page.keyboard.press("End")
    end = page.locator("#route .here").get_attribute("cx")
    page.keyboard.press("Home")
    start = page.locator("#route .here").get_attribute("cx")
    cursors = page.locator("#along .cursor").count()
    page.locator("#route svg[data-places]").hover()
    row = int(along.get_attribute("aria-valuenow") or -1)
    page.keyboard.press("Escape")

    assert start is not None
    assert end is not None
    assert cursors == page.locator("#along .marks").count() >= 4
    assert row > 0
    assert seen.complaints == []


def test_a_day_of_the_calendar_leads_to_its_run(show: Show) -> None:
    page, _ = show("/calendar?year=2025")

    page.get_by_role("link", name="3 Mar 2025: 1 run, 4.2 km", exact=True).click()

    assert page.locator("h1").inner_text() == "Loop 0"


def test_the_keyboard_opens_the_run_that_a_point_stands_for(show: Show) -> None:
    page, _ = show("/years")

    page.locator("#time-of-day .panels").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs/*")

    assert page.locator("h1").inner_text() == "Loop 0"


def test_runs_are_compared_and_left_out(show: Show) -> None:
    page, seen = show("/runs/1010")

    page.locator(".run-head .button").click()
    page.locator(".add-list a").first.click()
    both = page.locator(".compared li").count()
    ahead = page.locator("#compared .what").first.inner_text()
    page.get_by_role("link", name="At the same time").click()
    by_time = page.locator("#compared .what").first.inner_text()
    leave_out = page.locator(".compared .leave-out").first
    assert leave_out.evaluate("one => [one.offsetHeight, getComputedStyle(one).borderTopWidth]") == [44, "0px"]
    leave_out.click()

    assert both == 2
    assert "min:s" in ahead
    assert "km" in by_time
    assert page.locator(".compared li").count() == 1
    assert seen.complaints == []


def test_a_hostile_name_runs_nothing(show: Show) -> None:
    for path in ("/", f"/runs/{HOSTILE_ID}", "/runs?sort=name", "/shoes"):
        page, seen = show(path)

        assert page.evaluate("window.hurt") is None
        assert page.locator("main img").count() == 0
        assert seen.complaints == []


def test_a_run_that_is_imported_meanwhile_appears(chromium: Browser, tmp_path: Path) -> None:
    clock = ManualClock(NOW)
    with served(tmp_path, clock) as empty:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(empty.access.new_address())
        page.wait_for_url(f"{empty.origin}/")
        before = page.locator("h1").inner_text()
        with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock) as store:
            save(store, 1, None, distance_m=5000.0, moving_time_s=1500.0)
        clock.advance(5)
        page.reload()

        assert before == "No runs yet"
        assert page.locator(".run-card").inner_text().startswith("Loop 1")
        context.close()
