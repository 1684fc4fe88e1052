"""What all runs together say of the athlete, as rows for SQL: race times, maximum heart rate, heat, own grade factors.

They change with the day and not only with the runs, so they are computed when they are asked for and kept until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from paceport.training.history.history import History, read_history

if TYPE_CHECKING:
    from paceport.logbook.database.athlete_rows import AthleteRowsByView
    from paceport.logbook.database.store import Store
    from paceport.training.metrics.athlete import AthleteFacts

_STATE = "results of the athlete"
_REMEMBERED_FOR = timedelta(days=7)
_VERSION = 1
_STATED = ("your settings", "Strava's zones")


def update_athlete_results(
    store: Store, *, now: datetime, given: AthleteFacts, timezone: str | None, not_records: Collection[int] = ()
) -> None:
    """Compute and keep them as of today; nothing where that was done this hour and no run has changed since.

    Call `compute_results` first. `given` and the rest are as for `read_history`. Nothing of the API goes into own.db.
    """
    if store.read_only_because:
        return
    cache_state, first_expiry = store.load_rows.cache_state()
    token = store.check_token()
    asked = (given, timezone, sorted(not_records))
    mark = f"{_VERSION} {now:%Y-%m-%d %H} {token} {asked!r} {cache_state}"
    if token is not None and store.cached.state(_STATE) == mark:
        return

    def history(*, own_only: bool) -> History:
        found = read_history(store, now=now, given=given, timezone=timezone, not_records=not_records, own_only=own_only)
        return found.split_by_today()[0]

    own = history(own_only=True)
    store.athlete_rows.save_own(_rows(store, own, given), as_of=own.today.isoformat())
    if first_expiry is None:
        store.athlete_rows.forget_cached()
    else:
        every = history(own_only=False)
        as_of = every.today.isoformat()
        store.athlete_rows.save_cached(_rows(store, every, given), as_of=as_of, expires_at=first_expiry)
    store.cached.set_state({_STATE: mark}, expires_at=now + _REMEMBERED_FOR)


def _rows(store: Store, history: History, given: AthleteFacts) -> AthleteRowsByView:
    return {
        **_predictions(history),
        "maximum_heartrate": list(_maxima(history, {one.year for one in given.seasons})),
        "heat_effect": [_heat(store, history)],
        "own_grade_factor": list(_grade_factors(store, history)),
    }


def _predictions(history: History) -> AthleteRowsByView:
    from paceport.training.history.predictions import PREDICTED_M, predictions
    from paceport.training.metrics.race_models import LONG_RACE_M

    found = predictions(history)
    recommended = [asdict(one) | {"starts_from_no_race": one.starts_from_no_race} for one in found.recommended]
    unknown = [{"distance_m": one.distance_m, "not_known_because": one.reason} for one in found.not_known]
    times = {(one.model, one.distance_m): one for one in found.model_times}
    by_model: list[dict[str, object]] = []
    for distance_m in PREDICTED_M:
        for model in found.models:
            time, error = (
                times.get((model.model, distance_m)),
                model.longer if distance_m >= LONG_RACE_M else model.shorter,
            )
            by_model.append(
                {
                    "distance_m": distance_m,
                    "model": model.model,
                    "time_s": time.time_s if time else None,
                    "is_within_range": time.is_within_range if time else None,
                    "mean_error_ratio": error.mean_error_ratio if error else None,
                    "races": error.races if error else 0,
                    "not_known_because": model.needs,
                }
            )
    order = {distance_m: place for place, distance_m in enumerate(PREDICTED_M)}
    return {
        "prediction": sorted(recommended + unknown, key=lambda row: order[row["distance_m"]]),
        "model_prediction": by_model,
    }


def _maxima(history: History, set_years: Collection[int]) -> Iterator[dict[str, object]]:
    """The maximum of today, whose year is None, and of each calendar year with a run; the settings give `set_years`."""
    facts = history.facts
    if facts.athlete.max_bpm is None:
        return
    source = facts.known_by.get("max")
    yield {"max_bpm": facts.athlete.max_bpm, "source": source, "doubts": "; ".join(facts.max_doubts) or None}
    in_year, is_stated = facts.athlete.by_year(), source in _STATED
    for year in sorted({run.day.year for run in history.runs}):
        of_year = "your settings" if year in set_years else source if is_stated else "your runs"
        yield {"year": year, "max_bpm": in_year(year).max_bpm, "source": of_year}


def _heat(store: Store, history: History) -> dict[str, object]:
    from paceport.training.history.heat_of_runs import heat_of_runs
    from paceport.training.metrics.heat import HeatEffect

    found = heat_of_runs(store, history, history.runs)
    if isinstance(found, HeatEffect):
        return asdict(found) | {"is_clear": found.is_clear}
    return {"not_known_because": found.reason}


def _grade_factors(store: Store, history: History) -> Iterator[dict[str, object]]:
    import numpy as np

    from paceport.training.history.hills import hills
    from paceport.training.metrics.grade_adjusted_pace import strava_factor
    from paceport.training.metrics.own_grade_model import OwnGradeModel

    own = hills(store, history, history.runs).own
    if not isinstance(own, OwnGradeModel):
        yield {"not_known_because": own.reason}
        return
    general = strava_factor(np.array(own.grades_ratio)).tolist()
    for grade, factor, usual in zip(own.grades_ratio, own.factors, general, strict=True):
        yield {
            "grade_percent": round(100.0 * grade),
            "own_factor": factor,
            "general_factor": usual,
            "is_used": own.is_better,
            "own_error_bpm": own.own_error_bpm,
            "general_error_bpm": own.general_error_bpm,
            "hills_h": own.hills_h,
        }
