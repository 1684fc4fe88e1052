"""What surrounds a recording: when it began, what recorded it, how it is filed and who may see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from paceport.sandbox.athletes.devices import PHONE, Device
from paceport.sandbox.athletes.personas import Persona
from paceport.sandbox.athletes.training_plan import Session

SPORTS = {"trail": "TrailRun", "ride": "Ride", "walk": "Walk", "weights": "WeightTraining"}


def sport_type(rng: Random, kind: str) -> str:
    """The SportType word; some treadmills are in a virtual world."""
    return "VirtualRun" if kind == "treadmill" and rng.random() < 0.3 else SPORTS.get(kind, "Run")


def start_time(rng: Random, session: Session, timezone: str) -> tuple[datetime, int, int]:
    """The beginning in UTC, the offset from it in seconds, and the hour on the wall."""
    weekend = session.day.weekday() >= 5
    first, last = (6 * 60 + 10, 7 * 60 + 20) if rng.random() < 0.6 else (17 * 60, 18 * 60 + 50)
    usual_minutes = {"race": (600, 600), "commute": (425, 455), "workout": (1040, 1090), "weights": (1140, 1200)}
    usual_minutes |= {"ride": (950, 1010), "walk": (840, 930), "recovery": (375, 440), "long": (510, 620)}
    if session.kind in usual_minutes:
        first, last = usual_minutes[session.kind]
    elif weekend:
        first, last = 500, 630
    minute = rng.randint(first, last)
    second = 0 if session.kind == "manual" else rng.randrange(60)
    midnight = datetime(session.day.year, session.day.month, session.day.day, tzinfo=ZoneInfo(timezone))
    local = midnight.replace(hour=minute // 60, minute=minute % 60, second=second)
    offset = local.utcoffset() or timedelta()
    return local.astimezone(UTC), int(offset.total_seconds()), local.hour


def device_of(persona: Persona, session: Session) -> Device:
    """What the athlete records it with."""
    if session.kind == "ride" and persona.bike_device is not None:
        return persona.bike_device
    return [device for day, device in persona.devices if day <= session.day][-1]


def external_id(rng: Random, device: str) -> str:
    """The name under which a device hands its recording in."""
    if device == PHONE.name:
        return f"{rng.getrandbits(128):032X}-activity.fit"
    return f"{device.split()[0].lower()}_ping_{rng.randint(10**11, 10**12 - 1)}"


def workout_type(kind: str) -> int | None:
    """The service's number: 1 race, 2 long run, 3 workout, 10 ride, 0 for other runs."""
    return {"race": 1, "long": 2, "workout": 3, "ride": 10, "walk": None, "weights": None}.get(kind, 0)


def visibility(rng: Random, kind: str) -> str:
    """Who may see it: most of it everyone."""
    draw = rng.random()
    if kind == "race":
        return "everyone"
    return "only_me" if draw < 0.05 else "followers_only" if draw < 0.11 else "everyone"


def perceived_exertion(rng: Random, kind: str) -> int | None:
    """How hard it felt, 1 to 10, where the athlete says so."""
    usual = {"race": 9, "workout": 7, "long": 5, "recovery": 2}.get(kind, 3)
    return max(1, min(10, usual + rng.randint(-1, 1))) if rng.random() < 0.15 else None
