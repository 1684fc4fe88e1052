"""The people of the simulated world and all that they ever recorded, planned from a seed.

Everything is invented. The same seed gives the same world to the byte, in whatever order it is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from paceport.sandbox.activities import Activity, kept
from paceport.sandbox.athletes import Gear, Person
from paceport.sandbox.recording import recording_from_samples
from paceport.sandbox.segments import Route, Segment, SegmentEffort

__all__ = ["Activity", "Person", "Population", "populate"]

LAST_DAY = date(2026, 11, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """People, their activities newest first, their segments and routes; immutable, so that many worlds may share it.

    Recordings are generated on first use; summaries stay, recordings are kept while recent.
    """

    seed: int
    until: date
    people: tuple[Person, ...]
    segments: tuple[Segment, ...] = ()
    by_athlete: dict[int, tuple[Activity, ...]] = field(repr=False)

    def person(self, athlete_id: int) -> Person | None:
        """The athlete of that id."""
        return next((person for person in self.people if person.id == athlete_id), None)

    def activities(self, athlete_id: int) -> tuple[Activity, ...]:
        """An athlete's activities, newest first; empty for a stranger."""
        return self.by_athlete.get(athlete_id, ())

    def routes(self, athlete_id: int) -> tuple[Route, ...]:
        """An athlete's saved routes, newest first."""
        del athlete_id
        return ()

    def segment_efforts(self, activity: Activity) -> tuple[SegmentEffort, ...]:
        """The passages of segments inside an activity, in order of time."""
        del activity
        return ()

    def gear_distance_m(self, gear: Gear) -> float:
        """What the gear has covered: the sum of the activities that carry it."""
        return sum(one.distance_m for one in self.activities(gear.athlete_id) if one.gear_id == gear.id)


def populate(seed: int = 1, *, athletes: int = 3, until: date = LAST_DAY) -> Population:
    """A population of so many athletes, with activities up to the day `until`."""
    people = tuple(_person(index) for index in range(athletes))
    return Population(seed=seed, until=until, people=people, by_athlete={p.id: (_first_run(p),) for p in people})


def _person(index: int) -> Person:
    return Person(
        id=134_815_001 + index,
        username=f"runner{index}",
        firstname="Nora",
        lastname="Lindqvist",
        city="Norrvik",
        state="",
        country="Sweden",
        sex="F",
        bio=None,
        weight_kg=58.5,
        birth_year=1988,
        max_heartrate_bpm=182,
        heartrate_zones_bpm=(118, 147, 162, 177),
        custom_zones=False,
        ftp_w=None,
        timezone="Europe/Stockholm",
        measurement_preference="meters",
        date_preference="%d/%m/%Y",
        premium=True,
        created_at=datetime(2019, 12, 1, 9, 0, tzinfo=UTC),
        updated_at=datetime(2026, 11, 1, 9, 0, tzinfo=UTC),
        follower_count=41,
        friend_count=37,
        athlete_type=1,
        home=(59.61, 15.21),
        privacy_radius_m=400,
        shoes=(),
        bikes=(),
        clubs=(),
        starred_segment_ids=(),
    )


def _first_run(person: Person) -> Activity:
    recording = recording_from_samples(
        time_s=list(range(600)),
        latlng=[(person.home[0] + 0.00003 * second, person.home[1]) for second in range(600)],
    )
    return Activity(
        id=11_000_000_000 + person.id,
        athlete_id=person.id,
        upload_id=12_000_000_000 + person.id,
        external_id="first.fit",
        name="Morning Run",
        description=None,
        private_note=None,
        sport_type="Run",
        workout_type=None,
        start=datetime(2026, 11, 1, 7, 0, tzinfo=UTC),
        timezone=person.timezone,
        utc_offset_s=3600,
        visibility="everyone",
        trainer=False,
        commute=False,
        manual=False,
        gear_id=None,
        device_name="Norrsken 2",
        hide_from_home=False,
        map_hidden=False,
        perceived_exertion=None,
        kudos_count=0,
        comment_count=0,
        photo_count=0,
        achievement_count=0,
        athlete_count=1,
        weight_kg=person.weight_kg,
        heartrate_zones_bpm=person.heartrate_zones_bpm,
        source=kept(recording),
    )
