"""Which samples of a run have a position."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from paceport.formats.tracks.track import Pause
from paceport.geodesy import steps_m
from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import Row
from paceport.maps.place import HiddenCircle
from paceport.maps.private_places import visible_pieces
from paceport.streams import Streams
from paceport.training.cleaning.gaps import uncounted_gaps


def runs_with_positions(
    store: Store, rows: list[Row], circles: Sequence[HiddenCircle] = ()
) -> Iterator[tuple[Row, Streams]]:
    """The runs that can be drawn as a line, each with its streams; positions within the circles are unknown in them."""
    for row in rows:
        streams = store.streams(int(str(row["id"]))) if row["has_track"] else None
        streams = visible_streams(streams, circles) if streams is not None else None
        # A line has two points.
        if streams is not None and len(known_positions(streams)) >= 2:
            yield row, streams


def known_positions(streams: Streams) -> list[int]:
    """The samples that have a position."""
    if streams.latitude_deg is None or streams.longitude_deg is None:
        return []
    known: list[int] = np.flatnonzero(np.isfinite(streams.latitude_deg) & np.isfinite(streams.longitude_deg)).tolist()
    return known


def visible_streams(streams: Streams, circles: Sequence[HiddenCircle]) -> Streams:
    """The streams without the positions that lie within a circle, or at either end of a line that passes through one.

    The distance goes with the first position that is left out: it would tell how far the hidden part is.
    """
    latitude, longitude = streams.latitude_deg, streams.longitude_deg
    if not circles or latitude is None or longitude is None:
        return streams
    shown = np.zeros(len(latitude), dtype=bool)
    for piece in visible_pieces(latitude, longitude, circles):
        shown[piece] = True
    if shown[np.isfinite(latitude) & np.isfinite(longitude)].all():
        return streams
    hidden = np.where(shown, 0.0, np.nan)
    return replace(streams, latitude_deg=latitude + hidden, longitude_deg=longitude + hidden, distance_m=None)


def recorded_pieces(streams: Streams, pauses: Sequence[Pause], circles: Sequence[HiddenCircle] = ()) -> list[list[int]]:
    """The samples that have a position, cut wherever the device stood still, a gap lies, or a circle hides the way."""
    known = np.array(known_positions(streams), dtype=np.intp)
    if not len(known) or streams.latitude_deg is None or streams.longitude_deg is None:
        return []
    time_s = streams.time_s[known]
    cut = np.zeros(len(known) - 1, dtype=bool)
    for pause in pauses:
        before = int(np.searchsorted(time_s, (pause.start_s + pause.end_s) / 2)) - 1
        if 0 <= before < len(cut):
            cut[before] = True
    if streams.distance_m is not None:
        apart_m = steps_m(streams.latitude_deg[known], streams.longitude_deg[known])
        cut |= uncounted_gaps(time_s, streams.distance_m[known], apart_m)
    if circles:
        shown = visible_pieces(streams.latitude_deg[known], streams.longitude_deg[known], circles)
        cut[[piece[-1] for piece in shown if piece[-1] < len(cut)]] = True
    return [piece.tolist() for piece in np.split(known, np.flatnonzero(cut) + 1)]


def value_at(channel: npt.NDArray[np.float64] | None, at: int) -> float | None:
    """One sample of a channel; None where the channel or the sample is missing."""
    if channel is None:
        return None
    value = float(channel[at])
    return value if math.isfinite(value) else None
