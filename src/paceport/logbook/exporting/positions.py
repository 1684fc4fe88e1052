"""Which samples of a run have a position."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import Row
from paceport.streams import Streams


def runs_with_positions(store: Store, rows: list[Row]) -> Iterator[tuple[Row, Streams]]:
    """The runs that can be drawn as a line, each with its streams."""
    for row in rows:
        streams = store.streams(int(str(row["id"]))) if row["has_track"] else None
        # A line has two points.
        if streams is not None and len(known_positions(streams)) >= 2:
            yield row, streams


def known_positions(streams: Streams) -> list[int]:
    """The samples that have a position."""
    if streams.latitude_deg is None or streams.longitude_deg is None:
        return []
    known: list[int] = np.flatnonzero(np.isfinite(streams.latitude_deg) & np.isfinite(streams.longitude_deg)).tolist()
    return known


def value_at(channel: npt.NDArray[np.float64] | None, at: int) -> float | None:
    """One sample of a channel; None where the channel or the sample is missing."""
    if channel is None:
        return None
    value = float(channel[at])
    return value if math.isfinite(value) else None
