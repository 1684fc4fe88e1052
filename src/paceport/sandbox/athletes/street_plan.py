"""The streets of an invented town: crossings of a plan that nobody drew with a ruler, and the ways between them.

By design. Blocks have different sizes, streets end, an avenue runs aslant, a park has winding paths, a river has few
bridges, and lanes take over outside. All of it follows from the town's name and the numbers of a crossing, so that two
ways along one street coincide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise
from math import hypot, inf
from zlib import crc32

import numpy as np
import numpy.typing as npt

from paceport.sandbox.athletes.random_streams import Floats
from paceport.sandbox.athletes.terrain import Place

Crossing = tuple[int, int]
Street = tuple[int, int]  # its crossings as the plan numbers them, the lower one first
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

AVENUE_EACH = 4  # each fourth street goes on and on; lanes outside the town are their continuation
BRIDGE_EACH = 8
TOWN_M = 2600.0  # from the middle to where the lanes begin
POINTS = 3  # of a street, between its crossings
_STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, -1))
_AGAIN = 3.5  # a street that was used already counts so many times its length
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chance:
    """Values that depend on the town and some numbers alone, for whole arrays of numbers at once."""

    seed: int

    def share(self, *numbers: Numbers | int) -> Floats:
        """Values from 0 to 1."""
        value = np.asarray([self.seed], dtype=np.uint64)
        for number in numbers:
            value = _mixed(value + np.atleast_1d(np.asarray(number, dtype=np.int64)).astype(np.uint64) * _GOLDEN)
        return np.asarray(value / 2.0**64, dtype=np.float64)

    def swing(self, *numbers: Numbers | int) -> Floats:
        """Values from -1 to 1, mostly near 0."""
        return np.asarray(self.share(11, *numbers) + self.share(12, *numbers) - 1.0)


def _mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Numbers whose bits all depend on all bits of others (the finalizer of MurmurHash3, 64 bits)."""
    for factor in (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)):
        value = (value ^ (value >> np.uint64(33))) * factor
    return value ^ (value >> np.uint64(33))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StreetPlan:
    """The streets round the middle of a place, `size` crossings to each side.

    Positions are metres on the plan, before the town is turned and bent. `costs` are those of each step from each
    crossing, infinite where there is no street.
    """

    place: Place
    size: int
    _chance: _Chance = field(repr=False)
    _wild: Flags = field(repr=False)
    _points: Floats = field(repr=False)
    _east: list[float] = field(repr=False)
    _north: list[float] = field(repr=False)
    _is_north_of_river: Flags = field(repr=False)
    _costs: tuple[list[float], ...] = field(repr=False)
    _neighbours: dict[int, list[tuple[int, float]]] = field(default_factory=dict, repr=False)

    def way(self, start: Crossing, goal: Crossing, used: set[Street] | None = None) -> list[Crossing]:
        """The crossings of a good way from one to the other (A*); streets already `used` are avoided if possible.

        Just the start where no way leads there.
        """
        first, last, again = self._index(start), self._index(goal), used or set()
        cost, before = {first: 0.0}, {first: first}
        waiting, done = [(0.0, first)], set[int]()
        while waiting:
            _, here = heappop(waiting)
            if here == last:
                return self._traced(before, first, last)
            if here in done:
                continue
            done.add(here)
            for there, step in self._from(here):
                street = (here, there) if here < there else (there, here)
                whole = cost[here] + (step * _AGAIN if street in again else step)
                if whole < cost.get(there, inf):
                    cost[there], before[there] = whole, here
                    heappush(waiting, (whole + self._at_least_m(there, last), there))
        return [start]

    def length_m(self, crossings: list[Crossing]) -> float:
        """About how long a way is: straight from crossing to crossing."""
        points = self._points[[self._index(one) for one in crossings]]
        return float(np.hypot(*np.diff(points, axis=0).T).sum())

    def line(self, crossings: list[Crossing]) -> tuple[Floats, Floats]:
        """The metres east and north of a way, as the streets really run: turned, bent, some points for each street."""
        index = np.asarray([self._index(one) for one in crossings])
        ends = self._points[index]
        if len(index) < 2:
            return self.place.streets(ends[:, 0], ends[:, 1])
        # A street has one shape, from its lower crossing to its higher one.
        lower, higher = np.minimum(index[:-1], index[1:]), np.maximum(index[:-1], index[1:])
        column, row = np.divmod(lower, 2 * self.size + 1)
        across_town = np.asarray(higher - lower > 1, dtype=np.int64)
        bow = self._chance.swing(7, column - self.size, row - self.size, across_town)
        bow *= np.where(self._wild[lower], 0.16, 0.035)
        share = np.arange(1, POINTS + 1)[None, :, None] / (POINTS + 1.0)
        along = (self._points[higher] - self._points[lower])[:, None, :]
        across = along[:, :, ::-1] * np.asarray([-1.0, 1.0])
        inner = (
            self._points[lower][:, None, :] + along * share + across * (bow[:, None, None] * 4 * share * (1 - share))
        )
        inner = np.where((index[:-1] > index[1:])[:, None, None], inner[:, ::-1, :], inner)
        whole = np.concatenate((ends[:-1, None, :], inner), axis=1).reshape(-1, 2)
        whole = np.concatenate((whole, ends[-1:]))
        return self.place.streets(whole[:, 0], whole[:, 1])

    def near(self, east_m: float, north_m: float) -> Crossing:
        """A crossing about there that every other such crossing can be reached from: it lies on an avenue."""
        column, row = (self._held(round(metres / self.place.block_m)) for metres in (east_m, north_m))
        if (column + row) % 2 and hypot(east_m, north_m) < TOWN_M - 300.0:
            return column, AVENUE_EACH * round(row / AVENUE_EACH)
        return AVENUE_EACH * round(column / AVENUE_EACH), row

    def is_north_of_river(self, crossing: Crossing) -> bool:
        """On which side of the river a crossing lies."""
        return bool(self._is_north_of_river[self._index(crossing)])

    def streets(self, crossings: list[Crossing]) -> set[Street]:
        """The streets of a way."""
        numbers = [self._index(one) for one in crossings]
        return {(min(pair), max(pair)) for pair in pairwise(numbers)}

    def _from(self, here: int) -> list[tuple[int, float]]:
        if here not in self._neighbours:
            width = 2 * self.size + 1
            steps = (east * width + north for east, north in _STEPS)
            self._neighbours[here] = [
                (here + step, costs[here]) for step, costs in zip(steps, self._costs, strict=True) if costs[here] < inf
            ]
        return self._neighbours[here]

    def _at_least_m(self, here: int, goal: int) -> float:
        """How far it usually is at least: streets lead along or across, seldom aslant."""
        return 1.05 * (abs(self._east[goal] - self._east[here]) + abs(self._north[goal] - self._north[here]))

    def _traced(self, before: dict[int, int], first: int, last: int) -> list[Crossing]:
        found = [last]
        while found[-1] != first:
            found.append(before[found[-1]])
        return [self._crossing(one) for one in reversed(found)]

    def _index(self, crossing: Crossing) -> int:
        return (crossing[0] + self.size) * (2 * self.size + 1) + crossing[1] + self.size

    def _crossing(self, index: int) -> Crossing:
        column, row = divmod(index, 2 * self.size + 1)
        return column - self.size, row - self.size

    def _held(self, number: int) -> int:
        edge = self.size - AVENUE_EACH
        return max(-edge, min(edge, number))


