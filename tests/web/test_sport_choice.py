"""Which sport the pages tell of: runs, what there is instead, or what the address asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.training.compute import compute_results
from paceport.web.page_table import PAGES
from report.logbooks import loop_streams, save
from web.conftest import NOW
from web.serving import Served, served


def ride(store: Store, number: int, *, sport: str = "Ride") -> None:
    start = NOW - timedelta(days=7 * number, hours=3)
    streams = loop_streams(minutes=40.0, speed_mps=7.5, seed=number)
    save(store, 500 + number, streams, sport=sport, name=f"{sport} {number}", start=start, gear="Old bicycle")


def make(home: Path, *, runs: int) -> None:
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=ManualClock(NOW)) as store:
        for number in range(runs):
            save(store, number, loop_streams(minutes=25.0), start=NOW - timedelta(days=3 * number))
        for number in range(4):
            ride(store, number)
        if runs:
            ride(store, 9, sport="Swim")
            lifted = {"sport": "WeightTraining", "start": NOW - timedelta(days=9), "moving_time_s": 5400.0}
            save(store, 700, None, name="Squats", **lifted)
        compute_results(store)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Three runs, four rides, a swim, an hour and a half of weights."""
    home = tmp_path_factory.mktemp("mixed")
    make(home, runs=3)
    with served(home, ManualClock(NOW)) as found:
        yield found


@pytest.fixture(scope="module")
def rides_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("rides")
    make(home, runs=0)
    with served(home, ManualClock(NOW)) as found:
        yield found


@pytest.mark.parametrize(
    ("sport", "count"), [("", "3 runs"), ("ride", "4 rides"), ("rides", "4 rides"), ("all", "9 activities")]
)
def test_the_list_holds_the_sport_that_the_address_asks_for(mixed: Served, sport: str, count: str) -> None:
    text = mixed.read(f"/runs?sport={sport}").text

    assert f'id="sum" aria-live="polite">{count} ' in text
    assert text.count('<td class="name">') == int(count.split()[0])


def test_a_word_that_names_no_sport_of_the_logbook_shows_the_runs(mixed: Served) -> None:
    for word in ("ski", "%3Cb%3E", "x" * 500):
        assert "3 runs" in mixed.read(f"/runs?sport={word}").text


def test_a_ride_is_told_in_kilometres_an_hour_on_every_page(mixed: Served) -> None:
    listed, one = mixed.read("/runs?sport=ride").text, mixed.read("/runs/1501").text
    everything = mixed.read("/runs?sport=all").text

    assert ">km/h</a></th>" in listed
    assert "27.0" in listed
    assert "27.0 km/h" in everything
    assert "/km</td>" in everything
    assert "speed, km/h" in one
    assert "min/km" not in one


def test_what_a_page_of_rides_leads_to_is_of_rides(mixed: Served) -> None:
    page = mixed.read("/?sport=ride").text

    assert 'href="/runs?year=2025&amp;sport=ride"' in page
    assert 'href="/calendar?sport=ride"' in page
    assert 'href="/records"' in page
    assert mixed.read("/calendar?sport=ride").text.count("1 ride, 18.0 km") == 4


def test_the_overview_sums_one_sport_or_all(mixed: Served) -> None:
    figures = {sport: mixed.read(f"/?sport={sport}").text for sport in ("", "ride", "all")}

    for sport, length in (("", 14), ("ride", 72), ("all", 104)):
        assert f'">{length}<small> km</small></a></h1>' in figures[sport], sport


def test_what_goes_nowhere_is_told_in_hours(mixed: Served) -> None:
    page, listed = mixed.read("/?sport=strength").text, mixed.read("/runs?sport=strength").text

    assert '">2<small> h</small></a></h1>' in page
    assert "hours in 1 activity" in page
    assert '<td class="distance">\u2013</td>' in listed
    assert "1 activity, 1:30 h" in mixed.read("/calendar?sport=strength").text


def test_a_chart_is_of_the_sport_that_it_was_made_for(mixed: Served) -> None:
    assert "4 rides, a dot each" in mixed.read("/charts?y=speed&sport=ride").text
    assert "8 activities, a dot each" in mixed.read("/charts?y=distance&sport=all").text


