"""What the script of the page draws a run from: its channels at even places, and its way.

Reading the samples of all runs takes most of the time of a report. A child process does it while its parent draws the
charts.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from paceport.clock import ManualClock
from paceport.lazy_dataclass import dataclass
from paceport.maps.private_places import visible_pieces
from paceport.report.packing import pack
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.series import RunSeries
from paceport.training.history.thin_out import thin_out

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.maps.place import HiddenCircle
    from paceport.streams import Channel

POINTS = 200  # places along a run
# Starting a process takes as long as drawing this many.
FEWEST_RUNS = 300
_DEGREE = 2e4  # places are written to 6 m
_CHILD = "import sys; sys.path[:] = {path!r}; from paceport.report.run_drawings import child; child()"

Drawing = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    ids: tuple[int, ...]  # the first of them with samples is the run's
    is_indoor: bool
    sport: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    data_dir: Path
    cache_dir: Path
    now: datetime
    is_own_only: bool
    circles: tuple[HiddenCircle, ...]
    wanted: tuple[_Wanted, ...]


class RunDrawings:
    """The drawings of some runs, made by a child process where there are many, else when they are asked for."""

    def __init__(
        self, store: Store, history: History, runs: Sequence[Run], circles: Sequence[HiddenCircle], *, fewest: int
    ) -> None:
        self._store = store
        self._job = _Job(
            data_dir=store.own_path.parent,
            cache_dir=store.cache_path.parent,
            now=history.now,
            is_own_only=history.is_own_only,
            circles=tuple(circles),
            wanted=tuple(_wanted(run) for run in runs),
        )
        self._process = self._start() if len(runs) >= fewest else None
        self._answer = b""
        self._reading: threading.Thread | None = None
        if self._process is not None:
            # The pipe is short: somebody must empty it while the parent is at something else.
            self._reading = threading.Thread(target=self._converse, args=(self._process,), daemon=True)
            self._reading.start()

    def result(self) -> tuple[str, ...]:
        """A drawing for each run, packed in their order; an empty one for a run without samples."""
        if self._reading is not None:
            self._reading.join()
            try:
                found = pickle.loads(self._answer)  # noqa: S301  # written by our child process
            except (pickle.UnpicklingError, EOFError):
                found = None  # it died, for its memory say: what it was to do is done here
            if isinstance(found, tuple):
                return found
        return _draw_all(self._store, self._job)

    def _start(self) -> subprocess.Popen[bytes] | None:
        code = _CHILD.format(path=[place for place in sys.path if place])
        try:
            return subprocess.Popen(  # noqa: S603  # our own interpreter and our own words
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the parent's; the child ends with its pipe
                env={"OPENBLAS_NUM_THREADS": "1"} | os.environ,  # numpy's threads spin for a tenth of a second each
            )
        except OSError:
            return None

    def _converse(self, process: subprocess.Popen[bytes]) -> None:
        try:
            self._answer, _ = process.communicate(pickle.dumps(self._job))
        except OSError:
            self._answer = b""


def draw_runs(
    store: Store,
    history: History,
    runs: Sequence[Run],
    *,
    circles: Sequence[HiddenCircle] = (),
    fewest: int = FEWEST_RUNS,
) -> RunDrawings:
    """Begin to draw these runs; from `fewest` on a child process does it.

    A drawing has `by` ("distance" or "time"), `total` in metres or seconds, `channels` at `POINTS` even places, and
    `places`, the position at each place. Numbers are differences to the last known one; None: not known. Nothing of a
    way within the circles is in it.
    """
    return RunDrawings(store, history, runs, circles, fewest=fewest)


def child() -> None:
    """What the child process does: one job from stdin, all drawings to stdout."""
    from paceport.logbook.database.store import Store

    stdout = sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing but the answer may reach the pipe
    job: _Job = pickle.load(sys.stdin.buffer)  # noqa: S301  # written by our parent process
    with Store(data_dir=job.data_dir, cache_dir=job.cache_dir, clock=ManualClock(job.now)) as store:
        pickle.dump(_draw_all(store, job), stdout, protocol=pickle.HIGHEST_PROTOCOL)
    stdout.flush()


def _wanted(run: Run) -> _Wanted:
    ids = (run.id,) if run.strava_id in (None, run.id) else (run.id, run.strava_id or run.id)
    return _Wanted(ids=ids if run.has_track else (), is_indoor=run.is_indoor, sport=run.sport)


def _draw_all(store: Store, job: _Job) -> tuple[str, ...]:
    return pack(_draw(store, one, job) for one in job.wanted)


def _draw(store: Store, wanted: _Wanted, job: _Job) -> Drawing:
    for one in wanted.ids:
        streams = store.streams(one, own_only=job.is_own_only)
        if streams is not None and len(streams) > 1:
            break
    else:
        return {}
    series = thin_out(streams, points=POINTS, sport=wanted.sport)
    channels = (
        ("speed", series.speed_mps, 100.0),
        ("heart", series.heartrate_bpm, 1.0),
        ("climb", series.altitude_m, 2.0),
        ("cadence", series.cadence_spm, 1.0),
        ("power", series.power_w, 1.0),
    )
    return {
        "by": "time" if series.at_m is None else "distance",
        "total": round(series.at_s[-1] - series.at_s[0]) if series.at_m is None else round(series.at_m[-1]),
        "channels": {
            name: differences(np.asarray(values), scale) for name, values, scale in channels if values is not None
        },
        "places": {} if wanted.is_indoor else _places(series, job.circles),
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


def _places(series: RunSeries, circles: Sequence[HiddenCircle]) -> dict[str, list[int | None]]:
    """Where each place is, without those that must not be shown."""
    if series.latitude_deg is None or series.longitude_deg is None:
        return {}
    latitude, longitude = np.array(series.latitude_deg), np.array(series.longitude_deg)
    shown = np.zeros(len(latitude), dtype=bool)
    for piece in visible_pieces(latitude, longitude, circles):
        shown[piece] = True
    latitude[~shown] = np.nan
    longitude[~shown] = np.nan
    return {"latitude": differences(latitude, _DEGREE), "longitude": differences(longitude, _DEGREE)}
