"""Tracks as GeoJSON: one file of lines for all runs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import ExportedRuns, Row
from paceport.logbook.exporting.positions import known_positions, runs_with_positions
from paceport.maps.place import HiddenCircle
from paceport.maps.private_places import visible_pieces
from paceport.streams import Streams

if TYPE_CHECKING:
    from paceport.streams import Channel


def geojson_pieces(store: Store, runs: ExportedRuns, held: list[Row]) -> Iterator[bytes]:
    """One FeatureCollection (RFC 7946): a feature for each run that has positions, its figures as properties.

    It is a LineString, and a MultiLineString where private places are left out of it or where it crosses the
    antimeridian: there it is cut (section 3.1.9), with a point on either side of the line.
    """
    yield b'{"type": "FeatureCollection", "features": ['
    for row, streams in runs_with_positions(store, runs.rows, runs.circles):
        separator = ",\n" if held else "\n"
        yield (
            separator + json.dumps(_feature(row, streams, runs.circles), ensure_ascii=False, allow_nan=False)
        ).encode()
        held.append(row)
    yield b"\n]}\n"


def _feature(row: Row, streams: Streams, circles: Sequence[HiddenCircle]) -> dict[str, object]:
    known = known_positions(streams)
    points = _points(streams, known)
    lines = [points]
    if circles and streams.latitude_deg is not None and streams.longitude_deg is not None:
        shown = visible_pieces(streams.latitude_deg[known], streams.longitude_deg[known], circles)
        lines = [points[piece[0] : piece[-1] + 1] for piece in shown]
    lines = [part for line in lines for part in cut_at_antimeridian(line)]
    geometry = {"type": "LineString", "coordinates": lines[0]} if len(lines) == 1 else {}
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": geometry or {"type": "MultiLineString", "coordinates": lines},
        "properties": {name: value for name, value in row.items() if value is not None and name != "id"},
    }


def cut_at_antimeridian(line: list[list[float]]) -> list[list[list[float]]]:
    """The line in parts none of which crosses 180 degrees; points are longitude, latitude and perhaps altitude."""
    parts, begun = [], 0
    start: list[list[float]] = []
    for at, (before, after) in enumerate(pairwise(line), 1):
        if abs(after[0] - before[0]) <= 180.0:
            continue
        side = math.copysign(180.0, before[0])
        share = (side - before[0]) / (after[0] + 2 * side - before[0])
        heights = zip(before[1:], after[1:], strict=False)
        crossing = [
            round(one + share * (other - one), digits) for (one, other), digits in zip(heights, (7, 2), strict=False)
        ]
        parts.append([*start, *line[begun:at], *([[side, *crossing]] if before[0] != side else [])])
        start, begun = [[-side, *crossing]] if after[0] != -side else [], at
    parts.append([*start, *line[begun:]])
    return [part for part in parts if len(part) > 1]


def _points(streams: Streams, known: list[int]) -> list[list[float]]:
    assert streams.latitude_deg is not None
    assert streams.longitude_deg is not None
    parts = [np.round(streams.longitude_deg[known], 7), np.round(streams.latitude_deg[known], 7)]
    if streams.altitude_m is None:
        return _rows(parts)
    altitudes = np.round(streams.altitude_m[known], 2)
    points = _rows([*parts, altitudes])
    if not np.isfinite(altitudes).all():
        return [point if math.isfinite(point[2]) else point[:2] for point in points]
    return points


def _rows(parts: list[Channel]) -> list[list[float]]:
    found: list[list[float]] = np.column_stack(parts).tolist()
    return found
