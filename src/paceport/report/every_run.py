"""Every run of the history: its line in the list, and what it is drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.report.chart import Row, Table
from paceport.report.html_text import anchor_of, day_text, name_text, whole_number
from paceport.report.packed_runs import pack_texts
from paceport.report.packing import TOGETHER
from paceport.report.page_values import EveryRun
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.sport_figures import SpeedKind, noun, speed_kind, speed_text, speed_unit
from paceport.units import Units

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.report.run_drawings import RunDrawings


def newest_first(history: History) -> list[Run]:
    """All runs of the history in the order of the list."""
    return sorted(history.runs, key=lambda run: (run.start, run.id), reverse=True)


def every_run(store: Store, history: History, drawings: RunDrawings, units: Units) -> EveryRun:
    """All runs, newest first; `drawings` are of them in that order."""
    runs = newest_first(history)
    kind = speed_kind({run.sport for run in runs})
    headings = (
        *("Day", noun(history.sports, 1).capitalize(), units.name, "Moving", speed_unit(kind, units)),
        *(("Adjusted",) if kind == "pace" else ()),
        *("bpm", f"Climb {units.height_unit}", "Load"),
    )
    rows = tuple(Row(cells=_cells(run, kind, units), anchor=anchor_of(run.id)) for run in runs)
    return EveryRun(
        table=Table(headings=headings, rows=rows, text_columns=2),
        texts=pack_texts(store, history, runs, units=units),
        drawings=drawings.result(),
        together=TOGETHER,
        unit_m=units.unit_m,
        height_unit=units.height_unit,
        height_unit_m=units.height_unit_m,
    )


def _cells(run: Run, kind: SpeedKind, units: Units) -> tuple[str, ...]:
    figures = (
        units.distance(run.distance_m, 2),
        units.duration(run.moving_time_s),
        speed_text(kind, units, run.speed_mps),
        *((units.pace(run.adjusted_speed_mps),) if kind == "pace" else ()),
        whole_number(run.heartrate_bpm),
        units.height(run.elevation_gain_m),
        whole_number(run.load),
    )
    return (day_text(run.day), name_text(run.name), *figures)
