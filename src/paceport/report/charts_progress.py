"""Charts of records and how they fell, of time in heart rate zones, and of shoes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from paceport.report.chart import Chart, Panel, PanelPath, Row, Scale, Table, dots, stairs
from paceport.report.html_text import UNKNOWN, anchor_of, day_text, hours, month_text, name_text, short_name
from paceport.sports import RUN_SPORTS
from paceport.training.history.run import Run
from paceport.training.history.sport_figures import noun
from paceport.training.history.zone_times import ZoneTimes
from paceport.training.metrics.personal_records import Record
from paceport.training.metrics.span_names import span_name
from paceport.training.metrics.totals import Total, week_of
from paceport.units import Units, duration_text


def record_chart(
    span_m: float, records: Sequence[Record], runs: Mapping[int, Run], first: date, last: date, units: Units
) -> Chart:
    """How one record fell over the years. The chart's title is the distance, its sentence the time that stands."""
    origin = week_of(first)
    times = [record.attempt.elapsed_time_s for record in records]
    low, high = min(times), max(times)
    margin = max(0.12 * (high - low), 2.0)
    scale = Scale(low=high + margin, high=low - margin)
    days = [_local_day(record, runs) for record in records]
    places = [((day - origin).days + 0.5, scale(time_s)) for day, time_s in zip(days, times, strict=True)]
    end = float((last - origin).days + 1)
    rows = []
    for record, day, (place, _) in zip(records, days, places, strict=True):
        attempt = record.attempt
        run = runs.get(attempt.run_id)
        cells = (
            day_text(day),
            name_text(run.name) if run else UNKNOWN,
            duration_text(attempt.elapsed_time_s),
            units.pace(span_m / attempt.elapsed_time_s),
            UNKNOWN if record.gained_s is None else duration_text(record.gained_s),
        )
        rows.append(Row(at=place, cells=cells, anchor=anchor_of(attempt.run_id)))
    return Chart(
        name=f"record-{span_m:.0f}",
        title=span_name(span_m),
        summary=f"{duration_text(times[-1])}, {units.pace(span_m / times[-1])} {units.pace_unit}, "
        f"on {day_text(days[-1])}",
        kind="plain",
        first=0.0,
        last=end,
        panels=(
            Panel(
                height_px=64,
                marks=(PanelPath("line first", stairs(places, end)), PanelPath("spot first", dots(places))),
            ),
        ),
        table=Table(headings=("Day", "run", "time", units.pace_unit, "gained"), rows=tuple(rows), text_columns=2),
    )


def _local_day(record: Record, runs: Mapping[int, Run]) -> date:
    run = runs.get(record.attempt.run_id)
    return run.day if run else record.attempt.at.date()


def zones_chart(parts: Sequence[tuple[str, ZoneTimes]], sports: Collection[str] | None = RUN_SPORTS) -> Chart:
    """Shares of the time in each heart rate zone, a bar for each period. Periods without a heart rate are left out.

    The times are of activities of these sports; None stands for all.
    """
    known = [(title, zones) for title, zones in parts if sum(zones.total_s) > 0]
    edges = known[0][1].edges_bpm
    names = _zone_names(edges)
    height = 100.0 / len(known)
    marks: list[PanelPath] = []
    rows: list[Row] = []
    for number, (title, zones) in enumerate(known):
        total_s, begun = sum(zones.total_s), 0.0
        for zone, (name, seconds) in enumerate(zip(names, zones.total_s, strict=True)):
            width = 100.0 * seconds / total_s
            top = number * height + 0.14 * height
            path = f"M{begun:.2f} {top:.2f}h{width:.2f}v{0.72 * height:.2f}h-{width:.2f}z"
            marks.append(PanelPath(f"zone{min(zone + 1, 5)}", path, len(rows)))
            rows.append(Row(cells=(title, name, hours(seconds), f"{width:.0f} %")))
            begun += width
    return Chart(
        name="zones",
        title="Time in heart rate zones",
        summary="; ".join(_zones_sentence(title, zones, sports) for title, zones in known) + ".",
        kind="shares",
        first=0.0,
        last=100.0,
        panels=(
            Panel(
                marks=tuple(marks),
                ticks=tuple(((number + 0.5) * height, title) for number, (title, _) in enumerate(known)),
                height_px=44 * len(known),
            ),
        ),
        labels=((0.0, "0 %"), (50.0, "50 %"), (100.0, "100 %")),
        table=Table(headings=("Period", "zone", "time, h", "share"), rows=tuple(rows), text_columns=2),
        legend=tuple((f"zone{min(number, 5)}", name) for number, name in enumerate(names, 1)),
        definitions=("heart-rate-zones", "time-in-zone"),
    )


def _zone_names(edges: Sequence[float]) -> list[str]:
    lows = ("", *(f"{edge:.0f}" for edge in edges))
    names = []
    for number, low in enumerate(lows, 1):
        upper = f"{edges[number - 1] - 1:.0f}" if number <= len(edges) else ""
        span = f"{low} to {upper} bpm" if low and upper else f"up to {upper} bpm" if upper else f"from {low} bpm"
        names.append(f"Zone {number}, {span}")
    return names


def _zones_sentence(title: str, zones: ZoneTimes, sports: Collection[str] | None) -> str:
    easy = sum(zones.total_s[:2]) / sum(zones.total_s)
    counted = f"{zones.known_runs:,} of {zones.runs:,} {noun(sports, zones.runs)}"
    return f"{title}: {100 * easy:.0f} % in zones 1 and 2, from {counted}"


def shoes_chart(shoes: Sequence[tuple[Total[str], date, date]], units: Units) -> Chart:
    """The distance of each pair, as (sums, first day, last day), farthest first."""
    longest_m = max(max(total.distance_m or 0.0 for total, _, _ in shoes), 1.0)
    height = 100.0 / len(shoes)
    marks, rows, names = [], [], []
    for number, (total, first, last) in enumerate(shoes):
        length = f"{units.distance(total.distance_m, 0)} {units.name}"
        names.append(((number + 0.42) * height, f"{short_name(total.key, 32)}, {length}"))
        width = 100.0 * (total.distance_m or 0.0) / longest_m
        path = f"M0 {(number + 0.56) * height:.2f}h{width:.2f}v{0.3 * height:.2f}h-{width:.2f}z"
        marks.append(PanelPath("bar distance", path, number))
        cells = (
            name_text(total.key),
            units.distance(total.distance_m, 0),
            str(total.runs),
            month_text(first),
            month_text(last),
        )
        rows.append(Row(cells=cells))
    return Chart(
        name="shoes",
        title="Shoes",
        summary=f"{len(shoes):,} pairs; the most used one has {units.distance(shoes[0][0].distance_m, 0)} "
        f"{units.name}.",
        kind="bars",
        first=0.0,
        last=100.0,
        panels=(Panel(marks=tuple(marks), ticks=tuple(names), height_px=34 * len(shoes)),),
        table=Table(headings=("Pair", units.name, "runs", "first", "last"), rows=tuple(rows)),
        definitions=("gear-mileage",),
    )
