"""What is stored of a run for questions about many: each figure beside what the run was made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.effective_vo2max import oxygen_cost_ml, share_of_vo2max

MORNING = datetime(2026, 11, 20, 7, tzinfo=UTC)
FACTS = AthleteFacts(max_bpm=190, rest_bpm=50)
SECONDS = 7200


def hilly_run() -> Streams:
    """Two hours at 3 m/s: an hour on the flat, then up 10 % and down again, at 150 W, 18 °C and a rising heart rate."""
    time_s = np.arange(SECONDS + 1.0)
    up = np.interp(time_s, [0, 3600, 5400, 7200], [0, 0, 540, 0])
    return Streams(
        time_s=time_s,
        distance_m=3.0 * time_s,
        altitude_m=100.0 + up,
        heartrate_bpm=np.interp(time_s, [0, SECONDS], [140, 160]),
        power_w=np.full(len(time_s), 150.0),
        temperature_c=np.full(len(time_s), 18.0),
    )


def save(store: Store, streams: Streams, *, cached_until: datetime | None = None) -> None:
    record = ActivityRecord(
        id=1,
        source="api" if cached_until else "archive",
        sport="Run",
        start=MORNING,
        content="1",
        samples=len(streams),
        timezone="UTC",
    )
    parts = EncodedTrack(blocks=encode_streams(streams))
    if cached_until:
        store.cached.save(record, expires_at=cached_until)
        store.synced.save_streams(1, parts.blocks, expires_at=cached_until)
    else:
        store.own.save(record, ImportSource(), parts)
    compute_results(store, given=FACTS)


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(query).fetchall()


@pytest.fixture
def hilly(store: Store) -> Store:
    save(store, hilly_run())
    return store


def test_the_best_of_each_duration_is_there(hilly: Store) -> None:
    found = rows(hilly, "SELECT duration_s, speed_mps, adjusted_speed_mps, power_w FROM best_by_duration")

    assert [duration_s for duration_s, *_ in found] == [15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200]
    assert [speed for _, speed, _, _ in found] == pytest.approx([3.0] * 10)
    assert [power for *_, power in found] == pytest.approx([150.0] * 10)
    # A metre at 10 % is worth 1.47 on the flat.
    assert found[5][2] == pytest.approx(3 * 1.4702, rel=0.01)


def test_the_time_at_each_grade_adds_up_to_the_run(hilly: Store) -> None:
    found = rows(hilly, "SELECT grade_percent, moving_time_s, distance_m, average_heartrate_bpm FROM run_grade")

    assert sum(seconds for _, seconds, _, _ in found) == pytest.approx(SECONDS)
    assert sum(metres for _, _, metres, _ in found) == pytest.approx(3 * SECONDS)
    by_grade = {grade: seconds for grade, seconds, *_ in found}
    assert by_grade[10] == pytest.approx(1800, abs=30)
    assert by_grade[-10] == pytest.approx(1800, abs=30)


def test_the_time_at_each_speed_adds_up_to_the_run(hilly: Store) -> None:
    found = rows(hilly, "SELECT speed_mps, moving_time_s FROM run_speed ORDER BY speed_mps")

    assert sum(seconds for _, seconds in found) == pytest.approx(SECONDS, abs=1)
    at_3 = sum(seconds for speed, seconds in found if abs(speed - 3.0) < 0.06)
    assert at_3 == pytest.approx(3600, abs=60)


def test_the_figures_of_a_run_are_what_it_was_made_of(hilly: Store) -> None:
    (found,) = rows(
        hilly,
        "SELECT climbed_m, climb_rate_m_per_h, power_w, work_kj, temperature_c, durability_ratio FROM run_measure",
    )

    assert found[:5] == pytest.approx((540, 1080, 150, 150 * 7.2, 18), rel=0.02)
    # The last five kilometres (from 15 km) lie on both slopes: 1.4702 up, 0.8841 down; the reference is flat.
    assert found[5] is not None


def test_the_effective_uptake_follows_the_athletes_maximum(store: Store) -> None:
    time_s = np.arange(3601.0)
    save(store, Streams(time_s=time_s, distance_m=3.0 * time_s, heartrate_bpm=np.full(3601, 150.0)))

    (first,) = rows(store, "SELECT effective_vo2max FROM run_measure")
    compute_results(store, given=AthleteFacts(max_bpm=200, rest_bpm=50))
    (second,) = rows(store, "SELECT effective_vo2max FROM run_measure")

    assert first == pytest.approx((oxygen_cost_ml(3.0) / share_of_vo2max(150 / 190),))
    assert second == pytest.approx((oxygen_cost_ml(3.0) / share_of_vo2max(150 / 200),))


TABLES = ("measure", "duration_best", "grade_bin")


@pytest.mark.parametrize("table", TABLES)
def test_measures_go_with_the_samples_that_they_were_taken_from(hilly: Store, table: str) -> None:
    count = f"SELECT count(*) FROM main.{table}"
    before = rows(hilly, count)[0][0]

    hilly.remove(1)

    assert (before > 0, rows(hilly, count)[0][0]) == (True, 0)


@pytest.mark.parametrize("table", TABLES)
def test_cached_measures_expire_with_their_run(store: Store, clock: ManualClock, table: str) -> None:
    save(store, hilly_run(), cached_until=clock.now() + timedelta(days=3))
    count = f"SELECT count(*) FROM cache.{table}"
    before = rows(store, count)[0][0]

    store.connection.execute("UPDATE cache.result SET expires_at = '2026-11-23T00:00:00Z'")
    sooner = {row[0] for row in rows(store, f"SELECT expires_at FROM cache.{table}")}
    clock.advance(timedelta(days=4).total_seconds())
    shown = rows(store, "SELECT count(*) FROM run_measure")[0][0]
    store.cached.purge()

    assert before > 0
    assert sooner == {"2026-11-23T00:00:00Z"}
    assert (shown, rows(store, count)[0][0], rows(store, f"SELECT count(*) FROM main.{table}")[0][0]) == (0, 0, 0)
