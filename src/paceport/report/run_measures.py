"""What the samples of one run say beside its splits, as a section of its page."""

from __future__ import annotations

from paceport.report.chart import Row, Table
from paceport.report.html_text import UNKNOWN
from paceport.report.page_values import MeasuredSection
from paceport.training.history.measure_words import measure_facts
from paceport.training.history.measured_run import MeasuredRun
from paceport.training.metrics.duration_names import duration_name
from paceport.units import Units, duration_text, number_text


def run_measures_section(found: MeasuredRun, units: Units) -> MeasuredSection | None:
    """The best of each duration, the pace by gradient, and what else is known; None where nothing is."""
    facts = measure_facts(found, units)
    tables = [table for table in (_bests(found, units), _grades(found, units)) if table is not None]
    if not facts and not tables:
        return None
    names = [name for _, _, name in facts]
    names += ["pace-duration-curve"] if found.bests else []
    return MeasuredSection(
        name="measures",
        title="More about this run",
        sentences=tuple(f"{name}: {text}." for name, text, _ in facts),
        tables=tuple(tables),
        definitions=(*names, *(["pace-by-grade"] if found.grades else [])),
    )


def _bests(found: MeasuredRun, units: Units) -> tuple[str, Table] | None:
    if not found.bests:
        return None
    with_power = any(one.power_w is not None for one in found.bests)
    headings = ("Duration", units.pace_unit, "adjusted", *(("watts",) if with_power else ()))
    rows = tuple(
        Row(
            cells=(
                duration_name(one.duration_s),
                units.pace(one.speed_mps),
                units.pace(one.adjusted_speed_mps),
                *([UNKNOWN if one.power_w is None else f"{one.power_w:.0f}"] if with_power else []),
            )
        )
        for one in found.bests
    )
    return "Best by duration", Table(headings=headings, rows=rows)


def _grades(found: MeasuredRun, units: Units) -> tuple[str, Table] | None:
    steep = [one for one in found.grades if one.moving_time_s >= 60.0]
    if len(steep) < 2:
        return None
    rows = tuple(
        Row(
            cells=(
                f"{one.grade_percent:+d} %" if one.grade_percent else "0 %",
                duration_text(one.moving_time_s),
                units.pace(one.distance_m / one.moving_time_s),
                UNKNOWN if one.heart_s <= 0 else number_text(60.0 * one.heart_beats / one.heart_s),
            )
        )
        for one in steep
    )
    return "Pace by gradient", Table(headings=("Grade", "time", units.pace_unit, "bpm"), rows=rows)
