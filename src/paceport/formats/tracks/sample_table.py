"""Aligned samples as a file holds them, before anything is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Aligned samples as a file holds them: Unix seconds (NaN where missing) and channels by their Streams name."""

    epoch_s: Channel
    channels: dict[str, Channel]

    def between(self, first_s: float, before_s: float) -> Samples:
        """The samples with first_s <= time < before_s."""
        return self.select(np.flatnonzero((self.epoch_s >= first_s) & (self.epoch_s < before_s)))

    def select(self, index: npt.NDArray[np.intp]) -> Samples:
        """The samples at these places, in this order."""
        return Samples(
            epoch_s=self.epoch_s[index], channels={name: channel[index] for name, channel in self.channels.items()}
        )
