"""Models that predict race times, as values with one interface, and what they are given. No arrays here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Literal

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.critical_speed import RunEffort, recent_critical_speed, why_not_known
from paceport.training.metrics.endurance_model import fit_endurance_model
from paceport.training.metrics.marathon_formulas import (
    MARATHON_M,
    is_in_tandas_range,
    tanda_marathon_s,
    vickers_one_race_s,
    vickers_two_races_s,
)
from paceport.training.metrics.race_prediction import riegel_s, vdot, vdot_time_s
from paceport.units import MILE_M

RaceModelName = Literal[
    "riegel", "vdot", "critical-speed", "marathon-by-mileage", "marathon-by-training", "endurance-model"
]
EFFORT_DAYS, RACE_DAYS, TRAINING_DAYS = 90, 365, 56
_LEAST_TRAINING_WEEKS, _LEAST_TRAINING_M = 4, 20_000.0
_SHORTEST_BASIS_M = MILE_M
_BASIS_S = (210.0, 14_400.0)
_RIEGEL_S = (210.0, 13_800.0)
_MARATHON_TOLERANCE = 0.01
_SHORTEST_FOR_MARATHON_M, _LONGEST_FOR_MARATHON_M = 4_900.0, 32_000.0
_LEAST_STRETCH = 1.5  # between two races, for an exponent to be read off them
_EXPONENTS = (1.0, 1.25)
LONG_RACE_M = 30_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    """What a run adds to the training: its day, distance and moving time."""

    day: date
    distance_m: float
    moving_time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is known before the day `before`, and nothing of that day or later.

    `efforts` are best efforts of the last 90 days, `races` whole races of the last year (each with the race's
    distance). `weekly_distance_m` and `training_speed_mps` are means over the last eight weeks, None where too little
    was run.
    """

    before: date
    efforts: tuple[RunEffort, ...] = ()
    races: tuple[RunEffort, ...] = ()
    weekly_distance_m: float | None = None
    training_speed_mps: float | None = None

    def basis(self) -> RunEffort | None:
        """The effort that predictions start from: of a mile and more, that with the highest VDOT."""
        return best_effort(self.efforts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTime:
    """A model's time, whether the model was meant for it, and the efforts it rests on (none: on training alone)."""

    time_s: float
    is_within_range: bool
    efforts: tuple[RunEffort, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceModel:
    """A way to predict: `predict` takes the evidence and a distance, and answers None where it has no answer.

    `needs` says what it must be given, `only_m` for which distance alone it was made (None: for any).
    `error_ratio` and `long_error_s` are half the width of the central 80 % that its publications allow, as a share of
    the time, and in seconds from 30 km on where a figure for the marathon is published (else None).
    """

    name: RaceModelName
    title: str
    needs: str
    error_ratio: float
    long_error_s: float | None
    predict: Callable[[Evidence, float], ModelTime | None]
    only_m: float | None = None
    why_not: Callable[[Evidence], str] | None = None

    def missing(self, known: Evidence) -> str:
        """What is missing where it has no answer for any distance, as a clause to show."""
        return (self.why_not(known) if self.why_not is not None else "") or f"it needs {self.needs}"

    def half_width_s(self, distance_m: float, time_s: float) -> float:
        """Half the width of the published central 80 % round a predicted time."""
        is_long = distance_m >= LONG_RACE_M
        return self.long_error_s if is_long and self.long_error_s is not None else self.error_ratio * time_s


def evidence(
    *, before: date, efforts: Iterable[RunEffort], races: Iterable[RunEffort], training: Iterable[TrainingRun]
) -> Evidence:
    """What was known before a day, cut to each part's window; anything of that day or later is left out."""
    weekly_m, speed_mps = _training(training, before)
    return Evidence(
        before=before,
        efforts=tuple(one for one in efforts if _is_recent(one.day, before, EFFORT_DAYS)),
        races=tuple(one for one in races if _is_recent(one.day, before, RACE_DAYS)),
        weekly_distance_m=weekly_m,
        training_speed_mps=speed_mps,
    )


def best_effort(efforts: Iterable[RunEffort]) -> RunEffort | None:
    """The effort with the highest VDOT among those of a mile and more and of 3.5 minutes to 4 hours."""
    rated = [
        (value, one)
        for one in efforts
        if one.distance_m >= _SHORTEST_BASIS_M and _BASIS_S[0] <= one.time_s <= _BASIS_S[1]
        if (value := vdot(one.distance_m, one.time_s)) is not None
    ]
    return max(rated, key=lambda pair: pair[0])[1] if rated else None


def _is_recent(day: date, before: date, days: int) -> bool:
    return before - timedelta(days=days) <= day < before


def _training(runs: Iterable[TrainingRun], before: date) -> tuple[float | None, float | None]:
    """Mean weekly distance and mean speed of the last eight weeks; None with runs in fewer than four of them."""
    recent = [run for run in runs if _is_recent(run.day, before, TRAINING_DAYS) and run.distance_m > 0]
    weeks = {((before - run.day).days - 1) // 7 for run in recent}
    total_m, total_s = sum(run.distance_m for run in recent), sum(run.moving_time_s for run in recent)
    if len(weeks) < _LEAST_TRAINING_WEEKS or total_s <= 0:
        return None, None
    return total_m / (TRAINING_DAYS / 7), total_m / total_s


def _riegel(known: Evidence, distance_m: float) -> ModelTime | None:
    basis = known.basis()
    if basis is None:
        return None
    time_s = riegel_s(basis.distance_m, basis.time_s, distance_m)
    is_within = all(_RIEGEL_S[0] <= seconds <= _RIEGEL_S[1] for seconds in (basis.time_s, time_s))
    return ModelTime(time_s=time_s, is_within_range=is_within, efforts=(basis,))


def _vdot(known: Evidence, distance_m: float) -> ModelTime | None:
    basis = known.basis()
    value = None if basis is None else vdot(basis.distance_m, basis.time_s)
    time_s = None if value is None else vdot_time_s(value, distance_m)
    if basis is None or time_s is None:
        return None
    return ModelTime(time_s=time_s, is_within_range=_BASIS_S[0] <= time_s <= _BASIS_S[1], efforts=(basis,))


def _critical_speed(known: Evidence, distance_m: float) -> ModelTime | None:
    line = recent_critical_speed(known.efforts, before=known.before)
    time_s = None if line is None else line.time_s(distance_m)
    if line is None or time_s is None:
        return None
    return ModelTime(time_s=time_s, is_within_range=line.is_valid_for(time_s), efforts=())


def _is_marathon(distance_m: float) -> bool:
    return abs(distance_m / MARATHON_M - 1.0) <= _MARATHON_TOLERANCE


def _marathon_by_mileage(known: Evidence, distance_m: float) -> ModelTime | None:
    if not _is_marathon(distance_m) or known.weekly_distance_m is None:
        return None
    races = [
        race for race in known.races if _is_recent(race.day, known.before, EFFORT_DAYS) and _leads_to_marathon(race)
    ]
    best_race = best_effort(races)
    other = best_race and best_effort(race for race in races if _are_two_races(race, best_race))
    if best_race is not None and other is not None:
        used = tuple(sorted((best_race, other), key=lambda race: race.distance_m))
        pairs = [(race.distance_m, race.time_s) for race in used]
        time_s = vickers_two_races_s(pairs[0], pairs[1], known.weekly_distance_m)
    else:
        best = best_effort([*races, *filter(_leads_to_marathon, known.efforts)])
        if best is None:
            return None
        used, time_s = (best,), vickers_one_race_s(best.distance_m, best.time_s, known.weekly_distance_m)
    return None if time_s is None else ModelTime(time_s=time_s, is_within_range=True, efforts=used)


def _leads_to_marathon(effort: RunEffort) -> bool:
    return _SHORTEST_FOR_MARATHON_M <= effort.distance_m <= _LONGEST_FOR_MARATHON_M


def _are_two_races(one: RunEffort, other: RunEffort) -> bool:
    """Whether an exponent can be read off these two: different runs, far enough apart, and no odd exponent."""
    if one.run_id == other.run_id:
        return False
    shorter, longer = sorted((one, other), key=lambda each: each.distance_m)
    if longer.distance_m < _LEAST_STRETCH * shorter.distance_m:
        return False
    least, most = ((longer.distance_m / shorter.distance_m) ** exponent for exponent in _EXPONENTS)
    return bool(least <= longer.time_s / shorter.time_s <= most)


def _marathon_by_training(known: Evidence, distance_m: float) -> ModelTime | None:
    if not _is_marathon(distance_m) or known.weekly_distance_m is None or known.training_speed_mps is None:
        return None
    if known.weekly_distance_m < _LEAST_TRAINING_M:
        return None  # whoever hardly runs says nothing of a marathon by it
    time_s = tanda_marathon_s(known.weekly_distance_m, known.training_speed_mps)
    if time_s is None:
        return None
    return ModelTime(time_s=time_s, is_within_range=is_in_tandas_range(time_s), efforts=())


def _endurance(known: Evidence, distance_m: float) -> ModelTime | None:
    model = fit_endurance_model((race.distance_m, race.time_s) for race in known.races)
    time_s = None if model is None else model.time_s(distance_m)
    return None if time_s is None else ModelTime(time_s=time_s, is_within_range=True, efforts=known.races)


# Half widths of the central 80 %. From a root mean square error: times 1.2816; from a mean absolute error: times 1.6063
# (both of a normal distribution). Marathon: mean squared errors of 381 (Riegel) and 228 min² (one race and mileage) in
# Vickers and Vertosick 2016, 5.4 min for Tanda. Emig and Peltonen: 3.0 to 3.5 % mean absolute error on 2,079 runners;
# nobody published as much for the others below the marathon, so they get the same.
_SHARE = 0.0325 * 1.6063
_EFFORT = "an effort of a mile or more in the last 90 days"
MODELS: tuple[RaceModel, ...] = (
    RaceModel(name="vdot", title="VDOT", needs=_EFFORT, error_ratio=_SHARE, long_error_s=1501.0, predict=_vdot),
    RaceModel(name="riegel", title="Riegel", needs=_EFFORT, error_ratio=_SHARE, long_error_s=1501.0, predict=_riegel),
    RaceModel(
        name="critical-speed",
        title="Critical speed",
        needs="fast efforts of 2 to 25 minutes in at least three runs of the last 90 days, on one line",
        error_ratio=_SHARE,
        long_error_s=None,
        predict=_critical_speed,
        why_not=lambda known: why_not_known(known.efforts, before=known.before),
    ),
    RaceModel(
        name="marathon-by-mileage",
        title="Vickers-Vertosick",
        needs="an effort of 5 to 32 km in the last 90 days, and runs in four of the last eight weeks",
        error_ratio=_SHARE,
        long_error_s=1161.0,
        predict=_marathon_by_mileage,
        only_m=MARATHON_M,
    ),
    RaceModel(
        name="marathon-by-training",
        title="Tanda",
        needs="runs in four of the last eight weeks, 20 km a week or more",
        error_ratio=_SHARE,
        long_error_s=415.0,
        predict=_marathon_by_training,
        only_m=MARATHON_M,
    ),
    RaceModel(
        name="endurance-model",
        title="Emig-Peltonen",
        needs="races over three distances in the last year, the longest taking twice as long as the shortest",
        error_ratio=_SHARE,
        long_error_s=None,
        predict=_endurance,
    ),
)
