"""Explorer tiles: where they lie, the largest square and cluster, and how they grew from year to year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from paceport.lazy_dataclass import dataclass
from paceport.maps.explorer_tiles import Growth, Tile
from paceport.report.chart import Chart, Panel, PanelPath, Row, Scale, Table, round_steps, stairs
from paceport.report.date_axis import time_labels
from paceport.report.html_text import anchor_of, counted, day_text
from paceport.report.pages.snapshot import Snapshot
from paceport.training.history.run import Run
from paceport.training.history.visited_tiles import VisitedTiles, visited_tiles

_REACH = 40  # tiles to each side of the middle that are drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class TileDrawing:
    """Paths in a box of `columns` by `rows` tiles of side 10; `square` is x, y and side. `elsewhere` lie outside it."""

    columns: int
    rows: int
    visited: str
    cluster: str
    square: tuple[int, int, int] | None
    elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TilePage:
    """The page; `years` are (year, new tiles, visited, square, cluster), newest first.

    `growth` shows the same day by day; None where everything was visited on one day.
    """

    words: str
    square: int
    cluster: int
    drawing: TileDrawing | None
    years: tuple[tuple[int, str, str, int, str], ...]
    growth: Chart | None


def tile_page(snapshot: Snapshot) -> TilePage:
    """The page of a snapshot."""
    return snapshot.once("tile page", lambda: _page(visited_tiles(snapshot.history.runs)))


def _page(found: VisitedTiles) -> TilePage:
    return TilePage(
        words=counted(len(found.visits), "tile", "tiles"),
        square=found.square.size if found.square else 0,
        cluster=len(found.cluster),
        drawing=_draw(found),
        years=tuple(
            (year, f"{new:,}", f"{entry.visited:,}", entry.square, f"{entry.cluster:,}")
            for year, entry, new in found.by_year()
        ),
        growth=growth_chart(found),
    )


def growth_chart(found: VisitedTiles) -> Chart | None:
    """How visited tiles, largest square and largest cluster grew; None where there is one day alone."""
    days: dict[date, tuple[Growth, int, Run]] = {}
    for entry in found.growth:
        run = found.runs[entry.run]
        days[run.day] = (entry, entry.new + (days[run.day][1] if run.day in days else 0), run)
    if len(days) < 2:
        return None
    first, last = min(days), max(run.day for run in found.runs)
    end = float((last - first).days + 1)
    rows = [
        Row(
            at=float((day - first).days),
            cells=(day_text(day), f"{new:,}", f"{entry.visited:,}", str(entry.square), f"{entry.cluster:,}"),
            anchor=anchor_of(run.id),
        )
        for day, (entry, new, run) in days.items()
    ]
    entries = [entry for entry, _, _ in days.values()]
    at = [row.at or 0.0 for row in rows]
    return Chart(
        name="growth",
        title="How they grew",
        summary=f"{len(found.growth):,} of {len(found.runs):,} runs came to a new tile.",
        kind="plain",
        first=0.0,
        last=end,
        labels=time_labels(first, last),
        panels=(
            _grown("tiles visited", "distance", [entry.visited for entry in entries], at, end, height_px=170),
            _grown("side of the largest square", "pace", [entry.square for entry in entries], at, end),
            _grown("tiles of the largest cluster", "cadence", [entry.cluster for entry in entries], at, end),
        ),
        table=Table(headings=("Day", "new", "visited", "square", "cluster"), rows=tuple(rows)),
    )


def _grown(
    label: str, look: str, values: Sequence[int], at: Sequence[float], end: float, *, height_px: int = 96
) -> Panel:
    most = max(*values, 1)
    scale = Scale(low=0.0, high=1.06 * most)
    places = [(x, scale(value)) for x, value in zip(at, values, strict=True)]
    ticks = [step for step in round_steps(0.0, most, 3) if step == int(step)]
    return Panel(
        label=label,
        height_px=height_px,
        ticks=scale.ticks(ticks, lambda value: f"{value:,.0f}"),
        marks=(PanelPath(f"line {look}", stairs(places, end)),),
    )


def _draw(found: VisitedTiles) -> TileDrawing | None:
    """The surroundings of the largest square, which is where somebody runs most."""
    if found.square is None:
        return None
    middle_x, middle_y = (place + found.square.size // 2 for place in found.square.tile)
    near = [(x, y) for x, y in found.visits if abs(x - middle_x) <= _REACH and abs(y - middle_y) <= _REACH]
    left, top = min(x for x, _ in near) - 1, min(y for _, y in near) - 1
    right, bottom = max(x for x, _ in near) + 1, max(y for _, y in near) + 1
    x, y = found.square.tile
    return TileDrawing(
        columns=right - left + 1,
        rows=bottom - top + 1,
        visited=_path((one for one in near if one not in found.cluster), left, top),
        cluster=_path((one for one in near if one in found.cluster), left, top),
        square=(10 * (x - left), 10 * (y - top), 10 * found.square.size),
        elsewhere=len(found.visits) - len(near),
    )


def _path(tiles: Iterable[Tile], left: int, top: int) -> str:
    return "".join(f"M{10 * (x - left)}.4 {10 * (y - top)}.4h9.2v9.2h-9.2z" for x, y in sorted(tiles))
