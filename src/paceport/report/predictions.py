"""The race predictions, in a table and a few sentences."""

from __future__ import annotations

from paceport.report.chart import Row, Table
from paceport.report.html_text import day_text
from paceport.report.page_values import PredictionSection
from paceport.training.history.history import History
from paceport.training.history.predictions import Predictions, predictions
from paceport.training.metrics.span_names import span_name
from paceport.units import Units, duration_text


def prediction_section(history: History, units: Units) -> PredictionSection | None:
    """The recommended time for each distance; None where the last 90 days say nothing about races."""
    found = predictions(history)
    if not found.recommended:
        return None
    titles = {one.model: one.title for one in found.models}
    rows = [
        Row(
            cells=(
                span_name(one.distance_m),
                duration_text(one.time_s) + ("" if one.is_within_range else " *"),
                f"{duration_text(one.low_s)} to {duration_text(one.high_s)}",
                units.pace(one.distance_m / one.time_s),
                titles[one.model],
            )
        )
        for one in found.recommended
    ]
    headings = ("Race", "Time", "Four races in five", f"Pace, {units.pace_unit}", "Model")
    return PredictionSection(table=Table(headings=headings, rows=tuple(rows)), sentences=tuple(_sentences(found)))


def _sentences(found: Predictions) -> list[str]:
    said = []
    if found.basis is not None:
        basis = found.basis
        was = "a race" if basis.is_race else "which was no race"
        said.append(
            f"The best effort of the last 90 days: {span_name(basis.distance_m)} in {duration_text(basis.time_s)} on "
            f"{day_text(basis.day)}, {was}, with a VDOT of {basis.vdot:.1f}."
        )
    errors = [
        f"{one.title} {100 * one.shorter.mean_error_ratio:.1f} %" for one in found.models if one.shorter is not None
    ]
    if errors:
        said.append(f"Mean error on your own races below 30 km: {', '.join(errors)}.")
    if any(not one.is_within_range for one in found.recommended):
        said.append("* outside the range of times that the model was made for.")
    return said
