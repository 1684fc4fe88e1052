"""A small world for the tests: two athletes with at most forty short activities each, every kind among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from makers.years_of_training import years_of_training
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.people import Gear, Person
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.recording import Recording, Summary
from paceport.sandbox.athletes.recording_builder import recording_from_samples
from paceport.sandbox.athletes.stored_source import StoredSource, stored_source

NEWEST = datetime(2026, 11, 14, 6, 30, tzinfo=UTC)
COUNT = 40
ONLY_ME = (3, 10, 17, 24, 31, 38)
MANUAL, MAP_HIDDEN, PLAIN = 5, 6, 7
TYPED = Summary(
    distance_m=5000.0,
    moving_time_s=1500,
    elapsed_time_s=1500,
    elevation_gain_m=0.0,
    average_speed_mps=3.333,
    max_speed_mps=0.0,
)


@cache
def few_people(count: int = COUNT) -> Population:
    """Two athletes; the first has shoes and a bike. Row 0 of `count` is the newest. Immutable, and made once."""
    base = years_of_training()
    first, second = (_person(person) for person in base.people[:2])
    with_gear = replace(first, shoes=(_gear("g41", first),), bikes=(_gear("b7", first),))
    return replace(
        base,
        people=(with_gear, second),
        by_athlete={person.id: _rows(person)[:count] for person in (with_gear, second)},
        names=None,
    )


def _person(person: Person) -> Person:
    return replace(
        person, home=(59.61, 15.21), privacy_radius_m=100, shoes=(), bikes=(), clubs=(), heartrate_zones_bpm=ZONES
    )


ZONES = (118, 147, 162, 177)


def _gear(gear_id: str, person: Person) -> Gear:
    return Gear(
        id=gear_id,
        athlete_id=person.id,
        brand="Norr",
        model="Stig",
        nickname="Old",
        retired=False,
        primary=True,
        first_day=NEWEST.date(),
        frame_type=3 if gear_id.startswith("b") else None,
        weight_kg=9.0 if gear_id.startswith("b") else None,
    )


def _rows(person: Person) -> tuple[Activity, ...]:
    measured, plain = stored_source(_recording(with_heart=True)), stored_source(_recording(with_heart=False))
    return tuple(_row(person, number, plain if number in (MAP_HIDDEN, PLAIN) else measured) for number in range(COUNT))


def _row(person: Person, number: int, source: StoredSource) -> Activity:
    manual = number == MANUAL
    return Activity(
        id=person.id * 1000 + COUNT - number,
        athlete_id=person.id,
        upload_id=None if manual else person.id * 1000 + 500 + number,
        external_id=None if manual else f"{number}.fit",
        name=f"Run {number}",
        description="Flat" if number == 0 else None,
        private_note=None,
        sport_type="TrailRun" if number == 1 else "Run",
        workout_type=None,
        start=NEWEST - timedelta(days=number),
        timezone="Europe/Stockholm",
        utc_offset_s=3600,
        visibility="only_me" if number in ONLY_ME else "everyone",
        trainer=False,
        commute=False,
        manual=manual,
        gear_id="g41" if number == 0 else None,
        device_name=None if manual else "Norrsken 2",
        hide_from_home=False,
        map_hidden=number == MAP_HIDDEN,
        perceived_exertion=None,
        kudos_count=0,
        comment_count=0,
        photo_count=0,
        athlete_count=1,
        weight_kg=person.weight_kg,
        heartrate_zones_bpm=ZONES,
        source=StoredSource(held=None, figures=TYPED) if manual else source,
    )


def _recording(*, with_heart: bool) -> Recording:
    seconds = range(401)
    return recording_from_samples(
        time_s=list(seconds),
        latlng=[(59.61 + 0.00003 * second, 15.21) for second in seconds],
        altitude_m=[80.0 + second / 40 for second in seconds],
        heartrate_bpm=[130 + second // 20 for second in seconds] if with_heart else None,
        cadence_rpm=[85] * len(seconds),
        temp_c=[9] * len(seconds),
    )
