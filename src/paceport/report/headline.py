"""The figures at the head of the page."""

from __future__ import annotations

from datetime import date, timedelta

from paceport.report.html_text import UNKNOWN, counted, day_text, hours, whole_number
from paceport.report.page_values import Tile
from paceport.training.history.history import History
from paceport.training.history.regularity import StreaksAndEddington, streaks_and_eddington
from paceport.training.history.sport_figures import noun
from paceport.training.history.volume import overall
from paceport.training.metrics.totals import Total
from paceport.units import Units


def headline(history: History, units: Units) -> tuple[Tile, ...]:
    """Totals over all runs, and the habits behind them."""
    total, kept = overall(history.runs), streaks_and_eddington(history)
    days = {run.day for run in history.runs}
    today, one = history.today, noun(history.sports, 1)
    recent = overall([run for run in history.runs if _is_recent(run.day, today)])
    return (
        Tile(
            title="Distance",
            value=units.distance(total.distance_m, 0),
            unit=units.name,
            definition="totals",
            note=f"{units.distance(recent.distance_m, 1) if recent.runs else '0.0'} {units.name} in the last 4 weeks",
        ),
        Tile(
            title=noun(history.sports).capitalize(),
            value=f"{total.runs:,}",
            definition="totals",
            note=f"on {counted(len(days), 'day')}",
        ),
        Tile(
            title="Moving time",
            value=_hours(total.moving_time_s),
            unit="h",
            definition="moving-time",
            note=f"{hours(total.moving_time_s / total.runs if total.moving_time_s else None)} h "
            f"{'an' if one == 'activity' else 'a'} {one}",
        ),
        *_hills(history, total, recent, units),
        *_habits(kept, units),
    )


def _hours(seconds: float | None) -> str:
    """Whole hours; with minutes where they are few, so that a first run is not 0 h."""
    if seconds is None or seconds >= 36_000:
        return whole_number(None if seconds is None else seconds / 3600)
    return hours(seconds)


def _hills(history: History, total: Total[str], recent: Total[str], units: Units) -> tuple[Tile, ...]:
    climbed_m = recent.elevation_gain_m if recent.runs else 0.0
    longest = max((run for run in history.runs if run.distance_m), key=lambda run: run.distance_m or 0.0, default=None)
    return (
        Tile(
            title="Climb",
            value=units.height(total.elevation_gain_m),
            unit=units.height_unit,
            definition="elevation-gain",
            note=f"{units.height(climbed_m)} {units.height_unit} in the last 4 weeks",
        ),
        Tile(
            title=f"Longest {noun(history.sports, 1)}",
            value=units.distance(longest.distance_m, 1) if longest else UNKNOWN,
            unit=units.name,
            definition="distance",
            note=day_text(longest.day) if longest else "",
        ),
    )


def _habits(kept: StreaksAndEddington, units: Units) -> tuple[Tile, ...]:
    streaks = kept.streaks
    eddington = kept.eddington_km if units.name == "km" else kept.eddington_mile
    return (
        Tile(
            title="Longest streak",
            value=f"{streaks.longest_weeks:,}",
            unit="week" if streaks.longest_weeks == 1 else "weeks",
            definition="streaks",
            note=f"{counted(streaks.longest_days, 'day')} in a row; now {counted(streaks.current_weeks, 'week')}",
        ),
        Tile(
            title="Eddington number",
            value=str(eddington.number),
            definition="eddington",
            note=f"{counted(eddington.days_to_next, 'day')} more of {eddington.number + 1} {units.name} for the next",
        ),
    )


def _is_recent(day: date, today: date) -> bool:
    return today - timedelta(days=28) < day <= today
