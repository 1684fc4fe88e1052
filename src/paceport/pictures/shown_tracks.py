"""Tracks as pictures show them: without private places, on the flat map of the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from paceport.maps.private_places import visible_pieces
from paceport.maps.web_mercator import project
from paceport.pictures.svg import line_through
from paceport.training.history.run import Run
from paceport.training.metrics.polyline import decode

if TYPE_CHECKING:
    from paceport.maps.place import HiddenCircle
    from paceport.streams import Channel

_SPECK = 2.5e-6  # about a hundred metres: all that is left of a run round a private place is not worth drawing
_SQUARES = 1024  # of the world: about 40 km wide each


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTrack:
    """A run and its pieces as (x, y) on a map of the world of width 1."""

    run: Run
    pieces: tuple[tuple[Channel, Channel], ...]

    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        x, y = (np.concatenate(parts) for parts in zip(*self.pieces, strict=True))
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def shown_tracks(runs: Sequence[Run], circles: Sequence[HiddenCircle]) -> list[ShownTrack]:
    """Those of the runs of which something is left to be shown, oldest first."""
    found = []
    for run in sorted(runs, key=lambda one: (one.start, one.id)):
        if run.polyline is None or run.is_indoor:
            continue
        try:
            latitude, longitude = decode(run.polyline)
        except ValueError:
            continue
        pieces = visible_pieces(latitude, longitude, circles)
        # A way across the date line is one way.
        turned = np.degrees(np.unwrap(np.radians(longitude)))
        if pieces:
            found.append(ShownTrack(run=run, pieces=tuple(project(latitude[at], turned[at]) for at in pieces)))
    return found


def fitted(track: ShownTrack, x: float, y: float, side: float) -> str:
    """The track's path in a square, at a scale of its own."""
    left, top, right, bottom = track.extent()
    room = side / max(right - left, bottom - top, 1e-7)
    move_x, move_y = x + side / 2 - room * (left + right) / 2, y + side / 2 - room * (top + bottom) / 2
    return "".join(line_through(one * room + move_x, two * room + move_y) for one, two in track.pieces)


def _size(track: ShownTrack) -> float:
    left, top, right, bottom = track.extent()
    return max(right - left, bottom - top)


def on_one_map(tracks: Sequence[ShownTrack], x: float, y: float, width: float, height: float) -> list[str]:
    """The paths of the tracks round where most of them are, at one scale, within a box; others are left out."""
    tracks = [track for track in tracks if _size(track) >= _SPECK]
    if not tracks:
        return []
    extents = np.array([track.extent() for track in tracks])
    middles = np.stack(((extents[:, 0] + extents[:, 2]) / 2, (extents[:, 1] + extents[:, 3]) / 2), axis=1) * _SQUARES
    squares, counts = np.unique(np.floor(middles), axis=0, return_counts=True)
    near = (np.abs(middles - squares[np.argmax(counts)] - 0.5) < 1.0).all(axis=1)
    left, top = np.quantile(extents[near, 0], 0.02), np.quantile(extents[near, 1], 0.02)
    right, bottom = np.quantile(extents[near, 2], 0.98), np.quantile(extents[near, 3], 0.98)
    room = min(width / max(right - left, 2e-5), height / max(bottom - top, 2e-5))
    move_x, move_y = x + width / 2 - room * (left + right) / 2, y + height / 2 - room * (top + bottom) / 2
    return [
        "".join(line_through(one * room + move_x, two * room + move_y) for one, two in track.pieces)
        for track, is_near in zip(tracks, near, strict=True)
        if is_near
    ]
