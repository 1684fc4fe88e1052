"""One run: its figures, its route and channels under one cursor, splits, laps, efforts, zones, neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.record_verdicts import can_be_confirmed
from paceport.report.chart import Chart, Row, Table
from paceport.report.charts_run import run_chart
from paceport.report.html_text import name_text, short_name, whole_number
from paceport.report.page_values import MeasuredSection
from paceport.report.pages.answers import best_of, repeated_routes_of, runs_by_id
from paceport.report.pages.run_rows import RunRow, run_rows, weekday_text
from paceport.report.pages.snapshot import Snapshot
from paceport.report.pages.track_map import draw_tracks
from paceport.report.run_measures import run_measures_section
from paceport.report.run_texts import rise_text, run_facts, run_notes
from paceport.training.history.measured_run import measured_run
from paceport.training.history.run import Run
from paceport.training.history.run_detail import RunDetail, efforts_that_count, run_detail
from paceport.training.history.run_series import run_series
from paceport.training.history.series import RunSeries
from paceport.training.metrics.personal_records import Attempt
from paceport.training.metrics.span_names import span_name
from paceport.training.metrics.stretches import Split
from paceport.units import Units, duration_text
from paceport.web.amending.amend_section import AmendSection, amend_section
from paceport.web.pages.route_colours import RouteColours, route_colours

if TYPE_CHECKING:
    from paceport.logbook.database.run_rows import LapRow
    from paceport.logbook.database.store import Store

POINTS = 300
_MOST_SPLITS = 160
_CLASSES = 5
_NEIGHBOURS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitBar:
    """A split: its number or length, its texts, and the share (0 to 100) of the row that its bar takes."""

    number: str
    share: float
    pace: str
    time: str
    adjusted: str
    rise: str
    rise_share: float
    heart: str
    is_fastest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDrawing:
    """The run's track in a box: stretches as (class of colour, path), and the places of the chart's points along it.

    `places` are "x y x y …" in the box. `colours` says what the classes stand for.
    """

    width: float
    height: float
    stretches: tuple[tuple[int, str], ...]
    places: str
    start: tuple[float, float]
    finish: tuple[float, float]
    colours: RouteColours


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """A best effort of this run and its place among those of all runs, as of today and as of that day."""

    span: str
    time: str
    pace: str
    place: str
    is_record: bool
    place_then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneShare:
    """Time in one heart rate zone."""

    number: int
    name: str
    time: str
    percent: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The other runs over the same route, newest first, and this run's place among all of them by pace."""

    rows: tuple[RunRow, ...]
    count: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """Everything on the page of one run; what is None or empty is left out."""

    id: int
    name: str
    when: str
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]
    words: str
    chart: Chart | None
    route: RouteDrawing | None
    splits: tuple[SplitBar, ...]
    left_splits: int
    laps: Table | None
    efforts: tuple[Effort, ...]
    not_counted: tuple[str, ...]
    can_be_confirmed: bool
    zones: tuple[ZoneShare, ...]
    zones_text: str
    cleaned: tuple[str, ...]
    others: tuple[str, ...]
    neighbours: Neighbours | None
    measures: MeasuredSection | None
    previous: RunRow | None
    next: RunRow | None
    amending: AmendSection | None


def one_run(snapshot: Snapshot, store: Store, run: Run, *, colour: str = "pace") -> RunPage:
    """The page of a run of the snapshot; `colour` is what its track is coloured by: pace, heart rate or grade."""
    units = snapshot.units
    detail = run_detail(store, snapshot.history, run)
    series = run_series(store, snapshot.history, run, points=POINTS) if run.has_track else None
    splits = detail.splits_km if units.name == "km" else detail.splits_mile
    order = _in_order(snapshot)
    at = order.index(run)
    around = [order[number] if 0 <= number < len(order) else None for number in (at - 1, at + 1)]
    earlier, later = (run_rows([one], units)[0] if one else None for one in around)
    return RunPage(
        id=run.id,
        name=name_text(run.name),
        when=f"{weekday_text(run.day)}, {run.local_start:%H:%M}" + ("" if run.timezone else " UTC"),
        notes=tuple(run_notes(run)),
        facts=tuple(run_facts(run, units)),
        words=" · ".join(
            part
            for part in (name_text(run.gear) if run.gear else "", name_text(run.device_name) if run.device_name else "")
            if part
        ),
        chart=_chart(series, units) if series else None,
        route=draw_route(series, units, colour=colour) if series else None,
        splits=_split_bars(splits[:_MOST_SPLITS], units),
        left_splits=max(0, len(splits) - _MOST_SPLITS),
        laps=_laps(store.run_rows.laps(run.id, own_only=snapshot.history.is_own_only), units),
        efforts=_efforts(snapshot, run, detail),
        not_counted=_not_counted(snapshot, run),
        can_be_confirmed=any(can_be_confirmed(str(one.excluded_because)) for one in _excluded(snapshot, run)),
        zones=_zones(run, snapshot.history.facts.athlete.by_year()(run.day.year).zone_edges_bpm),
        zones_text=snapshot.history.facts.zones_text,
        cleaned=detail.notes,
        others=tuple(_other_words(one.name, one.device_name, one.channels) for one in detail.others),
        neighbours=_neighbours(snapshot, run),
        measures=run_measures_section(measured_run(store, snapshot.history, run), units),
        previous=earlier,
        next=later,
        amending=amend_section(snapshot, store, run.id),
    )


