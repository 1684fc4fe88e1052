"""Sessions become activities: where, when, with what device and shoes, seen by whom; recordings wait for a reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from paceport.sandbox.athletes.activity import Activity, RecordingSource, Truth
from paceport.sandbox.athletes.device_flaws import flawed_plan, phone_copy
from paceport.sandbox.athletes.devices import PHONE, Device
from paceport.sandbox.athletes.effort import heartrate_zone_times_s
from paceport.sandbox.athletes.fastest_possible import QuickestTimes
from paceport.sandbox.athletes.gear import GearHistory
from paceport.sandbox.athletes.personas import Persona
from paceport.sandbox.athletes.physiology import Fitness
from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.recording import Recording, Summary
from paceport.sandbox.athletes.recording_summary import summarize_recording
from paceport.sandbox.athletes.routes import KnownRoutes, NamedRoute
from paceport.sandbox.athletes.run_simulator import RecordingPlan
from paceport.sandbox.athletes.splits import BEST_EFFORTS, BestEffort, best_efforts
from paceport.sandbox.athletes.stored_source import StoredSource
from paceport.sandbox.athletes.titles import DESCRIPTIONS, HOSTILE_NAME, NOTES, activity_title
from paceport.sandbox.athletes.training_plan import Session, WorkoutStep, choose_workout, interpolate, season

FIRST_ID = 11_000_000_000
IDS_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
HOSTILE_NUMBER = 333
SPORTS = {"trail": "TrailRun", "ride": "Ride", "walk": "Walk", "weights": "WeightTraining"}
# Multiples of threshold speed; riding and walking have speeds of their own.
EFFORTS = {"easy": 0.745, "recovery": 0.7, "long": 0.75, "trail": 0.735, "commute": 0.745, "treadmill": 0.76}
WALK_MPS, RIDE_MPS, RIDE_THRESHOLD_MPS = 1.42, 7.3, 9.9
# Until then an activity names its country (recorded in older captures); later ones name none.
COUNTRY_UNTIL = date(2024, 1, 1)
STOPS_PER_KM = {"road": 0.11, "path": 0.03, "trail": 0.04, "track": 0.0}


class SimulatedSource:
    """The source of a simulated activity: generates on demand, keeps the summary, leaves the streams to `recent`."""

    __slots__ = ("_best_efforts", "_bounds", "_least_s", "_passing_s", "_recent", "_summary", "_zone_times", "plan")

    def __init__(
        self, plan: RecordingPlan, recent: Callable[[SimulatedSource], Recording], bounds: tuple[int, ...] = ()
    ) -> None:
        self.plan = plan
        self._bounds = bounds
        self._recent = recent
        self._best_efforts: tuple[BestEffort, ...] | None = None
        self._least_s: dict[float, float] = {}
        self._passing_s: dict[tuple[float, float], float] = {}
        self._summary: Summary | None = None
        self._zone_times: tuple[tuple[int, ...], tuple[int, ...] | None] | None = None

    def recording(self) -> Recording:
        """The recording, kept while recent, else made again just the same."""
        return self._recent(self)

    def summary(self) -> Summary:
        """The recording's figures, made once."""
        if self._summary is None:
            recording = self._recent(self)
            # A list shows the score beside the figures: count its zones while the streams are at hand.
            self._zone_times = self._bounds, heartrate_zone_times_s(recording, self._bounds)
            self._summary = summarize_recording(recording)
        return self._summary

    def heartrate_zone_times_s(self, bounds: tuple[int, ...]) -> tuple[int, ...] | None:
        """Moving seconds in the zones between the bounds; kept for the bounds asked last."""
        if self._zone_times is None or self._zone_times[0] != bounds:
            self._zone_times = bounds, heartrate_zone_times_s(self._recent(self), bounds)
        return self._zone_times[1]

    def distance_m(self) -> float:
        """What the recording will end with."""
        return self.plan.distance_m

    def best_efforts(self) -> tuple[BestEffort, ...]:
        """The recording's best efforts, found once."""
        if self._best_efforts is None:
            recording = self._recent(self)
            self._best_efforts = best_efforts(recording) if recording.has_distance else ()
        return self._best_efforts

    def may_cover(self, span_m: float, within_s: float) -> bool:
        """Whether the plan, at its quickest, is that quick somewhere."""
        plan = self.plan
        if plan.distance_m < span_m:
            return False
        if self._best_efforts is not None:
            return True
        if span_m not in self._least_s:
            self._least_s |= QuickestTimes(plan).over_all(BEST_EFFORTS)
        return self._least_s.get(span_m, 0.0) < within_s

    def may_pass(self, start_m: float, end_m: float, within_s: float) -> bool:
        """Whether the plan, at its quickest, is that quick there."""
        key = (start_m, end_m)
        if key not in self._passing_s:
            self._passing_s[key] = QuickestTimes(self.plan).between(start_m, end_m)
        return self._passing_s[key] < within_s


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPlanner:
    """Writes one athlete's activities, oldest first; `number` is the athlete's, `key` seeds all that is random."""

    key: str
    number: int
    athlete_id: int
    persona: Persona
    heartrate_zones_bpm: tuple[int, int, int, int]
    max_heartrate_bpm: int
    routes_by_place: tuple[KnownRoutes, ...]
    recent: Callable[[SimulatedSource], Recording] = field(repr=False)

    def activities(self, planned: list[Session], gear_history: GearHistory) -> list[Activity]:
        """The activities of these sessions, in their order."""
        found = []
        for number, session in enumerate(planned, start=1):
            made = self._activity(session, number, gear_history)
            found.append(made)
            if "phone" in self.persona.flaws and isinstance(made.source, SimulatedSource):
                copy = phone_copy(made, made.source.plan, self._simulated)
                found += [] if copy is None else [copy]
        return found

    def _simulated(self, plan: RecordingPlan) -> SimulatedSource:
        return SimulatedSource(plan, self.recent, self.heartrate_zones_bpm)

    def _activity(self, session: Session, number: int, gear_history: GearHistory) -> Activity:
        rng = random_stream(f"{self.key}/{session.day}/{session.kind}")
        known_routes = self.routes_by_place[session.place]
        start, offset_s, hour = _start(rng, session, known_routes.place.timezone)
        source, truth, words = self._source(rng, session, known_routes)
        sport, manual = _sport(rng, session.kind), isinstance(source, StoredSource)
        identity = FIRST_ID + int((start - IDS_SINCE).total_seconds()) * 30 + self.number % 30
        device = source.plan.device.name if isinstance(source, SimulatedSource) else None
        title = words or activity_title(rng, session.kind, sport, hour)
        made = Activity(
            id=identity,
            athlete_id=self.athlete_id,
            upload_id=None if manual else identity + 1_050_000_000,
            external_id=None if manual else _external_id(rng, device or ""),
            name=HOSTILE_NAME if (self.number, number) == (0, HOSTILE_NUMBER) else title,
            description=rng.choice(DESCRIPTIONS) if rng.random() < 0.06 else None,
            private_note=rng.choice(NOTES) if rng.random() < 0.04 else None,
            sport_type=sport,
            workout_type=_workout_type(session.kind),
            start=start,
            timezone=known_routes.place.timezone,
            utc_offset_s=offset_s,
            visibility=_visibility(rng, session.kind),
            trainer=session.kind == "treadmill",
            commute=session.kind == "commute",
            manual=manual,
            gear_id=gear_history.gear_for(session.kind, session.day, source.distance_m()),
            device_name=device,
            hide_from_home=rng.random() < (0.3 if session.kind == "treadmill" else 0.02),
            map_hidden=rng.random() < 0.012,
            perceived_exertion=_exertion(rng, session.kind),
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
        self, rng: Random, session: Session, known_routes: KnownRoutes
    ) -> tuple[RecordingSource, Truth | None, str]:
        """Source, truth and (where the session names itself) the name."""
        fitness = self._fitness(session)
        if session.kind == "manual":
            return _manual_entry(rng, session, fitness), None, ""
        if session.kind == "weights":
            plan = self._plan(rng, session, fitness, None, 0.0, 1.0)
            return self._simulated(replace(plan, duration_s=rng.randint(1500, 3300))), None, ""
        steps: tuple[WorkoutStep, ...] = ()
        words = ""
        if session.kind == "workout":
            words, laps, steps = choose_workout(rng, session.distance_m)
            route: NamedRoute | None = _workout_route(rng, known_routes, laps, steps)
        else:
            route = _choose_route(rng, session, known_routes)
        if session.race is not None:
            words = f"{session.race.name} {session.day.year}"
        length_m = session.distance_m if route is None else route.length_m
        distance_m = round(length_m * rng.uniform(*((1.0, 1.003) if session.race else (0.997, 1.004))), 1)
        plan = self._plan(rng, session, fitness, route, distance_m, _speed(rng, session, fitness))
        if steps:
            plan = replace(plan, steps=_with_ends(plan, steps, known_routes))
        return self._simulated(flawed_plan(plan, self.persona.flaws)), _truth(plan), words

    def _fitness(self, session: Session) -> Fitness:
        persona, training = self.persona, self.persona.training
        warmth = season(session.day, northern=training.northern)
        running = interpolate(training.speeds, session.day) * (1.0 + 0.008 * warmth)
        fitter = (running - training.speeds[0][1]) * 6.0
        own = {"ride": RIDE_THRESHOLD_MPS, "walk": WALK_MPS / 0.45}
        return Fitness(
            threshold_speed_mps=round(own.get(session.kind, running), 4),
            threshold_heartrate_bpm=persona.threshold_heartrate_bpm,
            resting_heartrate_bpm=round(persona.resting_heartrate_bpm + 4.0 - fitter, 1),
            max_heartrate_bpm=self.max_heartrate_bpm,
        )

    def _plan(
        self,
        rng: Random,
        session: Session,
        fitness: Fitness,
        route: NamedRoute | None,
        distance_m: float,
        speed_mps: float,
    ) -> RecordingPlan:
        persona = self.persona
        device = _device(persona, session)
        middle, swing = persona.temperature_c
        temperature_c = (
            middle + swing * season(session.day, northern=persona.training.northern) + rng.uniform(-3.0, 3.0)
        )
        warm = 0.2 * max(0.0, temperature_c - 12.0)
        indoors = route is None
        race = session.race
        return RecordingPlan(
            key=f"{self.key}/{session.day}/{session.kind}/recording",
            sport=SPORTS.get(session.kind, "Run"),
            route=route,
            distance_m=distance_m,
            flat_speed_mps=round(speed_mps, 4),
            fade_ratio_per_h=race.fade_ratio_per_h if race else round(rng.uniform(-0.012, 0.016), 4),
            drift_bpm_per_h=round(rng.uniform(*((1.0, 2.5) if race else (3.0, 7.0))) + warm, 2),
            stops=() if indoors or race else _stops(rng, route, distance_m),
            fitness=fitness,
            sensor=rng.random() < persona.sensor_share and device is not PHONE,
            device=device,
            temperature_c=19.0 if indoors else round(temperature_c, 1),
            weight_kg=persona.weight_kg,
            noise=0.008 if indoors or race else 0.022,
        )


