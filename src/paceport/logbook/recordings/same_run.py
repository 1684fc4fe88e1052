"""When two activities are one run (docs/metrics.md#one-run); pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from paceport.geodesy import METRES_PER_DEGREE
from paceport.sports import RUN_SPORTS

if TYPE_CHECKING:
    from paceport.streams import Channel, Streams

LEAST_OVERLAP = 0.8
MOST_APART_M = 50.0
MOST_OTHER_DISTANCE = 0.05
# Enough points for a median; a comparison then takes about a millisecond.
_POINTS, _LINE_POINTS = 100, 1000
_FEWEST_POSITIONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An activity as far as it is compared: when it was, and how long by each account of it.

    `start_s` is in epoch seconds, `duration_s` from start to end. `distances_m` are the total as shown (perhaps
    corrected on the web) and the device's own.
    """

    id: int
    is_own: bool
    is_from_export: bool
    sport: str
    start_s: float
    duration_s: float
    distances_m: tuple[float, ...]
    samples: int
    doubts: int
    content: str

    @property
    def end_s(self) -> float:
        """When it ended, in epoch seconds."""
        return self.start_s + self.duration_s


def pairs_at_one_time(activities: Sequence[Recorded]) -> Iterator[tuple[Recorded, Recorded]]:
    """The pairs that overlap enough and are of one sport, whatever their tracks say."""
    ordered = sorted(activities, key=lambda one: (one.start_s, one.id))
    for at, first in enumerate(ordered):
        for second in ordered[at + 1 :]:
            if second.start_s >= first.end_s:
                break
            if _is_one_sport(first.sport, second.sport) and overlap_ratio(first, second) >= LEAST_OVERLAP:
                yield first, second


def overlap_ratio(first: Recorded, second: Recorded) -> float:
    """How much of the shorter of the two the other one covers, 0 to 1; 0 where a duration is not known."""
    shorter_s = min(first.duration_s, second.duration_s)
    together_s = min(first.end_s, second.end_s) - max(first.start_s, second.start_s)
    return max(0.0, together_s / shorter_s) if shorter_s > 0 else 0.0


def is_same_run(first: Recorded, second: Recorded, tracks: tuple[Streams | None, Streams | None]) -> bool:
    """Whether two activities at one time are one run: by their tracks, else by their distances."""
    lines = [_positions(track) for track in tracks]
    if lines[0] is None or lines[1] is None:
        return is_same_distance(first, second)
    shorter, longer = (lines[0], lines[1]) if first.duration_s <= second.duration_s else (lines[1], lines[0])
    return median_apart_m(shorter, longer) <= MOST_APART_M


def is_same_distance(first: Recorded, second: Recorded) -> bool:
    """Whether any account of the one's distance is within 5 % of any of the other's."""
    return any(
        abs(one - other) <= MOST_OTHER_DISTANCE * max(one, other)
        for one in first.distances_m
        for other in second.distances_m
        if one > 0 and other > 0
    )


def median_apart_m(points: tuple[Channel, Channel], line: tuple[Channel, Channel]) -> float:
    """The median distance in metres of points from a line, both as latitudes and longitudes in degrees.

    Clocks of two devices differ by up to a minute, so that places are compared and not moments.
    """
    here, there = _thinned(points, _POINTS), _thinned(line, _LINE_POINTS)
    x_scale = METRES_PER_DEGREE * float(np.cos(np.radians(np.mean(here[0]))))
    x, y = (here[1] - there[1][0]) * x_scale, (here[0] - there[0][0]) * METRES_PER_DEGREE
    line_x, line_y = (there[1] - there[1][0]) * x_scale, (there[0] - there[0][0]) * METRES_PER_DEGREE
    step_x, step_y = np.diff(line_x), np.diff(line_y)
    to_x, to_y = x[:, None] - line_x[None, :-1], y[:, None] - line_y[None, :-1]
    squared = np.maximum(step_x**2 + step_y**2, 1e-9)
    along = np.clip((to_x * step_x + to_y * step_y) / squared, 0.0, 1.0)
    apart = np.hypot(to_x - along * step_x, to_y - along * step_y)
    return float(np.median(apart.min(axis=1)))


def _positions(track: Streams | None) -> tuple[Channel, Channel] | None:
    if track is None or track.latitude_deg is None or track.longitude_deg is None:
        return None
    known = np.isfinite(track.latitude_deg) & np.isfinite(track.longitude_deg)
    if np.count_nonzero(known) < _FEWEST_POSITIONS:
        return None
    return track.latitude_deg[known], track.longitude_deg[known]


def _thinned(line: tuple[Channel, Channel], most: int) -> tuple[Channel, Channel]:
    places = np.unique(np.linspace(0, len(line[0]) - 1, most).astype(int))
    return line[0][places], line[1][places]


def _is_one_sport(first: str, second: str) -> bool:
    return first == second or (first in RUN_SPORTS and second in RUN_SPORTS)
