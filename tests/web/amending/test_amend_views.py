"""Runs corrected in the browser: previewed, confirmed, listed and undone, as forms without script send it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.record_verdicts import record_verdicts
from paceport.logbook.database.store import Store
from paceport.training.compute import compute_results
from paceport.web.access import WRITE_TOKEN_HEADER
from report.logbooks import loop_streams, save
from web.serving import Served, served

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
LOOP, LATER, BELT, FAST = 1001, 1002, 1003, 1004


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("amend")
    morning = datetime(2025, 5, 1, 7, 0, tzinfo=UTC)
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=ManualClock(NOW)) as store:
        save(store, LOOP - 1000, loop_streams(minutes=20.0), name="First half", start=morning, elapsed_time_s=1200.0)
        save(store, LATER - 1000, loop_streams(minutes=10.0), name="Second half", start=morning + timedelta(minutes=25))
        save(
            store,
            BELT - 1000,
            None,
            name="Belt",
            is_indoor=True,
            start=morning + timedelta(days=4),
            distance_m=8000.0,
            moving_time_s=2700.0,
        )
        compute_results(store)
    return home


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Served]:
    with served(home, ManualClock(NOW)) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_stays_amended(home: Path) -> Iterator[None]:
    yield
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=ManualClock(NOW)) as store:
        for one in (LOOP, LATER, BELT):
            store.amended.undo([each.amendment.id for each in store.amended.of_activity(one)])
        compute_results(store)


def shown(home: Path) -> dict[int, tuple[object, ...]]:
    query = "SELECT id, sport, round(distance_m), elapsed_time_s, is_race FROM any_activity ORDER BY id"
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=ManualClock(NOW)) as store:
        return {int(str(row[0])): row[1:] for row in store.query(query).rows}


def correct(server: Served, run_id: int, **fields: str) -> str:
    """Preview a correction, confirm it as its form says, and follow to the page of the run."""
    preview = server.read(f"/runs/{run_id}/amend?{urlencode(fields)}")
    assert preview.status == 200, preview.text
    form = preview.text.partition(f'action="/runs/{run_id}/amend"')[2].partition("</form>")[0]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', unescape(form)))
    assert sent.pop("token")
    assert sent == fields
    answer = server.post(f"/runs/{run_id}/amend", sent)
    assert answer.status == 303, answer.text
    return server.read(answer.headers["location"].partition("#")[0]).text


def undo(server: Served, run_id: int) -> str:
    page = server.read(f"/runs/{run_id}").text
    number = re.search(r'name="number" value="(\d+)"', page)
    assert number is not None, page
    answer = server.post(f"/runs/{run_id}/undo", {"number": number[1]})
    assert answer.status == 303, answer.text
    return server.read(answer.headers["location"].partition("#")[0]).text


@pytest.mark.parametrize(
    ("run_id", "fields", "said"),
    [
        (LOOP, {"kind": "crop_start", "place": "5:00"}, "first 5:00 cut off"),
        (LOOP, {"kind": "crop_end", "place": "0.8km"}, "last 0.8 km cut off"),
        (BELT, {"kind": "distance", "length": "8.4km"}, "distance set to 8.4 km"),
        (LOOP, {"kind": "sport", "sport": "Ride"}, "sport set to Ride"),
        (LOOP, {"kind": "race", "race": "yes"}, "marked as a race"),
        (LOOP, {"kind": "merge", "other": str(LATER)}, f"merged with {LATER}"),
        (LOOP, {"kind": "split", "place": "10:00"}, "split at 10:00"),
    ],
)
def test_a_correction_is_previewed_made_listed_and_undone(
    server: Served, home: Path, run_id: int, fields: dict[str, str], said: str
) -> None:
    before = shown(home)

    preview = server.read(f"/runs/{run_id}/amend?{urlencode(fields)}").text
    untouched = shown(home)
    page = correct(server, run_id, **fields)
    after = shown(home)
    again = undo(server, run_id)

    assert said.casefold() in preview.casefold()
    assert untouched == before
    assert after != before
    assert said in page.partition('class="amendments"')[2]
    assert ", undone" in again.partition('class="amendments"')[2]
    assert shown(home) == before


@pytest.fixture
def fast(tmp_path: Path) -> Iterator[Served]:
    """A run far faster than six others, with no sign that it was run: its times are doubted."""
    first = datetime(2025, 5, 1, 7, 0, tzinfo=UTC)
    quick = replace(loop_streams(minutes=20.0, speed_mps=4.5, has_heart=False), cadence_spm=None)
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=ManualClock(NOW)) as store:
        for number in range(5, 11):
            save(store, number, loop_streams(minutes=20.0), start=first + timedelta(days=number))
        save(store, FAST - 1000, quick, start=first + timedelta(days=12))
        compute_results(store)
    with served(tmp_path, ManualClock(NOW)) as found:
        yield found


def test_a_time_that_is_doubted_is_confirmed_on_its_page_and_that_is_undone(fast: Served) -> None:
    doubted = fast.read(f"/runs/{FAST}").text
    preview = fast.read(f"/runs/{FAST}/amend?kind=record&record=yes").text
    confirmed = correct(fast, FAST, kind="record", record="yes")
    records = fast.read("/records").text
    again = undo(fast, FAST)

    assert "say so under" in doubted
    assert "Its figures stay" in preview
    assert "As it will be" not in preview
    assert "Not counted" in doubted
    assert "Not counted" not in confirmed
    assert "say so under" not in confirmed
    assert "confirmed for records" in confirmed
    assert f'href="/runs/{FAST}"' in records
    assert "Not counted" in again


def test_a_run_that_is_rejected_has_no_record_any_more_and_is_not_offered_to_be_confirmed_as_doubted(
    fast: Served, tmp_path: Path
) -> None:
    best = max(range(1005, 1011), key=lambda run: fast.read("/records").text.count(f'href="/runs/{run}"'))
    page = correct(fast, best, kind="record", record="no")
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=ManualClock(NOW)) as store:
        verdicts = record_verdicts(store)

    assert [(one.run_id, one.is_confirmed) for one in verdicts] == [(best, False)]
    assert "rejected for records" in page
    assert "say so under" not in page
    assert f'href="/runs/{best}"' not in fast.read("/records").text


def test_records_are_kept_of_runs_alone(server: Served) -> None:
    assert 'name="record"' in server.read(f"/runs/{LOOP}").text

    page = correct(server, LOOP, kind="sport", sport="Ride")

    assert 'name="record"' not in page
    assert server.post(f"/runs/{LOOP}/amend", {"kind": "record", "record": "yes"}).status == 409


def test_a_preview_shows_what_the_run_is_and_what_it_will_be(server: Served) -> None:
    page = server.read(f"/runs/{LOOP}/amend?kind=crop_start&place=5:00").text

    is_now, will_be = page.partition("As it is now")[2].split("As it will be", 1)
    assert ">20:00<" in is_now
    assert ">15:00<" in will_be
    assert "Nothing has changed yet" in will_be


def test_the_page_shows_at_once_what_was_corrected(server: Served) -> None:
    """Also what must be computed again: without waiting for the next look at the logbook."""
    page = correct(server, LOOP, kind="crop_end", place="5:00")
    facts = page.partition('<dl class="facts large">')[2].partition("</dl>")[0]

    assert "15:00" in facts
    assert "<h2>Splits</h2>" in page
    assert "<h2>Best efforts</h2>" in page


def test_the_runs_of_the_same_day_are_offered_for_a_merge(server: Served) -> None:
    offered = server.read(f"/runs/{LOOP}").text.partition("Merge it with")[2].partition("</select>")[0]

    assert f'value="{LATER}"' in offered
    assert f'value="{BELT}"' not in offered


def test_a_split_that_is_undone_on_its_second_part_leads_to_the_whole_run(server: Served) -> None:
    page = correct(server, LOOP, kind="split", place="10:00")
    second = re.search(r"the second part is (-\d+)", page)
    assert second is not None

    whole = undo(server, int(second[1]))

    assert "<h1>First half</h1>" in whole


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "crop_start", "place": "soon"}, "neither a time nor a distance"),
        ({"kind": "crop_start", "place": "3:00:00"}, "must be left"),
        ({"kind": "distance", "length": "10"}, "not a distance"),
        ({"kind": "sport", "sport": "<b>Chess</b>"}, "not clear"),
        ({"kind": "merge", "other": "\u0661"}, "not clear"),
        ({"kind": "merge", "other": "77"}, "77"),
        ({"kind": "record", "record": "perhaps"}, "not clear"),
        ({"kind": "part"}, "not joined"),
        ({"kind": "everything"}, "not clear"),
        ({"place": "5:00"}, "not clear"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    server: Served, home: Path, fields: dict[str, str], words: str
) -> None:
    before = shown(home)

    preview = server.read(f"/runs/{LOOP}/amend?{urlencode(fields)}")
    sent = server.post(f"/runs/{LOOP}/amend", fields)

    assert (preview.status, sent.status) == (409, 409)
    assert words in unescape(preview.text)
    assert "<b>Chess" not in preview.text
    assert "What helps" in sent.text
    assert shown(home) == before


@pytest.mark.parametrize("number", ["", "0", "99", "all", "newest", "'; DROP TABLE amendment"])
def test_only_a_correction_that_is_there_is_undone(server: Served, number: str) -> None:
    if number in ("all", "newest"):
        number = "1e3"
    assert server.post(f"/runs/{LOOP}/undo", {"number": number}).status == 409


@pytest.mark.parametrize("missing", ["Cookie", "Origin", WRITE_TOKEN_HEADER])
@pytest.mark.parametrize("what", ["amend", "undo"])
def test_nobody_else_corrects_anything(server: Served, home: Path, what: str, missing: str) -> None:
    headers = {"Cookie": server.cookie, "Origin": server.origin, WRITE_TOKEN_HEADER: server.write_token()}
    before = shown(home)
    sent = {name: headers[name] for name in headers if name != missing}
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = server.ask(f"/runs/{LOOP}/{what}", "POST", sent | form, body="kind=race&race=yes&number=1")

    assert answer.status in (401, 403)
    assert shown(home) == before


@pytest.mark.parametrize("path", ["/runs/x/amend?kind=race&race=yes", "/runs/1001/amend"])
def test_what_is_no_correction_of_a_run_is_not_found(server: Served, path: str) -> None:
    assert server.read(path).status in (404, 409)


def test_a_read_only_server_lists_and_corrects_nothing(home: Path) -> None:
    with served(home, ManualClock(NOW), is_read_only=True) as reading:
        page = reading.read(f"/runs/{LOOP}").text

        assert '<form action="/runs/' not in page
        assert reading.read(f"/runs/{LOOP}/amend?kind=race&race=yes").status in (404, 405)
