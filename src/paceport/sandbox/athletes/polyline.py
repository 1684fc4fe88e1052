"""Tracks as text: Google's encoded polyline (precision 5) and the thinning that makes a summary of one.

Documented: the encoding, and that an activity's map has a full and a summary polyline. By design: that the full one
keeps every corner within 1 m of the recorded track, and that the summary has at most 120 points.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from paceport.sandbox.athletes.geometry import METRES_PER_DEGREE

Points = npt.NDArray[np.float64]

FULL_TOLERANCE_M = 1.0
SUMMARY_POINTS = 120
_SHIFTS = 5 * np.arange(6)  # a whole turn of the globe in steps of 1e-5 degrees takes six characters


def encode(points: Points | Sequence[tuple[float, float]]) -> str:
    """The encoded polyline of (latitude, longitude) degrees, five decimals; `""` for none.

    Every number at once: a list of activities shows hundreds of tracks. Tests compare it with the library `polyline`,
    so that what reads our maps is checked by a foreign writer.
    """
    if len(points) == 0:
        return ""
    numbers = np.rint(np.round(np.asarray(points, dtype=np.float64), 5) * 1e5).astype(np.int64)
    steps = np.diff(numbers, axis=0, prepend=0).reshape(-1, 1)
    left = ((steps << 1) ^ (steps >> 63)) >> _SHIFTS  # what is left to write before each character of a number
    characters = (left & 31) + 63 + 32 * (left > 31)
    content: bytes = characters[(left > 0) | (_SHIFTS == 0)].astype(np.uint8).tobytes()
    return content.decode("ascii")


def thin(points: Points, tolerance_m: float) -> Points:
    """Those of the points that a track within `tolerance_m` needs, first and last always among them.

    Each next kept point is the farthest from the chord so far (Douglas and Peucker 1973), with an explicit stack.
    """
    count = len(points)
    if count < 3:
        return points
    plane = _plane(points)
    kept = np.zeros(count, dtype=np.bool_)
    kept[0] = kept[-1] = True
    stack = [(0, count - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        distances = _from_chord(plane[first + 1 : last], plane[first], plane[last])
        offset = int(distances.argmax())
        if distances[offset] > tolerance_m:
            middle = first + 1 + offset
            kept[middle] = True
            stack += [(first, middle), (middle, last)]
    return points[kept]


def summary(points: Points, most: int = SUMMARY_POINTS) -> Points:
    """At most `most` of the points: a third evenly spread, the rest where the track bends; cheaper than `thin`."""
    count = len(points)
    if count <= most:
        return points
    every = max(1, count // 600)
    coarse = points[np.append(np.arange(0, count - 1, every), count - 1)]
    plane = _plane(coarse)
    reach = 4
    chord = plane[2 * reach :] - plane[: -2 * reach]
    beside = plane[reach:-reach] - plane[: -2 * reach]
    turn = np.abs(chord[:, 0] * beside[:, 1] - chord[:, 1] * beside[:, 0]) / (np.hypot(chord[:, 0], chord[:, 1]) + 1.0)
    peak = np.zeros(len(coarse))
    peak[reach:-reach] = turn
    # Only the sharpest point of each bend, not its neighbours too.
    peak[1:-1] *= (peak[1:-1] >= peak[:-2]) & (peak[1:-1] >= peak[2:])
    kept = np.zeros(len(coarse), dtype=np.bool_)
    kept[np.argsort(-peak, kind="stable")[: most * 2 // 3 - 2]] = True
    kept[np.linspace(0, len(coarse) - 1, most // 3).astype(int)] = True
    return np.asarray(coarse[kept])


def _plane(points: Points) -> Points:
    """Metres east and north of the first point; flat is good enough for the extent of a run."""
    north = (points[:, 0] - points[0, 0]) * METRES_PER_DEGREE
    east = (points[:, 1] - points[0, 1]) * METRES_PER_DEGREE * np.cos(np.radians(points[0, 0]))
    return np.column_stack((east, north))


def _from_chord(points: Points, start: Points, end: Points) -> npt.NDArray[np.float64]:
    """Distance of each point from the segment, in metres; a chord of no length is a point."""
    along = end - start
    length_2 = float(along @ along)
    from_start = points - start
    if length_2 == 0.0:
        return np.asarray(np.hypot(from_start[:, 0], from_start[:, 1]))
    position = np.clip(from_start @ along / length_2, 0.0, 1.0)
    apart = from_start - position[:, None] * along
    return np.asarray(np.hypot(apart[:, 0], apart[:, 1]))
