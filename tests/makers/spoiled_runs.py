"""A run of 1,800 m in ten minutes straight north, written whole or with one defect, as GPX, TCX or FIT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from makers.fit_writer import FIT_EPOCH_S, FitWriter
from makers.gpx_writer import write_gpx
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint

START = datetime(2024, 5, 4, 8, tzinfo=UTC)
SECONDS, SPEED_MPS = 600, 3.0
DEGREE_M = 111_195.08
LATITUDE_DEG, LONGITUDE_DEG = 48.2, 16.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """What is recorded at one second of the run."""

    time_s: float
    north_m: float
    east_m: float = 0.0
    altitude_m: float = 200.0
    strides: int = 86
    counter_m: float = 0.0


def whole_run() -> list[Second]:
    """A sample a second."""
    return [
        Second(time_s=at, north_m=at * SPEED_MPS, counter_m=at * SPEED_MPS, altitude_m=200 + at % 3 * 0.2)
        for at in range(SECONDS + 1)
    ]


def changed(run: Sequence[Second], places: range, **changes: float) -> list[Second]:
    """The run with other values at these samples."""
    return [replace(each, **changes) if at in places else each for at, each in enumerate(run)]  # type: ignore[arg-type]


def moved(run: Sequence[Second], first: int, *, time_s: float = 0.0, north_m: float = 0.0) -> list[Second]:
    """The run with all samples from `first` on later and farther north."""
    return [
        replace(each, time_s=each.time_s + time_s, north_m=each.north_m + north_m) if at >= first else each
        for at, each in enumerate(run)
    ]


def as_points(run: Sequence[Second], *, with_counter: bool = False) -> list[TrackPoint]:
    """The run as points of GPX or TCX."""
    return [
        TrackPoint(
            time=START + timedelta(seconds=each.time_s),
            position=(
                f"{LATITUDE_DEG + each.north_m / DEGREE_M:.7f}",
                f"{LONGITUDE_DEG + each.east_m / DEGREE_M / 0.6665:.7f}",
            ),
            altitude_m=each.altitude_m,
            distance_m=each.counter_m if with_counter else None,
            strides_per_minute=each.strides,
        )
        for each in run
    ]


def as_gpx(run: Sequence[Second], *, begins: Sequence[int] = ()) -> bytes:
    """Positions and no distance, as GPX has it."""
    return write_gpx(as_points(run), begins=begins)


def as_tcx(run: Sequence[Second], *, laps: Sequence[int] = (0,), timer_s: Mapping[int, float] | None = None) -> bytes:
    """With the device's counter, in laps that begin at these samples; `timer_s` are totals by lap."""
    points = as_points(run, with_counter=True)
    bounds = [*laps, len(points)]
    pieces = [points[first:end] for first, end in pairwise(bounds)]
    written = [
        TcxLap(start=piece[0].time or START, points=piece, timer_s=(timer_s or {}).get(number))
        for number, piece in enumerate(pieces)
    ]
    return write_tcx([TcxActivity(laps=written)])


def as_fit(run: Sequence[Second], *, elapsed_s: float | None = None, odd_s: Mapping[int, int] | None = None) -> bytes:
    """With every channel; `elapsed_s` is what the session states, `odd_s` moves the clock of single records."""
    begun = int(START.timestamp()) - FIT_EPOCH_S
    writer = FitWriter()
    writer.file_id()
    names = ("timestamp", "position_lat", "position_long", "distance", "enhanced_altitude", "cadence")
    writer.records(
        names,
        [
            [
                begun + int(each.time_s) + (odd_s or {}).get(at, 0),
                round((LATITUDE_DEG + each.north_m / DEGREE_M) / 180 * 2**31),
                round((LONGITUDE_DEG + each.east_m / DEGREE_M / 0.6665) / 180 * 2**31),
                round(each.counter_m * 100),
                round((each.altitude_m + 500) * 5),
                each.strides,
            ]
            for at, each in enumerate(run)
        ],
    )
    stated_s = run[-1].time_s if elapsed_s is None else elapsed_s
    writer.session(begun, stated_s, distance_m=max(each.counter_m for each in run))
    return writer.finish()
