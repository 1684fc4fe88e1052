"""What the page shows, ready to be written down: texts, tables and charts, no formula left to apply."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One of the headline figures: what it is, its value and unit, a line below it, and the metric it is."""

    title: str
    value: str
    unit: str = ""
    note: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Small drawings, each an SVG path in a square of 100, and the table that names them row by row."""

    title: str
    summary: str
    paths: tuple[str, ...]
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """A small line as two SVG paths, `days` wide and 100 high, and what it shows in words."""

    summary: str
    days: int
    line: str
    dots: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSection:
    """One run in full. `facts` are (name, value, metric); `notes` say what is special about it."""

    anchor: str
    name: str
    when: str
    facts: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]
    chart: Chart | None
    splits: Table | None
    efforts: Table | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryRun:
    """All runs as a table, newest first; what is said of each, and what it is drawn from, in the same order.

    The script reads those packed, `together` in each text.
    """

    table: Table
    texts: tuple[str, ...]
    drawings: tuple[str, ...]
    together: int
    unit_m: float
    height_unit: str
    height_unit_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionSection:
    """The table of race predictions, and the sentences on what it rests on and how good it has been."""

    table: Table
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSection:
    """A part of the page: a chart, or a title with sentences and tables with captions; `name` is its anchor."""

    name: str
    title: str
    chart: Chart | None = None
    sentences: tuple[str, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    definitions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedContent:
    """How many runs on the page hold something that the API gave, and from when on it may not be kept (ISO, UTC).

    `alone` of them have no own data behind them: they go with the cache.
    """

    runs: int
    alone: int
    until: str | None
