"""What all runs together say of the athlete, in SQL: as the commands say it, as of today, and erased with the cache."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.history.athlete_results import update_athlete_results
from paceport.training.history.heat_of_runs import heat_of_runs
from paceport.training.history.hills import hills
from paceport.training.history.history import read_history
from paceport.training.history.predictions import predictions
from paceport.training.metrics.athlete import AthleteFacts, SeasonHeartRate
from paceport.training.metrics.heat import HeatEffect
from paceport.training.metrics.own_grade_model import OwnGradeModel

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GIVEN = AthleteFacts(rest_bpm=50.0, seasons=(SeasonHeartRate(2025, 199.0, ()),))


def run_of(number: int, days_ago: float, speed_mps: float, rate_bpm: float) -> tuple[ActivityRecord, EncodedTrack]:
    """Half an hour at this speed; every third one over hills, all with a temperature."""
    time_s = np.arange(0.0, 1801.0, 5.0)
    streams = Streams(
        time_s=time_s,
        distance_m=time_s * speed_mps,
        heartrate_bpm=np.full(len(time_s), rate_bpm),
        altitude_m=np.full(len(time_s), 100.0),
    )
    record = ActivityRecord(
        id=number,
        source="archive",
        sport="Run",
        start=NOON - timedelta(days=days_ago),
        timezone="UTC",
        content=str(number),
        samples=len(streams),
        temperature_c=float(number % 25),
    )
    return record, EncodedTrack(blocks=encode_streams(streams))


@pytest.fixture
def athlete(store: Store) -> Store:
    """Five runs of the last days."""
    return filled(store, 5)


@pytest.fixture
def well_known(store: Store) -> Store:
    """45 runs of the last 90 days, warmer ones slower, and one of the year before."""
    record, parts = run_of(99, 400, 3.2, 170.0)
    store.own.save(record, ImportSource(), parts)
    return filled(store, 45)


def filled(store: Store, runs: int) -> Store:
    for number in range(1, runs + 1):
        rate_bpm = 140.0 + number % 7
        record, parts = run_of(number, 2.0 * number, 3.0 - 0.01 * (number % 25) + number % 3 / 100, rate_bpm)
        store.own.save(record, ImportSource(), parts)
    for _ in range(2):  # the second finds nothing to do, and says so from then on
        compute_results(store, given=GIVEN)
    return store


def update(store: Store, clock: ManualClock) -> None:
    update_athlete_results(store, now=clock.now(), given=GIVEN, timezone=None)


def rows(store: Store, view: str, database: str = "temp") -> list[dict[str, object]]:
    cursor = store.connection.execute(f"SELECT * FROM {database}.{view}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_the_views_say_what_the_answers_say(well_known: Store, clock: ManualClock) -> None:
    athlete = well_known
    update(athlete, clock)
    history = read_history(athlete, now=clock.now(), given=GIVEN)
    found, heat, own = (
        predictions(history),
        heat_of_runs(athlete, history, history.runs),
        hills(athlete, history, history.runs).own,
    )

    said = {
        row["distance_m"]: (row["time_s"], row["low_s"], row["high_s"], row["model"])
        for row in rows(athlete, "prediction")
    }
    known = {one.distance_m: (one.time_s, one.low_s, one.high_s, one.model) for one in found.recommended}
    assert said == known | {one.distance_m: (None,) * 4 for one in found.not_known}
    times = {
        (row["model"], row["distance_m"]): row["time_s"] for row in rows(athlete, "model_prediction") if row["time_s"]
    }
    assert times == {(one.model, one.distance_m): one.time_s for one in found.model_times}
    assert isinstance(heat, HeatEffect)
    (effect,) = rows(athlete, "heat_effect")
    assert (effect["percent_per_c"], effect["runs"], effect["is_clear"]) == (heat.percent_per_c, 46, 1)
    assert not isinstance(own, OwnGradeModel)
    assert [row["not_known_because"] for row in rows(athlete, "own_grade_factor")] == [own.reason]
    assert [(row["year"], row["max_bpm"]) for row in rows(athlete, "maximum_heartrate")] == [
        *((None, history.facts.athlete.max_bpm), (2025, 199.0), (2026, history.facts.athlete.max_bpm))
    ]
    assert {row["as_of"] for view in ("prediction", "heat_effect") for row in rows(athlete, view)} == {"2026-11-22"}


def test_another_day_gives_other_answers_and_the_same_hour_the_kept_ones(athlete: Store, clock: ManualClock) -> None:
    update(athlete, clock)
    athlete.connection.execute("UPDATE athlete_result SET as_of = 'kept'")

    update(athlete, clock)
    assert {row["as_of"] for row in rows(athlete, "prediction")} == {"kept"}

    clock.advance(100 * 86400)
    update(athlete, clock)
    assert {row["not_known_because"] is None for row in rows(athlete, "prediction")} == {False}


def test_what_the_api_gave_stays_out_of_own_data_and_goes_with_the_cache(athlete: Store, clock: ManualClock) -> None:
    update(athlete, clock)
    own = rows(athlete, "prediction")
    record, parts = run_of(7_000, 1.0, 3.5, 180.0)
    expires_at = clock.now() + timedelta(days=3)
    athlete.cached.save(record, expires_at=expires_at)
    athlete.synced.save_streams(record.id, parts.blocks, expires_at=expires_at)
    compute_results(athlete, given=GIVEN)

    update(athlete, clock)

    both = rows(athlete, "prediction")
    assert both[0]["time_s"] < own[0]["time_s"]  # type: ignore[operator]  # numbers
    assert {row["expires_at"] for row in both} == {"2026-11-25T08:00:00Z"}
    assert rows(athlete, "prediction", "main") == own

    clock.advance(4 * 86400)
    assert [row["time_s"] for row in rows(athlete, "prediction")] == [row["time_s"] for row in own]
