"""One run's channels thinned out for a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.lazy_dataclass import dataclass
from paceport.streams import Streams
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.distance import distance_track
from paceport.training.metrics.moving_time import moving_clock_s

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.streams import Channel

POINTS = 400
_FASTEST_MPS = 12.5  # faster is a lost signal, not a runner


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSeries:
    """Channels at even steps of distance (of time where the distance is not known), ready to plot; NaN: not known.

    `at_m` or else `at_s` is the axis. `speed_mps` is the mean over moving time from one point to the next. Latitude and
    longitude are where the point is, in degrees. A channel that was not recorded is None.
    """

    at_m: tuple[float, ...] | None
    at_s: tuple[float, ...]
    speed_mps: tuple[float, ...] | None
    heartrate_bpm: tuple[float, ...] | None
    altitude_m: tuple[float, ...] | None
    cadence_spm: tuple[float, ...] | None
    power_w: tuple[float, ...] | None = None
    latitude_deg: tuple[float, ...] | None = None
    longitude_deg: tuple[float, ...] | None = None


def run_series(store: Store, history: History, run: Run, *, points: int = POINTS) -> RunSeries | None:
    """The run's channels at `points` places, or None without samples."""
    streams = run_streams(store, history, run)
    return thin_out(streams, points=points) if streams is not None else None


def run_streams(store: Store, history: History, run: Run) -> Streams | None:
    """All samples of a run of that history; None where there are not two."""
    streams = store.streams(run.id, own_only=history.is_own_only)
    if streams is None and run.strava_id is not None:
        streams = store.streams(run.strava_id, own_only=history.is_own_only)
    return streams if streams is not None and len(streams) > 1 else None


def thin_out(streams: Streams, *, points: int = POINTS) -> RunSeries:
    """Streams thinned out: each channel's mean around each point, so that a plot shows no chance sample."""
    way = distance_track(streams)
    if way is None or way.total_m <= 0:
        at_s = np.linspace(float(streams.time_s[0]), float(streams.time_s[-1]), points)
        return _series(streams, at_s, at_m=None, speed_mps=None)
    at_m = np.linspace(float(way.distance_m[0]), float(way.distance_m[-1]), points)
    # When each place was first reached; the mirrored look-up finds the first of equal distances.
    at_s = np.interp(-at_m, -way.distance_m[::-1], way.time_s[::-1])
    clock_s = np.interp(at_s, way.time_s, moving_clock_s(way))
    seconds = np.diff(clock_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = np.where(seconds > 0, np.diff(at_m) / seconds, np.nan)
    speed = np.where(speed <= _FASTEST_MPS, speed, np.nan)
    return _series(streams, at_s, at_m=at_m - at_m[0], speed_mps=np.append(speed, speed[-1:]))


def _series(streams: Streams, at_s: Channel, *, at_m: Channel | None, speed_mps: Channel | None) -> RunSeries:
    return RunSeries(
        at_m=_plain(at_m),
        at_s=tuple(at_s.tolist()),
        speed_mps=_plain(speed_mps),
        heartrate_bpm=_plain(_means(streams.time_s, _positive(streams.heartrate_bpm), at_s)),
        altitude_m=_plain(_means(streams.time_s, streams.altitude_m, at_s)),
        cadence_spm=_plain(_means(streams.time_s, _positive(streams.cadence_spm), at_s)),
        power_w=_plain(_means(streams.time_s, streams.power_w, at_s)),
        latitude_deg=_plain(_between(streams.time_s, streams.latitude_deg, at_s)),
        longitude_deg=_plain(_between(streams.time_s, streams.longitude_deg, at_s)),
    )


def _between(time_s: Channel, channel: Channel | None, at_s: Channel) -> Channel | None:
    """The channel at each point, on the line between the known samples round it."""
    known = None if channel is None else np.isfinite(channel)
    if channel is None or known is None or not known.any():
        return None
    return np.interp(at_s, time_s[known], channel[known])


def _means(time_s: Channel, channel: Channel | None, at_s: Channel) -> Channel | None:
    """The mean of the known samples nearer to each point than to the others; between samples, the line."""
    if channel is None:
        return None
    known = np.isfinite(channel)
    if not known.any():
        return None
    values, times = channel[known], time_s[known]
    edges = np.concatenate(([-np.inf], (at_s[1:] + at_s[:-1]) / 2, [np.inf]))
    place = np.searchsorted(edges, times, side="right") - 1
    counts = np.bincount(place, minlength=len(at_s))
    sums = np.bincount(place, weights=values, minlength=len(at_s))
    between = np.interp(at_s, times, values)
    return np.where(counts > 0, sums / np.maximum(counts, 1), between)


def _positive(channel: Channel | None) -> Channel | None:
    """Without the zeros by which sensors say that they lost sight."""
    return None if channel is None else np.where(channel > 0, channel, np.nan)


def _plain(channel: Channel | None) -> tuple[float, ...] | None:
    return None if channel is None else tuple(channel.tolist())
