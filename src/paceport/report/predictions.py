"""The race predictions, in a table and a few sentences."""

from __future__ import annotations

from paceport.report.chart import Row, Table
from paceport.report.html_text import UNKNOWN, day_text
from paceport.report.page_values import PredictionSection
from paceport.training.history.history import History
from paceport.training.history.predictions import Method, Predictions, median_error_ratio, predictions
from paceport.training.history.progress import span_name
from paceport.units import Units, duration_text

_METHODS: tuple[tuple[Method, str], ...] = (
    ("riegel", "Riegel"),
    ("vdot", "VDOT"),
    ("critical-speed", "critical speed"),
)


def prediction_section(history: History, units: Units) -> PredictionSection | None:
    """What the last 90 days say about races; None where they say nothing."""
    found = predictions(history)
    if not found.predictions:
        return None
    spans = list(dict.fromkeys(one.distance_m for one in found.predictions))
    by_place = {(one.distance_m, one.method): one for one in found.predictions}
    rows = []
    for span_m in spans:
        cells = [span_name(span_m)]
        for method, _ in _METHODS:
            one = by_place.get((span_m, method))
            mark = "" if one is None or one.is_within_range else " *"
            cells.append(UNKNOWN if one is None else f"{duration_text(one.time_s)}{mark}")
        vdot = by_place.get((span_m, "vdot"))
        cells.append(units.pace(span_m / vdot.time_s) if vdot else UNKNOWN)
        rows.append(Row(cells=tuple(cells)))
    headings = ("Race", *(title for _, title in _METHODS), f"VDOT pace, min/{units.name}")
    return PredictionSection(table=Table(headings=headings, rows=tuple(rows)), sentences=tuple(_sentences(found)))


def _sentences(found: Predictions) -> list[str]:
    said = []
    if found.basis is not None:
        basis = found.basis
        said.append(
            f"They start from the best effort of the last 90 days: {span_name(basis.distance_m)} in "
            f"{duration_text(basis.time_s)} on {day_text(basis.day)}, a VDOT of {basis.vdot:.1f}."
        )
    errors = [(title, median_error_ratio(found.tests, method)) for method, title in _METHODS]
    known = [f"{title} {100 * error:.1f} %" for title, error in errors if error is not None]
    if known:
        what = "races" if found.tested_on == "races" else "record runs"
        said.append(f"Tested on {len(found.tests)} of your own {what}; median error: {', '.join(known)}.")
    if any(not one.is_within_range for one in found.predictions):
        said.append("* outside the range of times that the method was made for.")
    return said