def _sport(rng: Random, kind: str) -> str:
    """The SportType word; some treadmills are in a virtual world."""
    return "VirtualRun" if kind == "treadmill" and rng.random() < 0.3 else SPORTS.get(kind, "Run")


def _start(rng: Random, session: Session, timezone: str) -> tuple[datetime, int, int]:
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


def _choose_route(rng: Random, session: Session, known_routes: KnownRoutes) -> NamedRoute | None:
    kind, distance_m = session.kind, session.distance_m
    if kind == "treadmill":
        return None
    if session.race is not None:
        return known_routes.race(rng, session.race.name, session.race.distance_m)
    if kind in {"trail", "ride"}:
        choices = known_routes.trails if kind == "trail" else known_routes.rides
        return min(choices, key=lambda route: abs(route.length_m - distance_m))
    if kind == "commute":
        return known_routes.to_work
    if kind == "walk":
        return known_routes.loops[0]
    return known_routes.loop(rng, distance_m) if rng.random() < 0.7 else known_routes.river(rng, distance_m)


def _workout_route(rng: Random, known_routes: KnownRoutes, laps: int, steps: tuple[WorkoutStep, ...]) -> NamedRoute:
    if laps:
        return known_routes.stadium(laps)
    return known_routes.river(rng, 3800.0 + sum(step.distance_m for step in steps))