def _in_order(snapshot: Snapshot) -> list[Run]:
    return snapshot.once("in order", lambda: sorted(snapshot.history.runs, key=lambda run: (run.start, run.id)))


def _chart(series: RunSeries, units: Units) -> Chart | None:
    chart = run_chart("along", series, units)
    if chart is None:
        return None
    heights = {0: 150}
    panels = tuple(replace(panel, height_px=heights.get(number, 96)) for number, panel in enumerate(chart.panels))
    return replace(chart, panels=panels)


def draw_route(series: RunSeries, units: Units, *, colour: str = "pace") -> RouteDrawing | None:
    """The track, each stretch in the colour of its pace, heart rate or grade; None without positions."""
    if series.latitude_deg is None or series.longitude_deg is None:
        return None
    latitude, longitude = np.array(series.latitude_deg), np.array(series.longitude_deg)
    drawn = draw_tracks({0: [(latitude, longitude)]})
    if drawn is None or not drawn.paths:
        return None
    x, y = _places_in(latitude, longitude, drawn.width, drawn.height)
    colours = route_colours(series, units, wanted=colour, count=len(x))
    points = [f"{left:g} {top:g}" for left, top in zip(x, y, strict=True)]
    return RouteDrawing(
        width=drawn.width,
        height=drawn.height,
        stretches=tuple(_stretches(colours.classes, points)),
        places=" ".join(points),
        start=(x[0], y[0]),
        finish=(x[-1], y[-1]),
        colours=colours,
    )


def _places_in(
    latitude: np.ndarray, longitude: np.ndarray, width: float, height: float
) -> tuple[list[float], list[float]]:
    """Where the points are in a box that holds all of them, at one scale, in its middle."""
    shrunk = float(np.cos(np.radians(np.clip(np.median(latitude), -89.0, 89.0))))
    east = np.degrees(np.unwrap(np.radians(longitude))) * shrunk
    room = 0.94 * min(width / max(np.ptp(east), 1e-9), height / max(np.ptp(latitude), 1e-9))
    room = min(room, 0.94 * max(width, height) / 0.004)  # a lap of a track is not drawn as large as a city
    x = width / 2 + (east - (east.max() + east.min()) / 2) * room
    y = height / 2 - (latitude - (latitude.max() + latitude.min()) / 2) * room
    return np.round(x, 1).tolist(), np.round(y, 1).tolist()


def _stretches(classes: Sequence[int], points: Sequence[str]) -> list[tuple[int, str]]:
    """Paths of points of one class after another; each begins where the one before ended."""
    found: list[tuple[int, str]] = []
    begin = 0
    for number in range(1, len(points)):
        if number == len(points) - 1 or classes[number] != classes[begin]:
            found.append((classes[begin], "M" + "L".join(points[begin : number + 1])))
            begin = number
    return found


def _split_bars(splits: Sequence[Split], units: Units) -> tuple[SplitBar, ...]:
    speeds = [split.speed_mps for split in splits if split.speed_mps]
    if not speeds:
        return ()
    fastest, slowest = max(speeds), min(speeds)
    base = slowest - max(0.6 * (fastest - slowest), 0.15 * fastest)
    most_rise = max([abs(split.elevation_difference_m or 0.0) for split in splits] + [10.0])
    whole = [split.speed_mps for split in splits if split.speed_mps and abs(split.distance_m - units.unit_m) < 0.5]
    best = max(whole, default=None)
    return tuple(
        SplitBar(
            number=str(split.number)
            if abs(split.distance_m - units.unit_m) < 0.5
            else f"{split.distance_m / units.unit_m:.2f}",
            share=round(100 * ((split.speed_mps or base) - base) / (fastest - base), 1),
            pace=units.pace(split.speed_mps),
            time=units.duration(split.moving_time_s),
            adjusted=units.pace(split.adjusted_speed_mps),
            rise=rise_text(split.elevation_difference_m, units),
            rise_share=round(50 * (split.elevation_difference_m or 0.0) / most_rise, 1),
            heart=whole_number(split.heartrate_bpm),
            is_fastest=best is not None and split.speed_mps == best and len(whole) > 1,
        )
        for split in splits
    )


