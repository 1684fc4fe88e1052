"""Sessions become activities: where, when, with what device and shoes, seen by whom; recordings wait for a reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from paceport.sandbox.athletes.activity import Activity, RecordingSource, Truth
from paceport.sandbox.athletes.activity_details import (
    external_id,
    perceived_exertion,
    sport_type,
    start_time,
    visibility,
    workout_type,
)
from paceport.sandbox.athletes.athlete_ids import activity_id
from paceport.sandbox.athletes.device_flaws import flawed_plan, phone_copy
from paceport.sandbox.athletes.gear import GearHistory
from paceport.sandbox.athletes.personas import Persona
from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.recording_plans import RecordingPlanner, manual_entry, truth_of
from paceport.sandbox.athletes.routes import KnownRoutes
from paceport.sandbox.athletes.run_simulator import RecordingPlan
from paceport.sandbox.athletes.simulated_source import SimulatedSource
from paceport.sandbox.athletes.stored_source import StoredSource
from paceport.sandbox.athletes.tired_legs import TiredLegs
from paceport.sandbox.athletes.titles import DESCRIPTIONS, HOSTILE_NAME, NOTES, activity_title
from paceport.sandbox.athletes.training_plan import Session

HOSTILE_NUMBER = 333
# Until then an activity names its country (recorded in older captures); later ones name none.
COUNTRY_UNTIL = date(2024, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPlanner:
    """Writes one athlete's activities, oldest first; `number` is the athlete's, `key` seeds all that is random."""

    key: str
    number: int
    athlete_id: int
    persona: Persona
    heartrate_zones_bpm: tuple[int, int, int, int]
    recordings: RecordingPlanner
    routes_by_place: tuple[KnownRoutes, ...]
    recent: Callable[[SimulatedSource], Recording] = field(repr=False)

    def activities(self, planned: list[Session], gear_history: GearHistory) -> list[Activity]:
        """The activities of these sessions, in their order."""
        found = []
        tired = TiredLegs(self.persona.training.weeks)
        for number, session in enumerate(planned, start=1):
            made = self._activity(session, number, gear_history, tired.ratio(session.day))
            if made.is_run:
                tired.ran(session.day, made.distance_m)
            found.append(made)
            if "phone" in self.persona.flaws and isinstance(made.source, SimulatedSource):
                copy = phone_copy(made, made.source.plan, self._simulated)
                found += [] if copy is None else [copy]
        return found

    def _simulated(self, plan: RecordingPlan) -> SimulatedSource:
        return SimulatedSource(plan, self.recent, self.heartrate_zones_bpm)

    def _activity(self, session: Session, number: int, gear_history: GearHistory, tired_ratio: float) -> Activity:
        rng = random_stream(f"{self.key}/{session.day}/{session.kind}")
        known_routes = self.routes_by_place[session.place]
        start, offset_s, hour = start_time(rng, session, known_routes.place.timezone)
        source, truth, words = self._source(rng, session, known_routes, tired_ratio)
        sport, manual = sport_type(rng, session.kind), isinstance(source, StoredSource)
        identity = activity_id(self.number, start)
        device = source.plan.device.name if isinstance(source, SimulatedSource) else None
        title = words or activity_title(rng, session.kind, sport, hour)
        made = Activity(
            id=identity,
            athlete_id=self.athlete_id,
            upload_id=None if manual else identity + 1_050_000_000,
            external_id=None if manual else external_id(rng, device or ""),
            name=HOSTILE_NAME if (self.number, number) == (0, HOSTILE_NUMBER) else title,
            description=rng.choice(DESCRIPTIONS) if rng.random() < 0.06 else None,
            private_note=rng.choice(NOTES) if rng.random() < 0.04 else None,
            sport_type=sport,
            workout_type=workout_type(session.kind),
            start=start,
            timezone=known_routes.place.timezone,
            utc_offset_s=offset_s,
            visibility=visibility(rng, session.kind),
            trainer=session.kind == "treadmill",
            commute=session.kind == "commute",
            manual=manual,
            gear_id=gear_history.gear_for(session.kind, session.day, source.distance_m()),
            device_name=device,
            hide_from_home=rng.random() < (0.3 if session.kind == "treadmill" else 0.02),
            map_hidden=rng.random() < 0.012,
            perceived_exertion=perceived_exertion(rng, session.kind),
            photo_count=rng.randint(1, 3) if rng.random() < 0.06 else 0,
            athlete_count=rng.randint(2, 4) if rng.random() < 0.08 else 1,
            weight_kg=self.persona.weight_kg,
            heartrate_zones_bpm=self.heartrate_zones_bpm,
            country=known_routes.place.country if session.day < COUNTRY_UNTIL else None,
            source=source,
            truth=truth,
        )
        return self._with_reactions(rng, made)

    def _with_reactions(self, rng: Random, made: Activity) -> Activity:
        """With the kudos and comments of friends, none where nobody else can see it."""
        if made.visibility == "only_me":
            return made
        race = made.workout_type == 1
        kudos = int(self.persona.friends * rng.uniform(0.08, 0.4) * (1.6 if race else 1.0))
        return replace(
            made,
            kudos_count=kudos,
            comment_count=rng.randint(1, 6) if race else int(rng.random() < 0.08),
        )

    def _source(
        self, rng: Random, session: Session, known_routes: KnownRoutes, tired_ratio: float
    ) -> tuple[RecordingSource, Truth | None, str]:
        """Source, truth and (where the session names itself) the name."""
        if session.kind == "manual":
            return manual_entry(rng, session, self.recordings.fitness(session)), None, ""
        if session.kind == "weights":
            return self._simulated(self.recordings.weights(rng, session)), None, ""
        plan, words = self.recordings.outing(rng, session, known_routes, tired_ratio)
        return self._simulated(flawed_plan(plan, self.persona.flaws)), truth_of(plan), words
