"""A population planned from a seed: who its athletes are and all that they ever recorded.

Everything is invented, and by design rather than documented unless a module says otherwise. The same seed gives the
same world to the byte, in whatever order it is looked at. Planning is cheap; streams are generated when asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from paceport.sandbox.athletes.activity_plan import ActivityPlanner
from paceport.sandbox.athletes.athlete_ids import athlete_id, club_ids, next_activity_id
from paceport.sandbox.athletes.gear import GearHistory
from paceport.sandbox.athletes.generated_athletes import (
    GeneratedActivities,
    GeneratedAthlete,
    GeneratedAthletes,
    GeneratedPeople,
    GeneratedRoutes,
)
from paceport.sandbox.athletes.kinds_of_athletes import with_kind
from paceport.sandbox.athletes.people import Club, Person
from paceport.sandbox.athletes.personas import Persona, create_persona, joined_at
from paceport.sandbox.athletes.population import PeopleNames, Population
from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.recording_plans import RecordingPlanner
from paceport.sandbox.athletes.routes import KnownRoutes, generate_known_routes
from paceport.sandbox.athletes.run_simulator import simulate_recording
from paceport.sandbox.athletes.segment_generator import SEGMENT_TOWNS, generate_saved_routes, generate_segments
from paceport.sandbox.athletes.segments import Segment
from paceport.sandbox.athletes.simulated_source import SimulatedSource
from paceport.sandbox.athletes.training_plan import sessions

LAST_DAY = date(2026, 11, 15)
RECENT = 128  # recordings kept: some 40 MB of one-hour runs
HEARTRATE_BOUNDS = (0.65, 0.81, 0.89, 0.97)  # documented: the default zones, of 220 less the age
VISITED_LOOPS_M = (5000, 8000, 12000, 18000)


def populate(seed: int = 1, *, athletes: int = 3, until: date = LAST_DAY) -> Population:
    """A population of so many athletes, with activities up to the local day `until`; each is generated when asked for.

    The first has run for years, the second for some in another zone with imperial units, the third has just begun
    and wears no sensor; further ones are of one kind after the other (`kinds_of_athletes`). Raises ValueError for fewer
    than one athlete.
    """
    if athletes < 1:
        raise ValueError("a population needs at least one athlete")
    recent = lru_cache(maxsize=RECENT)(_simulated)
    generated = GeneratedAthletes(athletes, lambda number: _generate_athlete(seed, number, until, recent))
    return Population(
        seed=seed,
        until=until,
        people=GeneratedPeople(generated),
        segments=tuple(
            segment for number in range(min(athletes, SEGMENT_TOWNS)) for segment in generated.athlete(number).segments
        ),
        by_athlete=GeneratedActivities(generated, next_activity_id(until)),
        routes_by_athlete=GeneratedRoutes(generated),
        names=PeopleNames(athletes, lambda number: _name(seed, number)),
    )


def _name(seed: int, number: int) -> str:
    persona = create_persona(seed, number)
    return f"{persona.firstname} {persona.lastname}"


def _simulated(source: SimulatedSource) -> Recording:
    return simulate_recording(source.plan)


def _generate_athlete(
    seed: int, index: int, until: date, recent: Callable[[SimulatedSource], Recording]
) -> GeneratedAthlete:
    persona = with_kind(create_persona(seed, index), index)
    key = f"{seed}/{index}"
    identity = athlete_id(index)
    max_heartrate_bpm = 220 - (LAST_DAY.year - persona.birth_year)
    zones = _zones(max_heartrate_bpm)
    routes_by_place = [
        generate_known_routes(persona.places[0], key, loops_m=persona.loops_m, full=persona.bike is not None)
    ]
    routes_by_place += [
        generate_known_routes(place, key, loops_m=VISITED_LOOPS_M, full=False) for place in persona.places[1:]
    ]
    planner = ActivityPlanner(
        key=key,
        number=index,
        athlete_id=identity,
        persona=persona,
        heartrate_zones_bpm=zones,
        recordings=RecordingPlanner(key=key, persona=persona, max_heartrate_bpm=max_heartrate_bpm),
        routes_by_place=tuple(routes_by_place),
        recent=recent,
    )
    gear_history = GearHistory(key, identity, persona.shoes, persona.bike)
    activities = planner.activities(list(sessions(persona.training, key, until)), gear_history)
    segments = tuple(generate_segments(index, routes_by_place[0], persona)) if index < SEGMENT_TOWNS else ()
    person = _person(random_stream(f"{key}/person"), persona, index, zones, gear_history, segments, routes_by_place[0])
    newest_first = tuple(sorted(activities, key=lambda one: (one.start, one.id), reverse=True))
    return GeneratedAthlete(
        person=person,
        activities=newest_first,
        segments=segments,
        routes=tuple(generate_saved_routes(index, identity, routes_by_place[0], persona)),
        by_id={one.id: one for one in newest_first},
    )


def _zones(max_heartrate_bpm: int) -> tuple[int, int, int, int]:
    first, second, third, fourth = (round(share * max_heartrate_bpm) for share in HEARTRATE_BOUNDS)
    return first, second, third, fourth


def _person(
    rng: Random,
    persona: Persona,
    number: int,
    zones: tuple[int, int, int, int],
    gear_history: GearHistory,
    segments: tuple[Segment, ...],
    known_routes: KnownRoutes,
) -> Person:
    town = known_routes.place
    return Person(
        id=athlete_id(number),
        username=persona.username,
        firstname=persona.firstname,
        lastname=persona.lastname,
        city=town.name,
        state=town.state,
        country=town.country,
        sex=persona.sex,
        bio=persona.bio,
        weight_kg=persona.weight_kg,
        birth_year=persona.birth_year,
        max_heartrate_bpm=220 - (LAST_DAY.year - persona.birth_year),
        heartrate_zones_bpm=zones,
        ftp_w=persona.ftp_w,
        timezone=town.timezone,
        measurement_preference="feet" if persona.imperial else "meters",
        date_preference="%m/%d/%Y" if persona.imperial else "%d/%m/%Y",
        premium=persona.premium,
        created_at=joined_at(persona.training),
        updated_at=joined_at(persona.training) + timedelta(days=30),
        follower_count=persona.friends,
        friend_count=max(0, persona.friends + rng.randint(-6, 12)),
        home=_home(known_routes),
        privacy_radius_m=persona.privacy_radius_m,
        shoes=gear_history.shoes(),
        bikes=gear_history.bikes(),
        clubs=_clubs(persona, number) if persona.friends > 10 else (),
        starred_segment_ids=tuple(segment.id for segment in segments[:2]),
    )


def _home(known_routes: KnownRoutes) -> tuple[float, float]:
    """Where every loop begins."""
    start = known_routes.loops[0].track()
    latitude, longitude = known_routes.place.latlng(start.east_m[:1], start.north_m[:1])[0].tolist()
    return round(latitude, 6), round(longitude, 6)


def _clubs(persona: Persona, number: int) -> tuple[Club, ...]:
    home = persona.places[0]
    town = home.name
    open_id, private_id = club_ids(number, town)
    slug = town.lower().replace(" ", "-")
    return (
        Club(
            id=open_id,
            name=f"{town} Löpare" if home.country == "Sweden" else f"{town} Runners",
            sport_type="running",
            city=town,
            state=home.state,
            country=home.country,
            private=False,
            member_count=214,
            url=f"{slug}-runners",
        ),
        Club(
            id=private_id,
            name="Early & Quiet ☀️",
            sport_type="running",
            city=town,
            state=home.state,
            country=home.country,
            private=True,
            member_count=12,
            url=f"{slug}-early",
        ),
    )
