"""A run that was recorded twice counts once, each channel from the better recording, nothing of the API in own.db."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.link_recordings import link_recordings
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.devices import PHONE
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.history.history import read_history, read_recording
from sandbox_logbook import fill

START = datetime(2026, 11, 1, 7, tzinfo=UTC)
UNTIL = datetime(2026, 11, 27, tzinfo=UTC)


def track(*, seconds: int = 1800, mps: float = 3.0, east_m: float = 0.0, has_heart: bool = True) -> Streams:
    """A run to the north, one sample a second."""
    time_s = np.arange(seconds + 1, dtype=float)
    return Streams(
        time_s=time_s,
        distance_m=time_s * mps,
        latitude_deg=48.0 + time_s * mps / 111_195,
        longitude_deg=np.full(len(time_s), 16.0 + east_m / 74_400),
        heartrate_bpm=150.0 + np.zeros(len(time_s)) if has_heart else None,
    )


def record(identity: int, *, later_s: float = 0, of: Streams | None = None, **more: object) -> ActivityRecord:
    values: dict[str, object] = {
        "source": "file",
        "sport": "Run",
        "content": f"content of {identity}",
        "distance_m": 5400.0,
        "elapsed_time_s": 1800.0,
        "samples": 0 if of is None else len(of),
        **more,
    }
    return ActivityRecord(id=identity, start=START + timedelta(seconds=later_s), **values)  # type: ignore[arg-type]


def keep(store: Store, identity: int, of: Streams | None = None, *, later_s: float = 0, **more: object) -> None:
    parts = EncodedTrack(blocks=encode_streams(of)) if of is not None else EncodedTrack()
    store.own.save(record(identity, later_s=later_s, of=of, **more), ImportSource(), parts)


def cache(store: Store, identity: int, of: Streams | None = None, *, later_s: float = 0, **more: object) -> None:
    made = record(identity, later_s=later_s, of=of, source="api", **more)
    store.cached.save(made, expires_at=UNTIL)
    if of is not None:
        store.synced.save_streams(identity, encode_streams(of), expires_at=UNTIL)


def run_ids(store: Store, schema: str = "temp") -> list[int]:
    return [one for (one,) in store.connection.execute(f"SELECT id FROM {schema}.run ORDER BY id")]


def test_a_phone_beside_a_watch_makes_no_run_twice(store: Store, watch_and_phone: tuple[Activity, ...]) -> None:
    runs = [one for one in watch_and_phone if one.is_run]
    once = {one.id for one in runs if one.device_name != PHONE.name}
    fill(store, watch_and_phone)
    compute_results(store)
    copies = len(runs) - len(once)

    joined = link_recordings(store)

    assert copies > 2
    assert joined == copies
    assert len(run_ids(store)) == len(once)


def test_two_files_six_seconds_apart_count_once(store: Store) -> None:
    keep(store, -1, track())
    keep(store, -2, track(east_m=8, has_heart=False), later_s=6)

    assert link_recordings(store) == 1
    assert run_ids(store) == run_ids(store, "main") == [-1]


@pytest.mark.parametrize(
    ("other", "later_s", "joined"),
    [
        (track(east_m=40), 0, 1),
        (track(east_m=70), 0, 0),
        (track(seconds=600), 300, 1),
        (track(seconds=1800), 350, 1),
        (track(seconds=1800), 370, 0),
    ],
    ids=["near", "apart", "cropped", "overlaps enough", "overlaps too little"],
)
def test_time_and_place_tell_one_run(store: Store, other: Streams, later_s: float, joined: int) -> None:
    keep(store, 1, track())
    keep(store, 2, other, later_s=later_s, elapsed_time_s=float(len(other) - 1))

    assert link_recordings(store) == joined


@pytest.mark.parametrize(("distance_m", "joined"), [(5650.0, 1), (5700.0, 0), (5130.0, 1), (5100.0, 0)])
def test_without_tracks_the_distances_tell(store: Store, distance_m: float, joined: int) -> None:
    keep(store, 1)
    keep(store, 2, distance_m=distance_m, later_s=100)

    assert link_recordings(store) == joined


def test_another_sport_at_the_same_time_is_no_recording_of_the_run(store: Store) -> None:
    keep(store, 1, track())
    keep(store, 2, track(), sport="Ride")

    assert link_recordings(store) == 0


def test_the_heart_rate_comes_from_the_recording_that_has_it(store: Store, clock: ManualClock) -> None:
    full = track()
    places = replace(
        full, heartrate_bpm=None, altitude_m=100.0 + np.zeros(len(full)), cadence_spm=full.time_s * 0 + 170
    )
    keep(store, 1, places)
    keep(store, 2, Streams(time_s=full.time_s, distance_m=full.distance_m, heartrate_bpm=full.heartrate_bpm), later_s=6)

    link_recordings(store)
    compute_results(store)

    (run,) = read_history(store, now=clock.now()).runs
    joined = store.streams(1)
    assert (run.id, run.heartrate_bpm, run.other_recordings) == (1, 150.0, 1)
    assert joined is not None
    assert joined.heartrate_bpm is not None
    assert np.isnan(joined.heartrate_bpm[:6]).all()
    assert np.nanmean(joined.heartrate_bpm) == 150.0


def test_either_recording_can_be_shown_by_itself(store: Store, clock: ManualClock) -> None:
    keep(store, 1, track())
    keep(store, 2, track(has_heart=False), distance_m=5300.0)
    link_recordings(store)
    compute_results(store)

    alone = read_recording(store, read_history(store, now=clock.now()), 2)

    assert alone is not None
    assert (alone.distance_m, alone.heartrate_bpm) == (5300.0, None)


def test_nothing_of_the_api_goes_into_the_own_part(store: Store, clock: ManualClock) -> None:
    keep(store, -1, track(has_heart=False))
    cache(store, 7, track(east_m=10), later_s=6, average_heartrate_bpm=150.0)
    before = own_rows(store)

    assert link_recordings(store) == 1
    assert own_rows(store) == before
    compute_results(store)
    (run,) = read_history(store, now=clock.now()).runs
    assert (run.id, run.source, run.heartrate_bpm, run.expires_at) == (-1, "both", 150.0, None)
    figures = store.connection.execute("SELECT figures FROM main.result").fetchall()
    assert all(json.loads(text)["heart"] is None for (text,) in figures)


def test_a_run_is_whole_again_when_the_cache_expires(store: Store, clock: ManualClock) -> None:
    keep(store, -1, track(has_heart=False))
    cache(store, 7, track(), later_s=6)
    link_recordings(store)

    clock.set(UNTIL + timedelta(seconds=1))

    assert run_ids(store) == [-1]
    assert store.recording_rows.others() == {}


def test_two_cached_recordings_count_once(store: Store) -> None:
    cache(store, 7, track(), later_s=0)
    cache(store, 8, track(has_heart=False), later_s=6)

    assert link_recordings(store) == 1
    assert run_ids(store) == [7]


def test_linking_again_changes_and_decodes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(store, 1, track())
    keep(store, 2, track(has_heart=False), later_s=6)
    cache(store, 7, track(), later_s=8)
    assert link_recordings(store) == 2
    compute_results(store)
    before = all_rows(store)

    monkeypatch.setattr(Store, "recorded_streams", None)

    assert link_recordings(store) == 2
    assert all_rows(store) == before


def test_what_a_person_parted_stays_parted(store: Store) -> None:
    keep(store, 1, track())
    keep(store, 2, track())
    link_recordings(store)

    store.connection.execute("UPDATE main.compared SET is_one = 0, decided_by = 'person'")

    assert link_recordings(store) == 0
    assert run_ids(store) == [1, 2]


def test_the_other_recording_counts_when_the_first_is_removed(store: Store) -> None:
    keep(store, 1, track())
    keep(store, 2, track(has_heart=False))
    link_recordings(store)

    store.remove(1)

    assert run_ids(store) == [2]


def own_rows(store: Store) -> list[tuple[object, ...]]:
    return [*rows_of(store, "main.activity"), *rows_of(store, "main.other_recording"), *rows_of(store, "main.compared")]


def all_rows(store: Store) -> list[tuple[object, ...]]:
    tables = ("result", "other_recording", "compared")
    return [row for database in ("main", "cache") for table in tables for row in rows_of(store, f"{database}.{table}")]


def rows_of(store: Store, table: str) -> Iterator[tuple[object, ...]]:
    yield from store.connection.execute(f"SELECT * FROM {table}")
