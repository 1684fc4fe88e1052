"""The races of a history: what predictions are tested on."""

from __future__ import annotations

from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.critical_speed import RunEffort
from paceport.training.metrics.personal_records import why_implausible
from paceport.training.metrics.race_detection import STANDARD_RACES_M, standard_distance_m

_LONGER_BY = 1.03  # a measured race comes out a little long; beyond, it was another distance


def past_races(history: History) -> list[RunEffort]:
    """Every race, marked as one or likely to be one, with its official distance and its time, oldest first.

    A run within 1.5 % of a standard distance, or up to 3 % longer, was a race over that distance; any other was one
    over its own. The time is the best effort over the distance, else the elapsed time, less what was recorded too much.
    Left out are races indoors and virtual ones, those that a person rejected or excluded, those of which no effort
    counts, or not that over the race's own distance, and those that nobody could have run.
    """
    likely = {
        run.id: run for run in history.runs if run.is_likely_race and not run.is_indoor and run.sport != "VirtualRun"
    }
    best: dict[tuple[int, float], float] = {}
    counted, doubted = set[int](), set[tuple[int, float]]()
    for run_id, _, span_m, elapsed_s, doubt in history.attempts:
        if run_id not in likely:
            continue
        if doubt is None:
            counted.add(run_id)
            best[run_id, span_m] = elapsed_s
        else:
            doubted.add((run_id, span_m))
    excluded = {run_id for run_id, _ in doubted} - counted
    races = []
    for run in likely.values():
        if run.id in excluded or run.id in history.set_aside:
            continue
        race = _race(run, best)
        if race is None or ((run.id, race.distance_m) in doubted and (run.id, race.distance_m) not in best):
            continue
        if why_implausible(race.distance_m, race.time_s) is None:
            races.append(race)
    return sorted(races, key=lambda race: race.day)


def _race(run: Run, best: dict[tuple[int, float], float]) -> RunEffort | None:
    recorded_m, elapsed_s = run.distance_m, run.elapsed_time_s or run.moving_time_s
    if not recorded_m or not elapsed_s or recorded_m <= 0 or elapsed_s <= 0:
        return None
    distance_m = race_distance_m(recorded_m)
    time_s = best.get((run.id, distance_m))
    if time_s is None:
        time_s = elapsed_s * min(distance_m / recorded_m, 1.0)
    return RunEffort(run_id=run.id, day=run.day, distance_m=distance_m, time_s=time_s, is_race=True)


def race_distance_m(recorded_m: float) -> float:
    """The official distance of a race that was recorded as this long; the recorded one where it is no standard one."""
    longer = (span_m for span_m in STANDARD_RACES_M if span_m <= recorded_m <= span_m * _LONGER_BY)
    return standard_distance_m(recorded_m) or next(longer, recorded_m)
