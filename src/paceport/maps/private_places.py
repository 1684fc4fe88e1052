"""Places where many runs begin or end, and tracks without the parts that would show where they are.

Cutting some metres off both ends of each track is not enough: many cut ends lie on a circle round the home, and its
middle is found in minutes (Hassan, Hussain & Bates, USENIX Security 2018). So nothing is cut by the way along a track.
All points within a radius are left out, of every track, about a centre that is moved away from the place once for all.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.geodesy import METRES_PER_DEGREE, apart_m
from paceport.lazy_dataclass import dataclass
from paceport.maps.place import RADIUS_M, HiddenCircle, Place

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

FEWEST_RUNS = 3
# Of the radius. The nearest keeps the centre of the circle from being the answer, the farthest keeps the place in it.
_NEAREST_SHIFT, _FARTHEST_SHIFT = 0.4, 0.6
_SQUARE_DEG = 0.001  # of latitude: 111 m
_SAME_PLACE_M = 150.0  # how far what is found of one place moves as runs are added
_GRID_DEG = 0.0015  # of latitude: ends of one place lie in neighbouring squares
_MERGED = 0.5  # of the radius: what is nearer to a place than this is hidden with it


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftKey:
    """What decides where the centre of a circle moves: the installation's secret, and marks of squares already used.

    A mark is a keyed hash of a square: who has no secret learns nothing from it.
    """

    secret: bytes
    marks: frozenset[str] = frozenset()

    def mark(self, square: tuple[int, int]) -> str:
        """The mark of a square."""
        return self._digest(b"square", square).hex()[:32]

    def shift(self, square: tuple[int, int]) -> tuple[float, float]:
        """The direction in radians, and the length as a share of the radius, that belong to a square for ever."""
        digest = self._digest(b"shift", square)
        turn, far = (int.from_bytes(digest[at : at + 8]) / 2**64 for at in (0, 8))
        # Evenly over the ring, so that no distance is likelier than its share of it.
        squared = _NEAREST_SHIFT**2 + far * (_FARTHEST_SHIFT**2 - _NEAREST_SHIFT**2)
        return 2 * math.pi * turn, math.sqrt(squared)

    def _digest(self, word: bytes, square: tuple[int, int]) -> bytes:
        return hmac.digest(self.secret, word + b" %d %d" % square, hashlib.sha256)


def find_places(
    ends_deg: Sequence[Sequence[tuple[float, float]]], *, radius_m: float = RADIUS_M, fewest: int = FEWEST_RUNS
) -> list[Place]:
    """Where at least so many runs begin or end, most first. `ends_deg` has each run's ends as (latitude, longitude)."""
    points = [(number, *end) for number, ends in enumerate(ends_deg) for end in ends]
    squares: dict[tuple[int, int], list[tuple[int, float, float]]] = defaultdict(list)
    for point in points:
        squares[_square(point[1], point[2], _GRID_DEG)].append(point)
    counts = {square: len({run for run, _, _ in _around(squares, square)}) for square in squares}
    places: list[Place] = []
    while counts:
        best = max(counts, key=lambda square: (counts[square], square))
        if counts[best] < fewest:
            break
        near = _around(squares, best)
        middle = np.median(np.array([(latitude, longitude) for _, latitude, longitude in near]), axis=0)
        places.append(Place(latitude_deg=float(middle[0]), longitude_deg=float(middle[1]), radius_m=radius_m))
        _take_away(squares, counts, best, places[-1])
    return places


def _take_away(
    squares: dict[tuple[int, int], list[tuple[int, float, float]]],
    counts: dict[tuple[int, int], int],
    best: tuple[int, int],
    place: Place,
) -> None:
    """Forget the ends that the place explains; what is counted again is near enough to have lost some."""
    reach = 2 + math.ceil(_MERGED * place.radius_m / (_GRID_DEG * METRES_PER_DEGREE))
    near = [one for one in squares if abs(one[0] - best[0]) <= reach and abs(one[1] - best[1]) <= reach + 1]
    for square in near:
        squares[square] = [
            one
            for one in squares[square]
            if apart_m(one[1], one[2], place.latitude_deg, place.longitude_deg) > _MERGED * place.radius_m
        ]
    squares[best] = []
    for square in near:
        counts[square] = len({run for run, _, _ in _around(squares, square)}) if squares[square] else 0


def _around(
    squares: dict[tuple[int, int], list[tuple[int, float, float]]], square: tuple[int, int]
) -> list[tuple[int, float, float]]:
    row, column = square
    return [one for y in (-1, 0, 1) for x in (-1, 0, 1) for one in squares.get((row + y, column + x), ())]


