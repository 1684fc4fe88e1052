"""The effective VO2max of every run, its trend, and what is stored of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from paceport.lazy_dataclass import dataclass
from paceport.sports import RUN_SPORTS
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.effective_vo2max import SteadyRun, effective_vo2max
from paceport.training.metrics.trend import Trend, trend

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.training.metrics.athlete import AthleteFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class UptakeTrend:
    """The effective VO2max of the runs that have one, oldest first, in ml per kg and minute, and its trend.

    `left_out` counts the others by the reason, a clause to show. The trend is None with fewer than eight weeks.
    """

    points: tuple[tuple[date, int, float], ...]
    trend: Trend | None
    left_out: dict[str, int]


def uptake_trend(history: History, measures: Mapping[int, Mapping[str, Any]], runs: Sequence[Run]) -> UptakeTrend:
    """The effective VO2max of these runs; `measures` has `speed_spread_ratio` by run.

    docs/metrics.md#effective-oxygen-uptake.
    """
    points: list[tuple[date, int, float]] = []
    left_out: dict[str, int] = {}
    for run in runs:
        value = effective_uptake(run, measures.get(run.id), history.facts.athlete)
        if isinstance(value, float):
            points.append((run.day, run.id, value))
        else:
            left_out[value] = left_out.get(value, 0) + 1
    return UptakeTrend(points=tuple(points), trend=trend((day, value) for day, _, value in points), left_out=left_out)


def effective_uptake(run: Run, measured: Mapping[str, Any] | None, athlete: AthleteFacts) -> float | str:
    """The effective VO2max of one run, or why it has none."""
    if run.sport not in RUN_SPORTS:
        return "of another sport"
    if measured is None:
        return "without a track"
    if run.is_indoor:
        return "indoors, where the distance is an estimate"
    speed_mps, rate_bpm = run.adjusted_speed_mps or run.speed_mps, run.heartrate_bpm
    if speed_mps is None or rate_bpm is None or run.moving_time_s is None:
        return "without a heart rate" if rate_bpm is None else "without a speed"
    found = effective_vo2max(
        SteadyRun(
            adjusted_speed_mps=speed_mps,
            heartrate_bpm=rate_bpm,
            moving_time_s=run.moving_time_s,
            elapsed_time_s=max(run.elapsed_time_s or run.moving_time_s, run.moving_time_s),
            heartrate_coverage_ratio=run.heartrate_coverage_ratio,
            speed_spread_ratio=measured.get("speed_spread_ratio"),
        ),
        max_bpm=athlete.by_year()(run.day.year).max_bpm if athlete.seasons else athlete.max_bpm,
    )
    return found if isinstance(found, float) else _AS_A_CLAUSE.get(found.reason, found.reason)


# The reasons of the metric are said of one run; these follow "runs".
_AS_A_CLAUSE = {
    "the maximum heart rate is not known": "while your maximum heart rate is not known",
    "it is shorter than 20 minutes": "shorter than 20 minutes",
    "it stands still for 15 % of the time or more": "with stops of 15 % of the time or more",
    "the heart rate is known for less than 90 % of the time": "with a heart rate for less than 90 % of the time",
    "its pace is not steady": "without a steady pace",
    "its heart rate is outside 63 to 100 % of the maximum": "with a heart rate outside 63 to 100 % of the maximum",
    "its speed costs no oxygen by the formula": "slower than the formula allows",
}


def update_stored_uptake(store: Store, athlete: AthleteFacts, runs: Sequence[Run]) -> None:
    """Bring what `sql` shows up to date. `athlete` must hold own facts alone, because they go into own.db."""
    measures = store.measure_rows.measures(("speed_spread_ratio", "effective_vo2max"), own_only=False)
    changed: list[tuple[float | None, int, int | None]] = []
    for run in runs:
        found = measures.get(run.id)
        value = effective_uptake(run, found, athlete)
        number = value if isinstance(value, float) else None
        if found is not None and found["effective_vo2max"] != number:
            changed.append((number, run.id, run.strava_id))
    store.measure_rows.save_effective_vo2max(changed)
