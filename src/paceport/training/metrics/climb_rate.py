"""Climb rate: metres an hour over the rises of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.elevation import ElevationProfile, elevation_profile
from paceport.training.metrics.grid_places import GridPlaces

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

LEAST_RISE_M = 30.0
_ENDS_AFTER_FALL_M = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """One rise: from its lowest point to its highest, on the time axis of the streams. Pauses count."""

    start_s: float
    end_s: float
    rise_m: float


def run_climbs(course: DistanceTrack, altitude_m: Channel | None, *, barometric: bool | None) -> list[Climb]:
    """The rises of 30 m and more of a run, from its smoothed altitude; empty where the altitude is not known.

    `altitude_m` is aligned with the course. None lies across a gap. Source: docs/metrics.md#climb-rate.
    """
    along = elevation_profile(course, altitude_m, barometric=barometric)
    return [] if along is None else profile_climbs(course, along)


def profile_climbs(course: DistanceTrack, along: ElevationProfile, places: GridPlaces | None = None) -> list[Climb]:
    """The same from the run's smoothed altitude; `places` are the course's points on its grid, where they are known."""
    if np.ptp(along.altitude_m) < LEAST_RISE_M:
        return []
    on_grid = GridPlaces(course.distance_m, along.distance_m) if places is None else places
    height_m = on_grid.of(along.altitude_m)
    breaks = [] if course.gaps is None else (np.flatnonzero(course.gaps) + 1).tolist()
    edges = [0, *breaks, len(height_m)]
    found: list[Climb] = []
    for first, end in pairwise(edges):
        turns = first + _turning_points(height_m[first:end])
        found += climbs(course.time_s[turns].tolist(), height_m[turns].tolist())
    return found


def _turning_points(height_m: Channel) -> npt.NDArray[np.intp]:
    """Where the altitude changes its direction, and both ends: between them nothing can be highest or lowest."""
    direction = np.sign(steps_of(height_m))
    turns = np.flatnonzero(np.diff(direction)) + 1
    ends = [len(height_m) - 1] if len(height_m) > 1 else []
    return np.concatenate(([0], turns, ends)).astype(np.intp) if len(height_m) else np.zeros(0, dtype=np.intp)


def climbs(time_s: Sequence[float], altitude_m: Sequence[float]) -> list[Climb]:
    """The rises of 30 m and more. A rise ends at its highest point once the way falls 10 m below it.

    It begins at the last of its lowest points, so that a flat approach is not part of it.
    """
    found: list[Climb] = []
    if not time_s:
        return found
    bottom = top = 0
    for place, height_m in enumerate(altitude_m):
        if altitude_m[top] - height_m >= _ENDS_AFTER_FALL_M:
            found += _climb(time_s, altitude_m, bottom, top)
            bottom = top = place
        elif height_m <= altitude_m[bottom]:
            bottom = top = place
        elif height_m > altitude_m[top]:
            top = place
    return found + _climb(time_s, altitude_m, bottom, top)


def mean_rate_m_per_h(rises: Iterable[Climb]) -> float | None:
    """Metres of rise over the hours of all rises; None without a rise."""
    counted = list(rises)
    seconds = sum(one.end_s - one.start_s for one in counted)
    return 3600.0 * sum(one.rise_m for one in counted) / seconds if seconds > 0 else None


def _climb(time_s: Sequence[float], altitude_m: Sequence[float], bottom: int, top: int) -> list[Climb]:
    rise_m = altitude_m[top] - altitude_m[bottom]
    return [Climb(start_s=time_s[bottom], end_s=time_s[top], rise_m=rise_m)] if rise_m >= LEAST_RISE_M else []