def _laps(laps: Sequence[LapRow], units: Units) -> Table | None:
    """The laps of the device; None where it counted none, or the whole run as one."""
    if len(laps) < 2:
        return None
    rows = []
    for lap in laps:
        seconds = lap.timer_s or lap.elapsed_s
        speed = lap.distance_m / seconds if lap.distance_m and seconds else None
        cells = (str(lap.number), units.distance(lap.distance_m), units.duration(seconds), units.pace(speed))
        rows.append(Row(cells=cells))
    return Table(headings=("Lap", units.name, "time", units.pace_unit), rows=tuple(rows), text_columns=0)


def _efforts(snapshot: Snapshot, run: Run, detail: RunDetail) -> tuple[Effort, ...]:
    best, units = best_of(snapshot), snapshot.units
    own = {span_m: one for span_m, ranked in best.items() for one in ranked if one.attempt.run_id == run.id}
    counted_s = {span_m: one.attempt.elapsed_time_s for span_m, one in own.items()}
    found = []
    for one in efforts_that_count(detail.figures, counted_s):
        ranked, mine = best.get(one.span_m, ()), own.get(one.span_m)
        faster = ranked[: mine.place - 1] if mine else ()
        was_record = mine is not None and mine.place > 1 and not any(each.attempt.at < run.start for each in faster)
        found.append(
            Effort(
                span=span_name(one.span_m),
                time=units.duration(one.elapsed_time_s),
                pace=units.pace(one.span_m / one.elapsed_time_s if one.elapsed_time_s > 0 else None),
                place=f"{mine.place:,} of {len(ranked):,}" if mine else "does not count",
                is_record=mine is not None and mine.place == 1,
                place_then="record then" if was_record else "",
            )
        )
    return tuple(found)


def _not_counted(snapshot: Snapshot, run: Run) -> tuple[str, ...]:
    """The times of a run that do not count, each reason once."""
    times: dict[str, list[str]] = {}
    for one in sorted(_excluded(snapshot, run), key=lambda attempt: attempt.span_m):
        text = f"{span_name(one.span_m)} in {snapshot.units.duration(one.elapsed_time_s)}"
        times.setdefault(str(one.excluded_because), []).append(text)
    return tuple(f"{', '.join(efforts)}: {because}." for because, efforts in times.items())


def _excluded(snapshot: Snapshot, run: Run) -> list[Attempt]:
    return [one for one in snapshot.history.attempts if one.run_id == run.id and one.excluded_because is not None]


def _zones(run: Run, edges: Sequence[float]) -> tuple[ZoneShare, ...]:
    total_s = sum(run.time_in_zones_s)
    if total_s <= 0:
        return ()
    lows = (None, *edges)
    return tuple(
        ZoneShare(
            number=min(number, _CLASSES),
            name=f"Zone {number}, " + (f"up to {edges[0] - 1:.0f} bpm" if low is None else f"from {low:.0f} bpm"),
            time=duration_text(seconds),
            percent=f"{100 * seconds / total_s:.0f} %",
            share=round(100 * seconds / total_s, 2),
        )
        for number, (low, seconds) in enumerate(zip(lows, run.time_in_zones_s, strict=False), 1)
    )


def _neighbours(snapshot: Snapshot, run: Run) -> Neighbours | None:
    """The runs over the same route; None where it was run once."""
    by_run = snapshot.once(
        "route of run", lambda: {one.run_id: route for route in repeated_routes_of(snapshot) for one in route.runs}
    )
    route = by_run.get(run.id)
    if route is None:
        return None
    every = runs_by_id(snapshot)
    runs = [every[one.run_id] for one in route.runs if one.run_id in every]
    others = [one for one in sorted(runs, key=lambda one: one.start, reverse=True) if one.id != run.id]
    speeds = [one.speed_mps for one in runs if one.speed_mps]
    faster = sum(speed > (run.speed_mps or 0.0) for speed in speeds)
    return Neighbours(
        rows=tuple(run_rows(others[:_NEIGHBOURS], snapshot.units)),
        count=len(others),
        place=f"place {faster + 1} of {len(speeds)} by {snapshot.units.speed_word}" if run.speed_mps else "",
    )


def _other_words(name: str, device: str, channels: Sequence[str]) -> str:
    words = short_name(name) + (f", {short_name(device)}" if device else "")
    return f"{words}: gives {', '.join(channels)}" if channels else words
