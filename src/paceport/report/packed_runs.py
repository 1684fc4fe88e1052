"""Every run of the report as little text: what its script draws a run from when somebody opens it.

A reader without script has the list of all runs, and the newest ones in full.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from paceport.maps.private_places import visible_pieces
from paceport.report.chart import Table
from paceport.report.run_texts import efforts_table, run_facts, run_notes, splits_table, when_text
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.run_detail import run_figures, stored_efforts, stored_splits
from paceport.training.history.run_series import RunSeries, run_streams, thin_out
from paceport.training.metrics.polyline import decode, encode
from paceport.units import Units

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.maps.place import HiddenCircle
    from paceport.streams import Channel, Streams

POINTS = 200  # places along a run
TOGETHER = 32  # runs compressed as one: what they have in common is written once
_DEGREE = 2e4  # places are written to 6 m


def pack_runs(
    store: Store, history: History, runs: Sequence[Run], *, circles: Sequence[HiddenCircle], units: Units
) -> tuple[str, ...]:
    """The runs in their order, `TOGETHER` in each text: raw DEFLATE of a JSON array, in base64.

    A run is an object: `when`, `notes`, `facts` as in its section, `splits` and `efforts` as headings and rows,
    `total` (metres, or seconds where `by` is "time"), `channels` at `POINTS` even places, `track` as encoded polylines
    and `places`, the position at each place. Numbers are differences to the last known one; null: not known.
    """
    packed = [_run(store, history, run, circles, units) for run in runs]
    return tuple(_compress(packed[at : at + TOGETHER]) for at in range(0, len(packed), TOGETHER))


def _compress(runs: list[dict[str, Any]]) -> str:
    text = json.dumps(runs, ensure_ascii=False, separators=(",", ":"))
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return base64.b64encode(packer.compress(text.encode()) + packer.flush()).decode()


def _run(store: Store, history: History, run: Run, circles: Sequence[HiddenCircle], units: Units) -> dict[str, Any]:
    packed: dict[str, Any] = {"when": when_text(run), "notes": run_notes(run), "facts": run_facts(run, units)}
    packed |= _tables(run_figures(store, history, run), units)
    streams = run_streams(store, history, run) if run.has_track else None
    return packed if streams is None else packed | _drawing(streams, run, circles)


def _tables(figures: dict[str, Any], units: Units) -> dict[str, Any]:
    try:
        splits = stored_splits(figures, "km" if units.name == "km" else "mile")
        efforts = stored_efforts(figures)
    except (TypeError, AttributeError):
        return {}  # figures of another make: as a run without any
    return {
        "splits": _table(splits_table(splits, units)) if splits else None,
        "efforts": _table(efforts_table(efforts, units)) if efforts else None,
    }


def _table(table: Table) -> list[object]:
    return [table.headings, [row.cells for row in table.rows]]


def _drawing(streams: Streams, run: Run, circles: Sequence[HiddenCircle]) -> dict[str, Any]:
    series = thin_out(streams, points=POINTS)
    channels = (
        ("speed", series.speed_mps, 100.0),
        ("heart", series.heartrate_bpm, 1.0),
        ("climb", series.altitude_m, 2.0),
        ("cadence", series.cadence_spm, 1.0),
        ("power", series.power_w, 1.0),
    )
    by_time = series.at_m is None
    return {
        "by": "time" if by_time else "distance",
        "total": round(series.at_s[-1] - series.at_s[0]) if series.at_m is None else round(series.at_m[-1]),
        "channels": {
            name: differences(np.asarray(values), scale) for name, values, scale in channels if values is not None
        },
        "track": _track(run, circles),
        "places": {} if run.is_indoor else _places(series, circles),
    }


def differences(values: Channel, scale: float) -> list[int | None]:
    """Rounded multiples of 1/`scale`, each as the difference to the last known one, the first to 0; None: not known."""
    known = np.isfinite(values)
    rounded = np.rint(values[known] * scale).astype(np.int64)
    steps = np.diff(rounded, prepend=0).tolist()
    if known.all():
        return list(steps)
    found: list[int | None] = [None] * len(values)
    for place, step in zip(np.flatnonzero(known).tolist(), steps, strict=True):
        found[place] = step
    return found


def _track(run: Run, circles: Sequence[HiddenCircle]) -> list[str]:
    """The pieces of the way that may be shown, encoded; the stored route lies within 5 m of the samples."""
    if run.polyline is None or run.is_indoor:
        return []
    if not circles:
        return [run.polyline]
    try:
        latitude, longitude = decode(run.polyline)
    except ValueError:
        return []
    return [encode(latitude[piece], longitude[piece]) for piece in visible_pieces(latitude, longitude, circles)]


def _places(series: RunSeries, circles: Sequence[HiddenCircle]) -> dict[str, list[int | None]]:
    """Where each place is, without those that must not be shown."""
    if series.latitude_deg is None or series.longitude_deg is None:
        return {}
    latitude, longitude = np.array(series.latitude_deg), np.array(series.longitude_deg)
    shown = np.zeros(len(latitude), dtype=bool)
    for piece in visible_pieces(latitude, longitude, circles):
        shown[piece] = True
    latitude[~shown] = np.nan
    return {
        "latitude": differences(latitude, _DEGREE),
        "longitude": differences(np.where(shown, longitude, np.nan), _DEGREE),
    }
