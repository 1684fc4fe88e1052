"""What a history knew before any day, in the form in which models of race times take it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.critical_speed import DURATION_BANDS_S, RunEffort
from paceport.training.metrics.personal_records import why_implausible
from paceport.training.metrics.race_models import EFFORT_DAYS, TRAINING_DAYS, Evidence, TrainingRun, evidence

# (seconds, run, whether it was a race), by distance and band of durations; of each the few fastest are enough.
_Effort = tuple[float, int, bool]
_FASTEST_KEPT = len(DURATION_BANDS_S)
_BAND_EDGES_S = (*(low for low, _ in DURATION_BANDS_S), DURATION_BANDS_S[-1][1] + 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PastEvidence:
    """All that may count as an effort, by run, in the order of the days: `days` and `efforts` belong together."""

    days: Sequence[date]
    efforts: Sequence[Sequence[tuple[float, float, int, bool]]]
    training: Sequence[TrainingRun | None]
    races: Sequence[RunEffort]

    def before(self, day: date) -> Evidence:
        """What was known before a day: of the efforts, the fastest of each distance and duration, which decide."""
        first = bisect_left(self.days, day - timedelta(days=EFFORT_DAYS))
        fastest: dict[tuple[float, int], list[_Effort]] = {}
        when: dict[int, date] = {}
        for place in range(first, bisect_left(self.days, day)):
            for span_m, time_s, run_id, is_race in self.efforts[place]:
                when[run_id] = self.days[place]
                fastest.setdefault((span_m, bisect_right(_BAND_EDGES_S, time_s)), []).append((time_s, run_id, is_race))
        chosen = [
            RunEffort(run_id=run_id, day=when[run_id], distance_m=span_m, time_s=time_s, is_race=is_race)
            for (span_m, _), found in fastest.items()
            for time_s, run_id, is_race in sorted(found)[:_FASTEST_KEPT]
        ]
        return evidence(before=day, efforts=chosen, races=self.races, training=self._training(day))

    def _training(self, day: date) -> list[TrainingRun]:
        since = bisect_left(self.days, day - timedelta(days=TRAINING_DAYS))
        return [run for run in self.training[since : bisect_left(self.days, day)] if run is not None]


def past_evidence(history: History, races: Sequence[RunEffort]) -> PastEvidence:
    """What a history knows; `races` are its races. Needs a history that was read with its best efforts.

    An effort is that of a race where it is over the race's own distance: a part of a longer race is none.
    """
    distance_of = {race.run_id: race.distance_m for race in races}
    by_run: dict[int, list[tuple[float, float, int, bool]]] = {}
    measured = set[tuple[int, float]]()
    for run_id, _, span_m, elapsed_s, doubt in history.attempts:
        if doubt is not None or why_implausible(span_m, elapsed_s) is not None:
            continue
        is_race = distance_of.get(run_id) == span_m
        if is_race:
            measured.add((run_id, span_m))
        if run_id in by_run:
            by_run[run_id].append((span_m, elapsed_s, run_id, is_race))
        else:
            by_run[run_id] = [(span_m, elapsed_s, run_id, is_race)]
    for race in races:
        if (race.run_id, race.distance_m) not in measured:
            by_run.setdefault(race.run_id, []).append((race.distance_m, race.time_s, race.run_id, True))
    runs = sorted(history.runs, key=lambda run: run.day)
    return PastEvidence(
        days=[run.day for run in runs],
        efforts=[by_run.get(run.id, ()) for run in runs],
        training=[_training_run(run) for run in runs],
        races=races,
    )


def _training_run(run: Run) -> TrainingRun | None:
    if run.doubt:
        return None
    distance_m, time_s = run.distance_m, run.moving_time_s or run.elapsed_time_s
    return TrainingRun(day=run.day, distance_m=distance_m, moving_time_s=time_s) if distance_m and time_s else None
