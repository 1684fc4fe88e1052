"""The places of a run's efforts, counted among all efforts, are those that SQL ranks."""

from datetime import UTC, datetime, timedelta

import numpy as np

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.amending.amendment import Change
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.history.effort_places import effort_places
from paceport.training.history.history import History, read_history

FIRST = datetime(2025, 12, 29, 7, tzinfo=UTC)


def save(store: Store, number: int, speed_mps: float, start: datetime, *, is_indoor: bool = False) -> None:
    time_s = np.arange(500.0)
    streams = Streams(time_s=time_s, distance_m=speed_mps * time_s)
    record = ActivityRecord(
        id=number, source="file", sport="Run", start=start, content=str(number), samples=500, is_indoor=is_indoor
    )
    store.own.save(record, ImportSource(), EncodedTrack(blocks=encode_streams(streams)))


def check(store: Store, history: History) -> int:
    """Every place is that of the view; how many there are."""
    query = "SELECT run_id, span_m, place, place_in_year FROM temp.best_effort WHERE place IS NOT NULL ORDER BY 1, 2"
    ranked = store.connection.execute(query).fetchall()
    counted = [
        (run.id, one.span_m, one.place, one.place_in_year)
        for run in history.runs
        for one in effort_places(store, history, run)
        if one.doubt is None
    ]
    assert sorted(counted) == ranked
    return len(ranked)


def test_places_are_those_of_the_view_with_ties_doubts_and_verdicts(store: Store, clock: ManualClock) -> None:
    # Equal times of other moments and of one moment, two years, a treadmill, and one that nobody could have run.
    for number, speed_mps in enumerate((3.0, 3.0, 3.2, 2.9, 3.0, 9.9), 1):
        save(store, number, speed_mps, FIRST + timedelta(days=number))
    save(store, 7, 3.2, FIRST + timedelta(days=3))
    save(store, 8, 3.5, FIRST + timedelta(days=8), is_indoor=True)
    compute_results(store)
    history = read_history(store, now=clock.now())

    assert check(store, history) >= 6  # runs, each over 400 m at the least

    store.amended.add(8, [Change(kind="record", value={"is_confirmed": True})])
    store.amended.add(1, [Change(kind="record", value={"is_confirmed": False})])
    compute_results(store)
    check(store, read_history(store, now=clock.now()))
