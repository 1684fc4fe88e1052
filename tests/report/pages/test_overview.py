"""The first page's figures: this year against last, the weeks, the map."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.report.pages.overview import OverviewPage, overview
from paceport.report.pages.snapshot import Snapshot
from paceport.report.pages.track_map import decode_tracks, draw_tracks
from paceport.training.history.history import History
from paceport.units import Units
from report.conftest import NOW, forty, forty_history, store  # noqa: F401  # the fixtures
from report.logbooks import history_of, record, save


def page_of(history: History) -> OverviewPage:
    return overview(Snapshot(history=history, units=Units("km", "\u2013"), later=0))


def test_a_year_without_a_run_shows_the_last_one_that_has_some(forty_history: History) -> None:  # noqa: F811
    page = page_of(forty_history.at(datetime(2027, 2, 1, tzinfo=UTC)))

    assert page.year.period == "2025"
    assert page.year.against == "no run yet in 2027"
    assert page.last.ago == "20 months ago"


def test_the_first_year_has_nothing_to_be_compared_with(forty_history: History) -> None:  # noqa: F811
    page = page_of(forty_history)

    assert page.year.period == "2025 so far"
    assert page.year.against == "no run in 2024 to compare it with"
    assert page.year.is_ahead is None


@pytest.mark.parametrize(("kilometres", "against"), [(50, "40 km more"), (10, "as far as"), (4, "6 km less")])
def test_this_year_is_set_against_last_year_to_the_day(
    store: Store,  # noqa: F811  # the fixture
    kilometres: int,
    against: str,
) -> None:
    for number, (year, month, length) in enumerate([(2024, 3, 10), (2024, 9, 99), (2025, 3, kilometres)]):
        start = datetime(year, month, 3, 7, tzinfo=UTC)
        save(store, number, None, start=start, distance_m=1000.0 * length, moving_time_s=360.0 * length)

    page = page_of(history_of(store, ManualClock(NOW)))

    assert page.year.against.startswith(against)


def test_eight_weeks_end_with_this_one_and_lead_to_their_runs(forty_history: History) -> None:  # noqa: F811
    page = page_of(forty_history)

    assert [week.is_now for week in page.weeks] == [False] * 7 + [True]
    assert page.weeks[-3].link == "/runs?from=2025-05-12&to=2025-05-18"
    assert max(week.share for week in page.weeks) == 100


def test_every_track_near_home_is_a_line_of_the_map(forty_history: History) -> None:  # noqa: F811
    page = page_of(forty_history)

    assert page.map is not None
    assert page.map.elsewhere == 0
    assert len(page.map_lines) == 40
    assert all(line.link.startswith("/runs/") for line in page.map_lines)


def test_a_map_is_at_one_scale_and_says_what_lies_elsewhere(forty_history: History) -> None:  # noqa: F811
    tracks = dict(list(decode_tracks(forty_history.runs).items())[:5])
    latitude, longitude = tracks[1000]
    across_the_date_line = {number: [(lat, lon + 169.0)] for number, (lat, lon) in tracks.items()}

    drawn = draw_tracks({number: [one] for number, one in tracks.items()} | {1: [(latitude + 20.0, longitude)]})
    moved = draw_tracks(across_the_date_line)

    assert drawn is not None
    assert moved is not None
    assert drawn.elsewhere == 1
    assert draw_tracks({}) is None
    # The loop is half a kilometre wide; so is it in the drawing, by the scale that stands below it.
    xs = [0.0]
    for step in re.findall(r"-?\d+", drawn.paths[0][1].partition("l")[2])[::2]:
        xs.append(xs[-1] + float(step))
    assert (max(xs) - min(xs)) / drawn.scale * drawn.scale_m == pytest.approx(500, rel=0.03)
    assert len(re.findall(r"\d+", moved.paths[0][1])) == len(re.findall(r"\d+", drawn.paths[0][1]))


def test_runs_of_the_api_are_said_to_stay_for_days_only(store: Store) -> None:  # noqa: F811  # the fixture
    save(store, 1, None, distance_m=5000.0, moving_time_s=1500.0)
    own = page_of(history_of(store, ManualClock(NOW)))
    borrowed = record(9, source="api", distance_m=9000.0, moving_time_s=3000.0)
    store.cached.save(borrowed, expires_at=NOW.replace(day=4))
    both = page_of(history_of(store, ManualClock(NOW)))

    assert own.kept_until == ""
    assert both.kept_until.startswith("1 run of these comes from Strava's API")
    assert "4 Jun 2025, 12:00 UTC" in both.kept_until
