"""The people of the simulated world and all that they ever recorded, planned from a seed.

Everything is invented, and by design rather than documented unless a module says otherwise. The same seed gives the
same world to the byte, in whatever order it is looked at. Planning is cheap; streams are generated when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from types import MappingProxyType

import numpy as np

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.activity_plan import ActivityPlanner, SimulatedSource
from paceport.sandbox.athletes.gear import GearHistory
from paceport.sandbox.athletes.people import Club, Gear, Person
from paceport.sandbox.athletes.personas import Persona, joined_at, persona
from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.routes import KnownRoutes, NamedRoute, generate_known_routes
from paceport.sandbox.athletes.run_simulator import simulate_recording
from paceport.sandbox.athletes.segments import (
    SavedRoute,
    Segment,
    SegmentEffort,
    create_saved_route,
    create_segment,
    efforts,
)
from paceport.sandbox.athletes.training_plan import sessions

__all__ = ["Activity", "Person", "Population", "populate"]

LAST_DAY = date(2026, 11, 15)
FIRST_ATHLETE_ID = 134_815_001
FIRST_SEGMENT_ID = 31_400_101
FIRST_ROUTE_ID = 3_100_000_000_000_000_000
RECENT = 128  # recordings kept: some 40 MB of one-hour runs
HEARTRATE_BOUNDS = (0.65, 0.81, 0.89, 0.97)  # documented: the default zones, of 220 less the age
VISITED_LOOPS_M = (5000, 8000, 12000, 18000)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """People, their activities newest first, their segments and routes; immutable, so that many worlds may share it.

    Summaries are made once; recordings are generated on first use, kept while recent and else made again the same.
    """

    seed: int
    until: date
    people: tuple[Person, ...]
    segments: tuple[Segment, ...]
    by_athlete: Mapping[int, tuple[Activity, ...]] = field(repr=False)
    routes_by_athlete: Mapping[int, tuple[SavedRoute, ...]] = field(repr=False)

    def person(self, athlete_id: int) -> Person | None:
        """The athlete of that id."""
        return next((person for person in self.people if person.id == athlete_id), None)

    def activities(self, athlete_id: int) -> tuple[Activity, ...]:
        """An athlete's activities, newest first; empty for a stranger."""
        return self.by_athlete.get(athlete_id, ())

    def routes(self, athlete_id: int) -> tuple[SavedRoute, ...]:
        """An athlete's saved routes, newest first."""
        return self.routes_by_athlete.get(athlete_id, ())

    def segment_efforts(self, activity: Activity) -> tuple[SegmentEffort, ...]:
        """The passages of segments inside an activity, in order of time."""
        return efforts(self.segments, activity)

    def gear_distance_m(self, gear: Gear) -> float:
        """What the gear has covered: the sum of the activities that carry it."""
        return round(sum(one.distance_m for one in self.activities(gear.athlete_id) if one.gear_id == gear.id), 1)


def populate(seed: int = 1, *, athletes: int = 3, until: date = LAST_DAY) -> Population:
    """A population of so many athletes, with activities up to the local day `until`.

    The first has run for years, the second for some in another zone with imperial units, the third has just begun
    and wears no sensor; further ones are drawn. Raises ValueError for fewer than one athlete.
    """
    if athletes < 1:
        raise ValueError("a population needs at least one athlete")
    recent = lru_cache(maxsize=RECENT)(_recorded)
    lives = [_generate_athlete(seed, index, until, recent) for index in range(athletes)]
    return Population(
        seed=seed,
        until=until,
        people=tuple(person for person, _, _, _ in lives),
        segments=tuple(segment for _, _, segments, _ in lives for segment in segments),
        by_athlete=MappingProxyType({person.id: activities for person, activities, _, _ in lives}),
        routes_by_athlete=MappingProxyType({person.id: routes for person, _, _, routes in lives}),
    )


def _recorded(source: SimulatedSource) -> Recording:
    return simulate_recording(source.plan)


def _generate_athlete(
    seed: int, index: int, until: date, recent: Callable[[SimulatedSource], Recording]
) -> tuple[Person, tuple[Activity, ...], tuple[Segment, ...], tuple[SavedRoute, ...]]:
    who = persona(seed, index)
    key = f"{seed}/{index}"
    identity = FIRST_ATHLETE_ID + 7919 * index
    max_heartrate_bpm = 220 - (LAST_DAY.year - who.birth_year)
    zones = _zones(max_heartrate_bpm)
    atlases = [generate_known_routes(who.places[0], key, loops_m=who.loops_m, full=who.bike is not None)]
    atlases += [generate_known_routes(place, key, loops_m=VISITED_LOOPS_M, full=False) for place in who.places[1:]]
    planner = ActivityPlanner(
        key=key,
        number=index,
        athlete_id=identity,
        persona=who,
        heartrate_zones_bpm=zones,
        max_heartrate_bpm=max_heartrate_bpm,
        atlases=tuple(atlases),
        recent=recent,
    )
    gear_history = GearHistory(key, identity, who.shoes, who.bike)
    written = planner.activities(list(sessions(who.training, key, until)), gear_history)
    segments = tuple(_segments(index, atlases[0], who)) if index < 2 else ()
    person = _person(random_stream(f"{key}/person"), who, identity, zones, gear_history, segments, atlases[0])
    newest_first = tuple(sorted(written, key=lambda one: (one.start, one.id), reverse=True))
    return person, newest_first, segments, tuple(_routes(index, identity, atlases[0], who))


