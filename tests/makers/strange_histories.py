"""Strange logbooks: one run of 10 m, one of 100 hours, ten silent years between two, treadmills or rides alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from makers.export_writer import Written
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """An even activity; `start` is its first moment. None of what is None was recorded."""

    start: datetime = NOON
    seconds: int = 3000
    speed_mps: float = 3.0
    heartrate_bpm: int | None = 150
    sport: str = "Run"
    has_track: bool = True
    is_indoor: bool = False


STRANGE_HISTORIES: Mapping[str, Sequence[Outing]] = {
    "one run": (Outing(),),
    "one run of 10 m": (Outing(seconds=5, speed_mps=2.0),),
    "one run of 100 hours": (Outing(seconds=360_000, speed_mps=2.0),),
    "treadmills alone": tuple(Outing(start=NOON + timedelta(days=day), is_indoor=True) for day in range(5)),
    "rides alone": tuple(
        Outing(start=NOON + timedelta(days=day), sport="Ride", speed_mps=8.0 + day / 10) for day in range(5)
    ),
    "no heart rate": tuple(Outing(start=NOON + timedelta(days=day), heartrate_bpm=None) for day in range(5)),
    "ten silent years": (Outing(start=NOON - timedelta(days=3650)), Outing()),
    "a minute apart": (Outing(seconds=600), Outing(start=NOON + timedelta(seconds=660), seconds=600)),
    "all on one day": tuple(Outing(start=NOON + timedelta(hours=hour - 12)) for hour in range(0, 24, 3)),
    "by hand alone": tuple(Outing(start=NOON + timedelta(days=day), has_track=False) for day in range(5)),
}


def written_outings(outings: Sequence[Outing]) -> list[Written]:
    """The activities as an export has them."""
    return [_written(number, one) for number, one in enumerate(outings)]


def _written(number: int, one: Outing) -> Written:
    distance_m = one.speed_mps * one.seconds
    track = _tcx(one) if one.has_track else b""
    return Written(
        id=9_000_000_000 + number,
        start=one.start,
        name="Treadmill" if one.is_indoor else f"{one.sport} {number}",
        sport=one.sport,
        distance_m=distance_m,
        moving_time_s=float(one.seconds),
        elapsed_time_s=float(one.seconds),
        filename=f"activities/{number}.tcx" if track else "",
        track=track,
    )


def _tcx(one: Outing) -> bytes:
    step_s = 20 if one.seconds > 60 else 1
    points = [
        TrackPoint(
            time=one.start + timedelta(seconds=second),
            position=None if one.is_indoor else (f"{48.2 + second * one.speed_mps / 111_195:.7f}", "16.3"),
            altitude_m=None if one.is_indoor else 200.0,
            distance_m=one.speed_mps * second,
            heartrate_bpm=one.heartrate_bpm,
        )
        for second in range(0, one.seconds + 1, step_s)
    ]
    lap = TcxLap(start=one.start, points=points, timer_s=float(one.seconds), distance_m=points[-1].distance_m)
    sport = "treadmill_running" if one.is_indoor else "Running" if one.sport == "Run" else "Biking"
    return write_tcx([TcxActivity(laps=[lap], sport=sport)])
