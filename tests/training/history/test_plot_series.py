"""What a plot shows is stored with the results, and is what the samples give, whatever happened to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.amending.amendment import Change
from paceport.logbook.database.activity_record import EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.history.history import History, read_history
from paceport.training.history.plot_series import read_plot_series
from paceport.training.history.run import Run
from paceport.training.history.run_series import run_streams
from paceport.training.history.series import PLOT_POINTS, PlotSeries
from paceport.training.history.thin_out import plot_series, thin_out
from sandbox_logbook import fill, record_of, streams_of


def is_same(stored: PlotSeries | None, anew: PlotSeries | None) -> bool:
    if stored is None or anew is None:
        return stored is anew
    channels = ("speed_mps", "heartrate_bpm", "altitude_m")
    return (stored.is_by_distance, stored.first, stored.last) == (anew.is_by_distance, anew.first, anew.last) and all(
        (a is None) == (b is None) and (a is None or np.allclose(a, b, rtol=1e-6, equal_nan=True))
        for a, b in ((getattr(stored, name), getattr(anew, name)) for name in channels)
    )


def of_samples(store: Store, history: History, run: Run) -> PlotSeries | None:
    streams = run_streams(store, history, run)
    return None if streams is None else plot_series(streams)


def some(activities: Sequence[Activity], count: int) -> list[Activity]:
    """Those with a recording, of more than one sport."""
    recorded = [one for one in activities if one.recording is not None]
    others = [one for one in recorded if not one.is_run][:1]
    return [*others, *(one for one in recorded if one.is_run)][:count]


def check(store: Store, clock: ManualClock, *, own_only: bool = False) -> int:
    """How many activities have a stored series; each is what the samples give."""
    compute_results(store)
    history = read_history(store, now=clock.now(), sports=None, own_only=own_only)
    stored = [(run, read_plot_series(store, history, run)) for run in history.activities]
    assert all(is_same(series, of_samples(store, history, run)) for run, series in stored)
    return sum(series is not None for _, series in stored)


def test_stored_series_follow_every_change_of_their_samples(
    store: Store, clock: ManualClock, activities: tuple[Activity, ...]
) -> None:
    first, second, third, *cached = some(activities, 5)
    fill(store, [first, second, third])
    fill(store, cached, expires_at=clock.now() + timedelta(days=3))
    assert check(store, clock) == 5

    store.amended.add(second.id, [Change(kind="crop_start", value={"time_s": 120.0})])
    assert check(store, clock) == 5

    assert third.recording is not None
    whole = streams_of(third.recording)
    shorter = Streams(time_s=whole.time_s[:300], distance_m=3.0 * whole.time_s[:300])
    record = replace(record_of(third), content="another", samples=len(shorter))
    store.own.save(record, ImportSource(), EncodedTrack(blocks=encode_streams(shorter)))
    assert check(store, clock) == 5
    assert check(store, clock, own_only=True) == 3

    store.remove(first.id)
    clock.advance(3 * 86_400)
    store.cached.purge()
    assert check(store, clock) == 2
    assert store.connection.execute("SELECT count(*) FROM cache.plot_series").fetchone() == (0,)
    assert store.connection.execute("SELECT count(*) FROM main.plot_series").fetchone() == (2,)


def test_a_stored_series_that_cannot_be_read_is_made_of_the_samples(
    store: Store, clock: ManualClock, activities: tuple[Activity, ...]
) -> None:
    fill(store, some(activities, 2))
    compute_results(store)
    store.connection.execute("UPDATE main.plot_series SET first = 'x'")

    assert check(store, clock) == 2


@st.composite
def samples(draw: st.DrawFn) -> Streams:
    """A few samples in any order of time, with holes in the heart rate."""
    count = draw(st.integers(2, 40))
    steps = draw(st.lists(st.sampled_from([0.0, 1.0, 5.0, -1.0]), min_size=count, max_size=count))
    rates = draw(st.lists(st.sampled_from([np.nan, 0.0, 120.0, 150.0]), min_size=count, max_size=count))
    return Streams(time_s=np.cumsum(steps), heartrate_bpm=np.asarray(rates))


@settings(max_examples=50)
@given(samples(), st.integers(2, 12))
def test_each_point_is_the_mean_of_the_samples_nearest_to_it(streams: Streams, points: int) -> None:
    series = thin_out(streams, points=points)

    assert streams.heartrate_bpm is not None
    known = streams.heartrate_bpm > 0
    if not known.any():
        assert series.heartrate_bpm is None
        return
    assert series.heartrate_bpm is not None
    edges = [-np.inf, *((a + b) / 2 for a, b in zip(series.at_s, series.at_s[1:], strict=False)), np.inf]
    for low, high, found in zip(edges, edges[1:], series.heartrate_bpm, strict=False):
        here = known & (streams.time_s >= low) & (streams.time_s < high)
        if here.any():
            assert found == pytest.approx(streams.heartrate_bpm[here].mean())


def test_what_is_stored_is_enough_for_a_wide_terminal() -> None:
    time_s = np.arange(1000.0)
    series = plot_series(Streams(time_s=time_s, distance_m=3 * time_s, altitude_m=np.sin(time_s / 100)))

    assert series is not None
    assert series.altitude_m is not None
    assert series.heartrate_bpm is None
    assert len(series.altitude_m) == PLOT_POINTS >= 240
