"""The athlete's own grade adjustment as it is kept for a week, and what a run is worth by it.

It is learnt from own runs alone, whenever something was computed and none is kept. It may be lost at any time. Reading
it needs no arrays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from paceport.lazy_dataclass import dataclass
from paceport.training.history.athlete_facts import ASSUMED_REST_BPM
from paceport.training.history.stored_rows import stored_rows

if TYPE_CHECKING:
    from paceport.logbook.database.measure_rows import GradeRow
    from paceport.logbook.database.store import Store
    from paceport.training.metrics.athlete import AthleteFacts

_KEY = "own grade adjustment"
_VALID_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAdjustment:
    """Flat metres that a metre is worth, by grade in per cent: of one's own and by the general model.

    `is_better`: it predicts the heart rate of runs that were held out better, and may be used.
    """

    grades_percent: tuple[int, ...]
    own: tuple[float, ...]
    general: tuple[float, ...]
    is_better: bool

    def over_general(self, bins: Iterable[GradeRow]) -> float | None:
        """By what the general model's adjusted distance of a run is to be multiplied; None without any grade."""
        factors = dict(zip(self.grades_percent, zip(self.own, self.general, strict=True), strict=True))
        own_m = general_m = 0.0
        for one in bins:
            if one.grade_percent in factors:
                own, general = factors[one.grade_percent]
                own_m, general_m = own_m + own * one.distance_m, general_m + general * one.distance_m
        return own_m / general_m if general_m > 0 else None


def stored_adjustment(store: Store) -> OwnAdjustment | None:
    """What is kept; None where nothing is, or the athlete runs too little in hills."""
    text = store.cached.state(_KEY)
    try:
        found = json.loads(text) if text else None
        return None if found is None else _parsed(found)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _parsed(found: Mapping[str, Any]) -> OwnAdjustment:
    return OwnAdjustment(
        grades_percent=tuple(found["grades_percent"]),
        own=tuple(found["own"]),
        general=tuple(found["general"]),
        is_better=bool(found["is_better"]),
    )


def update_adjustment(store: Store, athlete: AthleteFacts) -> None:
    """Learn it from own runs, where none is kept. `athlete` must hold own facts alone."""
    if store.cached.state(_KEY) is None:
        found = _learnt(store, athlete.rest_bpm or ASSUMED_REST_BPM)
        text = json.dumps(None if found is None else asdict(found))
        store.cached.set_state({_KEY: text}, expires_at=store.cached.clock.now() + _VALID_FOR)


def _learnt(store: Store, rest_bpm: float) -> OwnAdjustment | None:
    import numpy as np

    from paceport.training.metrics.grade_adjusted_pace import strava_factor
    from paceport.training.metrics.grade_windows import GradeWindow
    from paceport.training.metrics.own_grade_model import OwnGradeModel, own_grade_model

    rows = store.measure_rows.measures(("grade_windows",), own_only=True)
    windows = (
        GradeWindow(run_id=run_id, grade_ratio=grade, speed_mps=speed, heartrate_bpm=rate)
        for run_id, row in rows.items()
        for grade, speed, rate in stored_rows(row["grade_windows"], 3)
    )
    found = own_grade_model(windows, rest_bpm=rest_bpm)
    if not isinstance(found, OwnGradeModel):
        return None
    return OwnAdjustment(
        grades_percent=tuple(round(100.0 * grade) for grade in found.grades_ratio),
        own=found.factors,
        general=tuple(strava_factor(np.array(found.grades_ratio)).tolist()),
        is_better=found.is_better,
    )
