"""The reader: one history for all requests, until somebody writes, something expires or the day ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request

from paceport.clock import ManualClock
from paceport.errors import Busy
from paceport.logbook.amending.amendment import Change
from paceport.logbook.database.store import Store
from paceport.report.pages.snapshot import Snapshot
from paceport.training.compute import ComputedResults
from paceport.training.metrics.athlete import AthleteFacts
from paceport.units import Units
from paceport.web.page_writer import PageWriter
from paceport.web.reader import LogbookReader, ReadOptions
from report.logbooks import loop_streams, record, save
from web.conftest import NOW


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def reader(tmp_path: Path, clock: ManualClock) -> Iterator[LogbookReader]:
    options = ReadOptions(
        open_store=lambda: Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock),
        choose_units=lambda _: Units(),
        given=AthleteFacts(),
    )
    with closing(LogbookReader(options, clock=clock)) as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[Store]:
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock) as opened:
        save(opened, 1, loop_streams())
        yield opened


def look(reader: LogbookReader) -> Snapshot:
    return reader.thread.submit(lambda: reader.answer(lambda snapshot, _: snapshot)).result()


def test_nothing_is_read_again_while_nothing_changes(reader: LogbookReader, store: Store, clock: ManualClock) -> None:
    first = settled(reader, clock)

    clock.advance(3600)

    assert look(reader) is first


def settled(reader: LogbookReader, clock: ManualClock) -> Snapshot:
    """The snapshot once everything has been computed in the background."""
    look(reader)
    reader.wait_for_background()
    clock.advance(5)
    return look(reader)


def test_a_run_that_another_program_writes_appears(reader: LogbookReader, store: Store, clock: ManualClock) -> None:
    before = settled(reader, clock)

    save(store, 2, loop_streams())
    at_once = look(reader)
    clock.advance(5)

    assert at_once is before  # an import that writes all the time does not stop the pages
    assert len(look(reader).history.runs) == 2


def test_pages_are_there_at_once_and_say_how_far_the_computing_is(
    store: Store, tmp_path: Path, clock: ManualClock
) -> None:
    for number in range(2, 22):
        save(store, number, loop_streams())
    may_begin, ended = threading.Event(), list[ComputedResults]()

    def open_store() -> Store:
        if "background" in threading.current_thread().name:
            may_begin.wait(30)
        return Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock)

    options = ReadOptions(
        open_store=open_store, choose_units=lambda _: Units(), given=AthleteFacts(), computed=ended.append
    )
    with closing(LogbookReader(options, clock=clock)) as reader:
        at_once, told = look(reader), reader.computing
        may_begin.set()
        reader.wait_for_background()
        later = look(reader)

        assert (len(at_once.history.runs), told) == (21, (0, 21))
        assert not any(run.moving_time_s for run in at_once.history.runs)
        assert all(run.moving_time_s for run in later.history.runs)
        assert reader.computing is None
        assert [one.computed for one in ended] == [21]


@pytest.mark.parametrize(("path", "is_refreshed"), [("/", True), ("/definitions", False)])
def test_a_page_says_that_figures_are_missing_and_the_first_one_follows(path: str, is_refreshed: bool) -> None:
    scope = {"type": "http", "path": path, "query_string": b"", "headers": [], "server": ("127.0.0.1", 80)}
    writers = [PageWriter(command=str, computing=lambda: (3, 1040)), PageWriter(command=str)]

    computing, done = (writer.write(Request(scope), "missing.html", page=None) for writer in writers)

    assert "3 of 1,040" in computing
    assert ('http-equiv="refresh"' in computing) is is_refreshed
    assert "figures are missing" not in done
    assert "refresh" not in done


def test_what_is_missing_is_computed_in_the_background(reader: LogbookReader, store: Store, clock: ManualClock) -> None:
    fresh = look(reader)
    computed = settled(reader, clock)

    assert fresh.history.runs[0].adjusted_speed_mps is None
    assert computed.history.runs[0].adjusted_speed_mps is not None


def test_samples_that_cannot_be_read_are_not_tried_again_and_again(
    reader: LogbookReader, store: Store, clock: ManualClock
) -> None:
    save(store, 2, loop_streams())
    store.connection.execute("UPDATE main.stream SET block = x'00' WHERE activity_id = 1002")
    settled(reader, clock)
    seen = settled(reader, clock)

    clock.advance(60)

    assert look(reader) is seen


def test_a_run_that_another_program_amends_is_computed_again(
    reader: LogbookReader, store: Store, clock: ManualClock
) -> None:
    save(store, 2, loop_streams())
    settled(reader, clock)

    store.amended.add(1002, [Change(kind="crop_start", value={"time_s": 300.0})])
    clock.advance(5)
    amended = next(run for run in settled(reader, clock).history.runs if run.id == 1002)

    assert amended.adjusted_speed_mps is not None


def test_a_change_of_ours_is_seen_at_once_with_its_results(reader: LogbookReader, store: Store) -> None:
    look(reader)
    reader.wait_for_background()

    save(store, 2, loop_streams())
    reader.compute_now(timeout_s=60)
    fresh = next(run for run in look(reader).history.runs if run.id == 1002)

    assert fresh.adjusted_speed_mps is not None


def test_a_cached_run_is_gone_when_its_time_has_come(reader: LogbookReader, store: Store, clock: ManualClock) -> None:
    borrowed = record(9, source="api", distance_m=9000.0, moving_time_s=3000.0)
    store.cached.save(borrowed, expires_at=NOW + timedelta(hours=1))
    before = len(settled(reader, clock).history.runs)

    clock.advance(3600)

    assert (before, len(look(reader).history.runs)) == (2, 1)


def test_the_next_day_is_seen(reader: LogbookReader, store: Store, clock: ManualClock) -> None:
    before = settled(reader, clock)

    clock.advance(86_400)

    assert look(reader).today == before.today + timedelta(days=1)


def test_an_answer_is_worked_out_once_and_a_failure_again(reader: LogbookReader, store: Store) -> None:
    snapshot, asked = look(reader), []

    def fail() -> int:
        asked.append(1)
        raise LookupError

    with pytest.raises(LookupError):
        snapshot.once("key", fail)
    first = snapshot.once("key", lambda: len(asked))
    second = snapshot.once("key", lambda: 99)

    assert (first, second) == (1, 1)


def test_of_one_kind_only_the_latest_answer_is_kept(reader: LogbookReader, store: Store) -> None:
    snapshot = look(reader)

    answers = [snapshot.latest("list", key, key.upper) for key in ("a", "b", "b", "a")]

    assert answers == ["A", "B", "B", "A"]


def test_while_another_program_holds_the_database_the_last_reading_is_shown(
    reader: LogbookReader, store: Store, clock: ManualClock
) -> None:
    before = settled(reader, clock)

    def refuse() -> Store:
        raise Busy(what="The logbook cannot be written", holder="another program")

    reader._options = replace(reader._options, open_store=refuse)
    save(store, 2, loop_streams())
    clock.advance(5)

    assert look(reader) is before
    reader._expires_at = clock.now()
    with pytest.raises(Busy):
        look(reader)