def _with_ends(
    plan: RecordingPlan, steps: tuple[WorkoutStep, ...], known_routes: KnownRoutes
) -> tuple[WorkoutStep, ...]:
    """The steps between an easy warm-up (to the running track, or 2 km) and what is left of the route."""
    warm_m = known_routes.to_stadium.length_m if plan.route is not None and plan.route.surface == "track" else 2000.0
    left_m = plan.distance_m - warm_m - sum(step.distance_m for step in steps)
    return (WorkoutStep(distance_m=warm_m, pace=0.74), *steps, WorkoutStep(distance_m=left_m, pace=0.7))


def _speed(rng: Random, session: Session, fitness: Fitness) -> float:
    """The flat-equivalent speed to aim at; of a workout, what its steps are multiples of."""
    mood = rng.uniform(0.975, 1.025)
    if session.race is not None:
        return fitness.race_speed_mps(session.race.distance_m) * session.race.effort_ratio
    if session.kind == "workout":
        return fitness.threshold_speed_mps * (1.0 + (mood - 1.0) * 0.4)
    own = {"ride": RIDE_MPS, "walk": WALK_MPS}
    return own.get(session.kind, fitness.threshold_speed_mps * EFFORTS.get(session.kind, 0.745)) * mood


def _stops(rng: Random, route: NamedRoute | None, distance_m: float) -> tuple[tuple[float, int], ...]:
    """Red lights and shoe laces: where (share of the distance), and how many seconds."""
    if route is None:
        return ()
    expected = STOPS_PER_KM[route.surface] * distance_m / 1000.0
    count = sum(rng.random() < expected / 12.0 for _ in range(12))
    return tuple(sorted((round(rng.uniform(0.04, 0.96), 4), rng.randint(10, 60)) for _ in range(count)))


