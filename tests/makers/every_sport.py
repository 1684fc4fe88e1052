"""Exports of athletes who do more than run, or something else: a triathlete, a cyclist, a swimmer."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from makers.export_writer import Written
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint

FIRST_DAY = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
_STEP_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One even session of a sport, as it is recorded. None of heart rate, power and speed is recorded where it is None.

    Without a speed the session has no track at all, as what is entered by hand.
    """

    sport: str
    seconds: int = 1800
    speed_mps: float | None = None
    heartrate_bpm: int | None = None
    power_w: int | None = None
    perceived_exertion: float | None = None


def triathlete(days: int = 14) -> list[Session]:
    """A run, a ride and a swim on each day, every seventh day without a heart rate; strength, and more."""
    sessions = []
    for day in range(days):
        rng, heart = random.Random(day), None if day % 7 == 6 else 150 + day % 5
        sessions += [
            Session(sport="Run", speed_mps=3.0 + rng.random() / 4, heartrate_bpm=heart),
            Session(sport="Ride", seconds=3600, speed_mps=8.0, heartrate_bpm=heart and heart - 20, power_w=180 + day),
            Session(sport="Swim", speed_mps=0.85, heartrate_bpm=heart and heart - 30),
        ]
    return [
        *sessions,
        Session(sport="Weight Training", perceived_exertion=5),
        Session(sport="Aikido", seconds=5400),
        Session(sport="Hike", seconds=7200, speed_mps=0.6, heartrate_bpm=110),
    ]


def cyclist(days: int = 14) -> list[Session]:
    """Rides alone: with a heart rate and power, with power alone, with neither."""
    kinds: tuple[dict[str, int], ...] = (
        {"heartrate_bpm": 140, "power_w": 200},
        {"power_w": 210},
        {"heartrate_bpm": 135, "power_w": 190},
        {},
    )
    sports = ("Ride", "Gravel Ride", "Virtual Ride", "Ride")
    return [
        Session(sport=sports[day % 4], seconds=3600, speed_mps=7.5 + day / 50, **kinds[day % 4]) for day in range(days)
    ]


def swimmer(days: int = 14) -> list[Session]:
    """Swims alone, none with a heart rate, every other one without a track."""
    return [Session(sport="Swim", speed_mps=None if day % 2 else 0.9, perceived_exertion=4) for day in range(days)]


def written(sessions: Sequence[Session]) -> list[Written]:
    """The sessions as activities of an export, three a day."""
    made = []
    for number, one in enumerate(sessions):
        start = FIRST_DAY + timedelta(days=number // 3, hours=4 * (number % 3))
        track = b"" if one.speed_mps is None else tcx(one, start)
        made.append(
            Written(
                id=8_000_000_000 + number,
                start=start,
                name=f"{one.sport} {number}",
                sport=one.sport,
                distance_m=(one.speed_mps or 0.0) * one.seconds,
                moving_time_s=float(one.seconds),
                elapsed_time_s=float(one.seconds),
                elevation_gain_m=0.0,
                filename=f"activities/{number}.tcx" if track else "",
                track=track,
                perceived_exertion=one.perceived_exertion,
            )
        )
    return made


def tcx(one: Session, start: datetime) -> bytes:
    """The session as a watch writes it: a point every twenty seconds, a counted distance, no positions."""
    points = [
        TrackPoint(
            time=start + timedelta(seconds=second),
            distance_m=round((one.speed_mps or 0.0) * second, 2),
            heartrate_bpm=one.heartrate_bpm,
            power_w=one.power_w,
        )
        for second in range(0, one.seconds + 1, _STEP_S)
    ]
    lap = TcxLap(start=start, points=points, timer_s=float(one.seconds), distance_m=points[-1].distance_m)
    sport = {"Run": "Running", "Ride": "Biking"}.get(one.sport, "Other")
    return write_tcx([TcxActivity(laps=[lap], sport=sport)])
