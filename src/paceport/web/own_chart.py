"""Charts of one's own: what against what, for which runs; each run as a dot, or summed up over a period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from math import ceil
from statistics import median
from urllib.parse import urlencode

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import (
    MOST_DOTS,
    Chart,
    Panel,
    PanelPath,
    Row,
    Scale,
    Table,
    bars,
    dots,
    duration_steps,
    line,
    not_drawn_text,
    round_steps,
)
from paceport.report.date_axis import time_labels
from paceport.report.html_text import anchor_of, day_text, month_text, name_text
from paceport.training.history.run import Run
from paceport.training.metrics.totals import week_of
from paceport.units import Units, duration_text
from paceport.web.run_query import RunQuery, choose_runs, read_query

_DAYS_A_BAR = {"week": 7, "month": 30, "year": 365}
_FEW_DOTS = 60  # fewer are drawn larger: alone on a page they would be overlooked
_KEPT_SHARE = 0.98  # of the values set the scale: one broken run must not flatten the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What an axis can show: its value of a run (None: not known) in the unit shown, and how that is written.

    `is_sum` says that a period has their sum, otherwise their median; `is_time` that ticks are round times;
    `is_turned` that less is above.
    """

    title: str
    unit: Callable[[Units], str]
    value: Callable[[Run, Units], float | None]
    text: Callable[[float], str] = lambda value: f"{value:,.0f}"
    is_sum: bool = False
    is_time: bool = False
    is_turned: bool = False


def _plain(name: str) -> Callable[[Run, Units], float | None]:
    return lambda run, _: getattr(run, name)


def _pace(name: str) -> Callable[[Run, Units], float | None]:
    return lambda run, units: units.pace_s(getattr(run, name))


def _pace_unit(units: Units) -> str:
    return units.pace_unit if units.told in ("pace", "swim") else f"min/{units.name}"


def _distance(run: Run, units: Units) -> float | None:
    return None if run.distance_m is None else run.distance_m / units.unit_m


def _climb(run: Run, units: Units) -> float | None:
    return None if run.elevation_gain_m is None else run.elevation_gain_m / units.height_unit_m


