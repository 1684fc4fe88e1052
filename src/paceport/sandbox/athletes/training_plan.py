"""What an athlete does when: weeks of sessions drawn from seasons, races, gaps and growing fitness.

By design. Nothing here knows places or devices: a session is a kind, a length and a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from paceport.sandbox.athletes.random_streams import random_stream

# The order in which a week's days are given to running, Monday being 0, and what each is for.
RUN_DAYS = ((6, "long"), (2, "workout"), (5, "saturday"), (1, "easy"), (3, "easy"), (4, "recovery"))
SHARES = {"long": 0.31, "workout": 0.21, "saturday": 0.18, "easy": 0.18, "recovery": 0.12}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkoutStep:
    """A part of a workout: so far, at this multiple of the plan's speed; a lap of its own."""

    distance_m: float
    pace: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """A race on a day; `place` is the number of the athlete's place, `effort_ratio` multiplies what fitness allows."""

    day: date
    name: str
    distance_m: float
    place: int = 0
    effort_ratio: float = 0.995
    fade_ratio_per_h: float = 0.012


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingProfile:
    """How an athlete trains over the years.

    `speeds` and `weeks` are (day, threshold m/s) and (day, kilometres a week), straight lines between. `gaps` are
    days without any sport; `trips` are (first, last, place) spent elsewhere. Chances are per week;
    `indoor_share` is that of easy runs.
    """

    first_day: date
    speeds: tuple[tuple[date, float], ...]
    weeks: tuple[tuple[date, float], ...]
    gaps: tuple[tuple[date, date], ...] = ()
    trips: tuple[tuple[date, date, int], ...] = ()
    races: tuple[Race, ...] = ()
    missed: float = 0.1
    workouts: float = 0.8
    rides: float = 0.2
    walks: float = 0.2
    weights: float = 0.25
    commutes: float = 0.2
    northern: bool = True
    easy_only: bool = False
    indoor_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One thing to do: easy, recovery, long, workout, trail, commute, treadmill, manual, race, ride, walk, weights."""

    day: date
    kind: str
    distance_m: float
    place: int = 0
    race: Race | None = None


def sessions(training: TrainingProfile, key: str, until: date) -> Iterator[Session]:
    """Every session of a profile up to `until`, in order of days; `key` seeds what is random."""
    races = {race.day: race for race in training.races}
    monday = training.first_day - timedelta(days=training.first_day.weekday())
    while monday <= until:
        for session in _week(training, random_stream(f"{key}/week/{monday}"), monday, races):
            if training.first_day <= session.day <= until and not _inside(training.gaps, session.day):
                yield session
        monday += timedelta(days=7)


def interpolate(points: tuple[tuple[date, float], ...], day: date) -> float:
    """The value on a day of a line through (day, value) points, level outside of them."""
    if day <= points[0][0]:
        return points[0][1]
    for (first, low), (last, high) in zip(points, points[1:], strict=False):  # noqa: RUF007  # needs both ends
        if day <= last:
            return low + (high - low) * ((day - first).days / (last - first).days)
    return points[-1][1]


def season(day: date, *, northern: bool) -> float:
    """From -1 in the coldest week of the year to 1 in the warmest, as straight lines."""
    turn = ((day.timetuple().tm_yday - (20 if northern else 202)) % 365) / 365.0
    return 4.0 * turn - 1.0 if turn < 0.5 else 3.0 - 4.0 * turn


def choose_workout(rng: Random, distance_m: float) -> tuple[str, int, tuple[WorkoutStep, ...]]:
    """A workout of about that length: its name, laps of the running track (0: elsewhere), steps after the warm-up.

    Paces are multiples of threshold speed. Warm-up and cool-down are added where the route is known.
    """
    easy = distance_m < 8500.0
    choices = (
        ("8 \u00d7 400 m", 12, _repeats(8, 400.0, 1.09, 200.0)),
        ("12 \u00d7 400 m", 18, _repeats(12, 400.0, 1.08, 200.0)),
        ("5 \u00d7 1000 m", 18, _repeats(5, 1000.0, 1.035, 400.0)),
        ("6 \u00d7 800 m", 18, _repeats(6, 800.0, 1.05, 400.0)),
        ("3 \u00d7 2 km threshold", 0, _repeats(3, 2000.0, 0.985, 400.0)),
        ("Tempo 5 km", 0, (WorkoutStep(distance_m=5000.0, pace=0.965),)),
        ("Fartlek 10 \u00d7 1/1", 0, _repeats(10, 300.0, 1.06, 240.0)),
    )
    return rng.choice(choices[:1] + choices[4:]) if easy else rng.choice(choices)


def _repeats(count: int, fast_m: float, pace: float, jog_m: float) -> tuple[WorkoutStep, ...]:
    return (WorkoutStep(distance_m=fast_m, pace=pace), WorkoutStep(distance_m=jog_m, pace=0.6)) * count


def _inside(gaps: tuple[tuple[date, date], ...], day: date) -> bool:
    return any(first <= day <= last for first, last in gaps)


def _week(training: TrainingProfile, rng: Random, monday: date, races: dict[date, Race]) -> list[Session]:
    warmth = season(monday, northern=training.northern)
    rhythm = (1.0, 1.08, 1.15, 0.74)[monday.toordinal() // 7 % 4]
    week_m = 1000.0 * interpolate(training.weeks, monday) * rhythm * (1.0 + 0.1 * warmth) * rng.uniform(0.88, 1.12)
    days = {monday + timedelta(days=number) for number in range(7)}
    race_days = days & races.keys()
    if race_days:
        week_m *= 0.72
    count = min(6, max(2, round(week_m / 9500.0)))
    use = RUN_DAYS[:count]
    whole = sum(SHARES[kind] for _, kind in use)
    found = [_race(training, races[day]) for day in sorted(race_days)]
    for number, kind in use:
        day = monday + timedelta(days=number)
        draws = [rng.random() for _ in range(3)]
        length_m = week_m * SHARES[kind] / whole * rng.uniform(0.85, 1.15)
        tired = races.get(day - timedelta(days=1))
        if day in race_days or draws[0] < training.missed or (tired is not None and tired.distance_m > 15000.0):
            continue
        found.append(_run(training, day, kind, length_m, draws[1:], warmth))
    found += _other(training, rng, monday, warmth)
    return sorted(found, key=lambda session: (session.day, session.kind))


def _race(training: TrainingProfile, race: Race) -> Session:
    del training
    return Session(day=race.day, kind="race", distance_m=race.distance_m, place=race.place, race=race)


def _run(
    training: TrainingProfile, day: date, kind: str, length_m: float, draws: list[float], warmth: float
) -> Session:
    """What a planned run became, by weather, mood and the athlete's habits."""
    first, second = draws
    place = next((place for begin, last, place in training.trips if begin <= day <= last), 0)
    if kind == "workout" and first > training.workouts:
        kind = "easy"
    elif kind == "saturday":
        kind = "trail" if first < 0.3 and place == 0 else "easy"
    elif kind == "easy" and place == 0 and first < training.commutes:
        kind = "commute"
    if place != 0 and kind != "long":
        kind = "easy"
    if kind in {"easy", "recovery"} and place == 0:
        if second < (0.14 if warmth < -0.5 else 0.02):
            kind = "treadmill"
        elif second > 0.985:
            kind = "manual"
        elif second > 0.985 - training.indoor_share:
            kind = "treadmill"
    if training.easy_only and kind in {"long", "trail", "workout"}:
        kind = "easy"
    return Session(day=day, kind=kind, distance_m=max(2600.0, length_m), place=place)


def _other(training: TrainingProfile, rng: Random, monday: date, warmth: float) -> list[Session]:
    """Sports beside running, none of them on a trip."""
    wanted = (
        ("weights", training.weights, 0, 0.0),
        ("ride", training.rides * (0.6 + warmth), 4, rng.choice((24000.0, 38000.0, 56000.0))),
        ("walk", training.walks, rng.randrange(7), rng.uniform(2500.0, 5000.0)),
    )
    found = []
    for kind, chance, number, distance_m in wanted:
        day = monday + timedelta(days=number)
        if rng.random() < chance and not any(begin <= day <= last for begin, last, _ in training.trips):
            found.append(Session(day=day, kind=kind, distance_m=distance_m))
    return found
