"""Explorer tiles: where they lie, the largest square and cluster, and how they grew from year to year."""

from __future__ import annotations

from collections.abc import Iterable

from paceport.lazy_dataclass import dataclass
from paceport.maps.explorer_tiles import Tile
from paceport.report.html_text import counted
from paceport.training.history.visited_tiles import VisitedTiles, visited_tiles
from paceport.web.snapshot import Snapshot

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
    """The page; `years` are (year, new tiles, visited, square, cluster), newest first."""

    words: str
    square: int
    cluster: int
    drawing: TileDrawing | None
    years: tuple[tuple[int, str, str, int, str], ...]


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
