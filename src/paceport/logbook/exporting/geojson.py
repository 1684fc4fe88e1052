"""Tracks as GeoJSON: one file of lines for all runs."""

import json
import math
from collections.abc import Iterator, Sequence

from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import ExportedRuns, Row
from paceport.logbook.exporting.positions import known_positions, runs_with_positions
from paceport.maps.place import HiddenCircle
from paceport.maps.private_places import visible_pieces
from paceport.streams import Streams


def geojson_pieces(store: Store, runs: ExportedRuns, held: list[Row]) -> Iterator[bytes]:
    """One FeatureCollection (RFC 7946): a feature for each run that has positions, its figures as properties.

    It is a LineString, and a MultiLineString where private places are left out of it.
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
    pieces = [known]
    if circles and streams.latitude_deg is not None and streams.longitude_deg is not None:
        shown = visible_pieces(streams.latitude_deg[known], streams.longitude_deg[known], circles)
        pieces = [[known[at] for at in piece] for piece in shown]
    lines = [[_point(streams, at) for at in piece] for piece in pieces]
    geometry = {"type": "LineString", "coordinates": lines[0]} if len(lines) == 1 else {}
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": geometry or {"type": "MultiLineString", "coordinates": lines},
        "properties": {name: value for name, value in row.items() if value is not None and name != "id"},
    }


def _point(streams: Streams, at: int) -> list[float]:
    assert streams.latitude_deg is not None
    assert streams.longitude_deg is not None
    point = [round(float(streams.longitude_deg[at]), 7), round(float(streams.latitude_deg[at]), 7)]
    altitudes = streams.altitude_m
    if altitudes is not None and math.isfinite(altitudes[at]):
        point.append(round(float(altitudes[at]), 2))
    return point