@pytest.mark.parametrize("path", [path.replace("{run_id}", "1501") for path in PAGES])
def test_a_logbook_of_rides_alone_shows_them_on_every_page(rides_only: Served, path: str) -> None:
    answer = rides_only.read(path)

    assert answer.status == 200
    assert "No runs yet" not in answer.text
    if path in ("/", "/runs", "/calendar", "/year"):
        assert "4 rides" in answer.text or ">Rides</dt>" in answer.text
        assert 'aria-label="Sport"' not in answer.text


class _Words(HTMLParser):
    """Everything that a person reads or hears on a page: its text, and the names of what it shows."""

    _SPOKEN = frozenset({"aria-label", "placeholder", "title", "alt"})

    def __init__(self, *, part: str) -> None:
        super().__init__()
        self.part, self.depth, self.texts, self.tag = part, 0, list[str](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        self.depth += tag == self.part
        if self.depth:
            self.texts += [value for name, value in attrs if value and name in self._SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == self.part
        self.tag = ""

    def handle_data(self, data: str) -> None:
        if self.depth and self.tag not in ("script", "style"):
            self.texts.append(" ".join(data.split()))


# What belongs to running alone, and what may be said all the same: a choice of sports, and shoes.
_OF_RUNS = re.compile(r"\b(runs?|running|ran|runners?|pace|steps/min|min/km|/km)\b", re.IGNORECASE)
_ALLOWED = {"Run", "Runs", "No run names its shoes."}
_PATHS = [
    *(path.replace("{run_id}", "1501") for path in PAGES if path not in ("/definitions", "/import")),
    *("/charts?y=pace&x=adjusted", "/charts?y=cadence&by=month", "/compare?run=1501&run=1502&by=time"),
    *("/training?period=all", "/map?plain=1", "/runs?q=nothing", "/runs/1501?colour=speed", "/year?year=2025"),
]


def words_of_running(page: str, part: str) -> list[str]:
    words = _Words(part=part)
    words.feed(page)
    said = [text for text in words.texts if _OF_RUNS.search(text) and text not in _ALLOWED]
    # The maximum of the heart rate is measured in runs, whatever it is used for.
    return [text for text in said if "the third highest minute of 3 runs" not in text]


@pytest.mark.parametrize("path", _PATHS)
def test_no_page_of_rides_speaks_of_runs_or_pace(mixed: Served, rides_only: Served, path: str) -> None:
    asked = path + ("&" if "?" in path else "?") + "sport=ride"

    assert words_of_running(rides_only.read(path).text, "body") == []
    if not path.startswith(
        ("/training", "/records", "/routes", "/tiles", "/shoes", "/map")
    ):  # of all sports, or of runs
        assert words_of_running(mixed.read(asked).text, "main") == []


def test_pages_without_a_logbook_speak_of_activities_or_of_what_the_logbook_holds(rides_only: Served) -> None:
    for path in ("/account", "/sync", "/import", "/nowhere", "/logout"):
        text = rides_only.read(path).text

        assert "Find rides" in text, path
        assert words_of_running(text, "body") == [], path


@pytest.mark.parametrize(
    ("sport", "unit", "cadence"),
    [("", "pace, min/km", "steps/min"), ("ride", "speed, km/h", "rpm"), ("swim", "pace, min/100 m", "strokes/min")],
)
def test_a_chart_has_the_units_of_its_sport(mixed: Served, sport: str, unit: str, cadence: str) -> None:
    assert unit in mixed.read(f"/charts?y=pace&by=month&sport={sport}").text
    assert f"cadence, {cadence}" in mixed.read(f"/charts?y=cadence&by=month&sport={sport}").text


@pytest.mark.parametrize(
    ("number", "words"), [(1501, "cadence, rpm"), (1509, "cadence, strokes/min"), (1000, "steps/min")]
)
def test_the_cadence_of_a_ride_is_not_told_in_steps(mixed: Served, number: int, words: str) -> None:
    assert words in mixed.read(f"/runs/{number}").text
