"""The running mean that takes the noise out of a channel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def centred_mean(values: Floats, width: int) -> Floats:
    """Centred mean over `width` samples, fewer at the ends."""
    half = width // 2
    sums = np.concatenate(([0.0], np.cumsum(values)))
    index = np.arange(len(values))
    first, last = np.maximum(index - half, 0), np.minimum(index + half + 1, len(values))
    return np.asarray((sums[last] - sums[first]) / (last - first))
