"""What a chart consists of: panels of paths over one horizontal axis, and the table that says the same.

All drawing is done in units of the data: a panel is 100 high and as wide as the axis is long, and the page stretches
it to whatever room there is, so that one drawing fits a phone and a wall. Labels are not stretched. What a reader
sees when pointing at a place is the row of the table that stands there: picture and table cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from math import ceil, floor, isfinite, log10
from typing import Literal

from paceport.lazy_dataclass import dataclass
from paceport.report.axis_labels import anchor, fit_phone

ChartKind = Literal["time", "plain", "calendar", "shares", "bars"]
CssClass = str  # a class of the page's style sheet
MOST_DOTS = 3000  # each has a row in the table: more would make the page heavy
# A line over time is broken where more lies between two of its points: three weeks, or one month, without a run.
WIDEST_GAP_OF_WEEKS, WIDEST_GAP_OF_MONTHS = 28.0, 62.0  # days
_CLOCK_STEPS_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a chart's table. `at` is its place on the horizontal axis; `sums` is what a period adds up.

    `anchor` is the part of the page that tells more of it.
    """

    cells: tuple[str, ...]
    at: float | None = None
    sums: tuple[float, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Headings and rows; the first `text_columns` are text, the others numbers."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    text_columns: int = 1


@dataclass(frozen=True, slots=True)
class PanelPath:
    """A path of a panel, and how it looks. `row` names the row of the table that it alone stands for."""

    look: CssClass
    path: str
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Paths over each other; `ticks` are the labels of the vertical axis as (per cent from the top, text)."""

    marks: tuple[PanelPath, ...]
    label: str = ""
    ticks: tuple[tuple[float, str], ...] = ()
    height_px: int = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart as the page draws it. `says` is its content in a sentence.

    `first` and `last` bound the horizontal axis; for kind `time` they are days since `origin` (ISO). `labels` are those
    of that axis as (per cent from the left, text); `legend` are (look, text); `definitions` are metrics by name.
    """

    name: str
    title: str
    summary: str
    kind: ChartKind
    first: float
    last: float
    panels: tuple[Panel, ...]
    table: Table
    labels: tuple[tuple[float, str], ...] = ()
    legend: tuple[tuple[CssClass, str], ...] = ()
    definitions: tuple[str, ...] = ()
    beneath: str = ""  # a sentence on what the drawing leaves out
    origin: str = ""
    level: int = field(default=3)  # of its heading

    @property
    def box(self) -> str:
        """The drawing's own coordinates, as SVG wants them."""
        return f"{self.first:g} 0 {self.last - self.first:g} 100"

    @property
    def foot(self) -> Iterator[tuple[float, str, CssClass]]:
        """The labels with their classes: where they stand, and which a phone has no room for."""
        kept = fit_phone(self.labels)
        for number, (at, text) in enumerate(self.labels):
            yield at, text, f"{anchor(at)}{'' if number in kept else ' wide'}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Values to heights: `low` is the bottom (100), `high` the top (0); `high` may be the smaller one."""

    low: float
    high: float

    def __call__(self, value: float) -> float:
        """The height, from the top, in hundredths of the panel."""
        return round(100.0 * (1.0 - (value - self.low) / (self.high - self.low)), 2)

    def ticks(self, values: Iterable[float], text: object) -> tuple[tuple[float, str], ...]:
        """Labels for these values, as a panel takes them; `text` is called with each."""
        assert callable(text)
        return tuple((self(value), text(value)) for value in values)


def round_steps(low: float, high: float, most: int = 4) -> list[float]:
    """At most about `most` round numbers from `low` to `high`, both inside."""
    if not high > low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    return [number * step for number in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def duration_steps(low_s: float, high_s: float, most: int = 4) -> list[float]:
    """The same for times: steps a clock shows round."""
    rough = (high_s - low_s) / most
    step = next((step for step in _CLOCK_STEPS_S if step >= rough), ceil(rough / 36000) * 36000)
    return [float(number * step) for number in range(ceil(low_s / step), floor(high_s / step) + 1)]


def line(points: Iterable[tuple[float, float | None]]) -> str:
    """A path through the points; one without a height, or with one that is no number, breaks it.

    A point alone between two breaks is a dot, as `dots` draws it: without a length nothing of it would show.
    """
    parts: list[str] = []
    in_row = 0
    for x, y in (*points, (0.0, None)):
        if y is None or not isfinite(y):
            parts += ["h0"] if in_row == 1 else []
            in_row = 0
            continue
        parts.append(f"{'L' if in_row else 'M'}{x:g} {y:g}")
        in_row += 1
    return "".join(parts)


def within(place: float, end: float) -> float:
    """A place on an axis of days that ends at `end`: a week or month just begun has its middle beyond the last day."""
    return min(max(place, 0.5), end - 0.5)


def with_gaps(points: Iterable[tuple[float, float | None]], widest: float) -> Iterator[tuple[float, float | None]]:
    """The points, with a break between two that lie farther apart than `widest`: what lies there is not known."""
    before: float | None = None
    for x, y in points:
        if before is not None and x - before > widest:
            yield before, None
        yield x, y
        before = x


def dots(points: Iterable[tuple[float, float]]) -> str:
    """A dot at each point: round caps of lines without length stay round however the drawing is stretched."""
    return "".join(f"M{x:g} {y:g}h0" for x, y in points)


def not_drawn_text(heights: Iterable[float], *, at_edge: bool = False) -> str:
    """How many points lie outside of a panel, "" of none. `at_edge` says that they are drawn there all the same."""
    every = list(heights)
    sides = ((sum(y < 0.0 for y in every), "above"), (sum(y > 100.0 for y in every), "below"))
    counts = [f"{count:,} {side}" for count, side in sides if count]
    if not counts:
        return ""
    first, *rest = counts
    said = " and ".join((f"{first} this scale", *(f"{one} it" for one in rest)))
    return f"{'Drawn at the edge' if at_edge else 'Not drawn'}: {said}."


def stairs(points: Sequence[tuple[float, float]], last: float) -> str:
    """A path that stays at each height until the next point, and from the last one to `last`."""
    if not points:
        return ""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    parts += [f"H{x:g}V{y:g}" for x, y in points[1:]]
    return "".join(parts) + f"H{last:g}"


def bars(tops: Iterable[tuple[float, float]], width: float, bottom: float = 100.0) -> str:
    """Boxes of one width, each from its left edge and top down to the bottom; none where there is no height."""
    return "".join(f"M{x:g} {bottom:g}V{y:g}h{width:g}V{bottom:g}z" for x, y in tops if abs(bottom - y) > 1e-9)


def area(points: Sequence[tuple[float, float]], bottom: float = 100.0) -> str:
    """The surface between the points and the bottom."""
    if not points:
        return ""
    return f"M{points[0][0]:g} {bottom:g}" + "".join(f"L{x:g} {y:g}" for x, y in points) + f"V{bottom:g}z"