QUANTITIES: dict[str, Quantity] = {
    "distance": Quantity(
        title="Distance",
        unit=lambda units: units.name,
        value=_distance,
        text=lambda value: f"{value:,.1f}",
        is_sum=True,
    ),
    "time": Quantity(
        title="Moving time",
        unit=lambda _: "h:min:s",
        value=_plain("moving_time_s"),
        text=duration_text,
        is_sum=True,
        is_time=True,
    ),
    "pace": Quantity(
        title="Pace",
        unit=_pace_unit,
        value=_pace("speed_mps"),
        text=duration_text,
        is_time=True,
        is_turned=True,
    ),
    "speed": Quantity(
        title="Speed",
        unit=lambda units: units.speed_unit,
        value=lambda run, units: None if run.speed_mps is None else 3600.0 * run.speed_mps / units.unit_m,
        text=lambda value: f"{value:.1f}",
    ),
    "adjusted": Quantity(
        title="Grade-adjusted pace",
        unit=_pace_unit,
        value=_pace("adjusted_speed_mps"),
        text=duration_text,
        is_time=True,
        is_turned=True,
    ),
    "heart": Quantity(title="Heart rate", unit=lambda _: "bpm", value=_plain("heartrate_bpm")),
    "climb": Quantity(title="Climb", unit=lambda units: units.height_unit, value=_climb, is_sum=True),
    "load": Quantity(title="Load", unit=lambda _: "TRIMP", value=_plain("load"), is_sum=True),
    "cadence": Quantity(title="Cadence", unit=lambda units: units.cadence_unit, value=_plain("cadence_spm")),
    "efficiency": Quantity(
        title="Efficiency",
        unit=lambda _: "m/min per bpm",
        value=_plain("efficiency_factor"),
        text=lambda value: f"{value:.2f}",
    ),
    "decoupling": Quantity(
        title="Decoupling", unit=lambda _: "%", value=_plain("decoupling_percent"), text=lambda value: f"{value:.1f}"
    ),
    "hour": Quantity(
        title="Time of day",
        unit=lambda _: "h",
        value=lambda run, _: run.local_start.hour + run.local_start.minute / 60,
        text=lambda value: f"{int(value):02d}:{round(value % 1 * 60) % 60:02d}",
    ),
}
# Sports that are told by speed have no pace.
_PACES = ("pace", "adjusted")
PERIODS = {"run": "each one", "week": "weeks", "month": "months", "year": "years"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartQuery:
    """`y` against `x` (a key of QUANTITIES, or `day`), a point for each `by` (a key of PERIODS), for `runs`."""

    x: str = "day"
    y: str = "pace"
    by: str = "run"
    runs: RunQuery = field(default_factory=RunQuery)

    def address(self) -> str:
        """The parameters of an address that asks for this chart."""
        own = {"x": self.x, "y": self.y, "by": self.by}
        _, _, runs = self.runs.address("").partition("?")
        return urlencode(own) + (f"&{runs}" if runs else "")

    @property
    def title(self) -> str:
        """What the chart shows, in words."""
        against = "" if self.x == "day" else f" against {QUANTITIES[self.x].title.lower()}"
        return QUANTITIES[self.y].title + against + ("" if self.by == "run" else f", by {self.by}")


def read_chart_query(parameters: Mapping[str, str]) -> ChartQuery:
    """The chart that the parameters of an address ask for; what cannot be understood counts as not said."""
    x, y, by = (parameters.get(name, "") for name in ("x", "y", "by"))
    x = x if x in QUANTITIES else "day"
    return ChartQuery(
        x=x,
        y=y if y in QUANTITIES else "pace",
        by=by if by in PERIODS and x == "day" else "run",
        runs=read_query(parameters),
    )


def quantities_of(units: Units) -> dict[str, Quantity]:
    """What charts can show of sports that these units tell."""
    return {key: one for key, one in QUANTITIES.items() if units.told != "speed" or key not in _PACES}


def query_as_told(query: ChartQuery, units: Units) -> ChartQuery:
    """The query with speed in place of a pace, where these units tell speeds."""
    known = quantities_of(units)
    x = query.x if query.x == "day" or query.x in known else "speed"
    return replace(query, x=x, y=query.y if query.y in known else "speed")


def own_chart(
    runs: Sequence[Run], query: ChartQuery, units: Units, *, name: str, height_px: int = 320, noun: str = "runs"
) -> Chart | None:
    """The chart; None where fewer than two points are known. `noun` is what the activities are called."""
    query = query_as_told(query, units)
    chosen = choose_runs(runs, query.runs, units)
    y_of = QUANTITIES[query.y]
    known = [(run, value) for run in chosen if (value := y_of.value(run, units)) is not None]
    if query.by == "run":
        return _by_run(known, query, units, name, height_px, noun)
    return _by_period(known, query, units, name, height_px, noun)


def _by_run(
    known: Sequence[tuple[Run, float]], query: ChartQuery, units: Units, name: str, height_px: int, noun: str
) -> Chart | None:
    x_of, y_of = QUANTITIES.get(query.x), QUANTITIES[query.y]
    shown = sorted(known, key=lambda one: (one[0].start, one[0].id))[-MOST_DOTS:]
    first = min((run.day for run, _ in shown), default=date.min)
    points = sorted(
        ((x, value, run) for run, value in shown if (x := _x_of(run, x_of, units, first)) is not None),
        key=lambda point: (point[0], point[2].id),
    )
    if len(points) < 2 or points[-1][0] <= points[0][0]:
        return None
    scale, ticks = _scale([value for _, value, _ in points], y_of)
    every = [(x, scale(value)) for x, value, _ in points]
    places = [(x, y) for x, y in every if 0.0 <= y <= 100.0]
    left, right, labels = _across(points, x_of, first)
    label = f"{y_of.title.lower()}, {y_of.unit(units)}"
    marks = (PanelPath("dot" if len(points) > _FEW_DOTS else "spot pace", dots(places)),)
    return Chart(
        name=name,
        title=query.title,
        summary=_dots_sentence(len(points), len(known), x_of, units, noun),
        kind="plain",
        first=left,
        last=right,
        labels=labels,
        panels=(Panel(label=label, height_px=height_px, ticks=ticks, marks=marks),),
        table=_run_table(points, x_of, y_of, units),
        beneath=not_drawn_text(y for _, y in every),
    )


def _across(
    points: Sequence[tuple[float, float, Run]], x_of: Quantity | None, first: date
) -> tuple[float, float, tuple[tuple[float, str], ...]]:
    """From where to where the chart reaches, with a little room so that no dot is cut, and what is written below."""
    left, right = points[0][0], points[-1][0]
    room = (right - left) / 60
    if x_of is not None:
        return left - room, right + room, _labels(left - room, right + room, x_of)
    left, right = left - ceil(room), right + ceil(room)
    return left, right, time_labels(first + timedelta(days=left), first + timedelta(days=right))


def _dots_sentence(count: int, every: int, x_of: Quantity | None, units: Units, noun: str) -> str:
    across = "" if x_of is None else f"; {x_of.title.lower()}, {x_of.unit(units)}, from left to right"
    newest = f"The newest {MOST_DOTS:,} of {every:,} {noun}" if every > MOST_DOTS else f"{count:,} {noun}"
    return f"{newest}, a dot each{across}."


def _x_of(run: Run, x_of: Quantity | None, units: Units, first: date) -> float | None:
    return float((run.day - first).days) if x_of is None else x_of.value(run, units)


def _scale(
    values: Sequence[float], quantity: Quantity, *, from_zero: bool = False
) -> tuple[Scale, tuple[tuple[float, str], ...]]:
    ordered = sorted(values)
    cut = int(len(ordered) * (1 - _KEPT_SHARE) / 2)
    low, high = (0.0, ordered[-1]) if from_zero else (ordered[cut], ordered[len(ordered) - 1 - cut])
    # Values that are all the same stand in the middle of a scale that can be read.
    margin = 0.06 * (high - low) or (15.0 if quantity.is_time else max(0.05 * abs(high), 0.5))
    low, high = low if from_zero else low - margin, high + margin
    steps = duration_steps(low, high, 4) if quantity.is_time and high - low > 4 else round_steps(low, high, 4)
    scale = Scale(low=high, high=low) if quantity.is_turned else Scale(low=low, high=high)
    return scale, tuple((scale(step), quantity.text(step)) for step in steps)


def _labels(left: float, right: float, quantity: Quantity) -> tuple[tuple[float, str], ...]:
    is_time = quantity.is_time and right - left > 4
    steps = duration_steps(left, right, 5) if is_time else round_steps(left, right, 5)
    return tuple((round(100 * (step - left) / (right - left), 2), quantity.text(step)) for step in steps)


def _run_table(
    points: Sequence[tuple[float, float, Run]], x_of: Quantity | None, y_of: Quantity, units: Units
) -> Table:
    extra = () if x_of is None else (f"{x_of.title.lower()}, {x_of.unit(units)}",)
    rows = []
    for x, value, run in points:
        own = () if x_of is None else (x_of.text(x),)
        cells = (day_text(run.day), name_text(run.name), *own, y_of.text(value))
        rows.append(Row(at=round(x, 4), cells=cells, anchor=anchor_of(run.id)))
    headings = ("Day", "name", *extra, f"{y_of.title.lower()}, {y_of.unit(units)}")
    return Table(headings=headings, rows=tuple(rows), text_columns=2)


def _start_of(day: date, by: str) -> date:
    if by == "week":
        return week_of(day)
    return day.replace(day=1) if by == "month" else day.replace(month=1, day=1)


def _period_text(start: date, by: str) -> str:
    if by == "week":
        return day_text(start)
    return month_text(start) if by == "month" else str(start.year)


def _by_period(
    known: Sequence[tuple[Run, float]], query: ChartQuery, units: Units, name: str, height_px: int, noun: str
) -> Chart | None:
    y_of, groups = QUANTITIES[query.y], dict[date, list[float]]()
    for run, value in known:
        groups.setdefault(_start_of(run.day, query.by), []).append(value)
    if not groups:
        return None
    sums = {start: sum(values) if y_of.is_sum else median(values) for start, values in sorted(groups.items())}
    first, width = min(sums), _DAYS_A_BAR[query.by]
    last = max(sums) + timedelta(days=width)
    scale, ticks = _scale(list(sums.values()), y_of, from_zero=y_of.is_sum)
    places = [((start - first).days, scale(value)) for start, value in sums.items()]
    middles = [(at + width / 2, min(max(y, 0.0), 100.0)) for at, y in places]
    marks = (
        (PanelPath("bar distance", bars([(at + 0.06 * width, y) for at, y in places], 0.88 * width)),)
        if y_of.is_sum
        else (PanelPath("line pace", line(middles)), PanelPath("spot pace", dots(middles)))
    )
    how = "sum" if y_of.is_sum else "median"
    heading = f"{y_of.title.lower()}, {y_of.unit(units)}"
    rows = tuple(
        Row(at=at, cells=(_period_text(start, query.by), y_of.text(value), f"{len(groups[start]):,}"))
        for (at, _), (start, value) in zip(middles, sums.items(), strict=True)
    )
    return Chart(
        name=name,
        title=query.title,
        summary=f"The {how} of {len(known):,} {noun} in each {query.by}.",
        kind="plain",
        first=0.0,
        last=float((last - first).days),
        labels=time_labels(first, last),
        panels=(Panel(label=heading, height_px=height_px, ticks=ticks, marks=marks),),
        table=Table(headings=(query.by.capitalize(), heading, noun), rows=rows),
        beneath=not_drawn_text((y for _, y in places), at_edge=True),
    )
