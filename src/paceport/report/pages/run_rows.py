"""Runs as lines of a list: the same words on every page that lists them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from paceport.lazy_dataclass import dataclass
from paceport.report.html_text import day_text, name_text, whole_number
from paceport.sports import RUN_SPORTS
from paceport.training.history.run import Run
from paceport.training.history.sport_figures import speed_with_unit
from paceport.units import Units

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LABELS = (
    ("race", lambda run: run.is_race),
    ("trail", lambda run: run.sport == "TrailRun"),
    ("treadmill", lambda run: run.is_indoor),
    ("by hand", lambda run: run.is_manual),
    ("private", lambda run: run.is_private),
    ("from Strava's API", lambda run: run.expires_at is not None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One line: texts without units, and the page of the run. `labels` say what is special about it."""

    id: int
    link: str
    name: str
    day: str
    distance: str
    time: str
    pace: str
    adjusted: str
    heart: str
    climb: str
    load: str
    labels: tuple[str, ...]

    def cells(self) -> list[object]:
        """The line for the script that draws the list: link, name, labels, then a text for each column."""
        numbers = (self.distance, self.time, self.pace, self.adjusted, self.heart, self.climb, self.load)
        return [self.link, self.name, " · ".join(self.labels), self.day, *numbers]


def run_link(run_id: int) -> str:
    """The address of a run's page."""
    return f"/runs/{run_id}"


def weekday_text(day: date) -> str:
    """`Sun 4 May 2025`."""
    return f"{_WEEKDAYS[day.weekday()]} {day_text(day)}"


def run_rows(runs: Iterable[Run], units: Units) -> list[RunRow]:
    """These runs as lines, in their order."""
    is_mixed = units.told == "mixed"
    return [
        RunRow(
            id=run.id,
            link=run_link(run.id),
            name=name_text(run.name),
            day=weekday_text(run.day),
            distance=units.length(run.distance_m),
            time=units.duration(run.moving_time_s),
            pace=speed_with_unit(run.sport, units, run.speed_mps) if is_mixed else units.pace(run.speed_mps),
            adjusted=units.pace(run.adjusted_speed_mps if run.sport in RUN_SPORTS else None),
            heart=whole_number(run.heartrate_bpm),
            climb=units.height(run.elevation_gain_m),
            load=whole_number(run.load),
            labels=tuple(label for label, holds in _LABELS if holds(run)),
        )
        for run in runs
    ]
