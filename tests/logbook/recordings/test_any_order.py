"""Whatever order the recordings of a run come in, the same runs stand in the logbook at the end."""

import functools
import gzip
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.export_writer import Written, write_zip
from makers.gpx_writer import write_gpx
from makers.track_point import TrackPoint
from paceport.clock import ManualClock
from paceport.logbook.database.activity_record import ActivityRecord
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.syncing.write_activity import match_own_data

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
STRAVA_ID = 7_000_000_001
NOW = datetime(2026, 5, 2, tzinfo=UTC)


def recording(first: int, last: int, *, late_s: int = 0, east: float = 0.0, has_heart: bool = False) -> bytes:
    """The run from its second `first` to `last`, recorded by a device whose clock is `late_s` late."""
    points = [
        TrackPoint(
            time=START + timedelta(seconds=second + late_s),
            position=(f"{48.2 + 3 * second / 111_195:.7f}", f"{16.3 + east:.7f}"),
            altitude_m=200.0,
            heartrate_bpm=150 if has_heart else None,
        )
        for second in range(first, last + 1, 2)
    ]
    return write_gpx(points, name="a file")


WATCH = recording(0, 240, has_heart=True)
FILES = {
    "watch.gpx": WATCH,
    "watch-again.gpx.gz": gzip.compress(WATCH, mtime=1),
    "phone.gpx": recording(4, 240, late_s=2, east=0.0001),
    "phone-of-another-maker.gpx": recording(0, 236, late_s=1, east=0.0002),
    "cropped.gpx": recording(40, 240, has_heart=True),
    "next-day.gpx": recording(86_400, 86_500),
}
# The distance was corrected at the site, the file in the export was not.
ROW = Written(
    id=STRAVA_ID,
    start=START,
    name="Tempo",
    distance_m=950.0,
    moving_time_s=240.0,
    elapsed_time_s=240.0,
    filename="activities/1.gpx",
    track=WATCH,
)
PIECES = (*FILES, "export", "API")


@contextmanager
def empty_logbook() -> Iterator[tuple[Store, Callable[[str], None]]]:
    clock = ManualClock(NOW)
    with TemporaryDirectory() as folder:
        place = Path(folder)
        for name, content in FILES.items():
            (place / name).write_bytes(content)
        write_zip(place / "export", [ROW])
        with Store(data_dir=place / "data", cache_dir=place / "cache", clock=clock) as store:

            def take(piece: str) -> None:
                if piece == "API":
                    store.cached.save(
                        ActivityRecord(
                            id=STRAVA_ID, source="api", sport="Run", start=START, content="api", name="Tempo with Ann",
                            distance_m=950.0, elapsed_time_s=240.0, moving_time_s=238.0, average_heartrate_bpm=151.0,
                        ),
                        expires_at=NOW + timedelta(days=5),
                    )  # fmt: skip
                else:
                    import_paths([place / piece], store=store, clock=clock, processes=0)
                match_own_data(store)

            yield store, take


def outcome(store: Store) -> object:
    """Everything that is shown of the runs: their rows with and without the cache, and their samples."""
    rows = [
        store.connection.execute(f"SELECT * FROM {schema}.run ORDER BY id").fetchall() for schema in ("main", "temp")
    ]
    ids = [one for (one,) in store.connection.execute("SELECT id FROM temp.run ORDER BY id")]
    samples = []
    for one in ids:
        found = store.streams(one)
        channels = found.channels() if found else {}
        samples.append({name: np.nan_to_num(channel, nan=-1.0).round(6).tolist() for name, channel in channels.items()})
    return rows, samples, sorted(store.recording_rows.others())


def in_order(pieces: Sequence[str]) -> object:
    with empty_logbook() as (store, take):
        for piece in pieces:
            take(piece)
        return outcome(store)


def test_all_recordings_of_a_run_are_one() -> None:
    with empty_logbook() as (store, take):
        for piece in PIECES:
            take(piece)

        assert store.query("SELECT id, name, distance_m, other_recordings FROM run ORDER BY start_utc").rows[0] == (
            STRAVA_ID, "Tempo with Ann", 950.0, 3,
        )  # fmt: skip
        assert store.query("SELECT count(*) FROM run").rows == [(2,)]


def test_a_distance_corrected_at_the_site_is_that_of_the_file_there() -> None:
    with empty_logbook() as (store, take):
        take("watch.gpx")
        take("API")

        assert store.query("SELECT distance_m, source FROM run").rows == [(950.0, "both")]


@functools.cache
def in_sorted_order(pieces: frozenset[str]) -> object:
    return in_order(sorted(pieces))


@settings(max_examples=5, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=2, unique=True))
def test_any_order_of_imports_ends_in_the_same_runs(order: list[str]) -> None:
    assert in_order(order) == in_sorted_order(frozenset(order))


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(4))
def test_many_orders_of_any_recordings_end_in_the_same_runs(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(30):
        order = rng.sample(PIECES, rng.randrange(2, len(PIECES) + 1))
        assert in_order(order) == in_sorted_order(frozenset(order)), order
