"""The sport of a recording that does not say: from its speeds and its cadence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.geodesy import haversine_m

if TYPE_CHECKING:
    from paceport.formats.tracks.sample_table import Samples
    from paceport.streams import Channel

WINDOW_S = 30.0  # speeds are means over so long: a receiver's noise is far below them then
STANDING_MPS = 0.7
FASTEST_RUN_MPS = 7.2  # nobody keeps more for half a minute outside a race; the 95th percentile of a ride is above it
TIMES_USUAL = 4.0
RUNNERS_MPS = 5.2  # few runners keep that for ten minutes, as a median
LONG_S = 600.0
WALK_MPS = 1.9  # walking turns into running about there
RUNNING_SPM = 140.0  # steps of both feet; walkers make 100 to 125


def guess_sport(samples: Samples) -> str | None:
    """ "Run", "Walk" or "Ride", or None where neither speed nor place was recorded.

    Speeds decide; at those of a brisk walk the cadence does. Source: docs/metrics.md#cleaning.
    """
    speeds = _speeds_mps(samples)
    moving = speeds[speeds > STANDING_MPS]
    if not len(moving):
        return None
    median, high = float(np.median(moving)), float(np.percentile(moving, 95))
    if high > FASTEST_RUN_MPS or (median > RUNNERS_MPS and len(moving) * WINDOW_S >= LONG_S):
        return "Ride"
    steps = _steps_per_minute(samples.channels.get("cadence_spm"))
    if steps is not None and median < 1.4 * WALK_MPS:
        return "Run" if steps >= RUNNING_SPM else "Walk"
    return "Run" if median >= WALK_MPS else "Walk"


def _steps_per_minute(cadence: Channel | None) -> float | None:
    known = cadence[cadence > 0] if cadence is not None else np.zeros(0)
    if not len(known):
        return None
    median = float(np.median(known))
    return median if median > 95 else 2 * median


def _speeds_mps(samples: Samples) -> Channel:
    """Mean speeds over stretches of about half a minute; pauses and jumps count as little as their number."""
    timed = np.flatnonzero(np.isfinite(samples.epoch_s))
    ordered = samples.select(timed[np.argsort(samples.epoch_s[timed], kind="stable")])
    reached_m = _way_m(ordered)
    if reached_m is None:
        speed = samples.channels.get("speed_mps", np.zeros(0))
        return speed[np.isfinite(speed)]
    known = np.flatnonzero(np.isfinite(reached_m))
    if len(known) < 2:
        return np.zeros(0)
    times_s, way_m = ordered.epoch_s[known], reached_m[known]
    span_s = float(times_s[-1] - times_s[0])
    count = int(min(max(span_s / WINDOW_S, 1), 20_000))
    edges_s = np.linspace(times_s[0], times_s[-1], count + 1)
    return np.diff(np.interp(edges_s, times_s, way_m)) / max(span_s / count, 1e-3)


def _way_m(samples: Samples) -> Channel | None:
    recorded = samples.channels.get("distance_m")
    if recorded is not None and np.isfinite(recorded).sum() > 1 and np.nanmax(recorded) > np.nanmin(recorded):
        return recorded
    latitude, longitude = samples.channels.get("latitude_deg"), samples.channels.get("longitude_deg")
    if latitude is None or longitude is None:
        return None
    known = np.flatnonzero((np.abs(latitude) <= 90) & (np.abs(longitude) <= 180) & ((latitude != 0) | (longitude != 0)))
    way_m = np.full(len(latitude), np.nan)
    if len(known):
        latitude, longitude = latitude[known], longitude[known]
        steps = haversine_m(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
        speeds = steps / np.maximum(np.diff(samples.epoch_s[known]), 1.0)
        # One place far off, or one visited anew, must not make a rider of a runner.
        usual = float(np.median(speeds[speeds > 0])) if (speeds > 0).any() else 0.0
        steps[speeds > max(FASTEST_RUN_MPS, TIMES_USUAL * usual)] = 0.0
        way_m[known] = np.concatenate(([0.0], np.cumsum(steps)))
    return way_m
