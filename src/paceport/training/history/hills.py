"""Pace by gradient over many runs, climb rates, and a grade adjustment of the athlete's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.lazy_dataclass import dataclass
from paceport.training.history.athlete_facts import ASSUMED_REST_BPM
from paceport.training.history.history import History
from paceport.training.history.own_adjustment import stored_adjustment
from paceport.training.history.run import Run
from paceport.training.history.stored_rows import stored_rows
from paceport.training.metrics.grade_adjusted_pace import strava_factor
from paceport.training.metrics.grade_windows import GradeWindow
from paceport.training.metrics.own_grade_model import OwnGradeModel, own_grade_model
from paceport.training.metrics.pace_by_grade import GradeBin, add_grade_bins
from paceport.training.metrics.unknown import Unknown

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradient:
    """What was run at a grade, and how many flat metres a metre there is worth: by the general model, and by one's own.

    `own_factor` is None where there is no model of one's own.
    """

    bin: GradeBin
    general_factor: float
    own_factor: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hills:
    """Pace by gradient, downhill first; the athlete's own grade adjustment or why there is none; climb rate by year.

    `climb_rates` are (year, metres an hour over all rises of 30 m and more, metres climbed in these).
    """

    gradients: tuple[Gradient, ...]
    own: OwnGradeModel | Unknown
    climb_rates: tuple[tuple[int, float, float], ...]
    runs: int
    known_runs: int


def hills(store: Store, history: History, runs: Sequence[Run], *, learns_own: bool = True) -> Hills:
    """What these runs say about hills. docs/metrics.md#pace-by-grade and #own-grade-adjustment.

    Without `learns_own`, which takes half a second for many runs, the factors are those that are kept of own data.
    """
    ids = {run.id for run in runs}
    rows, known_runs = store.measure_rows.grade_sums(ids, own_only=history.is_own_only)
    bins = add_grade_bins(
        GradeBin(
            grade_percent=one.grade_percent,
            distance_m=one.distance_m,
            moving_time_s=one.moving_time_s,
            heart_beats=one.heart_beats,
            heart_s=one.heart_s,
        )
        for one in rows
    )
    grades = np.array([one.grade_percent / 100.0 for one in bins])
    general = strava_factor(grades).tolist()
    own: OwnGradeModel | Unknown = Unknown(reason="it was not asked for")
    if learns_own:
        rest_bpm = history.facts.athlete.rest_bpm or ASSUMED_REST_BPM
        own = own_grade_model(_windows(store, history, ids), rest_bpm=rest_bpm)
        factors = own.factor(grades).tolist() if isinstance(own, OwnGradeModel) else [None] * len(bins)
    else:
        kept = stored_adjustment(store)
        by_grade = dict(zip(kept.grades_percent, kept.own, strict=True)) if kept else {}
        factors = [by_grade.get(one.grade_percent) for one in bins]
    return Hills(
        gradients=tuple(
            Gradient(bin=one, general_factor=usual, own_factor=mine)
            for one, usual, mine in zip(bins, general, factors, strict=True)
        ),
        own=own,
        climb_rates=tuple(_climb_rates(store, history, runs)),
        runs=len(runs),
        known_runs=known_runs,
    )


def _windows(store: Store, history: History, ids: set[int]) -> Iterator[GradeWindow]:
    found = store.measure_rows.measures(("grade_windows",), own_only=history.is_own_only)
    for run_id, row in found.items():
        if run_id in ids:
            for grade, speed, rate in stored_rows(row["grade_windows"], 3):
                yield GradeWindow(run_id=run_id, grade_ratio=grade, speed_mps=speed, heartrate_bpm=rate)


def _climb_rates(store: Store, history: History, runs: Sequence[Run]) -> Iterator[tuple[int, float, float]]:
    found = store.measure_rows.measures(("climbed_m", "climb_rate_m_per_h"), own_only=history.is_own_only)
    years: dict[int, list[tuple[float, float]]] = {}
    for run in runs:
        row = found.get(run.id)
        if row is not None and row["climbed_m"] and row["climb_rate_m_per_h"]:
            hours = row["climbed_m"] / row["climb_rate_m_per_h"]
            years.setdefault(run.day.year, []).append((row["climbed_m"], hours))
    for year, climbs in sorted(years.items()):
        metres, hours = (sum(part) for part in zip(*climbs, strict=True))
        yield year, metres / hours, metres
