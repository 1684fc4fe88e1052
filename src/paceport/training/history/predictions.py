"""Race times predicted from recent efforts, and what the same rules would have predicted for past races."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from paceport.training.history.history import History
from paceport.training.history.progress import records
from paceport.training.metrics.critical_speed import (
    CriticalSpeed,
    RunEffort,
    TimedEffort,
    recent_critical_speed,
)
from paceport.training.metrics.personal_records import Attempt, why_implausible
from paceport.training.metrics.race_prediction import Prediction, PredictionMethod, predict, vdot
from paceport.units import MILE_M

_Dated = tuple[date, Attempt]
Method = Literal["riegel", "vdot", "critical-speed"]
WINDOW_DAYS = 90
PREDICTED_M = (MILE_M, 5000.0, 10000.0, 21097.5, 42195.0)
_RACE_SPANS_M = (MILE_M, 2 * MILE_M, 5000.0, 10000.0, 15000.0, 10 * MILE_M, 20000.0, 21097.5, 30000.0, 42195.0, 50000.0)
_SHORTEST_BASIS_M = MILE_M
_LONGER_BY = 1.03  # a measured race comes out a little long; beyond, it was another distance


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The effort that predictions start from: of all recent ones, that with the highest VDOT."""

    run_id: int
    day: date
    distance_m: float
    time_s: float
    vdot: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RacePrediction:
    """A time for a distance by one method; `is_within_range` is False where the method was never meant for it."""

    method: Method
    distance_m: float
    time_s: float
    is_within_range: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """One past race and what each method would have predicted the day before, from the 90 days before it."""

    run_id: int
    day: date
    distance_m: float
    time_s: float
    predictions: tuple[RacePrediction, ...]

    def error_ratio(self, method: Method) -> float | None:
        """Predicted over run time, minus one: above 0 the race was faster than predicted. None without a prediction."""
        return next((one.time_s / self.time_s - 1.0 for one in self.predictions if one.method == method), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """Predictions by distance, the effort and the line they rest on, and the test on one's own past.

    `basis` is None without a run of a mile or more in the last 90 days, `critical` where no straight line fits.
    `tested_on` says whether the past races are runs marked as races, or, without any, those that set records.
    """

    basis: Basis | None
    critical: CriticalSpeed | None
    predictions: tuple[RacePrediction, ...]
    tests: tuple[BackTest, ...]
    tested_on: Literal["races", "records"]


def predictions(history: History, *, distances_m: Sequence[float] = PREDICTED_M) -> Predictions:
    """Predictions for these distances as of today, and the back-test.

    docs/metrics.md#riegel, #vdot and #critical-speed.
    """
    day_of = {run.id: run.day for run in history.runs}
    efforts = sorted(
        ((day_of[one.run_id], one) for one in history.attempts if _is_eligible(one)), key=lambda pair: pair[0]
    )
    recent = _window(efforts, history.today + timedelta(days=1))
    basis, line = _basis(recent), _line(recent)
    races, tested_on = _races(history)
    tests = []
    for race in races:
        earlier = _window(efforts, race.day)
        found = _predict_race(_basis(earlier), _line(earlier), race.distance_m)
        if found:
            tests.append(
                BackTest(
                    run_id=race.run_id,
                    day=race.day,
                    distance_m=race.distance_m,
                    time_s=race.time_s,
                    predictions=tuple(found),
                )
            )
    return Predictions(
        basis=basis,
        critical=line,
        predictions=tuple(one for distance_m in distances_m for one in _predict_race(basis, line, distance_m)),
        tests=tuple(tests),
        tested_on=tested_on,
    )


def median_error_ratio(tests: Iterable[BackTest], method: Method) -> float | None:
    """The median of the absolute errors of a method; None where it predicted nothing."""
    errors = sorted(abs(error) for test in tests if (error := test.error_ratio(method)) is not None)
    middle = len(errors) // 2
    if not errors:
        return None
    return errors[middle] if len(errors) % 2 else (errors[middle - 1] + errors[middle]) / 2


def _is_eligible(attempt: Attempt) -> bool:
    return attempt.excluded_because is None and why_implausible(attempt.span_m, attempt.elapsed_time_s) is None


def _window(efforts: Sequence[_Dated], before: date) -> Sequence[_Dated]:
    """The efforts of the last days before a day, that day not among them."""
    first = bisect_left(efforts, before - timedelta(days=WINDOW_DAYS), key=lambda pair: pair[0])
    return efforts[first : bisect_left(efforts, before, key=lambda pair: pair[0])]


def _basis(efforts: Sequence[_Dated]) -> Basis | None:
    best: Basis | None = None
    for day, one in efforts:
        if one.span_m < _SHORTEST_BASIS_M or not 210.0 <= one.elapsed_time_s <= 14_400.0:
            continue
        value = vdot(one.span_m, one.elapsed_time_s)
        if value is not None and (best is None or value > best.vdot):
            best = Basis(run_id=one.run_id, day=day, distance_m=one.span_m, time_s=one.elapsed_time_s, vdot=value)
    return best


def _line(efforts: Sequence[_Dated]) -> CriticalSpeed | None:
    if not efforts:
        return None
    dated = [
        RunEffort(run_id=one.run_id, day=day, distance_m=one.span_m, time_s=one.elapsed_time_s) for day, one in efforts
    ]
    return recent_critical_speed(dated, before=dated[-1].day + timedelta(days=1))


def _predict_race(basis: Basis | None, line: CriticalSpeed | None, distance_m: float) -> list[RacePrediction]:
    found: list[Prediction] = [] if basis is None else predict(basis.distance_m, basis.time_s, distance_m)
    answers = [_race_prediction(one.method, distance_m, one.time_s, one.is_within_range) for one in found]
    time_s = None if line is None else line.time_s(distance_m)
    if line is not None and time_s is not None and time_s > 0:
        answers.append(_race_prediction("critical-speed", distance_m, time_s, line.is_valid_for(time_s)))
    return answers


def _race_prediction(
    method: PredictionMethod | Method, distance_m: float, time_s: float, is_within_range: bool
) -> RacePrediction:
    return RacePrediction(method=method, distance_m=distance_m, time_s=time_s, is_within_range=is_within_range)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PastRace(TimedEffort):
    run_id: int


def _races(history: History) -> tuple[list[_PastRace], Literal["races", "records"]]:
    best: dict[int, dict[float, float]] = {}
    for one in history.attempts:
        if _is_eligible(one):
            best.setdefault(one.run_id, {})[one.span_m] = one.elapsed_time_s
    marked = [run for run in history.runs if run.is_race and run.distance_m]
    races = []
    for run in marked:
        length_m = run.distance_m or 0.0
        span_m = next((span for span in _RACE_SPANS_M if span <= length_m <= span * _LONGER_BY), None)
        time_s = best.get(run.id, {}).get(span_m) if span_m is not None else None
        if span_m is not None and time_s is not None:
            races.append(_PastRace(run_id=run.id, day=run.day, distance_m=span_m, time_s=time_s))
    if races:
        return races, "races"
    days = {run.id: run.day for run in history.runs}
    book = records(history)
    found = [
        _PastRace(
            run_id=one.attempt.run_id,
            day=days[one.attempt.run_id],
            distance_m=span_m,
            time_s=one.attempt.elapsed_time_s,
        )
        for span_m, progress in book.progress.items()
        if span_m in (5000.0, 10000.0, 21097.5, 42195.0)
        for one in progress[1:]  # the first is no achievement: everybody's first is a record
    ]
    return sorted(found, key=lambda race: race.day), "records"
