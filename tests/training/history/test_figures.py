"""Sums, form, pace, predictions and single runs, from histories small enough to check by hand."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.history import (
    form_series,
    progress,
    regularity,
    run_detail,
    run_series,
    volume,
    zone_times,
)
from paceport.training.history.history import History, read_history
from paceport.training.metrics.athlete import AthleteFacts

MORNING = datetime(2026, 11, 21, 7, tzinfo=UTC)
FACTS = AthleteFacts(max_bpm=190, rest_bpm=50)


def save(store: Store, number: int, start: datetime, streams: Streams | None = None, **more: object) -> None:
    values: dict[str, object] = {"source": "archive", "sport": "Run", "content": str(number), **more}
    record = ActivityRecord(
        id=number,
        start=start,
        samples=0 if streams is None else len(streams),
        **values,  # type: ignore[arg-type]  # a test's shorthand
    )
    store.own.save(record, ImportSource(), EncodedTrack(blocks=encode_streams(streams) if streams else {}))


def even_run(speed_mps: float, seconds: int, heartrate_bpm: float | None = None) -> Streams:
    time_s = np.arange(float(seconds + 1))
    rate = None if heartrate_bpm is None else np.full(seconds + 1, heartrate_bpm)
    return Streams(time_s=time_s, distance_m=time_s * speed_mps, heartrate_bpm=rate)


def read(store: Store, clock: ManualClock) -> History:
    compute_results(store, given=FACTS)
    return read_history(store, now=clock.now(), given=FACTS)


def test_a_year_stands_beside_the_last(store: Store, clock: ManualClock) -> None:
    for number, (start, metres) in enumerate(
        (
            (datetime(2025, 1, 1, 7, tzinfo=UTC), 5000.0),
            (datetime(2025, 12, 31, 7, tzinfo=UTC), 7000.0),
            (datetime(2026, 3, 1, 7, tzinfo=UTC), 8000.0),
        ),
        1,
    ):
        save(store, number, start, distance_m=metres)

    years = volume.year_beside_last(read(store, clock))

    assert (years.this[0], years.this[-1], years.last[0], years.last[-1]) == (0.0, 8000.0, 5000.0, 12000.0)
    assert len(years.this) == date(2026, 11, 22).timetuple().tm_yday
    assert years.ahead_m == 3000.0


def test_weeks_without_a_run_are_zero_and_runs_without_a_length_are_not_known(store: Store, clock: ManualClock) -> None:
    save(store, 1, MORNING - timedelta(weeks=2))
    save(store, 2, MORNING, distance_m=5000.0)

    history = read(store, clock)
    weeks = volume.by_week(history.runs, first=history.runs[0].day, last=history.runs[-1].day)

    assert [week.distance_m for week in weeks] == [None, 0.0, 5000.0]
    assert [week.runs for week in weeks] == [1, 0, 1]


def test_a_day_of_300_km_is_counted_as_it_is(store: Store, clock: ManualClock) -> None:
    for number in range(3):
        save(store, number + 1, MORNING + timedelta(hours=number), distance_m=100_000.0)

    history = read(store, clock)

    assert volume.overall(history.runs).distance_m == 300_000.0
    assert regularity.streaks_and_eddington(history).eddington_km.number == 1


def test_form_counts_days_without_a_run_and_says_what_it_rests_on(store: Store, clock: ManualClock) -> None:
    save(store, 1, MORNING - timedelta(days=10), even_run(3.0, 3600, 150.0))
    save(store, 2, MORNING, distance_m=5000.0)

    series = form_series.form_series(read(store, clock))

    assert len(series.days) == 12
    assert series.loads[0] == pytest.approx(60 * (100 / 140) * 0.64 * np.exp(1.92 * 100 / 140))
    assert series.loads[1:] == (0.0,) * 11
    assert (series.recent_runs, series.known_runs) == (2, 1)


def test_neither_heart_rate_nor_threshold_means_no_form_instead_of_zero(store: Store, clock: ManualClock) -> None:
    save(store, 1, MORNING, even_run(3.0, 1800))

    history = read(store, clock)

    assert form_series.form_series(history).days == ()
    assert zone_times.zone_times(history).total_s == ()
    assert volume.overall(history.runs).load is None


def test_zones_hold_the_moving_time(store: Store, clock: ManualClock) -> None:
    save(store, 1, MORNING, even_run(3.0, 3600, 150.0))

    times = zone_times.zone_times(read(store, clock))

    assert times.edges_bpm == (124.0, 154.0, 169.0, 184.0)
    assert times.total_s == (0.0, 3600.0, 0.0, 0.0, 0.0)


def test_pace_leaves_out_runs_under_two_kilometres(store: Store, clock: ManualClock) -> None:
    save(store, 1, MORNING, distance_m=1900.0, moving_time_s=600.0)
    save(store, 2, MORNING + timedelta(hours=1), distance_m=2000.0, moving_time_s=500.0)

    trend = progress.pace_trend(read(store, clock).runs)

    assert [speed for _, speed, _ in trend.points] == [4.0]
    assert trend.speed is None


def test_a_series_follows_the_samples(store: Store, clock: ManualClock) -> None:
    streams = even_run(3.0, 3600, 150.0)
    save(store, 1, MORNING, streams)
    history = read(store, clock)

    series = run_series.run_series(store, history, history.runs[0], points=50)

    assert series is not None
    assert series.at_m is not None
    assert series.speed_mps is not None
    assert series.heartrate_bpm is not None
    assert (series.at_m[0], series.at_m[-1]) == (0.0, 10_800.0)
    assert series.speed_mps == pytest.approx([3.0] * 50)
    assert set(series.heartrate_bpm) == {150.0}
    assert series.altitude_m is None


def test_a_run_without_samples_has_no_series_and_no_splits(store: Store, clock: ManualClock) -> None:
    save(store, 1, MORNING, distance_m=5000.0)
    history = read(store, clock)

    shown = run_detail.run_detail(store, history, history.runs[0])

    assert run_series.run_series(store, history, history.runs[0]) is None
    assert (shown.splits_km, shown.best_efforts, shown.figures) == ((), (), {})