def _truth(plan: RecordingPlan) -> Truth:
    speed = plan.flat_speed_mps
    if plan.steps:
        speed = plan.distance_m / sum(step.distance_m / (speed * step.pace) for step in plan.steps)
    return Truth(
        route=plan.route.name if plan.route else "indoors",
        route_family=plan.route.family if plan.route else "",
        route_length_m=plan.route.length_m if plan.route else 0.0,
        distance_m=plan.distance_m,
        steady=not plan.steps,
        flat_speed_mps=round(speed, 4),
        fade_ratio_per_h=plan.fade_ratio_per_h,
        heartrate_bpm=round(plan.fitness.heartrate_bpm(speed), 1),
        heartrate_drift_bpm_per_h=plan.drift_bpm_per_h,
        threshold_speed_mps=plan.fitness.threshold_speed_mps,
        threshold_heartrate_bpm=plan.fitness.threshold_heartrate_bpm,
        resting_heartrate_bpm=plan.fitness.resting_heartrate_bpm,
        standing_s=sum(seconds for _, seconds in plan.stops),
    )


def _manual_entry(rng: Random, session: Session, fitness: Fitness) -> StoredSource:
    distance_m = float(round(session.distance_m, -2))
    seconds = 30 * round(distance_m / (fitness.threshold_speed_mps * rng.uniform(0.7, 0.76)) / 30.0)
    return StoredSource(
        held=None,
        figures=Summary(
            distance_m=distance_m,
            moving_time_s=seconds,
            elapsed_time_s=seconds,
            elevation_gain_m=0.0,
            average_speed_mps=round(distance_m / seconds, 3),
            max_speed_mps=0.0,
        ),
    )


def _device(persona: Persona, session: Session) -> Device:
    if session.kind == "ride" and persona.bike_device is not None:
        return persona.bike_device
    return [device for day, device in persona.devices if day <= session.day][-1]


def _external_id(rng: Random, device: str) -> str:
    if device == PHONE.name:
        return f"{rng.getrandbits(128):032X}-activity.fit"
    return f"{device.split()[0].lower()}_ping_{rng.randint(10**11, 10**12 - 1)}"


def _workout_type(kind: str) -> int | None:
    return {"race": 1, "long": 2, "workout": 3, "ride": 10, "walk": None, "weights": None}.get(kind, 0)


def _visibility(rng: Random, kind: str) -> str:
    draw = rng.random()
    if kind == "race":
        return "everyone"
    return "only_me" if draw < 0.05 else "followers_only" if draw < 0.11 else "everyone"


def _exertion(rng: Random, kind: str) -> int | None:
    usual = {"race": 9, "workout": 7, "long": 5, "recovery": 2}.get(kind, 3)
    return max(1, min(10, usual + rng.randint(-1, 1))) if rng.random() < 0.15 else None