def create_street_plan(place: Place, reach_m: float) -> StreetPlan:
    """The plan of a place's streets as far as `reach_m` from the middle, decided by its name."""
    size = AVENUE_EACH * round(reach_m / place.block_m / AVENUE_EACH) + 2 * AVENUE_EACH
    chance = _Chance(seed=crc32(place.name.encode()) << 16)
    numbers = np.arange(-size, size + 1)
    column, row = (grid.ravel() for grid in np.meshgrid(numbers, numbers, indexing="ij"))
    points, wild = _points(place, chance, column, row)
    east, north = place.streets(points[:, 0], points[:, 1])
    is_north = np.asarray(north > place.river_north_m(east))
    costs = tuple(_costs(chance, column, row, points, is_north, step) for step in _STEPS)
    return StreetPlan(
        place=place,
        size=size,
        _chance=chance,
        _wild=wild,
        _points=points,
        _east=points[:, 0].tolist(),
        _north=points[:, 1].tolist(),
        _is_north_of_river=is_north,
        _costs=costs,
    )


def _points(place: Place, chance: _Chance, column: Numbers, row: Numbers) -> tuple[Floats, Flags]:
    """Where crossings lie, shape (n, 2), and which lie in the park or outside the town, where nothing is straight."""
    size = int(column.max())
    lines = []
    for salt in (1, 2):
        widths = place.block_m * (0.6 + 0.8 * chance.share(salt, np.arange(-size, size)))
        at = np.concatenate(([0.0], np.cumsum(widths)))
        lines.append(at - at[size])
    east, north = lines[0][column + size], lines[1][row + size]
    away = 2.0 * np.pi * float(chance.share(8)[0])
    park_east, park_north = 700.0 * np.cos(away), 350.0 + 450.0 * np.sin(away)
    in_park = ((east - park_east) / 420.0) ** 2 + ((north - park_north) / 260.0) ** 2 < 1.0
    outside = np.hypot(east, north) > TOWN_M
    loose = place.block_m * np.where(in_park, 0.3, np.where(outside, 0.22, 0.11))
    loose[(column == 0) & (row == 0)] = 0.0
    points = np.column_stack(
        (east + chance.swing(3, column, row) * loose, north + chance.swing(4, column, row) * loose)
    )
    return points, np.asarray(in_park | outside)


