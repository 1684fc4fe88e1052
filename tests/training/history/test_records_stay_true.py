"""Spoiled recordings among clean ones: records, predictions and totals stay what they were, within one per cent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from makers.spoiled_streams import SPOILERS, on_a_bicycle
from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import EncodedTrack, ImportSource, TrackFacts
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.streams import Streams
from paceport.training.cleaning.clean_streams import clean_streams
from paceport.training.compute import compute_results
from paceport.training.history.history import read_history
from paceport.training.history.predictions import predictions
from paceport.training.history.progress import records
from paceport.training.history.volume import overall
from sandbox_logbook import record_of, streams_of

RUNS = 20
BOUND = 0.01
Samples = dict[int, Streams]


@pytest.fixture
def other_store(tmp_path: Path, clock: ManualClock) -> Iterator[Store]:
    """A second empty logbook."""
    with Store(data_dir=tmp_path / "other", cache_dir=tmp_path / "other cache", clock=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def runs(activities: tuple[Activity, ...]) -> list[Activity]:
    """The newest runs outdoors."""
    found = [one for one in activities if one.is_run and one.recording is not None and not one.trainer]
    return [one for one in found if one.recording is not None and one.recording.latlng is not None][:RUNS]


@pytest.fixture(scope="module")
def samples(runs: list[Activity]) -> Samples:
    return {one.id: streams_of(one.recording) for one in runs if one.recording is not None}


def fill(store: Store, runs: list[Activity], samples: Samples) -> None:
    """Import these recordings as a file's are: cleaned, their distance from what is left."""
    for one in runs:
        cleaned = clean_streams(samples[one.id], sport="Run")
        distance_m = None if cleaned.streams.distance_m is None else float(cleaned.streams.distance_m[-1])
        record = replace(
            record_of(one),
            distance_m=distance_m,
            moving_time_s=None,
            average_heartrate_bpm=None,
            average_cadence_spm=None,
            track=TrackFacts(distance_source=cleaned.distance_source, repaired_s=cleaned.repaired_s),
        )
        store.own.save(record, ImportSource(), EncodedTrack(blocks=encode_streams(cleaned.streams)))
    compute_results(store)


def answers(store: Store, clock: ManualClock) -> dict[str, float]:
    """Records, recommended times and the total, by name."""
    history = read_history(store, now=clock.now())
    found = {
        f"record over {span_m:.0f} m": one.attempt.elapsed_time_s for span_m, one in records(history).current().items()
    }
    for one in predictions(history).recommended:
        found[f"predicted over {one.distance_m:.0f} m"] = one.time_s
    found["total"] = overall(history.runs).distance_m or 0.0
    found["total of weeks"] = store.connection.execute("SELECT sum(distance_m) FROM run_week").fetchone()[0]
    return found


def as_walked(samples: Samples, *, with_counter: bool) -> Samples:
    """The samples with the device's counter, or with positions alone."""
    return samples if with_counter else {one: replace(each, distance_m=None) for one, each in samples.items()}


@pytest.mark.parametrize("with_counter", [True, False], ids=["counted", "positions"])
def test_spoiled_recordings_change_no_answer(
    store: Store, other_store: Store, clock: ManualClock, runs: list[Activity], samples: Samples, with_counter: bool
) -> None:
    clean = as_walked(samples, with_counter=with_counter)
    fill(store, runs, clean)
    kinds = list(SPOILERS.values())
    spoiled = {one.id: kinds[place % len(kinds)](clean[one.id]) for place, one in enumerate(runs)}

    fill(other_store, runs, spoiled)

    before, after = answers(store, clock), answers(other_store, clock)
    assert after.keys() == before.keys()
    assert {name: value for name, value in after.items() if abs(value / before[name] - 1) > BOUND} == {}


@pytest.mark.parametrize("times_as_fast", [1.5, 1.8, 2.5])
def test_a_ride_called_a_run_changes_no_answer(
    store: Store,
    other_store: Store,
    clock: ManualClock,
    runs: list[Activity],
    samples: Samples,
    times_as_fast: float,
) -> None:
    fill(store, runs, samples)
    longest = max(runs, key=lambda one: one.summary.distance_m)
    ride = replace(longest, id=longest.id + 1, start=longest.start + timedelta(hours=9), name="Way home")

    fill(other_store, [*runs, ride], samples | {ride.id: on_a_bicycle(samples[longest.id], times_as_fast)})

    before, after = answers(store, clock), answers(other_store, clock)
    assert after == pytest.approx(before)
    doubts = other_store.query(f"SELECT DISTINCT doubt FROM best_effort WHERE run_id = {ride.id}").rows
    assert (None,) not in doubts


def test_the_records_are_those_that_the_sandbox_knows(
    store: Store, clock: ManualClock, runs: list[Activity], samples: Samples
) -> None:
    kinds = list(SPOILERS.values())
    fill(store, runs, {one.id: kinds[place % len(kinds)](samples[one.id]) for place, one in enumerate(runs)})

    truth: dict[float, float] = {}
    for run in runs:
        for effort in run.source.best_efforts():
            truth[effort.distance_m] = min(effort.elapsed_time_s, truth.get(effort.distance_m, 1e9))
    found = {
        span_m: one.attempt.elapsed_time_s
        for span_m, one in records(read_history(store, now=clock.now())).current().items()
    }
    # The sandbox counts from sample to sample in whole seconds.
    shared = {span_m for span_m in truth if any(abs(span_m - each) < 1.0 for each in found)}
    assert len(shared) >= 6
    for span_m in shared:
        mine = next(time_s for each, time_s in found.items() if abs(span_m - each) < 1.0)
        assert mine == pytest.approx(truth[span_m], rel=BOUND, abs=2.0)
