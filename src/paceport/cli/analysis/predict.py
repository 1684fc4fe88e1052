"""`predict`: one recommended time for each distance with its range, and how good each model was on past races."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.history_session import (
    HistorySession,
    cache_share_as_json,
    open_history,
    say_cache_share,
    shared_options,
)
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.table import KEY, Column, numbers
from paceport.parse_quantities import parse_race_distance_m
from paceport.training.history.coverage import predictions_coverage
from paceport.units import UNKNOWN, duration_text

if TYPE_CHECKING:
    from paceport.training.history.predictions import Predictions
    from paceport.training.metrics.critical_speed import RunEffort
    from paceport.training.metrics.race_back_test import ModelError, PastPrediction
    from paceport.training.metrics.race_models import RaceModelName

_MOST_TESTS, _MOST_EFFORTS = 12, 2
_NEEDS = "race times are predicted from runs alone"


@click.command("predict")
@click.argument("distances", nargs=-1, metavar="[DISTANCE]...")
@click.option("--models", "with_models", is_flag=True, help="Also every model's times, and each past race.")
@shared_options
@pass_invocation
def predict_command(
    invocation: Invocation,
    *,
    distances: tuple[str, ...],
    with_models: bool,
    own_only: bool,
    units: str | None,
    as_json: bool,
) -> None:
    """Predict race times (5k, 10k, half, marathon, or the distances given) from your training and races.

    The time of a distance comes from the model that was closest on your own races of about that distance. Four races in
    five should end within its range. `--models` compares six models: VDOT, Riegel, critical speed, Vickers and
    Vertosick (race and mileage), Tanda (training alone), and Emig and Peltonen.
    """
    wanted = tuple(parse_race_distance_m(text) for text in distances)
    with open_history(invocation, own_only=own_only, units=units, with_efforts=True, needs=_NEEDS) as opened:
        from paceport.training.history.predictions import PREDICTED_M, WINDOW_DAYS, predictions

        distances_m = wanted or PREDICTED_M
        found = predictions(opened.history, distances_m=distances_m)
        covered = predictions_coverage(opened.history)
        if as_json:
            plain = _as_json(found) | {"from_the_cache": cache_share_as_json(opened.history)}
            opened.output.json(plain | {"coverage": asdict(covered)})
            return
        _show_recommended(opened, found)
        _show_basis(opened, found)
        opened.output.result(f"Measured: {covered.text(f' of the last {WINDOW_DAYS} days')}.")
        _show_errors(opened, found)
        _show_missing(opened, found)
        if with_models:
            _show_model_times(opened, found, distances_m)
            _show_tests(opened, found)
        say_cache_share(opened)


def _as_json(found: Predictions) -> dict[str, object]:
    recommended = [asdict(one) | {"starts_from_no_race": one.starts_from_no_race} for one in found.recommended]
    tests = [asdict(one) | {"error_ratio": one.error_ratio} for one in found.tests]
    return asdict(found) | {"recommended": recommended, "tests": tests}


def _show_recommended(opened: HistorySession, found: Predictions) -> None:
    from paceport.training.metrics.span_names import span_name

    output, units = opened.output, opened.units
    titles = {one.model: one.title for one in found.models}
    if found.recommended:
        output.table(
            [
                Column(heading="Distance", kind="word", importance=KEY),
                *numbers("Time", importance=KEY),
                Column(heading="4 races in 5", kind="word", importance=8),
                *numbers(f"min/{units.name}", importance=6),
                Column(heading="Model", kind="word", importance=7),
                Column(heading="Chosen by", kind="word", importance=5),
            ],
            [
                [
                    span_name(one.distance_m),
                    duration_text(one.time_s) + ("" if one.is_within_range else "*"),
                    f"{duration_text(one.low_s)} to {duration_text(one.high_s)}",
                    units.pace(one.distance_m / one.time_s),
                    titles[one.model],
                    f"your {one.races} races" if one.chosen_by == "back-test" else "published error",
                ]
                for one in found.recommended
            ],
        )
        output.say("4 races in 5: the range that held the time of four in five races predicted this way.")
    if any(not one.is_within_range for one in found.recommended):
        output.result("* outside the range of times that the model was made for")
    reasons: dict[str, list[str]] = {}
    for one in found.not_known:
        reasons.setdefault(one.reason, []).append(span_name(one.distance_m))
    for reason, names in reasons.items():
        output.result(f"{', '.join(names)}: no prediction, because there is {reason}.")


def _show_basis(opened: HistorySession, found: Predictions) -> None:
    output, units = opened.output, opened.units
    facts = []
    for models, efforts in _efforts_used(found):
        named = "; ".join(_effort_text(effort) for effort in efforts)
        facts.append((models, named if len(efforts) <= _MOST_EFFORTS else f"{len(efforts)} races of the last year"))
    line = found.critical
    if line is not None:
        speed = f"{units.pace(line.speed_mps)} min/{units.name}, {line.reserve_m:.0f} m in reserve"
        facts.append(("Critical speed", f"{speed}, from {line.efforts} efforts (r² {line.fit_r2:.4f})"))
    if found.weekly_distance_m is not None:
        pace = f"{units.pace(found.training_speed_mps)} min/{units.name}"
        weekly = f"{units.distance(found.weekly_distance_m, 0)} {units.name} a week at {pace}"
        facts.append(("Training", f"{weekly}, mean of the last eight weeks"))
    if facts:
        output.blank_line()
        output.facts(facts)
    if any(one.starts_from_no_race for one in found.recommended):
        output.result(
            "An effort that was no race may be slower than you can run. The ranges allow for that until enough of your "
            "races have tested the model."
        )


def _efforts_used(found: Predictions) -> list[tuple[str, tuple[RunEffort, ...]]]:
    """The efforts that the recommended times start from, with the models that do."""
    titles = {one.model: one.title for one in found.models}
    models: dict[tuple[RunEffort, ...], list[str]] = {}
    for one in found.recommended:
        if one.efforts and titles[one.model] not in models.setdefault(one.efforts, []):
            models[one.efforts].append(titles[one.model])
    return [(", ".join(names), efforts) for efforts, names in models.items()]


def _effort_text(effort: RunEffort) -> str:
    from paceport.training.metrics.race_prediction import vdot
    from paceport.training.metrics.span_names import span_name

    was = "a race" if effort.is_race else "no race"
    value = vdot(effort.distance_m, effort.time_s)
    worth = "" if value is None else f", VDOT {value:.1f}"
    text = f"{span_name(effort.distance_m)} in {duration_text(effort.time_s)} on {effort.day}"
    return f"{text} (run {effort.run_id}, {was}){worth}"


def _show_errors(opened: HistorySession, found: Predictions) -> None:
    output = opened.output
    output.blank_line()
    if not found.races:
        output.result(
            "No run is marked as a race or looks like one, so the models could not be tested on your own. To mark one: "
            "paceport amend RUN --race"
        )
        return
    if not found.tests:
        output.result(f"Races: {found.races}, none with enough before it to predict it: the models are not tested.")
        return
    races = len({one.race.run_id for one in found.tests})
    output.heading(f"Mean error on {races} of your {found.races} races, each predicted from the days before it")
    output.table(
        [
            Column(heading="Model", kind="word", importance=KEY),
            *numbers("Below 30 km", "30 km and more", importance=KEY),
        ],
        [[one.title, _error_text(one.shorter), _error_text(one.longer)] for one in found.models],
    )


def _show_missing(opened: HistorySession, found: Predictions) -> None:
    missing = [(one.title, f"no answer today: {one.needs}") for one in found.models if one.needs is not None]
    if missing:
        opened.output.blank_line()
        opened.output.facts(missing)


def _error_text(error: ModelError | None) -> str:
    return UNKNOWN if error is None else f"{error.mean_error_ratio:.1%} ({error.races})"


def _show_model_times(opened: HistorySession, found: Predictions, distances_m: tuple[float, ...]) -> None:
    from paceport.training.metrics.span_names import span_name

    times = {(one.model, one.distance_m): one for one in found.model_times}
    if not times:
        return

    def cell(model: RaceModelName, distance_m: float) -> str:
        one = times.get((model, distance_m))
        return UNKNOWN if one is None else duration_text(one.time_s) + ("" if one.is_within_range else "*")

    opened.output.blank_line()
    opened.output.heading("Every model's time as of today (* outside the range that it was made for)")
    opened.output.table(
        [Column(heading="Model", kind="word", importance=KEY), *numbers(*map(span_name, distances_m), importance=8)],
        [[one.title, *(cell(one.model, distance_m) for distance_m in distances_m)] for one in found.models],
    )


def _show_tests(opened: HistorySession, found: Predictions) -> None:
    from paceport.training.metrics.span_names import span_name

    if not found.tests:
        return
    names = opened.history.by_id()
    tests: dict[RunEffort, dict[RaceModelName, PastPrediction]] = {}
    for one in found.tests:
        tests.setdefault(one.race, {})[one.model] = one
    newest = sorted(tests, key=lambda race: race.day, reverse=True)[:_MOST_TESTS]
    opened.output.blank_line()
    opened.output.heading(f"Newest {len(newest)} races: predicted against run time (above 0: you were faster)")
    opened.output.table(
        [
            Column(heading="Day", kind="date", importance=KEY),
            Column(heading="Distance", kind="word", importance=KEY),
            Column(heading="Run in", kind="number", importance=8),
            *numbers(*(one.title for one in found.models), importance=6),
            Column(heading="Run", kind="name", importance=4),
        ],
        [
            [
                race.day.isoformat(),
                span_name(race.distance_m),
                duration_text(race.time_s),
                *(_test_text(tests[race].get(one.model)) for one in found.models),
                names[race.run_id].name or UNKNOWN,
            ]
            for race in newest
        ],
    )


def _test_text(one: PastPrediction | None) -> str:
    return UNKNOWN if one is None else f"{one.error_ratio:+z.1%}"
