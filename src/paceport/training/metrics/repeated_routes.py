"""Routes that were run more than once, found from the tracks themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from itertools import chain, pairwise
from math import ceil, isfinite
from typing import TYPE_CHECKING

import numpy as np

from paceport.geodesy import METRES_PER_DEGREE, cumulative_distance_m
from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from paceport.streams import Channel

_CELL_DEG = 60.0 / METRES_PER_DEGREE  # 60 m north to south; widened east to west by the latitude band
_STEP_M = 20.0
_LEAST_SHARED = 0.9
_MOST_LONGER = 0.06
_SHORTEST_M, _LONGEST_M = 500.0, 500_000.0
_CANDIDATES = 8
_ROW = 1 << 21  # a cell is one number, row by row: more columns than go round the earth
_NEIGHBOURS = [north * _ROW + east for north in (-1, 0, 1) for east in (-1, 0, 1)]

_Cell = int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunPath:
    """Where one run went: positions along it (a simplified polyline will do), when, and in what moving time."""

    run_id: int
    at: datetime
    latitude_deg: Channel
    longitude_deg: Channel
    moving_time_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRun:
    """One run over a route. `is_reversed`: the other way round than the first run over it."""

    run_id: int
    at: datetime
    moving_time_s: float | None
    is_reversed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedRoute:
    """A way that was run at least twice, with its length and its runs by date."""

    length_m: float
    runs: tuple[RouteRun, ...]

    def fastest(self) -> RouteRun | None:
        """The passage with the shortest moving time; None where no time is known."""
        timed = [passage for passage in self.runs if passage.moving_time_s is not None]
        return min(timed, key=lambda passage: passage.moving_time_s or 0.0) if timed else None


class _GridPath:
    """A track as the grid cells it passes, in order, one point each 20 m."""

    def __init__(self, latitude_deg: Channel, longitude_deg: Channel, way_m: Channel) -> None:
        self.length_m = float(way_m[-1])
        at_m = np.linspace(0.0, self.length_m, max(ceil(self.length_m / _STEP_M), 1) + 1)
        north = np.interp(at_m, way_m, latitude_deg)
        east = np.interp(at_m, way_m, longitude_deg)
        # One width for a whole degree of latitude, and by the place alone: all runs share one grid.
        width_deg = _CELL_DEG / np.maximum(np.cos(np.radians(np.round(north))), 0.01)
        rows, columns = np.floor(north / _CELL_DEG), np.floor(east / width_deg)
        self.cells: list[_Cell] = (rows.astype(int) * _ROW + columns.astype(int)).tolist()
        self.visited = set(self.cells)
        self.around = {cell + step for step in _NEIGHBOURS for cell in self.visited}

    @cached_property
    def first_at(self) -> dict[_Cell, int]:
        """Where along the track each cell is reached first."""
        return {cell: index for index, cell in reversed(list(enumerate(self.cells)))}


def repeated_routes(tracks: Iterable[RunPath]) -> list[RepeatedRoute]:
    """Routes with at least two runs, most run first. Tracks under 500 m, or with unknown positions only, are left out.

    Two runs follow one route when their lengths differ by 6 % at most and nine tenths of each lie within a grid cell
    (60 m) of the other, in either direction and from whatever point of a loop. Each run is compared with the first run
    of the routes it shares most cells with. Source: docs/metrics.md#repeated-routes.
    """
    found: list[tuple[_GridPath, list[RouteRun]]] = []
    passing: dict[_Cell, list[int]] = {}
    for track in sorted(tracks, key=lambda one: (one.at, one.run_id)):
        shape = _grid_path(track)
        if shape is None:
            continue
        shared = Counter(chain.from_iterable(passing.get(cell, ()) for cell in shape.visited))
        number = next((near for near, _ in shared.most_common(_CANDIDATES) if _same(found[near][0], shape)), None)
        if number is None:
            number = len(found)
            found.append((shape, []))
            for cell in shape.around:
                passing.setdefault(cell, []).append(number)
        first, passages = found[number]
        passages.append(
            RouteRun(
                run_id=track.run_id,
                at=track.at,
                moving_time_s=track.moving_time_s,
                is_reversed=bool(passages) and _is_reversed(first, shape),
            )
        )
    routes = [RepeatedRoute(length_m=shape.length_m, runs=tuple(runs)) for shape, runs in found if len(runs) > 1]
    return sorted(routes, key=lambda route: (-len(route.runs), route.runs[0].at))


def _grid_path(track: RunPath) -> _GridPath | None:
    known = (np.abs(track.latitude_deg) <= 90) & (np.abs(track.longitude_deg) <= 360)
    latitude, longitude = track.latitude_deg[known], track.longitude_deg[known]
    if len(latitude) < 2:
        return None
    way_m = cumulative_distance_m(latitude, longitude)
    if not (isfinite(way_m[-1]) and _SHORTEST_M <= way_m[-1] <= _LONGEST_M):
        return None
    return _GridPath(latitude, longitude, way_m)


def _same(first: _GridPath, other: _GridPath) -> bool:
    longer = max(first.length_m, other.length_m) / min(first.length_m, other.length_m) - 1
    return longer <= _MOST_LONGER and _share(other, first) >= _LEAST_SHARED and _share(first, other) >= _LEAST_SHARED


def _share(inner: _GridPath, outer: _GridPath) -> float:
    """How much of one track lies within a cell of the other."""
    return sum(map(outer.around.__contains__, inner.cells)) / len(inner.cells)


def _is_reversed(first: _GridPath, other: _GridPath) -> bool:
    """Whether the other track mostly goes back along the first.

    Where both pass the same cell, the places along the first track mostly rise or mostly fall; a loop's seam is one
    leap among many steps. An out-and-back rises and falls alike, and counts as the same way.
    """
    places = [first.first_at[cell] for cell in dict.fromkeys(other.cells) if cell in first.first_at]
    steps = [after - before for before, after in pairwise(places)]
    steps = [step for step in steps if step]
    return bool(steps) and sum(step < 0 for step in steps) > 0.6 * len(steps)
