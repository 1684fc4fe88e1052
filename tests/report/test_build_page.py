import json
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.report.build_page import ReportContent, build_page
from paceport.report.page import render
from paceport.report.report_page import ReportPage
from paceport.training.history.coverage import records_coverage, routes_coverage, zones_coverage
from paceport.training.history.history import History
from paceport.units import Units
from report.conftest import NOW
from report.logbooks import fill, history_of, loop_streams, record, save


def page_of(store: Store, wanted: ReportContent | None = None, *, own_only: bool = False) -> ReportPage | None:
    return build_page(store, history_of(store, ManualClock(NOW), own_only=own_only), wanted or ReportContent())


def test_an_empty_logbook_has_no_page(store: Store) -> None:
    assert page_of(store) is None


def test_one_run_makes_a_page(store: Store) -> None:
    fill(store, 1)

    made = page_of(store)

    assert made is not None
    assert made.subtitle == "1 run, 3 Mar 2025 to 3 Mar 2025"
    assert len(made.runs) == 1
    assert made.training.pace is not None
    assert render(made)


def test_runs_without_heart_rate_leave_zones_and_form_out(store: Store) -> None:
    fill(store, 3, has_heart=False)

    made = page_of(store)

    assert made is not None
    assert made.training.zones is None
    assert made.training.weeks is not None
    assert len(made.training.weeks.panels) == 1
    assert "no activity has a load" in made.form_note
    assert not any(name == "Heart rate" for run in made.runs for name, _, _ in run.facts)


def test_a_manual_entry_counts_and_has_no_chart(store: Store) -> None:
    save(store, 1, distance_m=5000.0, moving_time_s=1500.0, is_manual=True)

    made = page_of(store)

    assert made is not None
    assert made.overview.tiles[0].value == "5"
    assert made.runs[0].chart is None
    assert "entered by hand" in made.runs[0].notes


def test_a_run_of_nothing_at_all_makes_a_page(store: Store) -> None:
    save(store, 1, distance_m=0.0, moving_time_s=0.0, elapsed_time_s=0.0)

    made = page_of(store)

    assert made is not None
    assert made.training.pace is None
    assert render(made)


def test_odd_years_and_lengths_make_a_page(store: Store) -> None:
    save(store, 1, start=datetime(1970, 1, 1, tzinfo=UTC), distance_m=5e3, moving_time_s=1500.0)
    save(store, 2, distance_m=300e3, moving_time_s=80_000.0)
    save(store, 3, distance_m=5e3, moving_time_s=1500.0, content="one")
    save(store, 4, distance_m=5e3, moving_time_s=1500.0, start=record(3).start)

    made = page_of(store)

    assert made is not None
    assert [chart.title for chart in made.calendar.maps] == ["2025", "1970"]
    assert "NaN" not in render(made)
    assert len(render(made)) < 3e6


def test_the_newest_runs_come_first_and_are_as_many_as_wanted(forty_page: ReportPage) -> None:
    assert [run.name for run in forty_page.runs] == ["Loop 39", "Loop 38", "Loop 37"]


def test_runs_before_the_day_are_left_out(forty: Store, forty_history: History, forty_page: ReportPage) -> None:
    since = forty_history.runs[30].day

    made = build_page(forty, forty_history, ReportContent(since=since))

    assert made is not None
    assert made.subtitle.startswith("10 runs")
    assert made.overview.tiles[1].value == "10"
    assert made.training.form == forty_page.training.form, "form knows what came before"
    assert made.overview.year == forty_page.overview.year
    assert made.map is not None
    assert made.map.page.count == 10


def test_a_day_after_the_last_run_leaves_nothing(forty: Store, forty_history: History) -> None:
    assert build_page(forty, forty_history, ReportContent(since=date(2030, 1, 1))) is None


def test_records_fall_and_the_fastest_stands(forty_page: ReportPage, forty_history: History) -> None:
    charts = [one.chart for one in forty_page.records.distances]
    five = next(chart for chart in charts if chart is not None and chart.title == "5 km")

    best = min(one.elapsed_time_s for one in forty_history.attempts if one.span_m == 5000.0)
    minutes, seconds = divmod(round(best), 60)
    assert five.table.rows[-1].cells[2] == f"{minutes}:{seconds:02d}"


