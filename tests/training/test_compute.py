"""derive: each run once, beside its data, again only where something changed."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from paceport.streams import Streams
from paceport.training import compute as module
from paceport.training.compute import compute_results
from paceport.training.history.heart_rate_seconds import parse_heart_rate_seconds
from paceport.training.history.history import read_history
from paceport.training.history.up_to_date import STORED_RESULTS_VERSION
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.distance import distance_track
from paceport.training.metrics.heart_rate import heart_rate_intervals
from paceport.training.metrics.run_results import run_results
from paceport.training.metrics.trimp import banister_trimp, edwards_trimp
from sandbox_logbook import fill, record_of, streams_of
from training.metrics.made import time_in_zones_s


@pytest.fixture(scope="module")
def runs(population: Population) -> tuple[Activity, ...]:
    every = population.activities(population.people[1].id)
    return tuple(one for one in every if one.is_run and one.recording is not None)[:6]


def loads(store: Store) -> list[float | None]:
    return [load for (load,) in store.connection.execute("SELECT training_load FROM main.run ORDER BY id")]


def test_computes_each_run_once(store: Store, runs: tuple[Activity, ...]) -> None:
    fill(store, runs)

    first, second = compute_results(store), compute_results(store)

    assert (first.computed, second.computed) == (len(runs), 0)


def test_one_call_is_enough_to_know_that_all_is_in_order(store: Store) -> None:
    save_short_runs(store, 3)

    compute_results(store)

    assert store.check_token() is not None


def test_what_comes_while_others_are_computed_is_left_to_the_next_call(store: Store) -> None:
    save_short_runs(store, 3)

    def save_another(done: int, total: int) -> None:
        if done == total:
            save_short_runs(store, 4, first=4)

    assert compute_results(store, progress=save_another).computed == 3
    assert store.check_token() is None
    assert compute_results(store).computed == 1
    assert store.check_token() is not None


def test_computes_a_changed_run_again_and_no_other(store: Store, runs: tuple[Activity, ...]) -> None:
    fill(store, runs)
    compute_results(store)
    changed = replace(record_of(runs[0]), content="another")
    assert runs[0].recording is not None
    store.own.save(changed, ImportSource(), EncodedTrack(blocks=encode_streams(streams_of(runs[0].recording))))

    assert compute_results(store).computed == 1


def test_computes_all_again_for_a_newer_definition(
    store: Store, runs: tuple[Activity, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, runs)
    compute_results(store)
    monkeypatch.setattr(module, "STORED_RESULTS_VERSION", STORED_RESULTS_VERSION + 1)

    assert compute_results(store).computed == len(runs)


def test_stopping_anywhere_loses_nothing(store: Store, runs: tuple[Activity, ...]) -> None:
    fill(store, runs)

    def stop_after_two(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compute_results(store, progress=stop_after_two)

    assert compute_results(store).computed == len(runs) - 2


def test_results_of_cached_runs_live_and_expire_with_them(
    store: Store, runs: tuple[Activity, ...], clock: ManualClock
) -> None:
    fill(store, runs[:2])
    fill(store, runs[2:], expires_at=clock.now() + timedelta(days=3))
    compute_results(store)
    tables = [
        store.connection.execute(f"SELECT count(*) FROM {name}.result").fetchone()[0] for name in ("main", "cache")
    ]

    clock.advance(3 * 86_400)
    store.cached.purge()

    assert tables == [2, 4]
    assert store.connection.execute("SELECT count(*) FROM cache.result").fetchone()[0] == 0
    assert store.connection.execute("SELECT count(*) FROM cache.effort").fetchone()[0] == 0
    assert len(read_history(store, now=clock.now()).runs) == 2


def test_a_damaged_block_is_named_and_stops_nothing(store: Store, runs: tuple[Activity, ...]) -> None:
    fill(store, runs)
    store.connection.execute("UPDATE main.stream SET block = x'00' WHERE activity_id = ?", (runs[0].id,))

    derived = compute_results(store)

    assert derived.unreadable == (runs[0].id,)
    assert derived.computed == len(runs) - 1


def test_a_ride_has_results_and_no_best_effort(store: Store, population: Population) -> None:
    every = population.activities(population.people[1].id)
    ride = next(one for one in every if one.sport_type == "Ride" and one.recording is not None)
    fill(store, [ride])

    computed = compute_results(store).computed

    figures = json.loads(store.connection.execute("SELECT figures FROM main.result").fetchone()[0])
    assert computed == 1
    assert figures["distance_m"] == pytest.approx(ride.summary.distance_m, rel=0.01)
    assert figures["moving_time_s"] == pytest.approx(ride.summary.moving_time_s, rel=0.01)
    assert store.connection.execute("SELECT count(*) FROM main.effort").fetchone() == (0,)


def test_loads_in_the_tables_follow_the_settings(store: Store, runs: tuple[Activity, ...]) -> None:
    fill(store, runs)
    compute_results(store, given=AthleteFacts(max_bpm=190, rest_bpm=50))
    before = loads(store)

    compute_results(store, given=AthleteFacts(max_bpm=190, rest_bpm=50, sex="female"))

    after = loads(store)
    assert any(load is not None for load in before)
    assert all(old is None or (new is not None and new > 1.05 * old) for old, new in zip(before, after, strict=True))


def test_what_strava_says_of_the_athlete_stays_out_of_own_data(
    store: Store, runs: tuple[Activity, ...], clock: ManualClock
) -> None:
    fill(store, runs)
    compute_results(store)
    before = loads(store)
    reply = b'{"heart_rate": {"custom_zones": false, "zones": [{"min": 0}, {"min": 90}, {"min": 100}, {"min": 110}]}}'
    store.cached.save_reply("/athlete/zones", reply, expires_at=clock.now() + timedelta(days=7))
    store.cached.save_reply("/athlete", b'{"sex": "F"}', expires_at=clock.now() + timedelta(days=7))

    compute_results(store)

    history = read_history(store, now=clock.now())
    assert history.facts.athlete.sex == "female"
    assert history.facts.athlete.zone_edges_bpm == (90.0, 100.0, 110.0)
    assert loads(store) == before


def test_the_tally_gives_the_loads_that_the_samples_give(runs: tuple[Activity, ...]) -> None:
    athlete = AthleteFacts(max_bpm=190, rest_bpm=50, sex="female", zone_edges_bpm=(120.0, 140.0, 160.0, 175.0))
    checked = 0
    for run in runs:
        assert run.recording is not None
        streams = streams_of(run.recording)
        heart = parse_heart_rate_seconds(json.dumps(run_results(streams).to_json()["heart"]))
        exact = heart_rate_intervals(streams, distance_track(streams))
        if heart is not None and exact is not None:
            rates, known_s = exact.heartrate_bpm, exact.known_s
            load = banister_trimp(rates, known_s, rest_bpm=50, max_bpm=190, sex="female")
            zones_s = time_in_zones_s(rates, exact.moving_s, athlete.zone_edges_bpm)
            assert heart.load(athlete) == pytest.approx(load, rel=1e-4)
            assert heart.edwards_load(athlete) == pytest.approx(edwards_trimp(rates, known_s, max_bpm=190), rel=1e-4)
            assert heart.time_in_zones_s(athlete) == pytest.approx(zones_s, abs=0.1)
            checked += 1
    assert checked >= 3


def save_short_runs(store: Store, last: int, *, first: int = 1) -> None:
    time_s = np.arange(60.0)
    blocks = encode_streams(Streams(time_s=time_s, distance_m=3.0 * time_s))
    for number in range(first, last + 1):
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
        record = ActivityRecord(id=number, source="file", sport="Run", start=start, content=str(number), samples=60)
        store.own.save(record, ImportSource(), EncodedTrack(blocks=blocks))


def test_a_kill_between_two_batches_loses_no_more_than_what_was_not_saved(store: Store, tmp_path: Path) -> None:
    save_short_runs(store, 20)
    code = f"""
import os, signal
from pathlib import Path
from paceport.clock import SystemClock
from paceport.logbook.database.store import Store
from paceport.training.compute import compute_results

def kill_at_18(done, total):
    if done == 18:
        os.kill(os.getpid(), signal.SIGKILL)

with Store(data_dir=Path({str(store.own_path.parent)!r}), cache_dir=Path({str(tmp_path / "other")!r}),
           clock=SystemClock()) as store:
    compute_results(store, progress=kill_at_18)
"""

    ended = subprocess.run([sys.executable, "-c", code], check=False)

    assert ended.returncode == -signal.SIGKILL
    assert store.connection.execute("SELECT count(*) FROM main.result").fetchone() == (16,)
    assert store.connection.execute("SELECT count(*) FROM main.plot_series").fetchone() == (16,)
    assert compute_results(store).computed == 4
    assert store.connection.execute("SELECT count(*), count(DISTINCT distance_m) FROM main.result").fetchone() == (
        20,
        1,
    )
