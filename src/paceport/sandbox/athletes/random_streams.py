"""Every random value of the sandbox: streams seeded by a string, so that a key gives the same on every machine."""

from __future__ import annotations

import uuid
from random import Random

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def random_stream(key: str) -> Random:
    """A generator of its own for one purpose, named by its key."""
    # Worlds must repeat themselves to the byte; nothing here guards anything real.
    return Random(key)  # noqa: S311  # repeatable by design


class NoiseStream:
    """Noise for streams, from one key, in the order of the calls."""

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


class RandomStreams:
    """The values a real service would draw at random, from one seed. Each purpose has a stream of its own."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, Random] = {}

    def hex40(self, purpose: str) -> str:
        """Forty hexadecimal digits, as tokens, codes and secrets have."""
        return f"{self._stream(purpose).getrandbits(160):040x}"

    def uuid(self, purpose: str) -> str:
        """A random-looking UUID of version 4."""
        return str(uuid.UUID(int=self._stream(purpose).getrandbits(128), version=4))

    def _stream(self, purpose: str) -> Random:
        if purpose not in self._streams:
            self._streams[purpose] = random_stream(f"{self._seed}:{purpose}")
        return self._streams[purpose]
