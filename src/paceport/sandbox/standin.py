"""A handful of plain runs, until the seeded athletes are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    athlete_id: int
    firstname: str
    lastname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    activity_id: int
    athlete_id: int
    name: str
    start: datetime
    distance_m: float
    moving_time_s: int
    elapsed_time_s: int
    is_only_me: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    people: tuple[Person, ...]
    activities: dict[int, tuple[Activity, ...]]


def populate(seed: int, *, athletes: int = 3) -> Population:
    people = tuple(
        Person(athlete_id=1000 + seed * 100 + n, firstname=f"Runner{n}", lastname="Sand") for n in range(athletes)
    )
    first = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
    return Population(
        people=people,
        activities={
            person.athlete_id: tuple(
                Activity(
                    activity_id=person.athlete_id * 10_000 + n,
                    athlete_id=person.athlete_id,
                    name=f"Run {n}",
                    start=first + timedelta(days=n),
                    distance_m=5000.0 + 100 * n,
                    moving_time_s=1500 + 30 * n,
                    elapsed_time_s=1510 + 30 * n,
                    is_only_me=n % 7 == 3,
                )
                for n in range(45)
            )
            for person in people
        },
    )
