"""The sums of each kind of sport, as a table and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from paceport.cli.output import Output
from paceport.cli.table import KEY, Column, numbers
from paceport.sports import SPORT_GROUPS
from paceport.training.history.sport_figures import speed_with_unit
from paceport.units import UNKNOWN, Units, duration_text, number_text

if TYPE_CHECKING:
    from paceport.training.history.run import Run
    from paceport.training.metrics.totals import Total


def show_sports(output: Output, units: Units, runs: Iterable[Run]) -> None:
    """A row for each kind of sport, the one that took the most time first."""
    from paceport.training.history.volume import by_sport

    output.table(
        [
            Column(heading="Sport", kind="word", importance=KEY),
            *numbers("Activities", importance=7),
            *numbers(units.name, "Moving", importance=KEY),
            *numbers("Pace or speed", importance=5),
            *numbers(f"Climb {units.height_unit}", importance=3),
            *numbers("Load", importance=4),
        ],
        [
            [
                total.key,
                f"{total.runs:,}",
                units.length(total.distance_m, 1),
                duration_text(total.moving_time_s),
                speed_with_unit(_example(total.key), units, total.speed_mps),
                units.height(total.elevation_gain_m) if total.distance_m else UNKNOWN,
                number_text(total.load),
            ]
            for total in by_sport(list(runs))
        ],
    )


def sports_as_json(runs: Iterable[Run]) -> list[dict[str, object]]:
    """The same for programs."""
    from paceport.training.history.volume import by_sport

    return [total_as_json(total) for total in by_sport(list(runs))]


def total_as_json(total: Total[Any]) -> dict[str, object]:
    """The sums of a period or a sport, and their speed."""
    return asdict(total) | {"speed_mps": total.speed_mps}


def _example(kind: str) -> str:
    """A sport of that kind, by which its speed is told."""
    return SPORT_GROUPS.get(kind, (kind,))[0]
