"""A grade adjustment of the athlete's own, learnt from their hills, and whether it is better than the general one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.convex_fit import convex_fit
from paceport.training.metrics.grade_adjusted_pace import strava_factor
from paceport.training.metrics.grade_windows import WINDOW_S, GradeWindow
from paceport.training.metrics.unknown import Unknown

if TYPE_CHECKING:
    from paceport.streams import Channel

_STEP_RATIO, _BINS_EACH_SIDE = 0.02, 12  # to ±24 %: the general model bends down beyond 25 %
_FLAT_RATIO = 0.02
_LEAST_FLAT_WINDOWS = 5
LEAST_HILLS_H = 20.0
_FOLDS = 5
_LEAST_RUNS = 2 * _FOLDS
_PRIOR_S = 1800.0  # so much time in a bin counts as much as the general model
_NEIGHBOUR = 0.5

_CENTRES = _STEP_RATIO * np.arange(-_BINS_EACH_SIDE, _BINS_EACH_SIDE + 1, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGradeModel:
    """How many flat metres a metre is worth at equal heart rate, for this athlete, at grades of -24 to +24 %.

    `own_error_bpm` and `general_error_bpm` are root mean squares of the heart rate predicted on hills of runs that were
    held out, by this model and by the general one. `hills_h` are the hours it was learnt from.
    """

    grades_ratio: tuple[float, ...]
    factors: tuple[float, ...]
    hills_h: float
    own_error_bpm: float
    general_error_bpm: float

    @property
    def is_better(self) -> bool:
        """Whether it may be used: it predicts the heart rate of held-out runs better than the general model."""
        return self.own_error_bpm < self.general_error_bpm

    def factor(self, grade_ratio: Channel) -> Channel:
        """The factor at each grade, straight between bins; beyond ±24 % in proportion to the general model."""
        return _factor(np.asarray(self.factors), grade_ratio)


def own_grade_model(windows: Iterable[GradeWindow], *, rest_bpm: float) -> OwnGradeModel | Unknown:
    """The model of these windows; unknown with less than 20 h on grades of 2 % and more, or in fewer than ten runs.

    The share of the heart rate reserve follows the share of the oxygen reserve (Swain and Leutholtz 1997), so (rate -
    rest) / speed at a grade over the same on the flat of that run is the factor. The difference to the general model is
    averaged by bins of 2 % and their neighbours, shrunk by half an hour of no difference, and made convex; the flat
    stays 1. Runs without five flat minutes do not count. Source: docs/metrics.md#own-grade-adjustment.
    """
    runs = _runs(windows, rest_bpm)
    hills_s = WINDOW_S * sum(_is_hill(window) for _, own in runs for window in own)
    if hills_s < 3600.0 * LEAST_HILLS_H:
        return Unknown(reason=f"less than {LEAST_HILLS_H:.0f} hours in hills with a heart rate")
    if len(runs) < _LEAST_RUNS:
        return Unknown(reason=f"fewer than {_LEAST_RUNS} runs in hills")
    general = strava_factor(_CENTRES)
    own_squares = general_squares = 0.0
    for fold in range(_FOLDS):
        held_out = runs[fold::_FOLDS]
        learnt = _learn([run for place, run in enumerate(runs) if place % _FOLDS != fold], rest_bpm)
        own_squares += _squares(held_out, learnt, rest_bpm)
        general_squares += _squares(held_out, general, rest_bpm)
    hills = hills_s / WINDOW_S
    return OwnGradeModel(
        grades_ratio=tuple(_CENTRES.tolist()),
        factors=tuple(_learn(runs, rest_bpm).tolist()),
        hills_h=hills_s / 3600.0,
        own_error_bpm=math.sqrt(own_squares / hills),
        general_error_bpm=math.sqrt(general_squares / hills),
    )


_Run = tuple[float, Sequence[GradeWindow]]


def _runs(windows: Iterable[GradeWindow], rest_bpm: float) -> list[_Run]:
    """Flat metres for a beat above rest, and the windows, of each run that has five flat ones; in the order of ids."""
    by_run: dict[int, list[GradeWindow]] = {}
    for window in windows:
        is_inside = abs(window.grade_ratio) < _STEP_RATIO * (_BINS_EACH_SIDE + 0.5)
        if is_inside and window.speed_mps > 0 and window.heartrate_bpm > rest_bpm:
            by_run.setdefault(window.run_id, []).append(window)
    runs = ((_flat_worth(by_run[run_id], rest_bpm), by_run[run_id]) for run_id in sorted(by_run))
    return [(worth, own) for worth, own in runs if worth is not None]


def _flat_worth(windows: Sequence[GradeWindow], rest_bpm: float) -> float | None:
    flat = [window for window in windows if not _is_hill(window)]
    if len(flat) < _LEAST_FLAT_WINDOWS:
        return None
    grades = np.array([window.grade_ratio for window in flat])
    found = median(
        window.speed_mps * factor / (window.heartrate_bpm - rest_bpm)
        for window, factor in zip(flat, strava_factor(grades).tolist(), strict=True)
    )
    return float(found)


def _is_hill(window: GradeWindow) -> bool:
    return abs(window.grade_ratio) >= _FLAT_RATIO


def _learn(runs: Sequence[_Run], rest_bpm: float) -> Channel:
    """The factor at the centre of each bin."""
    general = strava_factor(_CENTRES)
    seconds, surplus = np.zeros(len(_CENTRES)), np.zeros(len(_CENTRES))
    for worth, windows in runs:
        grades = np.array([window.grade_ratio for window in windows])
        for window, usual in zip(windows, strava_factor(grades).tolist(), strict=True):
            place = round(window.grade_ratio / _STEP_RATIO) + _BINS_EACH_SIDE
            own = worth * (window.heartrate_bpm - rest_bpm) / window.speed_mps
            seconds[place] += WINDOW_S
            surplus[place] += WINDOW_S * (own - usual)
    kernel = np.array([_NEIGHBOUR, 1.0, _NEIGHBOUR])
    near_s = np.convolve(seconds, kernel, mode="same")
    difference = np.convolve(surplus, kernel, mode="same") / (near_s + _PRIOR_S)
    fitted = np.array(convex_fit((general + difference).tolist(), (near_s + _PRIOR_S).tolist()))
    return np.asarray(fitted / fitted[_BINS_EACH_SIDE])


def _squares(runs: Sequence[_Run], factors: Channel, rest_bpm: float) -> float:
    """The sum of the squared errors of the heart rate over the hills of these runs."""
    total = 0.0
    for worth, windows in runs:
        hills = [window for window in windows if _is_hill(window)]
        usual = _factor(factors, np.array([window.grade_ratio for window in hills]))
        predicted = rest_bpm + np.array([window.speed_mps for window in hills]) * usual / worth
        total += float(np.sum((predicted - np.array([window.heartrate_bpm for window in hills])) ** 2))
    return total


def _factor(factors: Channel, grade_ratio: Channel) -> Channel:
    inside = np.clip(grade_ratio, _CENTRES[0], _CENTRES[-1])
    return np.asarray(np.interp(inside, _CENTRES, factors) * strava_factor(grade_ratio) / strava_factor(inside))
