"""From a session to the plan of its recording: the way, the speed to aim at, the weather, the state of the body."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from paceport.sandbox.athletes.activity import Truth
from paceport.sandbox.athletes.activity_details import SPORTS, device_of
from paceport.sandbox.athletes.devices import PHONE
from paceport.sandbox.athletes.personas import Persona
from paceport.sandbox.athletes.physiology import Fitness, heat_ratio
from paceport.sandbox.athletes.recording import Summary
from paceport.sandbox.athletes.routes import KnownRoutes, NamedRoute
from paceport.sandbox.athletes.run_simulator import RecordingPlan
from paceport.sandbox.athletes.stored_source import StoredSource
from paceport.sandbox.athletes.training_plan import Session, WorkoutStep, choose_workout, interpolate, season

# Multiples of threshold speed; riding and walking have speeds of their own.
EFFORTS = {"easy": 0.745, "recovery": 0.7, "long": 0.75, "trail": 0.735, "commute": 0.745, "treadmill": 0.76}
WALK_MPS, RIDE_MPS, RIDE_THRESHOLD_MPS = 1.42, 7.3, 9.9
STOPS_PER_KM = {"road": 0.11, "path": 0.03, "trail": 0.04, "track": 0.0}
INDOORS_C = 19.0
_NOT_RUN = {"ride", "walk", "weights"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPlanner:
    """Plans one athlete's recordings; `key` seeds all that is random."""

    key: str
    persona: Persona
    max_heartrate_bpm: int

    def fitness(self, session: Session) -> Fitness:
        """The athlete on the day of a session: the true fitness, before heat and tired legs."""
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

    def weights(self, rng: Random, session: Session) -> RecordingPlan:
        """An hour or less in the gym: time and heart rate, no distance."""
        plan = self._plan(rng, session, None, 0.0, tired_ratio=0.0)
        return replace(plan, flat_speed_mps=1.0, duration_s=rng.randint(1500, 3300))

    def outing(
        self, rng: Random, session: Session, known_routes: KnownRoutes, tired_ratio: float
    ) -> tuple[RecordingPlan, str]:
        """The plan, and the name where the session names itself."""
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
        plan = self._plan(rng, session, route, distance_m, tired_ratio=tired_ratio)
        return replace(plan, steps=_with_ends(plan, steps, known_routes)) if steps else plan, words

    def _plan(
        self, rng: Random, session: Session, route: NamedRoute | None, distance_m: float, *, tired_ratio: float
    ) -> RecordingPlan:
        persona, fitness, race = self.persona, self.fitness(session), session.race
        speed_mps = _speed(rng, session, fitness) if distance_m else 1.0
        device = device_of(persona, session)
        middle, swing = persona.temperature_c
        outside_c = middle + swing * season(session.day, northern=persona.training.northern) + rng.uniform(-3.0, 3.0)
        temperature_c = INDOORS_C if route is None else round(outside_c, 1)
        hot_ratio = 0.0 if session.kind in _NOT_RUN else heat_ratio(temperature_c)
        tired_ratio = 0.0 if session.kind in _NOT_RUN else tired_ratio
        return RecordingPlan(
            key=f"{self.key}/{session.day}/{session.kind}/recording",
            sport=SPORTS.get(session.kind, "Run"),
            route=route,
            distance_m=distance_m,
            flat_speed_mps=round(speed_mps * (1.0 - hot_ratio) * (1.0 - tired_ratio), 4),
            hot_ratio=round(hot_ratio, 5),
            tired_ratio=round(tired_ratio, 5),
            fade_ratio_per_h=race.fade_ratio_per_h if race else round(rng.uniform(-0.012, 0.016), 4),
            drift_bpm=round(rng.uniform(*((1.5, 3.5) if race else (4.0, 10.0))) * (1.0 + 12.0 * hot_ratio), 2),
            stops=() if route is None or race else _stops(rng, route, distance_m),
            fitness=fitness,
            sensor=rng.random() < persona.sensor_share and device is not PHONE,
            device=device,
            temperature_c=temperature_c,
            weight_kg=persona.weight_kg,
            noise=0.008 if route is None or race else 0.022,
        )


def _choose_route(rng: Random, session: Session, known_routes: KnownRoutes) -> NamedRoute | None:
    kind, distance_m = session.kind, session.distance_m
    if kind == "treadmill":
        return None
    if session.race is not None:
        return known_routes.race(session.race.name, session.race.distance_m)
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


def _stops(rng: Random, route: NamedRoute, distance_m: float) -> tuple[tuple[float, int], ...]:
    """Red lights and shoe laces: where (share of the distance), and how many seconds."""
    expected = STOPS_PER_KM[route.surface] * distance_m / 1000.0
    count = sum(rng.random() < expected / 12.0 for _ in range(12))
    return tuple(sorted((round(rng.uniform(0.04, 0.96), 4), rng.randint(10, 60)) for _ in range(count)))


def truth_of(plan: RecordingPlan) -> Truth:
    """What a plan says of the recording to come."""
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
        duration_s=round(plan.distance_m / speed, 1),
        temperature_c=plan.temperature_c,
        hot_ratio=plan.hot_ratio,
        tired_ratio=plan.tired_ratio,
        heartrate_bpm=round(plan.fitness.heartrate_bpm(plan.effort_mps(speed)), 1),
        heartrate_drift_bpm=plan.drift_bpm,
        threshold_speed_mps=plan.fitness.threshold_speed_mps,
        threshold_heartrate_bpm=plan.fitness.threshold_heartrate_bpm,
        resting_heartrate_bpm=plan.fitness.resting_heartrate_bpm,
        standing_s=sum(seconds for _, seconds in plan.stops),
    )


def manual_entry(rng: Random, session: Session, fitness: Fitness) -> StoredSource:
    """What the athlete types in from memory."""
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