def _zones(max_heartrate_bpm: int) -> tuple[int, int, int, int]:
    first, second, third, fourth = (round(share * max_heartrate_bpm) for share in HEARTRATE_BOUNDS)
    return first, second, third, fourth


def _person(
    rng: Random,
    who: Persona,
    identity: int,
    zones: tuple[int, int, int, int],
    gear_history: GearHistory,
    segments: tuple[Segment, ...],
    atlas: KnownRoutes,
) -> Person:
    town = atlas.place
    return Person(
        id=identity,
        username=who.username,
        firstname=who.firstname,
        lastname=who.lastname,
        city=town.name,
        state=town.state,
        country=town.country,
        sex=who.sex,
        bio=who.bio,
        weight_kg=who.weight_kg,
        birth_year=who.birth_year,
        max_heartrate_bpm=220 - (LAST_DAY.year - who.birth_year),
        heartrate_zones_bpm=zones,
        ftp_w=who.ftp_w,
        timezone=town.timezone,
        measurement_preference="feet" if who.imperial else "meters",
        date_preference="%m/%d/%Y" if who.imperial else "%d/%m/%Y",
        premium=who.premium,
        created_at=joined_at(who.training),
        updated_at=joined_at(who.training) + timedelta(days=30),
        follower_count=who.friends,
        friend_count=max(0, who.friends + rng.randint(-6, 12)),
        home=_home(atlas),
        privacy_radius_m=who.privacy_radius_m,
        shoes=gear_history.shoes(),
        bikes=gear_history.bikes(),
        clubs=_clubs(who) if who.friends > 10 else (),
        starred_segment_ids=tuple(segment.id for segment in segments[:2]),
    )


def _home(atlas: KnownRoutes) -> tuple[float, float]:
    """Where every loop begins: the door."""
    door = atlas.loops[0].track()
    latitude, longitude = atlas.place.latlng(door.east_m[:1], door.north_m[:1])[0].tolist()
    return round(latitude, 6), round(longitude, 6)


def _clubs(who: Persona) -> tuple[Club, ...]:
    home = who.places[0]
    town = home.name
    slug = town.lower().replace(" ", "-")
    return (
        Club(
            id=710_000 + sum(map(ord, town)),
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
            id=720_000 + sum(map(ord, town)),
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


def _segments(index: int, atlas: KnownRoutes, who: Persona) -> list[Segment]:
    """On two favourite loops, the riverside and the steepest 600 m of the hills."""
    loops, town = atlas.loops, atlas.place.name
    river = atlas.river(random_stream("river"), 9000.0)
    hill = atlas.trails[1]
    top = _steepest(hill)
    wanted = (
        (f"{town} Old Mill straight", loops[min(4, len(loops) - 1)], 600.0, 1400.0),
        ("Climb to the mast", hill, top, top + 600.0),
        ("Riverside kilometre", river, 1600.0, 2600.0),
        ("Church Street & back <again>", loops[min(7, len(loops) - 1)], 1900.0, 3100.0),
    )
    made = datetime.combine(who.training.first_day, time(12), tzinfo=UTC) - timedelta(days=400)
    return [
        create_segment(FIRST_SEGMENT_ID + 100 * index + number, name, course, start_m, end_m, made)
        for number, (name, course, start_m, end_m) in enumerate(wanted)
    ]


def _steepest(course: NamedRoute) -> float:
    track = course.track()
    starts = np.arange(200.0, track.length_m - 900.0, 50.0)
    rise = np.interp(starts + 600.0, track.distance_m, track.altitude_m)
    rise -= np.interp(starts, track.distance_m, track.altitude_m)
    return float(starts[int(rise.argmax())])


def _routes(index: int, identity: int, atlas: KnownRoutes, who: Persona) -> list[SavedRoute]:
    """Some courses saved by hand, newest first; a newcomer has none."""
    if index == 2:
        return []
    wanted: list[tuple[str, NamedRoute]] = [
        ("Lunch loop", atlas.loops[len(atlas.loops) // 4]),
        ("Sunday, the long way", atlas.loops[-2]),
        ("Hills behind the town ⛰️", atlas.trails[1]),
        *(("Round the lake", ride) for ride in atlas.rides[:1]),
    ]
    made = datetime.combine(who.training.first_day, time(20, 15), tzinfo=UTC) + timedelta(days=60)
    routes = [
        create_saved_route(
            FIRST_ROUTE_ID + 1000 * index + 17 * number,
            identity,
            name,
            course,
            speed_mps=7.0 if "-ride-" in course.name else who.training.speeds[-1][1] * 0.75,
            made=made + timedelta(days=90 * number),
        )
        for number, (name, course) in enumerate(wanted)
    ]
    return routes[::-1]
