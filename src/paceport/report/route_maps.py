"""Small drawings of all routes, without a map; their ends are cut off because people live there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from paceport.geodesy import METRES_PER_DEGREE, cumulative_distance_m
from paceport.report.chart import Row, Table
from paceport.report.html_text import anchor_of, day_text, name_text
from paceport.report.page_values import Gallery
from paceport.training.history.run import Run
from paceport.training.metrics.polyline import decode, simplify
from paceport.units import Units

if TYPE_CHECKING:
    from paceport.streams import Channel

_SIDE, _MARGIN = 100, 6
_DETAIL = 1 / 80  # of the drawing's side: what a reader could not see anyway
_AT_ONCE = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDrawing:
    """One run's way as an SVG path in a square of 100 by 100, north is up, each at its own scale."""

    run: Run
    path: str


def route_drawings(runs: Iterable[Run], *, trim_m: float) -> list[RouteDrawing]:
    """The shapes of all runs with a track, newest first. `trim_m` is cut from both ends, measured along the way.

    A run that is not longer than what is cut has no shape, and neither has one on a treadmill.
    """
    found = []
    for run in sorted(runs, key=lambda one: one.start, reverse=True):
        if run.polyline is None or run.is_indoor:
            continue
        try:
            latitude, longitude = decode(run.polyline)
        except ValueError:
            continue
        latitude, longitude = trim_ends(latitude, longitude, trim_m)
        path = _path(latitude, longitude)
        if path:
            found.append(RouteDrawing(run=run, path=path))
    return found


def trim_ends(latitude: Channel, longitude: Channel, trim_m: float) -> tuple[Channel, Channel]:
    """The track without its first and last `trim_m`, ends interpolated; empty if nothing is left."""
    if trim_m <= 0 or len(latitude) < 2:
        return latitude, longitude
    way_m = cumulative_distance_m(latitude, longitude)
    end_m = float(way_m[-1]) - trim_m
    if not end_m > trim_m:
        return latitude[:0], longitude[:0]
    inside = (way_m > trim_m) & (way_m < end_m)
    at_m = np.concatenate(([trim_m], way_m[inside], [end_m]))
    return np.interp(at_m, way_m, latitude), np.interp(at_m, way_m, longitude)


def _path(latitude: Channel, longitude: Channel) -> str:
    if len(latitude) < 2:
        return ""
    middle = float(np.cos(np.radians(np.clip(latitude.mean(), -89.0, 89.0))))
    # A way across the date line is one way.
    longitude = np.degrees(np.unwrap(np.radians(longitude)))
    size_deg = max(float(np.ptp(latitude)), float(np.ptp(longitude)) * middle)
    if not size_deg > 0:
        return ""
    latitude, longitude = simplify(latitude, longitude, tolerance_m=size_deg * METRES_PER_DEGREE * _DETAIL)
    room = (_SIDE - 2 * _MARGIN) / size_deg
    x = (longitude - (longitude.max() + longitude.min()) / 2) * middle * room + _SIDE / 2
    y = _SIDE / 2 - (latitude - (latitude.max() + latitude.min()) / 2) * room
    points = np.rint(np.stack((x, y), axis=1)).astype(int)
    steps = np.diff(points, axis=0).tolist()
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{dx} {dy}" for dx, dy in steps if dx or dy)


def galleries(runs: Iterable[Run], *, trim_m: float, units: Units) -> tuple[Gallery, ...]:
    """All routes, newest first: the newest ones in a gallery that is seen at once, the others in a second one."""
    drawn = route_drawings(runs, trim_m=trim_m)
    cut = f" The first and last {trim_m:,.0f} m of each are left out." if trim_m > 0 else ""
    how = f"north is up, each at its own scale.{cut}"
    first, rest = drawn[:_AT_ONCE], drawn[_AT_ONCE:]
    found = []
    if first:
        count = f"The newest {len(first):,} of {len(drawn):,}" if rest else f"{len(drawn):,}"
        found.append(_gallery("Routes", f"{count} runs with a track, {how}", first, units))
    if rest:
        found.append(_gallery(f"The other {len(rest):,} routes", f"Newest first, {how}", rest, units))
    return tuple(found)


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
        table=Table(headings=("Day", "run", units.name, f"min/{units.name}"), rows=tuple(rows), text_columns=2),
    )
