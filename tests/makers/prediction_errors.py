"""How good the predictions are on the races of simulated athletes: the table at the end of docs/metrics.md.

The athletes' times follow rules that no model assumes (sandbox/athletes/physiology). Each race is predicted from what
was known the day before. `PYTHONPATH=src:tests python -m makers.prediction_errors` writes docs/metrics.md anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean

from paceport.sandbox.athletes.activity import Activity, Truth
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.population_generator import populate
from paceport.training.metrics.critical_speed import RunEffort
from paceport.training.metrics.definitions import metrics_page
from paceport.training.metrics.race_back_test import PastPrediction, Recommendation, back_test, recommend
from paceport.training.metrics.race_detection import standard_distance_m
from paceport.training.metrics.race_models import LONG_RACE_M, MODELS, Evidence, RaceModelName, TrainingRun, evidence

SEEDS = (1, 2)
HEADING = "# How good the predictions are"
_RACE = 1  # Strava's workout type
_LEAST_RACES = 3
_PUBLISHED: dict[RaceModelName, str] = {
    "vdot": "no figure",
    "riegel": "marathon: root mean square 19.5 min (Vickers and Vertosick 2016)",
    "marathon-by-mileage": "marathon: root mean square 15.1 min (Vickers and Vertosick 2016)",
    "marathon-by-training": "marathon: root mean square 5.4 min (Tanda 2011)",
    "endurance-model": "mean 3.0 to 3.5 % on 2,079 runners (Appl Sci 15:10720, 2025)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Racer:
    """A simulated athlete's races, and what was known before each, by its day; both as they truly were."""

    races: Sequence[RunEffort]
    known_before: dict[date, Evidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """What would have been recommended for a past race the day before."""

    race: RunEffort
    recommendation: Recommendation

    @property
    def is_inside(self) -> bool:
        """Whether the race ended within the range."""
        return self.recommendation.low_s <= self.race.time_s <= self.recommendation.high_s

    @property
    def error_ratio(self) -> float:
        """Predicted over run time, minus one."""
        return self.recommendation.time_s / self.race.time_s - 1.0


def effort(activity: Activity, truth: Truth) -> RunEffort:
    """A whole run as an effort, over the standard distance that it is close to."""
    return RunEffort(
        run_id=activity.id,
        day=activity.start.date(),
        distance_m=standard_distance_m(truth.distance_m) or truth.distance_m,
        time_s=truth.duration_s + truth.standing_s,
        is_race=activity.workout_type == _RACE,
    )


def racers(population: Population) -> Iterator[Racer]:
    """The athletes of a population with three races and more."""
    for person in population.people:
        everything = sorted(population.activities(person.id), key=lambda one: one.start)
        runs = [(one, one.truth) for one in everything if one.is_run and one.truth is not None]
        efforts = [effort(*one) for one in runs]
        races = [one for one in efforts if one.is_race]
        if len(races) < _LEAST_RACES:
            continue
        training = [
            TrainingRun(day=activity.start.date(), distance_m=truth.distance_m, moving_time_s=truth.duration_s)
            for activity, truth in runs
        ]
        known = {race.day: evidence(before=race.day, efforts=efforts, races=races, training=training) for race in races}
        yield Racer(races=races, known_before=known)


def predicted_races(racer: Racer) -> tuple[list[PastPrediction], list[Recommended]]:
    """Every race by every model, and what would have been recommended."""
    past = back_test(racer.races, racer.known_before.__getitem__)
    found = []
    for race in racer.races:
        earlier = [one for one in past if one.race.day < race.day]
        answer = recommend(race.distance_m, racer.known_before[race.day], earlier)
        if isinstance(answer, Recommendation):
            found.append(Recommended(race=race, recommendation=answer))
    return past, found


def table(populations: Sequence[Population]) -> str:
    """The section of docs/metrics.md."""
    past: list[PastPrediction] = []
    recommended: list[Recommended] = []
    people = races = 0
    for population in populations:
        for racer in racers(population):
            own_past, own_recommended = predicted_races(racer)
            past += own_past
            recommended += own_recommended
            people += 1
            races += len({one.race.run_id for one in own_past})
    inside = fmean(one.is_inside for one in recommended)
    width = fmean(
        (one.recommendation.high_s - one.recommendation.low_s) / one.recommendation.time_s for one in recommended
    )
    rows = [
        f"| {model.title} | {_error([one for one in past if one.model == model.name])} | {_PUBLISHED[model.name]} |"
        for model in MODELS
        if model.name != "critical-speed"
    ]
    return "\n".join(
        [
            HEADING,
            "",
            f"{people} simulated athletes ran {races} races that could be predicted from the days before. Their times",
            "follow rules that no model assumes. Mean absolute error, and in brackets the number of races. Critical",
            "speed is left out: it needs the best efforts within runs, which were not made for this.",
            "",
            "| model | below 30 km | 30 km and more | published |",
            "| --- | --- | --- | --- |",
            *rows,
            f"| recommended | {_error(recommended)} | the range should hold 80 % of the races |",
            "",
            f"The recommended range held {inside:.0%} of these races and was {width:.1%} of the time wide on average.",
            "This table is made by `PYTHONPATH=src:tests python -m makers.prediction_errors`.",
            "",
        ]
    )


def _error(found: Sequence[PastPrediction] | Sequence[Recommended]) -> str:
    cells = []
    for is_long in (False, True):
        errors = [abs(one.error_ratio) for one in found if (one.race.distance_m >= LONG_RACE_M) == is_long]
        cells.append(f"{fmean(errors):.1%} ({len(errors)})" if errors else "-")
    return " | ".join(cells)


if __name__ == "__main__":
    page = Path(__file__).parents[2] / "docs" / "metrics.md"
    page.write_text(f"{metrics_page()}\n{table([populate(seed) for seed in SEEDS])}", encoding="utf-8")
