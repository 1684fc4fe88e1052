"""Race times as of today: one to recommend for each distance, what every model says, and how good each has been."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.sports import RUN_SPORTS
from paceport.training.history.evidence import past_evidence
from paceport.training.history.history import History
from paceport.training.history.past_races import past_races
from paceport.training.metrics.critical_speed import CriticalSpeed, recent_critical_speed
from paceport.training.metrics.race_back_test import (
    ModelError,
    PastPrediction,
    Recommendation,
    back_test,
    model_errors,
    recommend,
)
from paceport.training.metrics.race_models import EFFORT_DAYS, LONG_RACE_M, MODELS, Evidence, RaceModel, RaceModelName
from paceport.training.metrics.race_prediction import vdot
from paceport.units import MILE_M

WINDOW_DAYS = EFFORT_DAYS
PREDICTED_M = (MILE_M, 5000.0, 10000.0, 21097.5, 42195.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The effort that VDOT and Riegel start from: of all recent ones, that with the highest VDOT."""

    run_id: int
    day: date
    distance_m: float
    time_s: float
    is_race: bool
    vdot: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPredicted:
    """A distance without a prediction, and why: a clause to show."""

    distance_m: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPrediction:
    """A model's time for a distance; `is_within_range` is False where the model was not made for it."""

    model: RaceModelName
    distance_m: float
    time_s: float
    is_within_range: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """A model, and how close it came on the athlete's own races: below 30 km, and from there on; None: on none.

    `needs` says what is missing where it has no answer for any distance of `Predictions`, else None.
    """

    model: RaceModelName
    title: str
    shorter: ModelError | None
    longer: ModelError | None
    needs: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """The recommended times, what all models say, what they rest on, and the test on one's own races.

    `basis` is None without an effort of a mile or more in the last 90 days, `critical` where no line fits,
    `weekly_distance_m` and `training_speed_mps` (means of the last eight weeks) where too little was run.
    """

    recommended: tuple[Recommendation, ...]
    not_known: tuple[NotPredicted, ...]
    model_times: tuple[ModelPrediction, ...]
    models: tuple[ModelRecord, ...]
    basis: Basis | None
    critical: CriticalSpeed | None
    weekly_distance_m: float | None
    training_speed_mps: float | None
    races: int
    tests: tuple[PastPrediction, ...]


def predictions(history: History, *, distances_m: Sequence[float] = PREDICTED_M) -> Predictions:
    """Predictions for these distances as of today, and the test on all past races of the history.

    Needs a history that was read with its best efforts; other sports than running do not count.
    docs/metrics.md#recommended-prediction.
    """
    history = replace(history, runs=tuple(run for run in history.runs if run.sport in RUN_SPORTS))
    races = past_races(history)
    past = past_evidence(history, races)
    tests = back_test(races, past.before)
    known = past.before(history.today + timedelta(days=1))
    answers = [recommend(distance_m, known, tests) for distance_m in distances_m]
    times = [one for distance_m in distances_m for one in _model_times(known, distance_m)]
    return Predictions(
        recommended=tuple(one for one in answers if isinstance(one, Recommendation)),
        not_known=tuple(
            NotPredicted(distance_m=distance_m, reason=one.reason)
            for distance_m, one in zip(distances_m, answers, strict=True)
            if not isinstance(one, Recommendation)
        ),
        model_times=tuple(times),
        models=_model_records(tests, times, known, distances_m),
        basis=_basis(known),
        critical=recent_critical_speed(known.efforts, before=known.before),
        weekly_distance_m=known.weekly_distance_m,
        training_speed_mps=known.training_speed_mps,
        races=len(races),
        tests=tuple(tests),
    )


def _model_times(known: Evidence, distance_m: float) -> list[ModelPrediction]:
    return [
        ModelPrediction(
            model=model.name, distance_m=distance_m, time_s=answer.time_s, is_within_range=answer.is_within_range
        )
        for model in MODELS
        if (answer := model.predict(known, distance_m)) is not None
    ]


def _model_records(
    tests: Sequence[PastPrediction],
    times: Iterable[ModelPrediction],
    known: Evidence,
    distances_m: Sequence[float],
) -> tuple[ModelRecord, ...]:
    shorter = model_errors(one for one in tests if one.race.distance_m < LONG_RACE_M)
    longer = model_errors(one for one in tests if one.race.distance_m >= LONG_RACE_M)
    answered = {one.model for one in times}
    return tuple(
        ModelRecord(
            model=model.name,
            title=model.title,
            shorter=shorter.get(model.name),
            longer=longer.get(model.name),
            needs=None if model.name in answered else _missing(model, known, distances_m),
        )
        for model in MODELS
    )


def _missing(model: RaceModel, known: Evidence, distances_m: Sequence[float]) -> str:
    if model.only_m is not None and model.only_m not in distances_m:
        return "it predicts the marathon alone"
    return model.missing(known)


def _basis(known: Evidence) -> Basis | None:
    effort = known.basis()
    value = None if effort is None else vdot(effort.distance_m, effort.time_s)
    if effort is None or value is None:
        return None
    return Basis(
        run_id=effort.run_id,
        day=effort.day,
        distance_m=effort.distance_m,
        time_s=effort.time_s,
        is_race=effort.is_race,
        vdot=value,
    )
