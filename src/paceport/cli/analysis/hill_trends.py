"""`trends hills`: pace by gradient, climb rate, and a grade adjustment of the athlete's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from paceport.cli.analysis.history_session import HistorySession
from paceport.cli.table import KEY, numbers
from paceport.units import UNKNOWN, duration_text, number_text

if TYPE_CHECKING:
    from paceport.training.history.hills import Hills
    from paceport.training.history.run import Run


def hills_as_json(opened: HistorySession, runs: Sequence[Run]) -> dict[str, object]:
    """`hills` of `trends --json`."""
    from paceport.training.history.hills import hills
    from paceport.training.metrics.own_grade_model import OwnGradeModel

    found = hills(opened.store, opened.history, runs)
    own = found.own if isinstance(found.own, OwnGradeModel) else None
    return {
        "gradients": [
            {
                "grade_percent": one.bin.grade_percent,
                "distance_m": one.bin.distance_m,
                "moving_time_s": one.bin.moving_time_s,
                "speed_mps": one.bin.speed_mps,
                "heartrate_bpm": one.bin.heartrate_bpm,
                "general_factor": one.general_factor,
                "own_factor": one.own_factor,
            }
            for one in found.gradients
        ],
        "own_grade_adjustment": asdict(own) | {"is_better": own.is_better} if own else None,
        "not_known_because": None if own else getattr(found.own, "reason", None),
        "climb_rates": [
            {"year": year, "climb_rate_m_per_h": rate, "climbed_m": metres} for year, rate, metres in found.climb_rates
        ],
        "runs": found.runs,
        "known_runs": found.known_runs,
    }


def show_hills(opened: HistorySession, runs: Sequence[Run]) -> None:
    """The table by gradient, and what it says about the athlete's own adjustment."""
    from paceport.training.history.hills import hills

    output = opened.output
    found = hills(opened.store, opened.history, runs)
    counted = f"{found.runs:,} run{'s' if found.runs != 1 else ''}"
    if not found.gradients:
        output.result(f"Pace by gradient: not known: of {counted}, none has a minute at one gradient with altitude.")
        return
    _show_gradients(opened, found)
    _show_own(opened, found)
    if found.climb_rates:
        output.blank_line()
        _show_climb_rates(opened, found)
    output.result(f"Measured, with a track and an altitude: {found.known_runs:,} of {counted}.")


def _show_gradients(opened: HistorySession, found: Hills) -> None:
    units = opened.units
    opened.output.heading("Pace by gradient (below 0: downhill)")
    opened.output.table(
        [
            *numbers("Grade", importance=KEY),
            *numbers(units.name, importance=4),
            *numbers("Time", importance=5),
            *numbers(f"min/{units.name}", importance=KEY),
            *numbers("bpm", importance=6),
            *numbers("Strava's factor", "Your factor", importance=7),
        ],
        [
            [
                f"{one.bin.grade_percent:+d} %" if one.bin.grade_percent else "0 %",
                units.distance(one.bin.distance_m, 1),
                duration_text(one.bin.moving_time_s),
                units.pace(one.bin.speed_mps),
                number_text(one.bin.heartrate_bpm),
                f"{one.general_factor:.2f}",
                UNKNOWN if one.own_factor is None else f"{one.own_factor:.2f}",
            ]
            for one in found.gradients
        ],
    )


def _show_own(opened: HistorySession, found: Hills) -> None:
    from paceport.training.metrics.own_grade_model import OwnGradeModel

    own = found.own
    if not isinstance(own, OwnGradeModel):
        opened.output.result(f"Your own grade adjustment: not known: {own.reason}.")
        return
    errors = f"{own.own_error_bpm:.1f} bpm off on runs held out, Strava's model {own.general_error_bpm:.1f}"
    verdict = "better than Strava's model" if own.is_better else "no better than Strava's model, which stays in use"
    opened.output.result(f"Your own grade adjustment, from {own.hills_h:.0f} hours in hills: {errors}; {verdict}.")
    opened.output.result("Factor: how many flat metres a metre at that grade is worth at equal heart rate.")


def _show_climb_rates(opened: HistorySession, found: Hills) -> None:
    units = opened.units
    opened.output.heading(f"Climb rate over all rises of {units.height(30.0)} {units.height_unit} and more")
    opened.output.table(
        [*numbers("Year", f"{units.height_unit}/h", importance=KEY), *numbers(f"Climbed {units.height_unit}")],
        [[str(year), units.height(rate), units.height(metres)] for year, rate, metres in found.climb_rates],
    )
