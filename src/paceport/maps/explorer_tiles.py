"""Explorer tiles: which squares of the map of the world somebody has been to, and the largest shapes they make.

A tile is one of the 16,384 by 16,384 squares of zoom 14 in which maps on the web are cut, about 1.5 km wide in
the middle of Europe. It is visited if a track touches it, points and the lines between them alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.lazy_dataclass import dataclass
from paceport.maps.web_mercator import project

if TYPE_CHECKING:
    from paceport.streams import Channel

ZOOM = 14
_WIDE = 1 << ZOOM

Tile = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A square of `size` by `size` visited tiles; `tile` is its north-western one."""

    tile: Tile
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What there was after one run that brought a new tile: how many it brought, and the sizes then."""

    run: int
    new: int
    visited: int
    square: int
    cluster: int


def tiles_of_tracks(tracks: Sequence[tuple[Channel, Channel]], *, zoom: int = ZOOM) -> list[frozenset[Tile]]:
    """The tiles that the line of each track touches, as (x from the west, y from the north).

    A track is its latitudes and its longitudes, in degrees.
    """
    if not any(len(latitude) for latitude, _ in tracks):
        return [frozenset() for _ in tracks]
    wide = 1 << zoom
    track = np.repeat(np.arange(len(tracks)), [len(latitude) for latitude, _ in tracks])
    latitude, longitude = (np.concatenate(parts) for parts in zip(*tracks, strict=True))
    known = np.isfinite(latitude) & np.isfinite(longitude)
    track, latitude, longitude = track[known], latitude[known], longitude[known]
    if not len(track):
        return [frozenset() for _ in tracks]
    # A way across the date line is one way.
    turns = np.concatenate(([0.0], np.cumsum(np.rint(np.diff(longitude) / 360.0))))
    firsts = np.flatnonzero(np.concatenate(([True], np.diff(track) > 0)))
    turns -= np.repeat(turns[firsts], np.diff(np.append(firsts, len(track))))
    x, y = project(latitude, longitude - 360.0 * turns)
    x, y = x * wide, y * wide
    columns, rows = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    steps = np.where(np.diff(track) == 0, np.abs(np.diff(columns)) + np.abs(np.diff(rows)), 1)
    first_of_each = np.concatenate(([0], np.flatnonzero(steps) + 1))
    found: list[set[Tile]] = [set() for _ in tracks]
    kept = np.clip(rows[first_of_each], 0, wide - 1).tolist()
    for number, column, row in zip(
        track[first_of_each].tolist(), (columns[first_of_each] % wide).tolist(), kept, strict=True
    ):
        found[number].add((column, row))
    # From a tile to one beside it, a line touches no third.
    for at in np.flatnonzero(steps > 1).tolist():
        crossed = _crossed((float(x[at]), float(y[at])), (float(x[at + 1]), float(y[at + 1])), wide)
        found[int(track[at])] |= {(column, min(max(row, 0), wide - 1)) for column, row in crossed}
    return [frozenset(tiles) for tiles in found]


def _crossed(start: tuple[float, float], end: tuple[float, float], wide: int) -> set[Tile]:
    """The tiles of a line, which changes from one to the next only where it crosses a line of the grid."""
    shares = [0.0, 1.0]
    for one, other in zip(start, end, strict=True):
        if one != other:
            low, high = sorted((one, other))
            shares += [(edge - one) / (other - one) for edge in range(int(np.floor(low)) + 1, int(np.ceil(high)))]
    shares.sort()
    middles = [(first + second) / 2 for first, second in pairwise(shares)]
    points = [(start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])) for share in middles]
    return {(int(np.floor(x)) % wide, int(np.floor(y))) for x, y in points}


def largest_square(tiles: Iterable[Tile]) -> Square | None:
    """The largest square of visited tiles, of several the northernmost, then westernmost; None without any."""
    sizes: dict[Tile, int] = {}
    best: tuple[int, int, int] | None = None
    for row, column in sorted((row, column) for column, row in tiles):
        beside = ((column - 1, row), (column, row - 1), (column - 1, row - 1))
        size = 1 + min(sizes.get(one, 0) for one in beside)
        sizes[column, row] = size
        found = (-size, row - size + 1, column - size + 1)
        best = found if best is None else min(best, found)
    return None if best is None else Square(tile=(best[2], best[1]), size=-best[0])


def largest_cluster(tiles: Iterable[Tile]) -> frozenset[Tile]:
    """The largest group of connected tiles whose four neighbours are all visited."""
    clusters = _Clusters()
    clusters.add(tiles)
    return clusters.largest()


def growth(tiles_of_runs: Sequence[frozenset[Tile]]) -> list[Growth]:
    """How the numbers grew, for runs in their order: an entry for each run that brought a tile nobody had."""
    visited: set[Tile] = set()
    clusters, square, found = _Clusters(), 0, []
    for run, tiles in enumerate(tiles_of_runs):
        new = tiles - visited
        if not new:
            continue
        visited |= new
        clusters.add(new)
        square = _grown_square(visited, new, square)
        found.append(Growth(run=run, new=len(new), visited=len(visited), square=square, cluster=clusters.largest_size))
    return found


def _grown_square(visited: set[Tile], new: frozenset[Tile], size: int) -> int:
    """The largest square now: a larger one holds a new tile, so only their surroundings are looked at."""
    columns, rows = [column for column, _ in new], [row for _, row in new]
    while True:
        reach = size + 1
        near = {
            (column, row)
            for column, row in visited
            if min(columns) - reach < column < max(columns) + reach and min(rows) - reach < row < max(rows) + reach
        }
        found = largest_square(near)
        grown = max(size, found.size if found else 0)
        if grown == size or grown < reach:
            return grown
        size = grown


class _Clusters:
    """Groups of inner tiles, joined as tiles are added."""

    def __init__(self) -> None:
        self._visited: set[Tile] = set()
        self._parents: dict[Tile, Tile] = {}
        self._sizes: dict[Tile, int] = {}
        self.largest_size = 0

    def add(self, tiles: Iterable[Tile]) -> None:
        """More tiles are visited."""
        new = set(tiles) - self._visited
        self._visited |= new
        for tile in new | {beside for one in new for beside in _beside(one)}:
            if tile in self._visited and tile not in self._parents and self._visited.issuperset(_beside(tile)):
                self._join(tile)

    def largest(self) -> frozenset[Tile]:
        """The tiles of the largest group, of several that of the smallest tile; empty where there is none."""
        groups: dict[Tile, set[Tile]] = {}
        for tile in self._parents:
            groups.setdefault(self._root(tile), set()).add(tile)
        if not groups:
            return frozenset()
        largest: set[Tile] = min(groups.values(), key=lambda group: (-len(group), min(group)))
        return frozenset(largest)

    def _join(self, tile: Tile) -> None:
        self._parents[tile], self._sizes[tile] = tile, 1
        for beside in _beside(tile):
            if beside in self._parents:
                one, other = self._root(tile), self._root(beside)
                if one != other:
                    self._parents[other] = one
                    self._sizes[one] += self._sizes[other]
        self.largest_size = max(self.largest_size, self._sizes[self._root(tile)])

    def _root(self, tile: Tile) -> Tile:
        while self._parents[tile] != tile:
            self._parents[tile] = self._parents[self._parents[tile]]
            tile = self._parents[tile]
        return tile


def _beside(tile: Tile) -> tuple[Tile, Tile, Tile, Tile]:
    column, row = tile
    return ((column - 1) % _WIDE, row), ((column + 1) % _WIDE, row), (column, row - 1), (column, row + 1)
