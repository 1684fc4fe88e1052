"""One run in words: its figures, what is special about it, its splits and efforts as tables."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.report.chart import Row, Table
from paceport.report.html_text import day_text, whole_number
from paceport.sports import RUN_SPORTS
from paceport.training.history.run import Run
from paceport.training.history.sport_figures import speed_kind, speed_text, speed_unit
from paceport.training.metrics.load_source import SOURCE_NAMES
from paceport.training.metrics.span_names import span_name
from paceport.training.metrics.stretches import BestEffort, Split
from paceport.units import Units

_MOST_SPLITS = 120  # rows; a longer run's table is cut and says so


def when_text(run: Run) -> str:
    """The local day and time at which it began."""
    return f"{day_text(run.day)}, {run.local_start:%H:%M}" + ("" if run.timezone else " UTC")


def _load(run: Run) -> str:
    return f"{whole_number(run.load)}, from {SOURCE_NAMES.get(run.load_source or '', 'what is recorded')}"


def run_facts(run: Run, units: Units) -> list[tuple[str, str, str]]:
    """The figures of a run that are known, each as (name, text, metric)."""
    is_run, kind = run.sport in RUN_SPORTS, speed_kind((run.sport,))
    pace = f"{speed_text(kind, units, run.speed_mps)} {speed_unit(kind, units)}"
    adjusted = f"{units.pace(run.adjusted_speed_mps)} {units.pace_unit}"
    facts = [
        ("Distance", f"{units.distance(run.distance_m, 2)} {units.name}", "distance", run.distance_m),
        ("Moving time", units.duration(run.moving_time_s), "moving-time", run.moving_time_s),
        ("Speed" if kind == "speed" else "Pace", pace, "moving-time", run.speed_mps),
        ("Grade-adjusted", adjusted, "grade-adjusted-pace", run.adjusted_speed_mps if is_run else None),
        ("Heart rate", f"{whole_number(run.heartrate_bpm)} bpm", "heart-rate", run.heartrate_bpm),
        ("Climb", f"{units.height(run.elevation_gain_m)} {units.height_unit}", "elevation-gain", run.elevation_gain_m),
        ("Cadence", f"{whole_number(run.cadence_spm)} /min", "cadence", run.cadence_spm),
        ("Load", _load(run), "activity-load", run.load),
        ("Decoupling", f"{run.decoupling_percent or 0.0:.1f} %", "decoupling", run.decoupling_percent),
    ]
    return [(name, text, metric) for name, text, metric, value in facts if value is not None]


def run_notes(run: Run) -> list[str]:
    """What is special about a run, in words."""
    notes = {
        run.sport: run.sport not in RUN_SPORTS,
        "race": run.is_race,
        "treadmill or indoors": run.is_indoor,
        "entered by hand": run.is_manual,
        "only for you": run.is_private,
        "commute": run.is_commute,
        "deleted at Strava": run.is_deleted_at_strava,
        f"from the cache, until {day_text(run.expires_at.date()) if run.expires_at else ''}": run.expires_at
        is not None,
    }
    return [text for text, holds in notes.items() if holds]


def splits_table(splits: Sequence[Split], units: Units) -> Table:
    """A row for each split; of more than 120 the rest is counted."""
    rows = []
    for split in splits[:_MOST_SPLITS]:
        whole_one = abs(split.distance_m - units.unit_m) < 0.5
        cells = (
            str(split.number) if whole_one else f"{split.distance_m / units.unit_m:.2f}",
            units.duration(split.moving_time_s),
            units.pace(split.speed_mps),
            units.pace(split.adjusted_speed_mps),
            rise_text(split.elevation_difference_m, units),
            whole_number(split.heartrate_bpm),
        )
        rows.append(Row(cells=cells))
    if len(splits) > _MOST_SPLITS:
        rows.append(Row(cells=(f"and {len(splits) - _MOST_SPLITS} more", *[""] * 5)))
    headings = (units.name, "moving", "pace", "adjusted", units.height_unit, "bpm")
    return Table(headings=headings, rows=tuple(rows), text_columns=0)


def rise_text(difference_m: float | None, units: Units) -> str:
    """How much higher the end of a split is than its start: `+12`, `-3`, `0`."""
    text = units.height(difference_m)
    return f"+{text}" if difference_m is not None and difference_m > 0 and text != "0" else text.replace("-0", "0")


def efforts_table(efforts: Sequence[BestEffort], units: Units) -> Table:
    """A row for each best effort."""
    rows = [
        Row(
            cells=(
                span_name(one.span_m),
                units.duration(one.elapsed_time_s),
                units.pace(one.span_m / one.elapsed_time_s if one.elapsed_time_s > 0 else None),
            )
        )
        for one in efforts
    ]
    return Table(headings=("Best effort", "time", units.pace_unit), rows=tuple(rows))
