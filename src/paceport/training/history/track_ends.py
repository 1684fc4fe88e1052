"""Where each run began and ended, as its simplified track says."""

from __future__ import annotations

from collections.abc import Iterable

from paceport.training.metrics.polyline import decode

Ends = tuple[tuple[float, float], tuple[float, float]]


def track_ends(polylines: Iterable[str | None]) -> list[Ends]:
    """Both ends of each track, as (latitude, longitude) in degrees; what has no track or a damaged one is left out."""
    found = []
    for text in polylines:
        try:
            latitude, longitude = decode(text or "")
        except ValueError:
            continue
        if len(latitude):
            first, last = ((float(latitude[at]), float(longitude[at])) for at in (0, -1))
            found.append((first, last))
    return found
