"""Every run of the report as little text: what its script shows of a run when somebody opens it.

A reader without script has the list of all runs, and the newest ones in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from paceport.report.chart import Table
from paceport.report.packing import pack
from paceport.report.run_texts import efforts_table, run_facts, run_notes, splits_table, when_text
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.run_detail import run_figures, stored_efforts, stored_splits
from paceport.training.history.sport_figures import pace_length_m, speed_kind, speed_unit
from paceport.units import Units

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


def pack_texts(store: Store, history: History, runs: Sequence[Run], *, units: Units) -> tuple[str, ...]:
    """What is said of the runs, in their order.

    A run is an object: `when`, `notes` and `facts` as in its section, `splits` and `efforts` as headings and rows.
    """
    return pack(_texts(store, history, run, units) for run in runs)


def _texts(store: Store, history: History, run: Run, units: Units) -> dict[str, Any]:
    texts = {"when": when_text(run), "notes": run_notes(run), "facts": run_facts(run, units)} | _told(run, units)
    figures = run_figures(store, history, run)
    try:
        splits = stored_splits(figures, "km" if units.name == "km" else "mile")
        efforts = stored_efforts(figures)
    except (TypeError, AttributeError):
        return texts  # figures of another make: as a run without any
    return texts | {
        "splits": _table(splits_table(splits, units)) if splits else None,
        "efforts": _table(efforts_table(efforts, units)) if efforts else None,
    }


def _told(run: Run, units: Units) -> dict[str, Any]:
    """How speed and cadence are told where it is no run: the speed's heading, the metres of a pace, the other's unit.

    The metres are 0 for a speed.
    """
    kind = speed_kind((run.sport,))
    if kind == "pace":
        return {}
    length_m = pace_length_m(kind, units) or 0.0
    return {
        "told": [
            f"{'pace' if length_m else 'speed'}, {speed_unit(kind, units)}",
            length_m,
            replace(units, told=kind).cadence_unit,
        ]
    }


def _table(table: Table) -> list[object]:
    return [table.headings, [row.cells for row in table.rows]]
