"""The newest runs, each with its figures, its charts, splits and efforts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from paceport.report.charts_run import POINTS, run_chart
from paceport.report.html_text import anchor_of, name_text
from paceport.report.page_values import RunSection
from paceport.report.run_texts import efforts_table, run_facts, run_notes, splits_table, when_text
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.run_detail import run_detail
from paceport.training.history.run_series import run_series
from paceport.training.history.sport_figures import speed_kind
from paceport.units import Units

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


def run_sections(store: Store, history: History, *, newest: int, units: Units) -> tuple[RunSection, ...]:
    """A section for each of the newest runs, newest first."""
    chosen = sorted(history.runs, key=lambda run: (run.start, run.id), reverse=True)[:newest]
    return tuple(_section(store, history, run, units) for run in chosen)


def _section(store: Store, history: History, run: Run, units: Units) -> RunSection:
    detail = run_detail(store, history, run)
    series = run_series(store, history, run, points=POINTS) if run.has_track else None
    chart = (
        run_chart(f"{anchor_of(run.id)}-chart", series, replace(units, told=speed_kind((run.sport,))))
        if series is not None
        else None
    )
    splits = detail.splits_km if units.name == "km" else detail.splits_mile
    return RunSection(
        anchor=anchor_of(run.id),
        name=name_text(run.name),
        when=when_text(run),
        facts=tuple(run_facts(run, units)),
        notes=tuple(run_notes(run)),
        chart=chart,
        splits=splits_table(splits, units) if splits else None,
        efforts=efforts_table(detail.best_efforts, units) if detail.best_efforts else None,
    )
