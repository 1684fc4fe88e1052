"""`predict`: race times predicted from recent efforts by three methods, and how these did on past races."""

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
from paceport.cli.parse_quantities import parse_race_distance_m
from paceport.cli.table import KEY, Column, numbers
from paceport.training.history.coverage import predictions_coverage
from paceport.units import UNKNOWN, duration_text

if TYPE_CHECKING:
    from paceport.training.history.predictions import BackTest, Method, Predictions, RacePrediction

METHODS: tuple[Method, ...] = ("riegel", "vdot", "critical-speed")
_NAMES = {"riegel": "Riegel", "vdot": "VDOT", "critical-speed": "Critical speed"}
_MOST_TESTS = 12


@click.command("predict")
@click.argument("distances", nargs=-1, metavar="[DISTANCE]...")
@shared_options
@pass_invocation
def predict_command(
    invocation: Invocation, *, distances: tuple[str, ...], own_only: bool, units: str | None, as_json: bool
) -> None:
    """Predict race times (5k, 10k, half, marathon, or the distances given) from the last 90 days.

    Riegel and VDOT start from your best recent effort, critical speed from a line through your efforts of 2 to 25
    minutes. Each method is tested on your own past races, with the data of the day before the race.
    """
    wanted = tuple(parse_race_distance_m(text) for text in distances)
    with open_history(invocation, own_only=own_only, units=units, with_efforts=True) as opened:
        from paceport.training.history.predictions import PREDICTED_M, WINDOW_DAYS, predictions

        found = predictions(opened.history, distances_m=wanted or PREDICTED_M)
        covered = predictions_coverage(opened.history)
        if as_json:
            plain = asdict(found) | {"from_the_cache": cache_share_as_json(opened.history)}
            opened.output.json(plain | {"median_error_ratio": _medians(found), "coverage": asdict(covered)})
            return
        _show(opened, found, wanted or PREDICTED_M)
        opened.output.result(f"Measured: {covered.text(f' of the last {WINDOW_DAYS} days')}.")
        _show_tests(opened, found)
        say_cache_share(opened)


def _medians(found: Predictions) -> dict[str, float | None]:
    from paceport.training.history.predictions import median_error_ratio

    return {method: median_error_ratio(found.tests, method) for method in METHODS}


def _show(opened: HistorySession, found: Predictions, distances_m: tuple[float, ...]) -> None:
    from paceport.training.history.predictions import WINDOW_DAYS
    from paceport.training.history.progress import span_name

    output, units = opened.output, opened.units
    if not found.predictions:
        output.result(f"No prediction: no run of the last {WINDOW_DAYS} days has a track of a mile or more.")
        return
    times = {(one.method, one.distance_m): one for one in found.predictions}
    output.table(
        [Column(heading="Distance", kind="word", importance=KEY), *numbers(*_NAMES.values(), importance=8)],
        [[span_name(span_m), *(_cell(times.get((method, span_m))) for method in METHODS)] for span_m in distances_m],
    )
    if any(not one.is_within_range for one in found.predictions):
        output.result("* outside the range of times that the method was made for")
    output.result("")
    facts = []
    if found.basis is not None:
        basis = found.basis
        effort = f"{span_name(basis.distance_m)} in {duration_text(basis.time_s)}"
        facts.append(
            (
                "Riegel, VDOT",
                f"from {effort} on {basis.day} (run {basis.run_id}), VDOT {basis.vdot:.1f}",
            )
        )
    line = found.critical
    if line is not None:
        speed = f"{units.pace(line.speed_mps)} min/{units.name}, {line.reserve_m:.0f} m in reserve"
        facts.append(("Critical speed", f"{speed}, from {line.efforts} efforts (r² {line.fit_r2:.4f})"))
    else:
        facts.append(("Critical speed", "not known: no straight line through three efforts of 2 to 25 minutes"))
    output.facts(facts)


def _cell(one: RacePrediction | None) -> str:
    return UNKNOWN if one is None else duration_text(one.time_s) + ("" if one.is_within_range else "*")


def _show_tests(opened: HistorySession, found: Predictions) -> None:
    from paceport.training.history.progress import span_name

    output = opened.output
    if not found.tests:
        return
    what = "races" if found.tested_on == "races" else "runs that set a record (no run is marked as a race)"
    output.result("")
    output.heading(f"On {len(found.tests)} past {what}: what the prediction would have been the day before")
    names = opened.history.by_id()
    output.table(
        [
            Column(heading="Day", kind="date", importance=KEY),
            Column(heading="Distance", kind="word", importance=KEY),
            Column(heading="Run in", kind="number", importance=7),
            *numbers(*_NAMES.values(), importance=6),
            Column(heading="Run", kind="name", importance=4),
        ],
        [
            [
                test.day.isoformat(),
                span_name(test.distance_m),
                duration_text(test.time_s),
                *(_error(test, method) for method in METHODS),
                names[test.run_id].name or UNKNOWN,
            ]
            for test in sorted(found.tests, key=lambda test: test.day, reverse=True)[:_MOST_TESTS]
        ],
    )
    medians = _medians(found)
    texts = [
        f"{_NAMES[method]} {UNKNOWN if (error := medians[method]) is None else f'{error:.1%}'}" for method in METHODS
    ]
    output.result(f"Median error over all {len(found.tests)}: {', '.join(texts)}. Above 0: the race was faster.")


def _error(test: BackTest, method: Method) -> str:
    error = test.error_ratio(method)
    return UNKNOWN if error is None else f"{error:+.1%}"