def _square(latitude_deg: float, longitude_deg: float, size_deg: float) -> tuple[int, int]:
    """The square of a grid that a point lies in; about as wide as high, whatever the latitude."""
    row = math.floor(latitude_deg / size_deg)
    return row, math.floor(longitude_deg / _width_deg(row, size_deg))


def _width_deg(row: int, size_deg: float) -> float:
    # One width for all rows of a degree, so that columns of neighbouring rows stand above each other.
    latitude = round(row * size_deg)
    return size_deg / max(0.02, math.cos(math.radians(min(89.0, abs(latitude)))))


def hide_places(places: Sequence[Place], key: ShiftKey) -> tuple[list[HiddenCircle], ShiftKey]:
    """A circle for each place, and the key with the marks that must be kept for the next time.

    The same place gets the same circle, to the last digit, however many runs were added meanwhile.
    """
    circles = []
    for place in places:
        square = _settled_square(place, key)
        key = ShiftKey(secret=key.secret, marks=key.marks | {key.mark(square)})
        circles.append(_circle(square, place.radius_m, key))
    return circles, key


def _settled_square(place: Place, key: ShiftKey) -> tuple[int, int]:
    """The square of the place, or one beside it that was taken for it before."""
    row, column = _square(place.latitude_deg, place.longitude_deg, _SQUARE_DEG)
    steps = (-2, -1, 0, 1, 2)
    columns = [math.floor(place.longitude_deg / _width_deg(row + y, _SQUARE_DEG)) for y in steps]
    near = [(row + y, first + x) for y, first in zip(steps, columns, strict=True) for x in steps]
    used = [(_far_m(place, one), one) for one in near if key.mark(one) in key.marks]
    best = min(used, default=(math.inf, (row, column)))
    return best[1] if best[0] <= _SAME_PLACE_M else (row, column)


def _centre(square: tuple[int, int]) -> tuple[float, float]:
    return (square[0] + 0.5) * _SQUARE_DEG, (square[1] + 0.5) * _width_deg(square[0], _SQUARE_DEG)


def _far_m(place: Place, square: tuple[int, int]) -> float:
    return apart_m(place.latitude_deg, place.longitude_deg, *_centre(square))


def _circle(square: tuple[int, int], radius_m: float, key: ShiftKey) -> HiddenCircle:
    turn, share = key.shift(square)
    latitude, longitude = _centre(square)
    north, east = share * radius_m * math.cos(turn), share * radius_m * math.sin(turn)
    across = METRES_PER_DEGREE * max(0.02, math.cos(math.radians(latitude)))
    return HiddenCircle(
        latitude_deg=latitude + north / METRES_PER_DEGREE, longitude_deg=longitude + east / across, radius_m=radius_m
    )


def visible_pieces(
    latitude_deg: Channel, longitude_deg: Channel, circles: Sequence[HiddenCircle]
) -> list[npt.NDArray[np.intp]]:
    """Which points may be shown, as pieces to be drawn apart: indices, at least two each, none of unknown positions.

    A point within a circle is left out, and so is the line between two points that passes through one. No end of a
    piece is moved onto a circle.
    """
    known = np.flatnonzero(np.isfinite(latitude_deg) & np.isfinite(longitude_deg))
    latitude, longitude = latitude_deg[known], longitude_deg[known]
    is_hidden = np.zeros(len(known), dtype=bool)
    is_cut = np.zeros(max(0, len(known) - 1), dtype=bool)
    for circle in circles if len(known) else ():
        north = (latitude - circle.latitude_deg) * METRES_PER_DEGREE
        if north.min() > circle.radius_m or north.max() < -circle.radius_m:
            continue
        # A way across the date line is one way.
        away_deg = (longitude - circle.longitude_deg + 540.0) % 360.0 - 180.0
        east = away_deg * METRES_PER_DEGREE * np.cos(np.radians(latitude))
        inside, passing = _within(east, north, circle.radius_m)
        is_hidden |= inside
        is_cut |= passing
    is_cut |= is_hidden[1:] | is_hidden[:-1]
    pieces = np.split(known, np.flatnonzero(is_cut) + 1)
    return [piece for piece in pieces if len(piece) > 1]


def _within(east: Channel, north: Channel, radius_m: float) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which points, and which lines from one to the next, come within the radius of the origin."""
    inside = np.hypot(east, north) <= radius_m
    step_east, step_north = np.diff(east), np.diff(north)
    squared = step_east**2 + step_north**2
    along = -(east[:-1] * step_east + north[:-1] * step_north)
    share = np.clip(along / np.where(squared > 0, squared, 1.0), 0.0, 1.0)
    return inside, np.hypot(east[:-1] + share * step_east, north[:-1] + share * step_north) <= radius_m
