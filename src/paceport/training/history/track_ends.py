"""Where each run began and ended, as its simplified track says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from paceport.training.metrics.polyline import decode_all

if TYPE_CHECKING:
    from paceport.streams import Channel

Ends = tuple[tuple[float, float], tuple[float, float]]


def track_ends(polylines: Iterable[str | None]) -> list[Ends]:
    """Both ends of each track, as (latitude, longitude) in degrees; what has no track or a damaged one is left out."""
    found = decode_all([text for text in polylines if text])
    return ends_of_tracks(track for track in found if track is not None)


def ends_of_tracks(tracks: Iterable[tuple[Channel, Channel]]) -> list[Ends]:
    """The same of tracks as latitudes and longitudes; empty ones are left out."""
    found: list[Ends] = []
    for latitude, longitude in tracks:
        if len(latitude):
            first, last = ((float(latitude[at]), float(longitude[at])) for at in (0, -1))
            found.append((first, last))
    return found
