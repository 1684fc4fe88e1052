"""Logbooks for the report's tests: runs on a loop with hills, as many and as odd as a test wants."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from paceport.clock import Clock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.history.history import History, read_history

FIRST = datetime(2025, 3, 3, 6, 30, tzinfo=UTC)


def loop_streams(*, minutes: float = 30.0, speed_mps: float = 3.0, has_heart: bool = True, seed: int = 1) -> Streams:
    """A run round a square park, a sample each 5 s; half a kilometre a side, so that a trimmed end shows."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, minutes * 60 + 1, 5.0)
    distance_m = np.round(speed_mps * time_s, 1)
    side, along = np.divmod(distance_m / 500.0, 1.0)
    east = np.choose(side.astype(int) % 4, [along, np.ones_like(along), 1 - along, np.zeros_like(along)]) * 500
    north = np.choose(side.astype(int) % 4, [np.zeros_like(along), along, np.ones_like(along), 1 - along]) * 500
    return Streams(
        time_s=time_s,
        distance_m=distance_m,
        latitude_deg=48.0 + north / 111_195.0,
        longitude_deg=11.0 + east / 74_400.0,
        altitude_m=np.round(500 + 20 * np.sin(distance_m / 300), 1),
        heartrate_bpm=np.round(140 + 15 * np.sin(time_s / 200) + rng.normal(0, 1, len(time_s))) if has_heart else None,
        cadence_spm=np.full(len(time_s), 170.0),
    )


def record(number: int, **changed: object) -> ActivityRecord:
    """The columns of a run; `changed` ones are the test's own."""
    made = ActivityRecord(
        id=1000 + number,
        source="archive",
        sport="Run",
        start=FIRST + timedelta(days=2 * number),
        content=f"content {number}",
        name=f"Loop {number}",
        timezone="Europe/Berlin",
        zone_source="position",
        gear="Blue pair" if number % 3 else "Red pair",
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # a test names columns


def save(store: Store, number: int, streams: Streams | None = None, **changed: object) -> ActivityRecord:
    """An own run in the logbook, with its samples if there are any."""
    made = record(number, samples=0 if streams is None else len(streams), **changed)
    blocks = {} if streams is None else encode_streams(streams)
    store.own.save(made, ImportSource(), EncodedTrack(blocks=blocks))
    return made


def fill(store: Store, count: int, *, has_heart: bool = True, name: Callable[[int], str] | None = None) -> None:
    """So many runs, one each second day, a little faster each time; results computed."""
    for number in range(count):
        streams = loop_streams(
            minutes=25 + number % 4 * 5, speed_mps=2.8 + 0.005 * number, has_heart=has_heart, seed=number
        )
        save(store, number, streams, **({"name": name(number)} if name else {}))
    compute_results(store)


def history_of(store: Store, clock: Clock, *, own_only: bool = False) -> History:
    """The history as the report reads it."""
    compute_results(store)
    return read_history(store, now=clock.now(), own_only=own_only, with_routes=True)
