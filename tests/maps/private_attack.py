"""A runner's tracks round a home, and the attack on hidden homes: a circle through the ends of what is shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
PER_DEGREE = 111_195.0
HOME = (48.137, 11.575)


def tracks_round(home: tuple[float, float], *, seed: int, count: int = 60) -> list[tuple[Points, Points]]:
    """Loops that begin and end near the home, in every direction; some pass it in their middle once more."""
    dice = np.random.default_rng(seed)
    found = []
    for number in range(count):
        east, north = _loop(dice)
        if number % 4 == 0:
            other_east, other_north = _loop(dice)
            east, north = np.concatenate((east, other_east)), np.concatenate((north, other_north))
        east = east + dice.normal(0.0, 1.0, len(east)) + dice.normal(0.0, 12.0)
        north = north + dice.normal(0.0, 1.0, len(north)) + dice.normal(0.0, 12.0)
        across = PER_DEGREE * np.cos(np.radians(home[0]))
        found.append((home[0] + north / PER_DEGREE, home[1] + east / across))
    return found


def _loop(dice: np.random.Generator) -> tuple[Points, Points]:
    """An ellipse through the origin, a point each ten metres or so."""
    long_m, wide_m, turn = dice.uniform(900, 3000), dice.uniform(300, 1200), dice.uniform(0, 2 * np.pi)
    angle = np.linspace(-np.pi, np.pi, int(long_m / 3))
    along, aside = long_m * (1 + np.cos(angle)), wide_m * np.sin(angle)
    return along * np.cos(turn) - aside * np.sin(turn), along * np.sin(turn) + aside * np.cos(turn)


def circle_centre(ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of the circle that most ends lie on: the fit of least squares to the best of many sampled circles."""
    points = np.array(ends)
    origin = points.mean(axis=0)
    scale = np.array([PER_DEGREE, PER_DEGREE * np.cos(np.radians(origin[0]))])
    flat = (points - origin) * scale
    dice = np.random.default_rng(1)
    best = np.zeros(len(flat), dtype=bool)
    for _ in range(200):
        near = np.flatnonzero(np.hypot(*(flat - flat[dice.integers(len(flat))]).T) < 2500.0)
        if len(near) < 3:
            continue
        found = _fit(flat[dice.choice(near, 3, replace=False)])
        on_it = np.abs(np.hypot(*(flat - found[:2]).T) - found[2]) < 12.0
        if found[2] < 1500.0 and on_it.sum() > best.sum():
            best = on_it
    centre = _fit(flat[best] if best.sum() > 3 else flat)[:2]
    return float(origin[0] + centre[0] / scale[0]), float(origin[1] + centre[1] / scale[1])


def _fit(points: Points) -> Points:
    """Kåsa's fit: centre and radius."""
    rows = np.column_stack((2 * points, np.ones(len(points))))
    (x, y, rest), *_ = np.linalg.lstsq(rows, (points**2).sum(axis=1), rcond=None)
    return np.array([x, y, np.sqrt(max(0.0, rest + x * x + y * y))])


def far_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    north, east = (one[0] - other[0]) * PER_DEGREE, (one[1] - other[1]) * PER_DEGREE * np.cos(np.radians(one[0]))
    return float(np.hypot(north, east))
