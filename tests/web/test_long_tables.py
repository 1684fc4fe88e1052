"""Charts of many runs: their tables are read when they are wanted, and can be reached without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from report.logbooks import save
from web.conftest import NOW
from web.serving import Served, served

COUNT = 240


@pytest.fixture(scope="module")
def long_logbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A run on the belt each second day, up to a year and more before now."""
    home = tmp_path_factory.mktemp("long")
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=ManualClock(NOW)) as store:
        for number in range(COUNT):
            moved = {"distance_m": 5000.0 + number % 97 * 100, "moving_time_s": 1800.0 + number % 89 * 20}
            save(store, number, None, start=NOW - timedelta(days=2 * number, hours=3), name=f"Belt {number}", **moved)
    with served(home, ManualClock(NOW)) as found:
        yield found


TABLES = [
    ("/calendar", "/calendar/table?year=2024", 164),
    ("/years", "/years/table", COUNT),
    ("/charts?x=day&y=distance&by=run", "/charts/table?x=day&y=distance&by=run", COUNT),
]


@pytest.mark.parametrize(("path", "table", "rows"), TABLES)
def test_a_long_table_has_an_address_of_its_own_with_every_row(
    long_logbook: Served, path: str, table: str, rows: int
) -> None:
    page, alone = long_logbook.read(path), long_logbook.read(table)

    assert f'data-table="{table.replace("&", "&amp;")}"' in page.text
    assert f'<a href="{table.replace("&", "&amp;")}">The table of {rows} rows</a>' in page.text
    assert alone.text.count("<tr data-at=") == rows
    assert len(re.findall(r'<a href="/runs[/?][^"]+">', alone.text)) >= rows
    assert len(page.text) < 60_000


def test_a_table_that_is_none_is_not_found(long_logbook: Served) -> None:
    assert [long_logbook.read(f"/calendar/table?year={year}").status for year in ("1999", "", "x")] == [404] * 3
    assert long_logbook.read("/charts/table?y=heart").status == 404


def test_a_short_table_stands_beside_its_chart(server: Served) -> None:
    assert "data-table" not in server.read("/calendar").text
    assert "data-table" not in server.read("/years").text


@pytest.mark.browser
@pytest.mark.proof
def test_a_chart_is_read_by_pointer_and_keys_once_its_table_has_come(chromium: Browser, long_logbook: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(long_logbook.access.new_address())
    page.wait_for_url(f"{long_logbook.origin}/")
    tip = page.locator("#tip")

    page.goto(f"{long_logbook.origin}/years")
    dots = page.locator("#time-of-day .panels")
    dots.hover()
    expect(dots).to_have_attribute("role", "slider")
    dots.hover(position={"x": 200, "y": 60})
    expect(tip).to_contain_text("Belt")

    page.goto(f"{long_logbook.origin}/calendar")
    days = page.locator("figure:has(.twin[data-table]) .panels").first
    days.focus()
    expect(days).to_have_attribute("role", "slider")
    days.press("End")
    expect(tip).to_contain_text("2024")

    page.goto(f"{long_logbook.origin}/charts?x=day&y=distance&by=run")
    page.locator(".twin summary").first.click()
    expect(page.locator(".twin tbody tr")).to_have_count(COUNT)
    context.close()
