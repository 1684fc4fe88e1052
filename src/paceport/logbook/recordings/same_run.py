"""When two activities are one run (docs/metrics.md#one-run); pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from paceport.geodesy import METRES_PER_DEGREE
from paceport.lazy_dataclass import dataclass
from paceport.sports import RUN_SPORTS

if TYPE_CHECKING:
    from paceport.streams import Channel, Streams

LEAST_OVERLAP = 0.8
MOST_APART_M = 50.0
MOST_OTHER_DISTANCE = 0.05
# Enough points for a median; a comparison then takes about a millisecond.
_POINTS, _LINE_POINTS = 100, 1000
_FEWEST_POSITIONS = 10
_SAME_TIME_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An activity as far as it is compared: when it was, and how long by each account of it.

    `start_s` is in epoch seconds, `duration_s` from start to end. `distances_m` are the total as shown (perhaps
    corrected on the web) and the device's own. `is_sport_open`: its file does not say the sport. `doubts` counts the
    samples of each channel that were repaired.
    """

    id: int
    is_own: bool
    is_from_export: bool
    sport: str
    is_sport_open: bool
    start_s: float
    duration_s: float
    distances_m: tuple[float, ...]
    samples: int
    doubts: Mapping[str, int]
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
            if _may_be_one_sport(first, second) and overlap_ratio(first, second) >= LEAST_OVERLAP:
                yield first, second


def overlap_ratio(first: Recorded, second: Recorded) -> float:
    """How much of the shorter of the two the other one covers, 0 to 1; 0 where a duration is not known."""
    shorter_s = min(first.duration_s, second.duration_s)
    together_s = min(first.end_s, second.end_s) - max(first.start_s, second.start_s)
    return max(0.0, together_s / shorter_s) if shorter_s > 0 else 0.0


def is_same_run(first: Recorded, second: Recorded, tracks: tuple[Streams | None, Streams | None]) -> bool:
    """Whether two activities at one time are one run: by their tracks, else by their distances, else to the second.

    Only tracks tell it where a sport that was guessed is not that of the other.
    """
    lines = [_positions(track) for track in tracks]
    if lines[0] is None or lines[1] is None:
        same_length = is_same_distance(first, second) or _is_same_time(first, second)
        return _is_one_sport(first.sport, second.sport) and same_length
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


def _is_same_time(first: Recorded, second: Recorded) -> bool:
    """Whether they begin and end together: then a distance was corrected, or measured otherwise."""
    return abs(first.start_s - second.start_s) <= _SAME_TIME_S and abs(first.end_s - second.end_s) <= _SAME_TIME_S


def median_apart_m(points: tuple[Channel, Channel], line: tuple[Channel, Channel]) -> float:
    """The median distance in metres of points from a line, both as latitudes and longitudes in degrees.

    Clocks of two devices differ by up to a minute, so that places are compared and not moments.
    """
    here, there = _thinned(points, _POINTS), _thinned(line, _LINE_POINTS)
    x_scale = METRES_PER_DEGREE * float(np.cos(np.radians(np.mean(here[0]))))
    x, y = _metres(here, there, x_scale)
    line_x, line_y = _metres(there, there, x_scale)
    step_x, step_y = np.diff(line_x), np.diff(line_y)
    to_x, to_y = x[:, None] - line_x[None, :-1], y[:, None] - line_y[None, :-1]
    along = to_x * step_x
    along += to_y * step_y
    along /= np.maximum(step_x**2 + step_y**2, np.float32(1e-6))
    np.clip(along, 0.0, 1.0, out=along)
    to_x -= along * step_x
    to_y -= along * step_y
    to_x *= to_x
    to_y *= to_y
    to_x += to_y
    return float(np.median(np.sqrt(to_x.min(axis=1))))


def _metres(
    places: tuple[Channel, Channel], beside: tuple[Channel, Channel], x_scale: float
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """East and north of the first place of `beside`. Single precision is a centimetre there, and twice as fast."""
    east, north = (places[1] - beside[1][0]) * x_scale, (places[0] - beside[0][0]) * METRES_PER_DEGREE
    return east.astype(np.float32), north.astype(np.float32)


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


def _may_be_one_sport(first: Recorded, second: Recorded) -> bool:
    return first.is_sport_open or second.is_sport_open or _is_one_sport(first.sport, second.sport)


def _is_one_sport(first: str, second: str) -> bool:
    return first == second or (first in RUN_SPORTS and second in RUN_SPORTS)
