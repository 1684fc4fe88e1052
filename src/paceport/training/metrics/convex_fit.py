"""The closest convex sequence. No arrays here."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_ROUNDS = 20_000
_ENOUGH = 1e-10


def convex_fit(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The sequence without a bend downwards that is closest to `values`, by weighted least squares.

    One value a step of an even grid; weights above 0. Hildreth's method: one bend after the other is straightened, with
    a multiplier for each that is never negative, until nothing moves. Source: Hildreth, Naval Res Logist Q 4:79, 1957.
    """
    fitted = list(values)
    multipliers = [0.0] * max(len(fitted) - 2, 0)
    size = max((abs(value) for value in fitted), default=0.0)
    for _ in range(_MOST_ROUNDS):
        largest = 0.0
        for place, multiplier in enumerate(multipliers):
            left, middle, right = fitted[place : place + 3]
            w_left, w_middle, w_right = weights[place : place + 3]
            wanted = -(left - 2.0 * middle + right) / (1.0 / w_left + 4.0 / w_middle + 1.0 / w_right)
            change = max(wanted, -multiplier)
            multipliers[place] += change
            fitted[place] += change / w_left
            fitted[place + 1] -= 2.0 * change / w_middle
            fitted[place + 2] += change / w_right
            largest = max(largest, abs(change) * (1.0 / w_left + 2.0 / w_middle + 1.0 / w_right))
        if largest <= _ENOUGH * size:
            break
    return fitted
