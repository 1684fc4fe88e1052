"""One run's channels thinned out for a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.training.history.series import POINTS, RunSeries

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.streams import Streams
    from paceport.training.history.history import History
    from paceport.training.history.run import Run


def run_series(store: Store, history: History, run: Run, *, points: int = POINTS) -> RunSeries | None:
    """The run's channels at `points` places, or None without samples."""
    from paceport.training.history.thin_out import thin_out  # numpy

    streams = run_streams(store, history, run)
    return thin_out(streams, points=points, sport=run.sport) if streams is not None else None


def run_streams(store: Store, history: History, run: Run) -> Streams | None:
    """All samples of a run of that history; None where there are not two."""
    streams = store.streams(run.id, own_only=history.is_own_only)
    if streams is None and run.strava_id is not None:
        streams = store.streams(run.strava_id, own_only=history.is_own_only)
    return streams if streams is not None and len(streams) > 1 else None