def test_each_part_says_on_how_many_runs_it_rests(forty: Store, forty_history: History, forty_page: ReportPage) -> None:
    text = unescape(render(forty_page))

    assert f"Measured: {records_coverage(forty_history).text()}." in text
    assert f"Measured: {zones_coverage(forty_history.runs).text()}." in text
    assert f"Compared: {routes_coverage(forty_history).text()}." in text


def test_what_a_part_leaves_out_is_counted(store: Store) -> None:
    fill(store, 3)
    save(store, 9, distance_m=5000.0, moving_time_s=1500.0, is_manual=True)

    page = page_of(store)

    assert page is not None
    assert page.measured["records"] == "Measured: 3 of 4 runs (left out: 1 without a track)."


def test_own_data_may_be_kept_and_says_so(forty_page: ReportPage) -> None:
    assert "as long as you like" in forty_page.retention_notes[0]


def test_borrowed_runs_are_counted_and_say_until_when_they_may_stay(store: Store) -> None:
    fill(store, 2)
    first = NOW + timedelta(days=2)
    for number, expires in ((5, first), (6, NOW + timedelta(days=6))):
        store.cached.save(record(number, source="api", distance_m=9000.0, moving_time_s=3000.0), expires_at=expires)

    made, own = page_of(store), page_of(store, own_only=True)

    assert made is not None
    assert "2 of the 4" in made.retention_notes[0]
    assert "3 Jun 2025" in made.retention_notes[0]
    assert (made.cached_content.runs, made.cached_content.alone, made.cached_content.until) == (
        2,
        2,
        "2025-06-03T12:00:00Z",
    )
    assert "from the cache, until 7 Jun 2025" in made.runs[0].notes
    assert own is not None
    assert own.overview.tiles[1].value == "2"
    assert "as long as you like" in own.retention_notes[0]


def test_own_runs_with_borrowed_zones_bind_the_page_too(store: Store) -> None:
    fill(store, 2)
    edges = pairwise((0, 110, 140, 155, 170, -1))
    zones = {"heart_rate": {"zones": [{"min": low, "max": high} for low, high in edges]}}
    store.cached.save_reply("/athlete/zones", json.dumps(zones).encode(), expires_at=NOW + timedelta(days=2))

    made, own = page_of(store), page_of(store, own_only=True)

    assert made is not None
    assert made.cached_content.until == "2025-06-03T12:00:00Z"
    assert "3 Jun 2025" in made.retention_notes[1]
    assert own is not None
    assert "as long as you like" in own.retention_notes[0]


def test_own_runs_that_show_borrowed_words_bind_the_page_too(store: Store) -> None:
    fill(store, 2)
    renamed = record(1, source="api", distance_m=9000.0, name="Named at Strava", content="other")
    store.cached.save(renamed, expires_at=NOW + timedelta(days=3))

    made, own = page_of(store), page_of(store, own_only=True)

    assert made is not None
    assert made.runs[0].name == "Named at Strava"
    assert own is not None
    assert own.runs[0].name == "Loop 1"
    assert own.cached_content.until is None
    assert (made.cached_content.runs, made.cached_content.alone, made.cached_content.until) == (
        1,
        0,
        "2025-06-04T12:00:00Z",
    )
    assert "(0 of them nothing else)" in made.retention_notes[0]


def test_miles_change_every_figure(forty: Store, forty_history: History) -> None:
    made = build_page(forty, forty_history, ReportContent(units=Units("mi"), newest=1))

    assert made is not None
    assert made.overview.tiles[0].unit == "mi"
    assert made.runs[0].splits is not None
    assert made.runs[0].splits.headings[0] == "mi"
    assert made.runs[0].chart is not None
    assert "min/mi" in made.runs[0].chart.table.headings[1]


def test_splits_and_efforts_are_the_runs_own(store: Store) -> None:
    save(store, 1, loop_streams(minutes=30.0, speed_mps=3.0))

    made = page_of(store)

    assert made is not None
    run = made.runs[0]
    assert run.splits is not None
    assert [row.cells[0] for row in run.splits.rows] == ["1", "2", "3", "4", "5", "0.40"]
    assert run.splits.rows[0].cells[2] == "5:33"
    assert run.efforts is not None
    assert run.efforts.rows[0].cells[:2] == ("400 m", "2:13")
