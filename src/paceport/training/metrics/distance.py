"""Where the metres come from: the clean course of a run, and the way along the globe where no distance was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from paceport.geodesy import METRES_PER_DEGREE, cumulative_distance_m, steps_m
from paceport.streams import Streams
from paceport.training.cleaning.gaps import SHORTEST_LEAP_M, uncounted_gaps

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

_LATEST_S, _SHORTEST_STEP_S = 1e9, 1e-3  # thirty years; a sample a millisecond
_FARTHEST_M = 1e7  # a distance beyond 10,000 km is a broken sample, not a run


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DistanceTrack:
    """A run as time against distance: `time_s` strictly increasing, `distance_m` never falling, at least two samples.

    `samples` are the indices of these points in the streams they were taken from. `is_measured` is False where the
    distance had to be computed from positions. `gaps` says which of the n - 1 steps are gaps: no distance, no moving
    time and no effort lies across one (docs/metrics.md#cleaning). None stands for no gap at all.
    """

    time_s: Channel
    distance_m: Channel
    samples: npt.NDArray[np.intp]
    is_measured: bool
    gaps: npt.NDArray[np.bool_] | None = None

    def align(self, channel: Channel | None) -> Channel | None:
        """That channel of the same streams at the points of the course; itself where these are all samples.

        Nobody may change it.
        """
        return channel if channel is None or len(channel) == len(self.samples) else channel[self.samples]

    @property
    def total_m(self) -> float:
        """Metres from the first sample to the last."""
        return float(self.distance_m[-1] - self.distance_m[0])

    @property
    def elapsed_time_s(self) -> float:
        """Seconds from the first sample to the last, pauses included."""
        return float(self.time_s[-1] - self.time_s[0])


def distance_track(streams: Streams) -> DistanceTrack | None:
    """The run as time against distance, or None where fewer than two samples say how far it went.

    Samples without a distance are left out, so it runs straight between their neighbours; samples that go back in time
    are dropped; a distance that goes back is held at what was reached. A recorded distance always wins over positions:
    on a treadmill, or with a foot pod, positions know nothing. Source: docs/metrics.md#distance.
    """
    recorded = streams.distance_m
    if recorded is not None and np.count_nonzero(np.isfinite(recorded)) > 1:
        return _clean(streams, recorded, is_measured=True)
    if streams.latitude_deg is None or streams.longitude_deg is None:
        return None
    way_m = np.full(len(streams), np.nan)
    known = (
        np.isfinite(streams.latitude_deg)
        & np.isfinite(streams.longitude_deg)
        & (np.abs(streams.latitude_deg) <= 90)
        & (np.abs(streams.longitude_deg) <= 360)
    )
    way_m[known] = cumulative_distance_m(streams.latitude_deg[known], streams.longitude_deg[known])
    return _clean(streams, way_m, is_measured=False)


def goes_forward(time_s: Channel) -> npt.NDArray[np.bool_]:
    """Which samples go forward in time: known, and later than every sample before them by a millisecond at least."""
    if (
        len(time_s)
        and abs(time_s[0]) <= _LATEST_S
        and abs(time_s[-1]) <= _LATEST_S
        and (time_s[1:] >= time_s[:-1] + _SHORTEST_STEP_S).all()
    ):
        return np.ones(len(time_s), dtype=bool)  # as almost always; nothing unknown passes this test
    finite = np.abs(time_s) <= _LATEST_S
    latest = np.maximum.accumulate(np.where(finite, time_s, -np.inf))
    before = np.concatenate(([-np.inf], latest[:-1])) if len(time_s) else latest
    return finite & (time_s >= before + _SHORTEST_STEP_S)


def _clean(streams: Streams, distance_m: Channel, *, is_measured: bool) -> DistanceTrack | None:
    time_s, reached_m = streams.time_s, distance_m
    samples = np.arange(len(time_s))
    # As almost always, all of them count.
    if not ((np.abs(distance_m) <= _FARTHEST_M).all() and goes_forward(time_s).all()):
        samples = np.flatnonzero(np.abs(distance_m) <= _FARTHEST_M)
        samples = samples[goes_forward(time_s[samples])]
        time_s, reached_m = time_s[samples], distance_m[samples]
    if len(samples) < 2:
        return None
    if not (reached_m[1:] >= reached_m[:-1]).all():
        reached_m = np.maximum.accumulate(reached_m)
    found = _gaps(streams, samples, reached_m)
    return DistanceTrack(
        time_s=time_s,
        distance_m=reached_m,
        samples=samples,
        is_measured=is_measured,
        gaps=None if found is None or not found.any() else found,
    )


def _gaps(streams: Streams, samples: npt.NDArray[np.intp], reached_m: Channel) -> npt.NDArray[np.bool_] | None:
    """Which steps between these samples are gaps; None where no position, or no step far enough, could make one."""
    if streams.latitude_deg is None or streams.longitude_deg is None:
        return None
    channels = (streams.latitude_deg, streams.longitude_deg, streams.time_s)
    latitude, longitude, time_s = (each if len(each) == len(samples) else each[samples] for each in channels)
    # No way is shorter than the great circle: here the one along a meridian, then along the equator at most.
    round_deg = np.abs(latitude[1:] - latitude[:-1]) + np.abs(longitude[1:] - longitude[:-1])
    if not (round_deg > SHORTEST_LEAP_M / METRES_PER_DEGREE).any():
        return None
    known = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 360)
    places = [np.where(known, channel, np.nan) for channel in (latitude, longitude)]
    return uncounted_gaps(time_s, reached_m, steps_m(*places))
