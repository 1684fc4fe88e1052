"""What serious runners look for, as sections of a page: curve, pace zones, intensity, VO2max, durability, hills, heat.

The same answers as those of `curve`, `zones` and `trends`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paceport.report.chart import Chart, Row, Table
from paceport.report.charts_measured import duration_curve_chart, vo2max_chart
from paceport.report.html_text import UNKNOWN, anchor_of, counted, day_text, hours
from paceport.report.page_values import MeasuredSection
from paceport.sports import RUN_SPORTS
from paceport.training.history.durability_trend import DurabilityTrend, durability_trend
from paceport.training.history.duration_curve import duration_curve
from paceport.training.history.effective_uptake import uptake_trend
from paceport.training.history.heat_of_runs import heat_of_runs
from paceport.training.history.hills import Hills, hills
from paceport.training.history.history import History
from paceport.training.history.pace_zone_times import PaceZoneTimes, pace_zone_times
from paceport.training.history.run import Run
from paceport.training.history.zone_times import zone_times
from paceport.training.metrics.duration_names import drift_class_text
from paceport.training.metrics.heat import ELY_MEN_SLOWER_PERCENT, HeatEffect
from paceport.training.metrics.intensity_distribution import IntensityDistribution
from paceport.training.metrics.pace_zones import PaceZone
from paceport.training.metrics.trend import Trend
from paceport.units import Units, duration_text, number_text

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

_MOST_LONG_RUNS = 8
_MEASURES = ("speed_spread_ratio", "durability_ratio", "durability_onset_m")


def measured_sections(store: Store, history: History, units: Units) -> tuple[MeasuredSection, ...]:
    """The sections of what is known of the runs; a part that is not known is left out."""
    runs = [run for run in history.runs if run.sport in RUN_SPORTS]
    if not runs:
        return ()
    first, last = min(run.day for run in history.runs), max(run.day for run in history.runs)
    measures = store.measure_rows.measures(_MEASURES, own_only=history.is_own_only)
    times = pace_zone_times(store, history, runs, heart_rate_zones_s=zone_times(history, runs).total_s)
    makers: tuple[Callable[[], MeasuredSection | None], ...] = (
        lambda: _of_chart(duration_curve_chart(duration_curve(store, history).curve, units)),
        lambda: _of_chart(vo2max_chart(uptake_trend(history, measures, runs), first, last)),
        lambda: _pace_zones(times, units),
        lambda: _intensity(times),
        lambda: _durability(durability_trend(measures, runs), units),
        lambda: _hills(hills(store, history, runs, learns_own=False), units),
        lambda: _heat(store, history, runs),
    )
    return tuple(section for make in makers if (section := make()) is not None)


def _of_chart(chart: Chart | None) -> MeasuredSection | None:
    return None if chart is None else MeasuredSection(name=chart.name, title=chart.title, chart=chart)


def _pace_zones(found: PaceZoneTimes, units: Units) -> MeasuredSection | None:
    total_s = sum(found.times_s.values())
    if not found.zones or not total_s:
        return None
    rows = tuple(
        Row(
            cells=(
                zone.name,
                _range(zone, units),
                hours(found.times_s.get(zone.name, 0.0)),
                f"{100 * found.times_s.get(zone.name, 0.0) / total_s:.0f} %",
            )
        )
        for zone in found.zones
    )
    newest = found.newest
    now = f"{units.pace(newest.threshold_mps)} {units.pace_unit} ({newest.threshold_source})"
    lowest_mps, highest_mps = found.threshold_range_mps or (0.0, 0.0)
    between = f"from {units.pace(lowest_mps)} to {units.pace(highest_mps)}"
    return MeasuredSection(
        name="pace-zones",
        title="Pace zones",
        sentences=(
            f"Threshold now: {now}. Each run counts by the threshold of its own day, {between}.",
            f"Measured: {found.known_runs:,} of {counted(found.runs, 'run')}.",
        ),
        tables=(
            ("Time in each pace zone", Table(headings=("Zone", f"{units.pace_unit} now", "time", "share"), rows=rows)),
        ),
        definitions=("pace-zones", "critical-speed"),
    )


def _range(zone: PaceZone, units: Units) -> str:
    if zone.slowest_mps <= 0:
        return f"slower than {units.pace(zone.fastest_mps)}"
    if zone.fastest_mps == float("inf"):
        return f"faster than {units.pace(zone.slowest_mps)}"
    return f"{units.pace(zone.slowest_mps)} to {units.pace(zone.fastest_mps)}"


def _intensity(found: PaceZoneTimes) -> MeasuredSection | None:
    known = [one for one in (found.by_pace, found.by_heart_rate) if one is not None and one.shares()]
    if not known:
        return None
    rows = [Row(cells=(one.by, *_shares(one))) for one in known]
    tables = [("All runs", Table(headings=("By", "easy", "moderate", "hard", "index"), rows=tuple(rows)))]
    if found.months:
        months = [Row(cells=(f"{one.month:%Y-%m}", *_shares(one.intensity))) for one in found.months[-12:][::-1]]
        headings = ("Month", "easy", "moderate", "hard", "index")
        tables.append(("By critical speed, newest months", Table(headings=headings, rows=tuple(months))))
    return MeasuredSection(
        name="distribution",
        title="Intensity distribution",
        sentences=(
            "By critical speed, easy is below 82 % of it and hard above it, each run by that of its own day.",
            "Index: polarisation; above 2 is polarised.",
        ),
        tables=tuple(tables),
        definitions=("intensity-distribution",),
    )


def _shares(found: IntensityDistribution) -> tuple[str, ...]:
    index = found.polarisation_index()
    shares = found.shares() or (0.0, 0.0, 0.0)
    return (*(f"{100 * share:.0f} %" for share in shares), UNKNOWN if index is None else f"{index:.2f}")


def _durability(found: DurabilityTrend, units: Units) -> MeasuredSection | None:
    if not found.long_runs:
        return None
    rows = tuple(
        Row(
            cells=(
                day_text(one.day),
                units.distance(one.distance_m, 1),
                f"{one.ratio:.3f}",
                drift_class_text(one.ratio),
                units.distance(one.onset_m, 0),
            ),
            anchor=anchor_of(one.run_id),
        )
        for one in found.long_runs[-_MOST_LONG_RUNS:][::-1]
    )
    onset = None if found.median_onset_m is None else f"{units.distance(found.median_onset_m, 0)} {units.name}"
    headings = ("Day", units.name, "drift", "class", f"from {units.name}")
    return MeasuredSection(
        name="durability",
        title="Durability",
        sentences=(
            "Drift: heartbeats a metre of the last 5 km of a long run, over those of kilometres 5 to 10.",
            f"Below 1.1 is low. {counted(len(found.long_runs), 'run')} of 15 km and more. {_change(found.ratio_trend)}",
            *([] if onset is None else [f"Where it sets in, it does at {onset} (median)."]),
        ),
        tables=(("Newest long runs", Table(headings=headings, rows=rows)),),
        definitions=("durability", "decoupling"),
    )


def _change(trend: Trend | None) -> str:
    if trend is None:
        return "Too few weeks for a trend."
    within = f"{trend.low_per_year:+z.3f} to {trend.high_per_year:+z.3f}"
    return f"{trend.per_year:+z.3f} a year ({within})." if trend.is_clear else f"No clear change ({within} a year)."


def _hills(found: Hills, units: Units) -> MeasuredSection | None:
    if not found.gradients:
        return None
    with_own = any(one.own_factor is not None for one in found.gradients)
    rows = [
        Row(
            cells=(
                f"{one.bin.grade_percent:+d} %" if one.bin.grade_percent else "0 %",
                duration_text(one.bin.moving_time_s),
                units.pace(one.bin.speed_mps),
                UNKNOWN if one.bin.heartrate_bpm is None else number_text(one.bin.heartrate_bpm),
                f"{one.general_factor:.2f}",
                *([UNKNOWN if one.own_factor is None else f"{one.own_factor:.2f}"] if with_own else []),
            )
        )
        for one in found.gradients
    ]
    headings = ("Grade", "time", units.pace_unit, "bpm", "factor", *(("your factor",) if with_own else ()))
    tables = [("Pace by gradient", Table(headings=headings, rows=tuple(rows)))]
    if found.climb_rates:
        climbs = tuple(
            Row(cells=(str(year), units.height(rate), units.height(metres)))
            for year, rate, metres in found.climb_rates[::-1]
        )
        unit = units.height_unit
        tables.append(("Climb rate", Table(headings=("Year", f"{unit}/h", f"climbed {unit}"), rows=climbs)))
    return MeasuredSection(
        name="hills",
        title="Hills",
        sentences=(
            "Factor: how many flat metres a metre at that grade is worth at equal heart rate.",
            f"Measured, with an altitude: {found.known_runs:,} of {counted(found.runs, 'run')}.",
        ),
        tables=tuple(tables),
        definitions=("pace-by-grade", "climb-rate", "own-grade-adjustment"),
    )


def _heat(store: Store, history: History, runs: Sequence[Run]) -> MeasuredSection | None:
    found = heat_of_runs(store, history, runs)
    if not isinstance(found, HeatEffect):
        return None
    change = f"{found.percent_per_c:+z.2f} % of speed a °C at equal heart rate"
    within = f"95 % within {found.low_percent_per_c:+z.2f} to {found.high_percent_per_c:+z.2f}"
    verdict = "" if found.is_clear else ": no clear effect"
    ely = ", ".join(f"{slower} % at {low:.0f} to {high:.0f} °C" for (low, high), slower in ELY_MEN_SLOWER_PERCENT)
    return MeasuredSection(
        name="heat",
        title="Heat",
        sentences=(
            f"{change}, {within}{verdict}.",
            f"{counted(found.runs, 'run')} at {found.coldest_c:.0f} to {found.warmest_c:.0f} °C.",
            "Each is compared with the others of the same four weeks.",
            f"Fast men in marathons were slower by {ely} WBGT (Ely 2007). Others may differ.",
        ),
        definitions=("heat",),
    )
