"""Channels thinned out to even steps of distance, or of time where the distance is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.lazy_dataclass import dataclass
from paceport.training.cleaning.sport_limits import limits_of
from paceport.training.history.series import PLOT_POINTS, POINTS, PlotSeries, RunSeries
from paceport.training.metrics.distance import distance_track
from paceport.training.metrics.moving_time import moving_clock_s

if TYPE_CHECKING:
    from paceport.streams import Channel, Streams
    from paceport.training.metrics.distance import DistanceTrack
    from paceport.training.metrics.prepared_run import PreparedRun


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Points:
    """Even steps along an activity: metres from its start (None without a distance), seconds, mean speeds to the next.

    Speeds are over moving time.
    """

    at_m: Channel | None
    at_s: Channel
    speed_mps: Channel | None


def thin_out(streams: Streams, *, points: int = POINTS, sport: str = "Run") -> RunSeries:
    """Streams thinned out: each channel's mean around each point, so that a plot shows no chance sample.

    Speeds beyond the limit of the sport are a lost signal, and left out.
    """
    course = distance_track(streams)
    found = _points(streams, course, None if course is None else moving_clock_s(course), points, sport)
    return RunSeries(
        at_m=_plain(found.at_m),
        at_s=tuple(found.at_s.tolist()),
        speed_mps=_plain(found.speed_mps),
        heartrate_bpm=_plain(_means(streams.time_s, _positive(streams.heartrate_bpm), found.at_s)),
        altitude_m=_plain(_means(streams.time_s, streams.altitude_m, found.at_s)),
        cadence_spm=_plain(_means(streams.time_s, _positive(streams.cadence_spm), found.at_s)),
        power_w=_plain(_means(streams.time_s, streams.power_w, found.at_s)),
        latitude_deg=_plain(_between(streams.time_s, streams.latitude_deg, found.at_s)),
        longitude_deg=_plain(_between(streams.time_s, streams.longitude_deg, found.at_s)),
    )


def plot_series(streams: Streams, *, sport: str = "Run", prepared: PreparedRun | None = None) -> PlotSeries | None:
    """What a plot of these samples shows, as `thin_out` has it; None with fewer than two.

    `prepared` is what `prepare_run` made of these streams, where it was made already.
    """
    if len(streams) < 2:
        return None
    if prepared is None:
        course = distance_track(streams)
        moving_clock = None if course is None else moving_clock_s(course)
    else:
        course, moving_clock = prepared.course, prepared.moving_clock
    found = _points(streams, course, moving_clock, PLOT_POINTS, sport)
    axis = found.at_s if found.at_m is None else found.at_m
    return PlotSeries(
        is_by_distance=found.at_m is not None,
        first=float(axis[0]),
        last=float(axis[-1]),
        speed_mps=_plain(found.speed_mps),
        heartrate_bpm=_plain(_means(streams.time_s, _positive(streams.heartrate_bpm), found.at_s)),
        altitude_m=_plain(_means(streams.time_s, streams.altitude_m, found.at_s)),
    )


def _points(
    streams: Streams, course: DistanceTrack | None, moving_clock: Channel | None, points: int, sport: str
) -> _Points:
    if course is None or moving_clock is None or course.total_m <= 0:
        at_s = np.linspace(float(streams.time_s[0]), float(streams.time_s[-1]), points)
        return _Points(at_m=None, at_s=at_s, speed_mps=None)
    at_m = np.linspace(float(course.distance_m[0]), float(course.distance_m[-1]), points)
    # When each place was first reached; the mirrored look-up finds the first of equal distances.
    at_s = np.interp(-at_m, -course.distance_m[::-1], course.time_s[::-1])
    seconds = steps_of(np.interp(at_s, course.time_s, moving_clock))
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = np.where(seconds > 0, steps_of(at_m) / seconds, np.nan)
    speed = np.where(speed <= limits_of(sport).fastest_mps, speed, np.nan)
    return _Points(at_m=at_m - at_m[0], at_s=at_s, speed_mps=np.append(speed, speed[-1:]))


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
    values, times = (channel, time_s) if known.all() else (channel[known], time_s[known])
    if (times[1:] < times[:-1]).any():
        order = np.argsort(times, kind="stable")
        values, times = values[order], times[order]
    # The samples of each point stand together. A sample between two points belongs to the later one.
    starts = np.concatenate(([0], np.searchsorted(times, (at_s[1:] + at_s[:-1]) / 2)))
    counts = steps_of(np.append(starts, len(times)))
    has_samples = counts > 0
    sums = np.add.reduceat(values, starts[has_samples])
    if has_samples.all():
        return sums / counts
    means = np.interp(at_s, times, values)
    means[has_samples] = sums / counts[has_samples]
    return means


def _positive(channel: Channel | None) -> Channel | None:
    """Without the zeros by which sensors say that they lost sight."""
    return None if channel is None else np.where(channel > 0, channel, np.nan)


def _plain(channel: Channel | None) -> tuple[float, ...] | None:
    return None if channel is None else tuple(channel.tolist())
