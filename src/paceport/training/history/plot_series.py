"""What a plot of one activity shows: computed with its results and kept beside them, so that no samples are decoded."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING

from paceport.training.history.series import PLOT_POINTS, PlotSeries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paceport.logbook.database.plot_rows import PlotRow
    from paceport.logbook.database.store import Store
    from paceport.training.history.history import History
    from paceport.training.history.run import Run


def read_plot_series(store: Store, history: History, run: Run) -> PlotSeries | None:
    """What a plot of a run of that history shows; None without samples.

    Where nothing was stored of its samples, because the logbook may only be read, they are thinned out now.
    """
    row = store.plot_rows.read(run.id, own_only=history.is_own_only)
    if row is None and run.strava_id is not None:
        row = store.plot_rows.read(run.strava_id, own_only=history.is_own_only)
    if row is not None:
        return _stored_series(row)
    if not run.has_track:
        return None
    from paceport.training.history.run_series import run_streams

    streams = run_streams(store, history, run)
    if streams is None:
        return None
    from paceport.training.history.thin_out import plot_series  # numpy

    return plot_series(streams, sport=run.sport)


def plot_row(series: PlotSeries) -> PlotRow:
    """The series as it is stored."""
    from paceport.logbook.database.plot_rows import PlotRow

    return PlotRow(
        is_by_distance=series.is_by_distance,
        first=series.first,
        last=series.last,
        speed_mps=_packed(series.speed_mps),
        heartrate_bpm=_packed(series.heartrate_bpm),
        altitude_m=_packed(series.altitude_m),
    )


def _stored_series(row: PlotRow) -> PlotSeries:
    return PlotSeries(
        is_by_distance=row.is_by_distance,
        first=row.first,
        last=row.last,
        speed_mps=_unpacked(row.speed_mps),
        heartrate_bpm=_unpacked(row.heartrate_bpm),
        altitude_m=_unpacked(row.altitude_m),
    )


def _packed(values: Sequence[float] | None) -> bytes | None:
    """Numbers as float32, the low byte first."""
    if values is None:
        return None
    packed = array("f", values)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _unpacked(block: bytes | None) -> tuple[float, ...] | None:
    if block is None or len(block) != 4 * PLOT_POINTS:
        return None
    packed = array("f", block)
    if sys.byteorder == "big":
        packed.byteswap()
    return tuple(packed)
