"""Routes run more than once."""

from __future__ import annotations

from paceport.analysis.polyline import decode
from paceport.analysis.routes import Route, Track, repeated_routes
from paceport.logbook.insight.history import History


def routes(history: History) -> list[Route]:
    """Repeated routes, most run first; needs a history read `with_routes`. docs/metrics.md#repeated-routes."""
    tracks = []
    for run in history.runs:
        if run.polyline is not None and not run.is_indoor:
            latitude_deg, longitude_deg = decode(run.polyline)
            tracks.append(
                Track(
                    run_id=run.id,
                    at=run.start,
                    latitude_deg=latitude_deg,
                    longitude_deg=longitude_deg,
                    moving_time_s=run.moving_time_s,
                )
            )
    return repeated_routes(tracks)
