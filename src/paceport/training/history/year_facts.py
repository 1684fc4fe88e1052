"""What a year was like: totals, best month, longest and fastest run, and what was done for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from paceport.sports import RUN_SPORTS
from paceport.training.history.history import History
from paceport.training.history.run import Run

_FIRST_LENGTHS = ((5000.0, "5 km"), (10_000.0, "10 km"), (21_097.5, "half marathon"), (42_195.0, "marathon"))
_FASTEST_SPANS_M = (10_000.0, 5000.0, 1000.0)
# A watch measures a race a little short or long.
_NEARLY = 0.995


@dataclass(frozen=True, slots=True, kw_only=True)
class FastestEffort:
    """The fastest stretch of the year over the longest usual distance that somebody ran."""

    span_m: float
    elapsed_time_s: float
    run: Run


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFacts:
    """One year. `months_m` are twelve sums; `best_month` is 1 to 12, None without a distance.

    `firsts` are sentences such as "first marathon" with their run. `years` are (year, metres), oldest first. `sports`
    are those of the runs, None for all of them.
    """

    year: int
    runs: tuple[Run, ...]
    distance_m: float
    moving_time_s: float
    elevation_gain_m: float
    days: int
    months_m: tuple[float, ...]
    best_month: int | None
    longest: Run | None
    fastest: FastestEffort | None
    firsts: tuple[tuple[str, Run], ...]
    years: tuple[tuple[int, float], ...]
    sports: tuple[str, ...] | None = RUN_SPORTS


def years_with_runs(history: History) -> list[int]:
    """The years that have a run, newest first."""
    return sorted({run.day.year for run in history.runs}, reverse=True)


def year_facts(history: History, year: int) -> YearFacts:
    """The facts of one year; what moves like a ride is in no sum. `history` must hold efforts for the fastest one."""
    counted = [run for run in history.runs if not run.doubt]
    runs = sorted((run for run in counted if run.day.year == year), key=lambda run: (run.start, run.id))
    months = [sum(run.distance_m or 0.0 for run in runs if run.day.month == month) for month in range(1, 13)]
    far = [run for run in runs if run.distance_m]
    return YearFacts(
        year=year,
        runs=tuple(runs),
        distance_m=sum(months),
        moving_time_s=sum(run.moving_time_s or 0.0 for run in runs),
        elevation_gain_m=sum(run.elevation_gain_m or 0.0 for run in runs),
        days=len({run.day for run in runs}),
        months_m=tuple(months),
        best_month=1 + months.index(max(months)) if max(months) > 0 else None,
        longest=max(far, key=lambda run: run.distance_m or 0.0, default=None),
        fastest=_fastest(history, year),
        firsts=tuple(_firsts(counted, year)) if history.sports == RUN_SPORTS else (),
        years=tuple(_years(counted, history.today)),
        sports=history.sports,
    )


def _fastest(history: History, year: int) -> FastestEffort | None:
    runs = {run.id: run for run in history.runs if run.day.year == year and not run.doubt}
    for span_m in _FASTEST_SPANS_M:
        found = [
            one
            for one in history.attempts
            if one.span_m == span_m and one.run_id in runs and one.excluded_because is None
        ]
        if found:
            best = min(found, key=lambda one: one.elapsed_time_s)
            return FastestEffort(span_m=span_m, elapsed_time_s=best.elapsed_time_s, run=runs[best.run_id])
    return None


def _firsts(runs: Sequence[Run], year: int) -> list[tuple[str, Run]]:
    """The first run ever that was as long as a usual race, where it is of this year."""
    found = []
    for length_m, name in _FIRST_LENGTHS:
        long = [run for run in runs if (run.distance_m or 0.0) >= _NEARLY * length_m]
        first = min(long, key=lambda run: (run.start, run.id), default=None)
        if first is not None and first.day.year == year:
            found.append((f"first {name}", first))
    return found


def _years(runs: Sequence[Run], today: date) -> list[tuple[int, float]]:
    if not runs:
        return []
    sums = dict.fromkeys(range(min(run.day.year for run in runs), today.year + 1), 0.0)
    for run in runs:
        if run.day.year in sums:
            sums[run.day.year] += run.distance_m or 0.0
    return list(sums.items())
