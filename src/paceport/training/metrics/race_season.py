"""Which of many runs look like races, each held against the bests of the months round it. No arrays here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.averages import median
from paceport.training.metrics.critical_speed import TimedEffort
from paceport.training.metrics.race_detection import RaceSigns, race_signs, standard_distance_m
from paceport.training.metrics.race_prediction import riegel_s
from paceport.training.metrics.race_words import race_word

HALF_WINDOW = timedelta(days=91)
_SHORTEST_M = 1000.0
# Without a title that says so, a race stands out from the training round it: who runs 10 km at one pace every day races
# on none of them. Its time over that of the usual run, both brought to one distance by Riegel's law.
_STANDS_OUT, _FEWEST_OTHERS = 0.95, 5
_COMMON_M = 5000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceCandidate:
    """A run as race detection takes it; distance and times above 0."""

    run_id: int
    day: date
    title: str
    distance_m: float
    elapsed_time_s: float
    moving_time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best(TimedEffort):
    run_id: int


def likely_races(
    candidates: Iterable[RaceCandidate], bests: Mapping[int, Sequence[tuple[float, float]]]
) -> dict[int, RaceSigns]:
    """The runs that look like races, by id, with their signs.

    `bests` are the efforts of each run as (distance_m, elapsed_s); a run is held against those of other runs within a
    quarter of a year on either side. Source: docs/metrics.md#race-detection.
    """
    runs = sorted(candidates, key=lambda run: run.day)
    efforts = [
        _Best(run_id=run.run_id, day=run.day, distance_m=distance_m, time_s=time_s)
        for run in runs
        for distance_m, time_s in bests.get(run.run_id, ())
    ]
    days = [effort.day for effort in efforts]
    found: dict[int, RaceSigns] = {}
    for run in runs:
        if run.distance_m < _SHORTEST_M:
            continue
        # Without one of these it is no race, whatever the others ran.
        if race_word(run.title) is None and standard_distance_m(run.distance_m) is None:
            continue
        first = bisect_left(days, run.day - HALF_WINDOW)
        last = bisect_right(days, run.day + HALF_WINDOW)
        signs = race_signs(
            title=run.title,
            distance_m=run.distance_m,
            elapsed_time_s=run.elapsed_time_s,
            moving_time_s=run.moving_time_s,
            other_bests=_fastest(efforts[first:last], run.run_id),
        )
        if signs is None or not signs.looks_like_a_race:
            continue
        if signs.name_word is not None or _stands_out(run, runs):
            found[run.run_id] = signs
    return found


def _stands_out(run: RaceCandidate, runs: Sequence[RaceCandidate]) -> bool:
    """Whether a run is faster than the usual one of the months round it. `runs` are by day."""
    first = bisect_left(runs, run.day - HALF_WINDOW, key=lambda other: other.day)
    last = bisect_right(runs, run.day + HALF_WINDOW, key=lambda other: other.day)
    others = [_comparable_s(other) for other in runs[first:last] if other is not run and other.distance_m > _SHORTEST_M]
    return len(others) < _FEWEST_OTHERS or _comparable_s(run) <= _STANDS_OUT * median(others)


def _comparable_s(run: RaceCandidate) -> float:
    return riegel_s(run.distance_m, run.elapsed_time_s, _COMMON_M)


def race_reason(signs: RaceSigns, span_name: str | None) -> str:
    """What speaks for a race, as clauses to show; `span_name` is what people call the standard distance."""
    clauses = []
    if signs.name_word is not None:
        clauses.append(f"its name says {signs.name_word}")
    if span_name is not None:
        clauses.append(f"it is {span_name} long")
    if signs.allowed_ratio is not None and signs.allowed_ratio <= 1.05:
        clauses.append("it is about as fast as your other bests allow")
    return ", ".join(clauses)


def _fastest(efforts: Iterable[_Best], but: int) -> list[_Best]:
    """The best over each distance, of all runs but one."""
    best: dict[float, _Best] = {}
    for effort in efforts:
        if effort.run_id != but:
            standing = best.get(effort.distance_m)
            if standing is None or effort.time_s < standing.time_s:
                best[effort.distance_m] = effort
    return list(best.values())
