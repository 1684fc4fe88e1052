"""Small drawings of routes, without a map and without the places where the athlete lives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.lazy_dataclass import dataclass
from paceport.maps.private_places import visible_pieces
from paceport.maps.thin_lines import ends_of_lines, seen_points
from paceport.report.chart import Row, Table
from paceport.report.html_text import anchor_of, day_text, name_text
from paceport.report.page_values import Gallery
from paceport.training.history.run import Run
from paceport.training.metrics.polyline import decode
from paceport.units import Units

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.maps.place import HiddenCircle
    from paceport.streams import Channel

_SIDE, _MARGIN = 100, 6
_DETAIL = 0.7  # of the hundred of a side: what a reader could not see anyway
_AT_MOST = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDrawing:
    """One run's way as an SVG path in a square of 100 by 100, north is up, each at its own scale."""

    run: Run
    path: str


def route_drawings(runs: Iterable[Run], *, circles: Sequence[HiddenCircle] = ()) -> list[RouteDrawing]:
    """The shapes of all runs with a track, newest first, without what lies within the circles.

    A run of which nothing is left has no shape, and neither has one on a treadmill.
    """
    found = []
    for run in sorted(runs, key=lambda one: one.start, reverse=True):
        if run.polyline is None or run.is_indoor:
            continue
        try:
            latitude, longitude = decode(run.polyline)
        except ValueError:
            continue
        path = _path([(latitude[at], longitude[at]) for at in visible_pieces(latitude, longitude, circles)])
        if path:
            found.append(RouteDrawing(run=run, path=path))
    return found


def _path(pieces: Sequence[tuple[Channel, Channel]]) -> str:
    if not pieces:
        return ""
    every_latitude = np.concatenate([latitude for latitude, _ in pieces])
    # A way across the date line is one way.
    every_longitude = np.degrees(np.unwrap(np.radians(np.concatenate([longitude for _, longitude in pieces]))))
    middle = float(np.cos(np.radians(np.clip(every_latitude.mean(), -89.0, 89.0))))
    size_deg = max(float(np.ptp(every_latitude)), float(np.ptp(every_longitude)) * middle)
    if not size_deg > 0:
        return ""
    room = (_SIDE - 2 * _MARGIN) / size_deg
    found, first = [], 0
    for latitude, _ in pieces:
        part = every_longitude[first : first + len(latitude)]
        first += len(latitude)
        x = (part - (every_longitude.max() + every_longitude.min()) / 2) * middle * room + _SIDE / 2
        y = _SIDE / 2 - (latitude - (every_latitude.max() + every_latitude.min()) / 2) * room
        found.append(_piece(np.rint(np.stack((x, y), axis=1)).astype(int)))
    return "".join(found)


def _piece(points: npt.NDArray[np.int_]) -> str:
    """A path through whole numbers, without points on the line between their neighbours."""
    points = points[seen_points(points, ends_of_lines(np.array([len(points)])), detail=_DETAIL)]
    steps = np.diff(points, axis=0).tolist()
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{dx} {dy}" for dx, dy in steps)


def shapes_gallery(runs: Iterable[Run], *, circles: Sequence[HiddenCircle] = (), units: Units) -> Gallery | None:
    """The shapes of the newest runs with a track; the map has all of them. None without any."""
    outside = sorted((run for run in runs if run.polyline and not run.is_indoor), key=lambda one: one.start)
    drawn = route_drawings(outside[-_AT_MOST:], circles=circles)
    if not drawn:
        return None
    count = f"The newest {len(drawn):,}" if len(outside) > _AT_MOST else f"{len(drawn):,}"
    cut = " Parts near places where many runs begin or end are left out." if circles else ""
    return _gallery("Shapes", f"{count} runs with a track, north is up, each at its own scale.{cut}", drawn, units)


def _gallery(title: str, says: str, drawn: list[RouteDrawing], units: Units) -> Gallery:
    rows = []
    for shape in drawn:
        run = shape.run
        cells = (day_text(run.day), name_text(run.name), units.distance(run.distance_m, 1), units.pace(run.speed_mps))
        rows.append(Row(cells=cells, anchor=anchor_of(run.id)))
    return Gallery(
        title=title,
        summary=says,
        paths=tuple(shape.path for shape in drawn),
        table=Table(headings=("Day", "run", units.name, units.pace_unit), rows=tuple(rows), text_columns=2),
    )
