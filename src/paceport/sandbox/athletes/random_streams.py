"""Chance of the simulated people: seeded by a string, so that one key gives the same on every machine."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def random_stream(key: str) -> Random:
    """A generator of its own for one purpose, named by its key."""
    # Worlds must repeat themselves to the byte; nothing here guards anything real.
    return Random(key)  # noqa: S311  # repeatable by design


class NoiseStream:
    """Noise for streams, drawn from one key in the order of the calls."""

    def __init__(self, key: str) -> None:
        self.random = random_stream(key)

    def smooth_noise(self, positions: Floats, spacing: float, size: float) -> Floats:
        """Wandering noise at rising positions: bell-shaped values each `spacing`, straight between, spread `size`."""
        knots = int((positions[-1] - positions[0]) / spacing) + 2
        values = self.white_noise(knots, size)
        return np.asarray(np.interp((positions - positions[0]) / spacing, np.arange(knots), values))

    def white_noise(self, count: int, size: float) -> Floats:
        """White noise of spread `size`."""
        # The sum of four bytes: near enough to a normal value (spread 1), and much faster than drawing each.
        raw = np.frombuffer(self.random.randbytes(4 * count), dtype=np.uint8).reshape(count, 4)
        return np.asarray((raw.sum(axis=1) - 510.0) * (size / 147.8), dtype=np.float64)
