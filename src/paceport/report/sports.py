"""The sums of each kind of sport, where there is more than running."""

from __future__ import annotations

from paceport.report.chart import Row, Table
from paceport.report.html_text import hours, whole_number
from paceport.sports import RUN_SPORTS, SPORT_GROUPS
from paceport.training.history.history import History
from paceport.training.history.sport_figures import speed_with_unit
from paceport.training.history.volume import by_sport
from paceport.training.metrics.totals import Total
from paceport.units import Units


def sports_table(history: History, units: Units) -> Table | None:
    """A row for each kind of sport, the one that took the most time first; None where all are runs."""
    everything = history.activities or history.runs
    if all(run.sport in RUN_SPORTS for run in everything):
        return None
    headings = (
        *("Sport", "activities", units.name, "moving, h", "pace or speed", f"climb, {units.height_unit}", "load"),
    )
    return Table(headings=headings, rows=tuple(_row(total, units) for total in by_sport(everything)))


def _row(total: Total[str], units: Units) -> Row:
    speed_mps = total.distance_m / total.moving_time_s if total.distance_m and total.moving_time_s else None
    return Row(
        cells=(
            total.key,
            f"{total.runs:,}",
            units.length(total.distance_m, 0),
            hours(total.moving_time_s),
            speed_with_unit(SPORT_GROUPS.get(total.key, (total.key,))[0], units, speed_mps),
            units.height(total.elevation_gain_m) if total.distance_m else units.unknown,
            whole_number(total.load),
        )
    )
