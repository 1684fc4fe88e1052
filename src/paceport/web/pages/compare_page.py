"""Two to five runs over each other, by distance or by time, and the gap between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart, Panel, PanelPath, Row, Scale, Table, duration_steps, line, round_steps
from paceport.report.html_text import UNKNOWN, day_text, short_name, whole_number
from paceport.report.pages.answers import find_run, repeated_routes_of, runs_by_id
from paceport.report.pages.run_rows import RunRow, run_rows
from paceport.report.pages.snapshot import Snapshot
from paceport.training.history.run import Run
from paceport.training.history.run_series import run_series
from paceport.training.history.series import RunSeries
from paceport.units import Units, duration_text
from paceport.web.run_query import RunQuery, choose_runs

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

MOST_RUNS = 5
_POINTS = 240
_FOUND = 8
_Values = tuple[float, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRun:
    """A run on the page: its line, its colour (1 to 5), and the address of the page without it."""

    row: RunRow
    colour: int
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRun:
    """A run that may be added, and the address of the page with it."""

    row: RunRow
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """The compared runs. `found` are suggestions: what was searched for, else runs over the same route."""

    runs: tuple[ComparedRun, ...]
    by: str
    other_by: str
    chart: Chart | None
    found: tuple[FoundRun, ...]
    search: str
    ids: tuple[int, ...]
    is_full: bool


def compare_page(snapshot: Snapshot, store: Store, *, ids: Sequence[str], by: str, search: str) -> ComparePage:
    """The page of these runs, at most five; ids that name no run are left out. `by` is distance or time."""
    chosen: dict[int, Run] = {}
    for text in ids[: 4 * MOST_RUNS]:
        run = find_run(snapshot, int(text)) if text.lstrip("-").isdigit() and len(text) < 20 else None
        if run is not None and len(chosen) < MOST_RUNS:
            chosen[run.id] = run
    by = by if by in ("distance", "time") else "distance"
    runs, units = list(chosen.values()), snapshot.units
    series = [run_series(store, snapshot.history, run, points=_POINTS) if run.has_track else None for run in runs]
    rows = run_rows(runs, units)
    return ComparePage(
        runs=tuple(
            ComparedRun(row=row, colour=number, without=_address([one for one in chosen if one != row.id], by))
            for number, row in enumerate(rows, 1)
        ),
        by=by,
        other_by=_address(list(chosen), "time" if by == "distance" else "distance"),
        chart=compare_chart(runs, series, by, units) if sum(one is not None for one in series) > 1 else None,
        found=() if len(runs) >= MOST_RUNS else _found(snapshot, runs, by, search),
        search=search,
        ids=tuple(chosen),
        is_full=len(runs) >= MOST_RUNS,
    )


def _address(ids: Sequence[int], by: str) -> str:
    pairs = [f"run={one}" for one in ids] + (["by=time"] if by == "time" else [])
    return "/compare" + ("?" + "&".join(pairs) if pairs else "")


def _found(snapshot: Snapshot, chosen: Sequence[Run], by: str, search: str) -> tuple[FoundRun, ...]:
    """What was searched for, else other runs over the route of the first one, else the newest runs."""
    ids = [run.id for run in chosen]
    every = snapshot.history.runs
    if search:
        candidates = choose_runs(every, RunQuery(search=search), snapshot.units)
    else:
        same = _same_route(snapshot, chosen[0].id) if chosen else []
        candidates = same or sorted(every, key=lambda run: run.start, reverse=True)
    others = [run for run in candidates if run.id not in ids and run.has_track][:_FOUND]
    return tuple(FoundRun(row=row, link=_address([*ids, row.id], by)) for row in run_rows(others, snapshot.units))


def _same_route(snapshot: Snapshot, run_id: int) -> list[Run]:
    every = runs_by_id(snapshot)
    for route in repeated_routes_of(snapshot):
        if any(one.run_id == run_id for one in route.runs):
            found = [every[one.run_id] for one in route.runs if one.run_id in every]
            return sorted(found, key=lambda run: run.start, reverse=True)
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """One run at the common places: seconds (or units of distance) gone there, and its channels."""

    name: str
    look: str
    reached: tuple[float, ...]
    speeds: _Values
    heart: _Values
    height: _Values


def compare_chart(runs: Sequence[Run], series: Sequence[RunSeries | None], by: str, units: Units) -> Chart | None:
    """All of them over one axis: the gap to the first, pace, heart rate, elevation. None where they share no axis."""
    known = [
        (run, number, one)
        for number, (run, one) in enumerate(zip(runs, series, strict=True), 1)
        if one is not None and one.at_m is not None
    ]
    if len(known) < 2:
        return None
    ends = [one.at_m[-1] if by == "distance" else one.at_s[-1] - one.at_s[0] for _, _, one in known if one.at_m]
    places = np.linspace(0.0, min(ends), _POINTS)  # where all of them were
    lanes = [_lane(run, number, one, places, by, units) for run, number, one in known]
    shown = places / units.unit_m if by == "distance" else places
    panels = [_gap_panel(lanes, shown, by, units)]
    for label, values_of, text, steps, turned in _channels(units):
        drawn = [(lane, values) for lane in lanes if (values := values_of(lane)) is not None]
        if drawn:
            panels.append(_panel(label, drawn, shown, text, steps, turned=turned))
    first, last = float(shown[0]), float(shown[-1])
    steps_of = round_steps(first, last, 5) if by == "distance" else duration_steps(first, last, 5)
    return Chart(
        name="compared",
        title="Compared",
        summary=_summary(lanes, by, units),
        kind="plain",
        first=first,
        last=last,
        labels=tuple(
            (
                round(100 * (step - first) / (last - first), 2),
                f"{step:g} {units.name}" if by == "distance" else duration_text(step),
            )
            for step in steps_of
        ),
        panels=tuple(panels),
        table=_table(lanes, shown, by, units),
        legend=tuple((f"lane{lane.look[-1]} line", lane.name) for lane in lanes),
        definitions=("moving-time", "heart-rate", "elevation-gain"),
    )


def _lane(run: Run, number: int, one: RunSeries, places: np.ndarray, by: str, units: Units) -> _Lane:
    at_m, at_s = np.array(one.at_m), np.array(one.at_s) - one.at_s[0]
    axis, other = (at_m, at_s) if by == "distance" else (at_s, at_m / units.unit_m)

    def at_places(values: Sequence[float] | None) -> _Values:
        if values is None:
            return None
        found = np.array(values, dtype=float)
        is_known = np.isfinite(found)
        return tuple(np.interp(places, axis[is_known], found[is_known]).tolist()) if is_known.any() else None

    speeds = at_places(one.speed_mps)
    return _Lane(
        name=f"{short_name(run.name, 28)}, {day_text(run.day)}",
        look=f"line lane{number}",
        reached=tuple(np.interp(places, axis, other).tolist()),
        speeds=None if speeds is None else tuple(_speed(speed, units) for speed in speeds),
        heart=at_places(one.heartrate_bpm),
        height=at_places(one.altitude_m),
    )


def _speed(speed_mps: float, units: Units) -> float:
    """As these units tell it: a pace in seconds, or a speed."""
    if units.told == "speed":
        return 3600.0 * speed_mps / units.unit_m
    return units.pace_s(speed_mps) or float("nan")


def _speed_text(units: Units) -> Callable[[float], str]:
    return (lambda value: f"{value:.1f}") if units.told == "speed" else units.duration


_Steps = Callable[[float, float, int], list[float]]
_Channel = tuple[str, Callable[[_Lane], _Values], Callable[[float], str], _Steps, bool]


def _channels(units: Units) -> tuple[_Channel, ...]:
    """Each as (label, its values, how a value is written, round values, whether low is above)."""
    return (
        (f"speed, {units.pace_unit}", lambda lane: lane.speeds, _speed_text(units), round_steps, False)
        if units.told == "speed"
        else (f"pace, {units.pace_unit}", lambda lane: lane.speeds, units.duration, duration_steps, True),
        ("heart rate, bpm", lambda lane: lane.heart, whole_number, round_steps, False),
        (f"elevation, {units.height_unit}", lambda lane: lane.height, units.height, round_steps, False),
    )


def _gap_panel(lanes: Sequence[_Lane], shown: np.ndarray, by: str, units: Units) -> Panel:
    """How far each is ahead of the first: seconds at the same place, or distance at the same time."""
    gaps = [(lane, _gaps(lane, lanes[0], by)) for lane in lanes]
    most = max(max(map(abs, values)) for _, values in gaps) or 1.0
    scale = Scale(low=-1.1 * most, high=1.1 * most)
    steps = duration_steps(-most, most, 4) if by == "distance" else round_steps(-most, most, 4)
    text = _signed_time if by == "distance" else (lambda value: f"{value:+g}" if value else "0")
    unit = "min:s" if by == "distance" else units.name
    marks = [PanelPath("zero", f"M{shown[0]:g} {scale(0):g}H{shown[-1]:g}")]
    marks += [PanelPath(lane.look, _path(shown, [scale(value) for value in values])) for lane, values in gaps[1:]]
    return Panel(
        label=f"ahead of the first, {unit} (above the line: ahead)",
        height_px=140,
        ticks=tuple((scale(value), text(value)) for value in steps),
        marks=tuple(marks),
    )


def _gaps(lane: _Lane, first: _Lane, by: str) -> list[float]:
    turned = -1.0 if by == "distance" else 1.0
    return [turned * (mine - theirs) for mine, theirs in zip(lane.reached, first.reached, strict=True)]


def _signed_time(seconds: float) -> str:
    return f"{'+' if seconds > 0 else '-' if seconds < 0 else ''}{duration_text(abs(seconds))}"


def _panel(
    label: str,
    drawn: Sequence[tuple[_Lane, tuple[float, ...]]],
    shown: np.ndarray,
    text: Callable[[float], str],
    steps: _Steps,
    *,
    turned: bool,
) -> Panel:
    ordered = sorted(value for _, values in drawn for value in values if isfinite(value))
    low, high = ordered[len(ordered) // 50], ordered[len(ordered) - 1 - len(ordered) // 50]
    margin = max(0.1 * (high - low), 3.0)
    scale = Scale(low=high + margin, high=low - margin) if turned else Scale(low=low - margin, high=high + margin)
    return Panel(
        label=label,
        height_px=130,
        ticks=tuple((scale(value), text(value)) for value in steps(low - margin, high + margin, 3)),
        marks=tuple(
            PanelPath(f"{lane.look} thin", _path(shown, [min(max(scale(value), 0.0), 100.0) for value in values]))
            for lane, values in drawn
        ),
    )


def _path(shown: np.ndarray, heights: Sequence[float]) -> str:
    return line((round(float(x), 3), y) for x, y in zip(shown, heights, strict=True))


def _summary(lanes: Sequence[_Lane], by: str, units: Units) -> str:
    parts = []
    for lane in lanes[1:]:
        gap = _gaps(lane, lanes[0], by)[-1]
        size = duration_text(abs(gap)) if by == "distance" else f"{abs(gap):.2f} {units.name}"
        parts.append(f"{lane.name}: {size} {'ahead of' if gap > 0 else 'behind'} the first at the end")
    return "; ".join(parts) + "."


def _table(lanes: Sequence[_Lane], shown: np.ndarray, by: str, units: Units) -> Table:
    rows = []
    for number, place in enumerate(shown.tolist()):
        cells = [f"{place:.2f}" if by == "distance" else duration_text(place)]
        for lane in lanes:
            gap = _gaps(lane, lanes[0], by)[number]
            cells.append(_signed_time(gap) if by == "distance" else f"{gap:+.2f}")
            cells.append(_speed_text(units)(lane.speeds[number]) if lane.speeds else UNKNOWN)
        rows.append(Row(at=round(place, 3), cells=tuple(cells)))
    headings: list[str] = [units.name if by == "distance" else "time"]
    for number, _ in enumerate(lanes, 1):
        headings += [f"no. {number}: ahead", units.pace_unit]
    return Table(headings=tuple(headings), rows=tuple(rows), text_columns=0)
