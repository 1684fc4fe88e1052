"""Drawn lines without the points that nobody could see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_ROUNDS = 7


def seen_points(points: npt.NDArray[np.int_], is_end: npt.NDArray[np.bool_], *, detail: float) -> npt.NDArray[np.int_]:
    """Which points of some lines are needed to draw them: their numbers, in order.

    `points` are whole x and y of all lines, one line after another; both ends of each are marked, and stay. What lies
    within `detail` of the straight line between its neighbours is left out, in a few rounds.
    """
    moved = np.concatenate(([True], (np.diff(points, axis=0) != 0).any(axis=1)))
    numbers = np.flatnonzero(moved | is_end)
    for _ in range(_ROUNDS):
        if len(numbers) < 3:
            break
        shown, fixed = points[numbers], is_end[numbers]
        before, after = shown[1:-1] - shown[:-2], shown[2:] - shown[1:-1]
        across = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0])
        spare = across <= detail * np.hypot(*(before + after).T)
        spare &= ((before * after).sum(axis=1) > 0) & ~fixed[1:-1]
        spare[1:] &= ~spare[:-1]  # two neighbours at once could take a bend away
        numbers = numbers[np.concatenate(([True], ~spare, [True]))]
    return numbers


def ends_of_lines(lengths: npt.NDArray[np.int_]) -> npt.NDArray[np.bool_]:
    """The mark of both ends of lines with so many points each, none of them 0."""
    after = np.cumsum(lengths)
    found = np.zeros(int(after[-1]) if len(after) else 0, dtype=bool)
    found[after - 1] = True
    found[after - lengths] = True
    return found
