"""Tracks drawn at one true scale, north up, without a map under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.geodesy import METRES_PER_DEGREE
from paceport.lazy_dataclass import dataclass
from paceport.maps.private_places import visible_pieces
from paceport.maps.thin_lines import ends_of_lines, seen_points
from paceport.training.history.run import Run
from paceport.training.metrics.polyline import decode_all

if TYPE_CHECKING:
    from paceport.maps.place import HiddenCircle
    from paceport.streams import Channel

    Track = tuple[Channel, Channel]

LONG_SIDE = 900.0
_MARGIN = 14.0
_DETAIL = 0.7  # of the box: what a reader could not see anyway
_NARROWEST, _WIDEST = 0.62, 1.9  # of a map: width over height
_FAR_M = 12_000.0  # a run whose middle is farther than this from where most are is somewhere else
_SMALLEST_M = 800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackMap:
    """SVG paths in a box of `width` by `height`, as (run id, path); `elsewhere` runs lie outside it.

    `scale_m` is a round length, `scale` as long in the box.
    """

    width: float
    height: float
    paths: tuple[tuple[int, str], ...]
    elsewhere: int
    scale_m: float
    scale: float


def decode_tracks(runs: Iterable[Run]) -> dict[int, Track]:
    """Latitude and longitude of each run that was somewhere, by its id; damaged ones are left out."""
    outside = [(run.id, run.polyline) for run in runs if run.polyline and not run.is_indoor]
    tracks = decode_all([polyline for _, polyline in outside])
    return {
        run_id: track
        for (run_id, _), track in zip(outside, tracks, strict=True)
        if track is not None and len(track[0]) > 1
    }


def visible_tracks(tracks: Mapping[int, Track], circles: Sequence[HiddenCircle]) -> dict[int, list[Track]]:
    """The pieces of each track outside the circles; a track of which nothing is left is left out."""
    found = {
        run_id: [(latitude[at], longitude[at]) for at in visible_pieces(latitude, longitude, circles)]
        for run_id, (latitude, longitude) in tracks.items()
    }
    return {run_id: pieces for run_id, pieces in found.items() if pieces}


def draw_tracks(tracks: Mapping[int, Sequence[Track]], *, long_side: float = LONG_SIDE) -> TrackMap | None:
    """All tracks, given in pieces, that lie where most of them do; None where there is none.

    The box is `long_side` wide or high: the smaller, the coarser and shorter are its paths.
    """
    if not tracks:
        return None
    middles = np.array([_middle(pieces) for pieces in tracks.values()])
    near = _near_most(middles)
    chosen = [one for one, is_near in zip(tracks.items(), near, strict=True) if is_near]
    latitude, longitude = float(np.median(middles[near, 0])), float(np.median(middles[near, 1]))
    across = METRES_PER_DEGREE * float(np.cos(np.radians(min(abs(latitude), 89.0))))
    flat = [(run_id, [_flat(one, latitude, longitude, across) for one in pieces]) for run_id, pieces in chosen]
    left, right = _extent([x for _, pieces in flat for x, _ in pieces])
    top, bottom = _extent([y for _, pieces in flat for _, y in pieces])
    left, right, top, bottom = _framed(left, right, top, bottom)
    per_m = (long_side - 2 * _MARGIN) / max(right - left, bottom - top)
    moved = [
        (run_id, (x - left) * per_m + _MARGIN, (y - top) * per_m + _MARGIN)
        for run_id, pieces in flat
        for x, y in pieces
    ]
    scale_m = _round_length((right - left) / 4)
    return TrackMap(
        width=round((right - left) * per_m + 2 * _MARGIN),
        height=round((bottom - top) * per_m + 2 * _MARGIN),
        paths=tuple(_paths(moved).items()),
        elsewhere=len(tracks) - len(chosen),
        scale_m=scale_m,
        scale=round(scale_m * per_m, 1),
    )


def _middle(pieces: Sequence[Track]) -> tuple[float, float]:
    points = [np.concatenate(part) if len(part) > 1 else part[0] for part in zip(*pieces, strict=True)]
    return float(points[0].mean()), float(points[1].mean())


def _flat(track: Track, latitude: float, longitude: float, across: float) -> Track:
    """Metres east and south of a point. A way across the date line is one way."""
    east = (track[1] - longitude + 540.0) % 360.0 - 180.0
    return east * across, (latitude - track[0]) * METRES_PER_DEGREE


def _near_most(middles: Channel) -> Channel:
    """Which of the middles lie round the one that has the most others near it."""
    shrunk = np.cos(np.radians(np.clip(np.abs(middles[:, :1]), 0.0, 89.0)))
    flat = np.concatenate((middles[:, :1], middles[:, 1:] * shrunk), axis=1) * METRES_PER_DEGREE
    sample = flat[:: max(1, len(flat) // 400)]
    counts = [(np.hypot(*(flat - middle).T) < _FAR_M).sum() for middle in sample]
    middle = sample[int(np.argmax(counts))]
    return np.asarray(np.hypot(*(flat - middle).T) < _FAR_M)


def _extent(values: Sequence[Channel]) -> tuple[float, float]:
    """From where to where nearly all tracks reach: one long way out must not make all others small."""
    lows, highs = np.array([one.min() for one in values]), np.array([one.max() for one in values])
    return float(np.quantile(lows, 0.02)), float(np.quantile(highs, 0.98))


def _framed(left: float, right: float, top: float, bottom: float) -> tuple[float, float, float, float]:
    """The box, not smaller than a park and neither a tower nor a ribbon."""
    middle, centre = (left + right) / 2, (top + bottom) / 2
    width, height = max(right - left, _SMALLEST_M), max(bottom - top, _SMALLEST_M)
    width, height = max(width, height * _NARROWEST), max(height, width / _WIDEST)
    return middle - width / 2, middle + width / 2, centre - height / 2, centre + height / 2


def _paths(lines: Sequence[tuple[int, Channel, Channel]]) -> dict[int, str]:
    """For each run one path through whole numbers, of all its lines; what stays where it is has none."""
    lengths = np.array([len(x) for _, x, _ in lines])
    points = np.rint(np.stack([np.concatenate([line[at] for line in lines]) for at in (1, 2)], axis=1)).astype(int)
    seen = seen_points(points, ends_of_lines(lengths), detail=_DETAIL)
    after = np.searchsorted(seen, np.cumsum(lengths))
    found: dict[int, str] = {}
    first = 0
    for (run_id, _, _), last in zip(lines, after.tolist(), strict=True):
        shown = points[seen[first:last]]
        first = last
        if np.ptp(shown, axis=0).any():
            steps = " ".join(f"{dx} {dy}" for dx, dy in np.diff(shown, axis=0).tolist())
            # A minus parts two numbers as well as a space does.
            found[run_id] = found.get(run_id, "") + f"M{shown[0][0]} {shown[0][1]}l{steps.replace(' -', '-')}"
    return found


def _round_length(rough_m: float) -> float:
    return next((step for step in (20000, 10000, 5000, 2000, 1000, 500, 200, 100) if step <= rough_m), 100)
