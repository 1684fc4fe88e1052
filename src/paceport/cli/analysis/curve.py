"""`curve`: the best pace, or power, over each duration, for all years side by side."""

from __future__ import annotations

import math
from collections.abc import Callable
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
from paceport.cli.analysis.tables import plots
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.plot import Plot
from paceport.cli.table import KEY, Column, numbers
from paceport.training.metrics.duration_names import duration_name
from paceport.units import UNKNOWN

if TYPE_CHECKING:
    from paceport.training.history.duration_curve import CurveKind, DurationCurve
    from paceport.training.metrics.pace_duration_curve import RunBestSpeed

_POINTS = 60
_LEAST_IMPORTANCE = 1

_NEEDS = "the curve is of runs alone"


@click.command("curve")
@click.option("--adjusted", "kind", flag_value="adjusted", help="Grade-adjusted pace.")
@click.option("--power", "kind", flag_value="power", help="Running power, where it was recorded.")
@click.option("--table", "as_table", is_flag=True, help="The table without the plot.")
@shared_options
@pass_invocation
def curve_command(
    invocation: Invocation,
    *,
    kind: CurveKind | None,
    as_table: bool,
    own_only: bool,
    units: str | None,
    as_json: bool,
) -> None:
    """Show your best pace over 15 seconds to 4 hours: over all years, and each year beside the others.

    Durations are elapsed time. Treadmill and virtual runs and runs with a doubtful effort do not count.
    """
    with open_history(invocation, own_only=own_only, units=units, needs=_NEEDS) as opened:
        from paceport.training.history.duration_curve import duration_curve

        found = duration_curve(opened.store, opened.history, kind or "pace")
        if as_json:
            plain = _as_json(found) | {"coverage": asdict(found.coverage)}
            opened.output.json(plain | {"from_the_cache": cache_share_as_json(opened.history)})
            return
        _show(opened, found, as_table=as_table)
        opened.output.result(f"Measured: {found.coverage.text()}.")
        say_cache_share(opened)


def _as_json(found: DurationCurve) -> dict[str, object]:
    def best(one: RunBestSpeed) -> dict[str, object]:
        is_power = found.kind == "power"
        values = {"speed_mps": None if is_power else one.speed_mps, "power_w": one.speed_mps if is_power else None}
        return {"duration_s": one.duration_s, **values, "run_id": one.run_id, "day": one.day}

    return {
        "kind": found.kind,
        "overall": [best(one) for one in found.curve.overall.values()],
        "seasons": [
            {"season": season, "bests": [best(one) for one in bests.values()]}
            for season, bests in found.curve.seasons.items()
        ],
    }


def _show(opened: HistorySession, found: DurationCurve, *, as_table: bool) -> None:
    output, units = opened.output, opened.units
    overall = found.curve.overall
    if not overall:
        output.result("No curve: no run has what it is made of.")
        return
    title, label = {
        "pace": (f"Best pace, min/{units.name}", units.pace),
        "adjusted": (f"Best grade-adjusted pace, min/{units.name}", units.pace),
        "power": ("Best power, watts", lambda value: f"{value:.0f}"),
    }[found.kind]
    if output.stdout_is_terminal and not as_table and len(overall) > 1:
        values, ticks = _line(overall)
        length_m = None if found.kind == "power" else units.unit_m
        plots(
            output,
            [(title, Plot(values=values, label=label, ticks=ticks, pace_of_m=length_m))],
            table=((), ()),
            as_table=False,
        )
        output.blank_line()
    else:
        output.heading(title)
    _show_table(opened, found, label)


def _show_table(opened: HistorySession, found: DurationCurve, label: Callable[[float | None], str]) -> None:
    seasons = sorted(found.curve.seasons, reverse=True)
    opened.output.table(
        [
            Column(heading="Duration", kind="number", importance=KEY),
            *numbers("Best", importance=KEY),
            Column(heading="Day", kind="date", importance=7),
            Column(heading="Run", kind="id", importance=6),
            *(
                column
                for age, season in enumerate(seasons)
                for column in numbers(season, importance=max(8 - age, _LEAST_IMPORTANCE))
            ),
        ],
        [
            [
                duration_name(duration_s),
                label(one.speed_mps),
                one.day.isoformat(),
                str(one.run_id),
                *(
                    label(best.speed_mps) if (best := found.curve.seasons[season].get(duration_s)) else UNKNOWN
                    for season in seasons
                ),
            ]
            for duration_s, one in found.curve.overall.items()
        ],
    )


def _line(overall: dict[float, RunBestSpeed]) -> tuple[list[float], list[tuple[float, str]]]:
    """The curve at even steps of the logarithm of the duration, and where each duration stands."""
    logs = [math.log(duration_s) for duration_s in overall]
    speeds = [one.speed_mps for one in overall.values()]
    length = logs[-1] - logs[0]
    values, place = [], 0
    for step in range(_POINTS):
        at = logs[0] + length * step / (_POINTS - 1)
        while place < len(logs) - 2 and at > logs[place + 1]:
            place += 1
        share = (at - logs[place]) / (logs[place + 1] - logs[place])
        values.append(speeds[place] * (1 - share) + speeds[place + 1] * share)
    return values, [
        ((log - logs[0]) / length, duration_name(duration_s)) for log, duration_s in zip(logs, overall, strict=True)
    ]
