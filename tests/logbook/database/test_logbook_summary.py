import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from logbook.database.test_cached_rows import fill
from logbook.database.test_views import record, soon
from paceport.clock import ManualClock
from paceport.errors import Busy
from paceport.logbook.database.activity_record import EncodedTrack, ImportSource
from paceport.logbook.database.logbook_summary import erase_cache
from paceport.logbook.database.store import Store


def test_a_logbook_is_counted_by_year_and_source(store: Store, clock: ManualClock) -> None:
    store.own.save(record(1, start=datetime(2020, 5, 1, tzinfo=UTC)), ImportSource(), EncodedTrack())
    store.own.save(record(2, sport="Ride"), ImportSource(), EncodedTrack())
    store.own.save(record(3, timezone=None, zone_source="unknown", samples=4), ImportSource(), EncodedTrack())
    store.cached.save(record(3, source="api"), expires_at=soon(clock))
    store.cached.save(record(4, source="api"), expires_at=soon(clock))
    store.cached.mark_deleted(1, expires_at=soon(clock))
    store.own.quarantine("a.fit", why="cut", fix="copy it again")

    summary = store.summary()

    assert summary.activities == 4
    assert summary.runs == ((2020, "own", 1), (2026, "both", 1), (2026, "cache", 1))
    assert (summary.oldest, summary.newest) == ("2020-05-01", "2026-11-02")
    assert (summary.without_track, summary.deleted_at_strava) == (2, 1)
    assert summary.expiring == (("2026-11-29", 1),)
    assert [(held.place, held.retry, held.is_own) for held in summary.quarantined] == [("a.fit", "copy it again", True)]
    assert min(summary.own_bytes, summary.cache_bytes) > 0


def test_a_logbook_is_counted_as_of_one_moment(store: Store, clock: ManualClock) -> None:
    store.own.save(record(1), ImportSource(), EncodedTrack())
    asked: list[str] = []

    with Store(data_dir=store.own_path.parent, cache_dir=store.cache_path.parent, clock=clock) as other:

        def watch(statement: str) -> None:
            asked.append(statement)
            if "GROUP BY 1 ORDER BY 2 DESC" in statement:
                other.own.save(record(2), ImportSource(), EncodedTrack())

        store.connection.set_trace_callback(watch)
        summary = store.summary()
        store.connection.set_trace_callback(None)

        assert other.summary().activities == 2
    assert summary.activities == sum(count for _, _, count in summary.runs) == 1


def test_a_file_that_goes_while_it_is_measured_counts_for_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that runs beside it gives its drafts their names all the time."""
    store.originals_dir.mkdir()
    draft = store.originals_dir / ".draft"
    draft.write_bytes(b"x" * 1000)
    stat = Path.stat

    def and_gone(path: Path, **options: bool) -> os.stat_result:
        seen = stat(path, **options)
        if path == draft:
            draft.unlink()
        return seen

    monkeypatch.setattr(Path, "stat", and_gone)

    assert store.summary().originals_bytes == 0


def test_an_empty_logbook_is_counted_too(store: Store) -> None:
    summary = store.summary()

    assert (summary.activities, summary.runs, summary.oldest, summary.without_track) == (0, (), None, 0)


def test_erasing_the_cache_removes_its_files_and_leaves_own_data(store: Store, clock: ManualClock) -> None:
    store.own.save(record(1), ImportSource(), EncodedTrack())
    fill(store, clock, days=7)
    store.close()

    erase_cache(store.cache_path)
    erase_cache(store.cache_path)

    assert list(store.cache_path.parent.iterdir()) == []
    with store:
        assert store.query("SELECT id FROM run").rows == [(1,)]


@pytest.mark.slow
def test_a_cache_in_use_is_not_half_erased(store: Store, clock: ManualClock) -> None:
    fill(store, clock, days=7)
    store.close()

    with closing(sqlite3.connect(store.cache_path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            erase_cache(store.cache_path, wait_s=0.1)

    assert store.cache_path.exists()


def test_what_was_written_with_cached_data_is_listed(store: Store, clock: ManualClock) -> None:
    store.own.log_written_file("/somewhere/all.csv", "2026-11-29T08:00:00Z")
    clock.advance(timedelta(days=30).total_seconds())

    assert store.summary().written == (("/somewhere/all.csv", "2026-11-22T08:00:00Z", "2026-11-29T08:00:00Z"),)


@pytest.mark.parametrize("name", [b"report.html", b"Stra\xdfe.html", b"a\nb.html"])
def test_a_written_file_is_found_again_whatever_its_name(store: Store, name: bytes) -> None:
    place = os.fsdecode(b"/runs/" + name)

    store.own.log_written_file(place, "2026-11-29T00:00:00Z")

    assert [found for found, _, _ in store.summary().written] == [place]
    store.own.forget_written_file(place)
    assert store.summary().written == ()
