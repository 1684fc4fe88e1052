"""Cadence as files write it → steps a minute of both feet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from paceport.streams import Channel

# Strides of one foot: runners make 75 to 110 a minute. A median above this counts the steps of both feet already:
# treadmill apps, some foot pods and some phone apps do (Runalyze#1679, QZ#1099).
MOST_STRIDES = 120


def steps_per_minute(cadence: Channel, notes: list[str]) -> Channel:
    """Cadence on foot as steps of both feet: twice the strides, unless the file surely counts both feet already."""
    high = np.count_nonzero(cadence > MOST_STRIDES)
    moving = cadence[cadence > 0] if high else cadence
    # The median is costly, and it cannot be high where fewer than half are.
    if high and 2 * high >= len(moving) and float(np.median(moving)) > MOST_STRIDES:
        notes.append("its cadence counts both feet already and was not doubled")
        return cadence
    return cadence * 2
