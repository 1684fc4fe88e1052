"""Models tested on the athlete's own races, and the one time to recommend, with an honest range. No arrays here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.averages import mean
from paceport.training.metrics.critical_speed import RunEffort
from paceport.training.metrics.race_models import LONG_RACE_M, MODELS, Evidence, ModelTime, RaceModel, RaceModelName
from paceport.training.metrics.unknown import Unknown

LEAST_RACES = 3
_ENOUGH_RACES = 9  # fewer have no value at the rank of a tenth
_COMPARABLE = 1.5
_LOW, _HIGH = 0.1, 0.9
_EASY_RUN_RATIO = 0.8  # easy running is up to a fifth slower than a race over the distance (Daniels' paces)
# Where no back-test decides. From 30 km on, the formulas of shorter races are minutes too fast for most runners.
_DEFAULT_ORDER: tuple[RaceModelName, ...] = (
    *("vdot", "riegel", "endurance-model", "critical-speed", "marathon-by-mileage", "marathon-by-training"),
)
_LONG_ORDER: tuple[RaceModelName, ...] = (
    *("marathon-by-mileage", "endurance-model", "marathon-by-training", "vdot", "riegel", "critical-speed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPrediction:
    """What a model would have predicted for a past race from what was known before it."""

    race: RunEffort
    model: RaceModelName
    predicted_s: float

    @property
    def error_ratio(self) -> float:
        """Predicted over run time, minus one: above 0 the race was faster than predicted."""
        return self.predicted_s / self.race.time_s - 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelError:
    """The mean absolute error of a model over the races it predicted."""

    mean_error_ratio: float
    races: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One time for a distance with the range that holds four races in five.

    `chosen_by` says whether the athlete's own races chose the model, and `races` on how many it was tested. `efforts`
    are what it starts from; `starts_from_no_race` must be said where it is True.
    """

    distance_m: float
    time_s: float
    low_s: float
    high_s: float
    model: RaceModelName
    chosen_by: Literal["back-test", "published error"]
    races: int
    is_within_range: bool
    efforts: tuple[RunEffort, ...]

    @property
    def starts_from_no_race(self) -> bool:
        """Whether an effort it starts from was no race."""
        return any(not effort.is_race for effort in self.efforts)


def back_test(
    races: Iterable[RunEffort], evidence_before: Callable[[date], Evidence], *, models: Sequence[RaceModel] = MODELS
) -> list[PastPrediction]:
    """Every race by every model that has an answer, from what `evidence_before` knew of the days before; by date.

    Raises ValueError if the evidence holds anything of the race's day or later: a race must never predict itself.
    """
    tested = []
    for race in sorted(races, key=lambda one: (one.day, one.run_id)):
        known = evidence_before(race.day)
        if known.before > race.day or any(one.day >= race.day for one in (*known.efforts, *known.races)):
            raise ValueError(f"the evidence for the race of {race.day} holds what came after it")
        for model in models:
            answer = model.predict(known, race.distance_m)
            if answer is not None and race.time_s > 0:
                tested.append(PastPrediction(race=race, model=model.name, predicted_s=answer.time_s))
    return tested


def model_errors(tested: Iterable[PastPrediction]) -> dict[RaceModelName, ModelError]:
    """The mean absolute error of each model: the table of the back-test."""
    errors: dict[RaceModelName, list[float]] = {}
    for one in tested:
        errors.setdefault(one.model, []).append(abs(one.error_ratio))
    return {name: ModelError(mean_error_ratio=mean(found), races=len(found)) for name, found in errors.items()}