def _costs(
    chance: _Chance, column: Numbers, row: Numbers, points: Floats, is_north: Flags, step: tuple[int, int]
) -> list[float]:
    """What the step costs from each crossing: metres, more where a street is little liked; infinite without a street.

    A street is liked or not along its whole length, so that few corners are turned.
    """
    size = int(column.max())
    there = np.clip(column + step[0], -size, size) * (2 * size + 1) + np.clip(row + step[1], -size, size)
    there += size * (2 * size + 1) + size
    inside = (np.abs(column + step[0]) <= size) & (np.abs(row + step[1]) <= size)
    lower = np.minimum(np.arange(len(column)), there)
    is_open = _is_open(chance, column[lower], row[lower], points[lower], step) & inside
    has_bridge = np.asarray((column % BRIDGE_EACH == 0) & (step[0] == 0))
    is_open &= (is_north == is_north[there]) | has_bridge
    taste = 1.0 + 0.3 * (chance.share(5, 0, row) if step[1] == 0 else chance.share(5, 1, column))
    metres = np.hypot(*(points[there] - points).T) * taste
    return np.where(is_open, metres, inf).tolist()  # type: ignore[no-any-return]  # numpy's lists have no type


def _is_open(chance: _Chance, column: Numbers, row: Numbers, points: Floats, step: tuple[int, int]) -> Flags:
    """Whether there is a street from a crossing in the direction of a step, the river left aside."""
    if step[0] == step[1]:
        # The avenue aslant.
        return np.asarray((column - row == 3) & (np.abs(row) < 14))
    across = step[0] == 0
    is_avenue = (column if across else row) % AVENUE_EACH == 0
    in_town = is_avenue | (chance.share(6, column, row, int(across)) > 0.2)
    has_lane = is_avenue & (across | (chance.share(6, column // AVENUE_EACH, row, 2) > 0.35))
    return np.asarray(np.where(np.hypot(*points.T) > TOWN_M, has_lane, in_town), dtype=np.bool_)
