"""Two recordings that a person counts apart are two runs until that is undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from paceport.errors import UsageError
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.amending.amendment import Change
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.link_recordings import link_recordings
from paceport.logbook.database.part_recordings import part_recordings, run_that_counts, undo_amendments
from paceport.logbook.database.store import Store
from paceport.streams import Streams

START = datetime(2026, 11, 1, 7, tzinfo=UTC)


def keep(store: Store, identity: int, later_s: float = 0.0, content: str = "c") -> None:
    time_s = np.arange(1801, dtype=np.float64)
    streams = Streams(
        time_s=time_s,
        distance_m=time_s * 3.0,
        latitude_deg=48.0 + time_s * 3.0 / 111_195,
        longitude_deg=np.full(1801, 16.0, dtype=np.float64),
    )
    record = ActivityRecord(
        id=identity, source="file", sport="Run", start=START + timedelta(seconds=later_s), distance_m=5400.0,
        content=f"{content}{identity}", elapsed_time_s=1800.0, samples=1801,
    )  # fmt: skip
    store.own.save(record, ImportSource(), EncodedTrack(blocks=encode_streams(streams)))


@pytest.fixture
def recordings(store: Store) -> Store:
    """A logbook with three recordings of one run, counted once."""
    for identity, later_s in ((-1, 0.0), (-2, 6.0), (-3, 9.0)):
        keep(store, identity, later_s)
    assert link_recordings(store) == 2
    return store


def run_ids(store: Store) -> set[int]:
    return {one for (one,) in store.connection.execute("SELECT id FROM run")}


def test_a_recording_is_counted_apart_and_joined_again(recordings: Store) -> None:
    (run_id,) = run_ids(recordings)
    other = next(one for one in (-1, -2, -3) if run_that_counts(recordings, one) != one)

    made = part_recordings(recordings, other)

    assert other in run_ids(recordings)
    assert len(run_ids(recordings)) == 2
    assert {one.change.other_id for one in made} == {-1, -2, -3} - {other}
    undo_amendments(recordings, made)
    assert run_ids(recordings) == {run_id}


def test_what_was_counted_apart_stays_so_over_later_comparisons_and_imports(recordings: Store) -> None:
    part_recordings(recordings, -2)

    keep(recordings, -2, 6.0, content="read anew")
    link_recordings(recordings)

    assert -2 in run_ids(recordings)


def test_it_follows_a_file_to_its_strava_id(recordings: Store) -> None:
    part_recordings(recordings, -2)

    record = ActivityRecord(
        id=77, source="archive", sport="Run", start=START + timedelta(seconds=6), content="n", distance_m=5400.0,
        elapsed_time_s=1800.0,
    )  # fmt: skip
    recordings.own.save(record, ImportSource(), EncodedTrack(), replaces=-2)
    link_recordings(recordings)

    assert 77 in run_ids(recordings)


def test_an_amended_recording_goes_on_counting_and_is_compared_as_it_was_imported(recordings: Store) -> None:
    (run_id,) = run_ids(recordings)
    recordings.amended.add(run_id, [Change(kind="crop_start", value={"time_s": 600.0})])

    keep(recordings, -4, 3.0)
    link_recordings(recordings)

    assert run_ids(recordings) == {run_id}
    (row,) = recordings.query("SELECT distance_m, other_recordings FROM run").rows
    assert row == (pytest.approx(3600.0), 3)


def test_a_run_of_one_recording_cannot_be_parted(store: Store) -> None:
    keep(store, -1)

    with pytest.raises(UsageError, match="not joined"):
        part_recordings(store, -1)