def comparable_tests(tested: Sequence[PastPrediction], distance_m: float) -> list[PastPrediction]:
    """The tests that say something about a distance: on races up to half as long again, or two thirds as long.

    With fewer than three such races, all below 30 km stand for a distance below 30 km. From 30 km on nothing shorter
    does: models that are right over a half marathon are minutes off over a marathon.
    """
    is_long = distance_m >= LONG_RACE_M
    same = [one for one in tested if (one.race.distance_m >= LONG_RACE_M) == is_long]
    near = [one for one in same if 1 / _COMPARABLE <= one.race.distance_m / distance_m <= _COMPARABLE]
    return near if is_long or len({_race(one) for one in near}) >= LEAST_RACES else same


def recommend(
    distance_m: float, known: Evidence, tested: Sequence[PastPrediction], *, models: Sequence[RaceModel] = MODELS
) -> Recommendation | Unknown:
    """The time to recommend: by the model with the least error on at least three comparable races of one's own.

    Without them by mileage for 30 km and more, and by VDOT below. A model outside the range it was made for is taken
    only where no other answers. Source: docs/metrics.md#recommended-prediction.
    """
    answers = {model.name: answer for model in models if (answer := model.predict(known, distance_m)) is not None}
    if any(answer.is_within_range for answer in answers.values()):
        answers = {name: answer for name, answer in answers.items() if answer.is_within_range}
    if not answers:
        return Unknown(reason="no effort of a mile or more in the last 90 days")
    comparable = comparable_tests(tested, distance_m)
    errors = {
        name: error
        for name, error in model_errors(comparable).items()
        if name in answers and error.races >= LEAST_RACES
    }
    order = _LONG_ORDER if distance_m >= LONG_RACE_M else _DEFAULT_ORDER
    if errors:
        chosen = min(errors, key=lambda name: (errors[name].mean_error_ratio, order.index(name)))
    else:
        chosen = min(answers, key=order.index)
    model = next(one for one in models if one.name == chosen)
    own = [one for one in comparable if one.model == chosen] if errors else []
    return _recommendation(model, distance_m, answers[chosen], own)


def _recommendation(
    model: RaceModel, distance_m: float, answer: ModelTime, own: Sequence[PastPrediction]
) -> Recommendation:
    low_s, high_s = _range_s(model, distance_m, answer, own)
    return Recommendation(
        distance_m=distance_m,
        time_s=answer.time_s,
        low_s=low_s,
        high_s=high_s,
        model=model.name,
        chosen_by="back-test" if own else "published error",
        races=len(own),
        is_within_range=answer.is_within_range,
        efforts=answer.efforts,
    )


def _range_s(
    model: RaceModel, distance_m: float, answer: ModelTime, own: Sequence[PastPrediction]
) -> tuple[float, float]:
    """The central 80 %: of the model's own errors, and with fewer than nine races not narrower than published.

    With fewer races the outermost errors are not yet a tenth and nine tenths. The time itself is always inside.
    Published errors are those of races: where an effort was none, a race may be a fifth faster.
    """
    time_s = answer.time_s
    half_s = model.half_width_s(distance_m, time_s)
    low_s, high_s = time_s, time_s
    if own:
        shares = sorted(one.race.time_s / one.predicted_s for one in own)
        low_s, high_s = min(time_s, time_s * _quantile(shares, _LOW)), max(time_s, time_s * _quantile(shares, _HIGH))
    if len(own) < _ENOUGH_RACES:
        low_s, high_s = min(low_s, time_s - half_s), max(high_s, time_s + half_s)
        if any(not effort.is_race for effort in answer.efforts):
            low_s = min(low_s, _EASY_RUN_RATIO * time_s)
    return max(low_s, 0.0), high_s


def _quantile(rising: Sequence[float], share: float) -> float:
    """The value at the rank share · (n + 1), straight between ranks, and at the ends where there are too few."""
    place = min(max(share * (len(rising) + 1) - 1.0, 0.0), len(rising) - 1.0)
    below = int(place)
    above = min(below + 1, len(rising) - 1)
    return rising[below] + (place - below) * (rising[above] - rising[below])


def _race(one: PastPrediction) -> tuple[date, int]:
    return one.race.day, one.race.run_id
