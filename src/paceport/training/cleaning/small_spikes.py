"""Positions and counts that step aside by a few metres and come back: the speed may be possible, the detour is not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.geodesy import EARTH_RADIUS_M
from paceport.training.cleaning.gaps import SHORTEST_STEP_S

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

MOST_ASIDE = 5  # samples; what stays aside for longer may be a way
LEAST_GAIN_M = 1.2  # for each sample that is left out
# A step is as usual up to this ratio, or to so many times what lies between the lower quartile and the median: spikes
# make steps longer, not shorter.
USUAL_RATIO, TIMES_SPREAD = 1.12, 2.0
ROUNDED_S, MOST_EVEN_SHARE = 0.5, 0.9  # times that differ were rounded: a step may have taken half a second more
NEIGHBOURS = 20  # steps before and after, for what is usual


def position_spikes(time_s: Channel, latitude_deg: Channel, longitude_deg: Channel) -> npt.NDArray[np.bool_]:
    """Which of n positions lie aside of the others; all must be known.

    A step is too long by what it exceeds the usual speed of the forty round it: their median plus 12 %, or more where
    they vary more. Those samples are left out, five in a row at most, without which all steps together are too long
    by the least, each worth 1.2 m. A bend, a turn about and a burst of speed stay: without their samples the way gets
    shorter, but no step was too long, or the step over them is too long by as much.
    """
    return _aside(time_s, *_flat(latitude_deg, longitude_deg))


def counter_spikes(time_s: Channel, counted_m: Channel) -> npt.NDArray[np.bool_]:
    """Which of n counts lie above or below the others, by the rule of `position_spikes`; all must be known.

    No step back is too long: a counter that was corrected goes on from there.
    """
    return _aside(time_s, counted_m, None)


def _aside(time_s: Channel, east_m: Channel, north_m: Channel | None) -> npt.NDArray[np.bool_]:
    spikes = np.zeros(len(time_s), dtype=bool)
    if len(time_s) < 3:
        return spikes
    step_m, lasted_s = _lines(east_m, north_m, 1), np.maximum(steps_of(time_s), SHORTEST_STEP_S)
    detours = _detours(east_m, north_m, step_m)
    if not detours.any():
        return spikes
    places = np.flatnonzero(detours)
    usual_m = np.zeros(len(step_m))
    is_even = np.count_nonzero(lasted_s == np.median(lasted_s)) >= MOST_EVEN_SHARE * len(lasted_s)
    usual_m[places] = _usual_mps(step_m / lasted_s, places) * (lasted_s[places] + (0.0 if is_even else ROUNDED_S))
    too_long_m = np.where(detours, np.maximum(step_m - usual_m, 0.0), 0.0)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], detours, [False]))))
    excess_m = running_sums(too_long_m)
    for first, last in edges.reshape(-1, 2).tolist():
        if excess_m[last] - excess_m[first] >= LEAST_GAIN_M:
            spikes[first : last + 1] = _left_out(
                east_m[first : last + 1].tolist(),
                None if north_m is None else north_m[first : last + 1].tolist(),
                usual_m[first:last].tolist(),
            )
    return spikes


def _detours(east_m: Channel, north_m: Channel | None, step_m: Channel) -> npt.NDArray[np.bool_]:
    """Which steps belong to a few over which the way is longer than the line by what a spike is worth."""
    reached_m, found = running_sums(step_m), np.zeros(len(step_m), dtype=bool)
    for across in range(2, min(MOST_ASIDE + 1, len(step_m)) + 1):
        way_m = reached_m[across:] - reached_m[:-across]
        firsts = np.flatnonzero(way_m - _lines(east_m, north_m, across) >= LEAST_GAIN_M)
        for step in range(across):
            found[firsts + step] = True
    return found


def _lines(east_m: Channel, north_m: Channel | None, across: int) -> Channel:
    """How far the sample that comes so many later lies from each."""
    east_m = east_m[across:] - east_m[:-across]
    return np.abs(east_m) if north_m is None else np.hypot(east_m, north_m[across:] - north_m[:-across])


def _usual_mps(speed_mps: Channel, places: npt.NDArray[np.intp]) -> Channel:
    """The highest usual speed among the steps round each of these."""
    around = places[:, None] + np.arange(-NEIGHBOURS, NEIGHBOURS + 1)
    # At an end, as many steps as elsewhere: the first or the last forty.
    around -= np.minimum(around[:, :1], 0)
    around -= np.maximum(around[:, -1:] - (len(speed_mps) - 1), 0)
    quartile, median = np.quantile(speed_mps[np.maximum(around, 0)], [0.25, 0.5], axis=1)
    usual: Channel = np.maximum(USUAL_RATIO * median, median + TIMES_SPREAD * (median - quartile))
    return usual


def _left_out(east_m: list[float], north_m: list[float] | None, usual_m: list[float]) -> list[bool]:
    """Which of n samples to leave out so that the steps between the others are too long by the least.

    The first and the last stay. `usual_m` is how long each of the n - 1 steps may be.
    """
    may_reach_m = [0.0]
    for each in usual_m:
        may_reach_m.append(may_reach_m[-1] + each)
    least_m, came_from = [0.0], [0]
    for here in range(1, len(east_m)):
        best_m, best = math.inf, here
        for before in range(max(0, here - MOST_ASIDE - 1), here):
            line_m = east_m[here] - east_m[before]
            if north_m is not None:
                line_m = math.hypot(line_m, north_m[here] - north_m[before])
            beyond_m = max(line_m - (may_reach_m[here] - may_reach_m[before]), 0.0)
            if beyond_m > LEAST_GAIN_M and here - before > 1:
                continue
            cost_m = least_m[before] + beyond_m + LEAST_GAIN_M * (here - before - 1)
            if cost_m <= best_m:  # of equals, the one that leaves out less
                best_m, best = cost_m, before
        least_m.append(best_m)
        came_from.append(best)
    left_out, here = [True] * len(east_m), len(east_m) - 1
    while here > 0:
        left_out[here] = False
        here = came_from[here]
    left_out[0] = False
    return left_out


def _flat(latitude_deg: Channel, longitude_deg: Channel) -> tuple[Channel, Channel]:
    """Metres east and north as on a plane, true from each position to those near it, over the antimeridian too."""
    latitude = np.radians(latitude_deg)
    east = np.radians((steps_of(longitude_deg) + 180.0) % 360.0 - 180.0) * np.cos(latitude[1:])
    return running_sums(east) * EARTH_RADIUS_M, latitude * EARTH_RADIUS_M
