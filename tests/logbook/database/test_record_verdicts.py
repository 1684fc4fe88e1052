"""A person's word on a run: which run it holds for, whatever becomes of its recordings, and what it cannot do."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.errors import UsageError
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.amending.amendment import Change
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource, ResultRecord
from paceport.logbook.database.record_verdicts import (
    can_be_confirmed,
    decide_records,
    record_verdicts,
    undo_decision,
)
from paceport.logbook.database.record_views import IMPOSSIBLE
from paceport.logbook.database.store import Store
from paceport.streams import Streams
from paceport.training.metrics.personal_records import why_implausible

FIRST = datetime(2026, 6, 1, 7, tzinfo=UTC)
PHONE, WATCH, NEXT, RIDE = 1, 2, 3, 4
SAMPLES = encode_streams(Streams(time_s=np.arange(1700.0), distance_m=np.arange(1700.0) * 3.0))


@pytest.fixture
def logbook(store: Store) -> Store:
    """Two recordings that may be of one run, a run of half an hour later, and a ride."""
    for number in (PHONE, WATCH, NEXT):
        save(store, number)
    save(store, RIDE, sport="Ride")
    return store


def save(store: Store, number: int, *, sport: str = "Run", cached: ManualClock | None = None) -> None:
    record = ActivityRecord(
        id=number, source="archive", sport=sport, start=FIRST + timedelta(hours=number), content="c", samples=9,
        distance_m=5500.0, elapsed_time_s=1700.0, moving_time_s=1700.0, timezone="UTC", zone_source="setting",
    )  # fmt: skip
    if cached is None:
        store.own.save(record, ImportSource(), EncodedTrack(blocks=SAMPLES))
    else:
        store.cached.save(record, expires_at=cached.now() + timedelta(days=6))
    efforts = ((5000.0, 1500.0 + number, 1.0),)
    store.save_results([ResultRecord(activity_id=number, version=1, content="c", figures={}, efforts=efforts)])


def make_one_run(store: Store, *, counts: int, other: int) -> None:
    """What an import finds out of two recordings of one run."""
    store.connection.execute("DELETE FROM main.other_recording")
    store.connection.execute("INSERT INTO main.other_recording VALUES (?, ?, 1, '[]')", (other, counts))


def said(store: Store) -> dict[int, bool]:
    return {one.run_id: one.is_confirmed for one in record_verdicts(store)}


def doubt(store: Store, run_id: int) -> object:
    ((found,),) = store.query(f"SELECT doubt FROM best_effort WHERE run_id = {run_id}").rows
    return found


def test_a_word_follows_its_run_to_a_better_recording_and_back(logbook: Store) -> None:
    decide_records(logbook, PHONE, is_confirmed=False)

    make_one_run(logbook, counts=WATCH, other=PHONE)

    assert said(logbook) == {WATCH: False}
    assert doubt(logbook, WATCH) == "you rejected this run"
    assert doubt(logbook, NEXT) is None
    logbook.connection.execute("DELETE FROM main.other_recording")
    assert said(logbook) == {PHONE: False}


@pytest.mark.parametrize("named", [PHONE, WATCH])
def test_a_word_on_another_recording_is_replaced_and_undone_by_either_id(logbook: Store, named: int) -> None:
    decide_records(logbook, PHONE, is_confirmed=False)
    make_one_run(logbook, counts=WATCH, other=PHONE)

    assert decide_records(logbook, named, is_confirmed=True) == WATCH
    assert said(logbook) == {WATCH: True}
    assert undo_decision(logbook, named)
    assert said(logbook) == {}
    assert not undo_decision(logbook, named)


def test_saying_the_same_twice_keeps_one_word(logbook: Store) -> None:
    for _ in range(2):
        decide_records(logbook, NEXT, is_confirmed=True)

    assert len(logbook.amended.of_activity(NEXT)) == 1


def test_a_run_takes_over_what_was_said_of_one_that_was_merged_into_it(logbook: Store) -> None:
    decide_records(logbook, NEXT, is_confirmed=False)

    (merged,) = logbook.amended.add(WATCH, [Change(kind="merge", value={"other_id": NEXT})])

    assert said(logbook) == {WATCH: False}
    assert not undo_decision(logbook, PHONE)
    decide_records(logbook, WATCH, is_confirmed=True)
    assert said(logbook) == {WATCH: True}
    logbook.amended.undo([merged.id])
    assert said(logbook) == {WATCH: True, NEXT: False}


def test_both_parts_of_a_split_have_what_was_said_before_it_alone(logbook: Store) -> None:
    decide_records(logbook, WATCH, is_confirmed=False)
    logbook.connection.execute(
        "INSERT INTO main.amendment VALUES (99, ?, 'split', ?, 'now', NULL)", (WATCH, f'{{"other_id": {NEXT}}}')
    )

    assert said(logbook) == {WATCH: False, NEXT: False}
    decide_records(logbook, NEXT, is_confirmed=True)
    assert said(logbook) == {WATCH: False, NEXT: True}
    decide_records(logbook, WATCH, is_confirmed=True)
    undo_decision(logbook, NEXT)
    assert said(logbook) == {WATCH: True}


def test_neither_a_run_of_the_cache_nor_a_ride_is_decided_on(logbook: Store, clock: ManualClock) -> None:
    save(logbook, 7000, cached=clock)

    with pytest.raises(UsageError, match="cannot be confirmed"):
        decide_records(logbook, 7000, is_confirmed=True)
    with pytest.raises(UsageError, match="is no run"):
        decide_records(logbook, RIDE, is_confirmed=True)
    assert said(logbook) == {}


def test_a_confirmed_run_counts_with_the_fastest_time_that_is_possible(logbook: Store) -> None:
    impossible, fast, believable = (5000.0, 700.0, 1.0), (5000.0, 800.0, 1.0), (5000.0, 1500.0, 1.0)
    record = ResultRecord(
        activity_id=NEXT, version=1, content="c", figures={}, efforts=(believable,),
        doubtful_efforts=((*impossible, str(why_implausible(*impossible[:2]))), (*fast, "in a vehicle")),
    )  # fmt: skip
    logbook.save_results([record])

    decide_records(logbook, NEXT, is_confirmed=True)

    query = "SELECT elapsed_s, doubt FROM best_effort WHERE run_id = 3 ORDER BY elapsed_s"
    assert logbook.query(query).rows == [(700.0, IMPOSSIBLE[1]), (800.0, None)]


def test_only_what_can_be_confirmed_is_offered() -> None:
    assert can_be_confirmed("in a vehicle")
    assert not any(map(can_be_confirmed, (*IMPOSSIBLE, "you rejected this run", "its date lies in the future")))
    assert why_implausible(5000.0, 100.0) in IMPOSSIBLE
    assert why_implausible(5000.0, 0.0) in IMPOSSIBLE


def test_the_best_hour_is_of_no_run_that_was_rejected(logbook: Store) -> None:
    for run_id, speed_mps in ((WATCH, 3.4), (NEXT, 3.3)):
        logbook.connection.execute(
            "INSERT INTO main.duration_best (activity_id, duration_s, speed_mps) VALUES (?, 3600, ?)",
            (run_id, speed_mps),
        )
    assert [speed_mps for _, speed_mps in logbook.threshold_rows.best_hours(own_only=False)] == [3.4, 3.3]

    decide_records(logbook, WATCH, is_confirmed=False)

    assert [speed_mps for _, speed_mps in logbook.threshold_rows.best_hours(own_only=False)] == [3.3]


def test_a_confirmed_run_is_not_doubted_for_one_time_that_nobody_ran(logbook: Store) -> None:
    impossible = (400.0, 20.0, 1.0, IMPOSSIBLE[1])
    record = ResultRecord(activity_id=NEXT, version=1, content="c", figures={}, doubtful_efforts=(impossible,))
    logbook.save_results([record])
    assert NEXT in logbook.run_rows.doubted_runs(own_only=False)

    decide_records(logbook, NEXT, is_confirmed=True)

    assert NEXT not in logbook.run_rows.doubted_runs(own_only=False)
