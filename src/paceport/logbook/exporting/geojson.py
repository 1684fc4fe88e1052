"""Tracks as GeoJSON: one file of lines for all runs."""

import json
import math
from collections.abc import Iterator

from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import ExportedRuns, Row
from paceport.logbook.exporting.positions import known_positions, runs_with_positions
from paceport.streams import Streams


def geojson_pieces(store: Store, runs: ExportedRuns, held: list[Row]) -> Iterator[bytes]:
    """One FeatureCollection (RFC 7946): a LineString for each run that has positions, its figures as properties."""
    yield b'{"type": "FeatureCollection", "features": ['
    for row, streams in runs_with_positions(store, runs.rows):
        separator = ",\n" if held else "\n"
        yield (separator + json.dumps(_feature(row, streams), ensure_ascii=False, allow_nan=False)).encode()
        held.append(row)
    yield b"\n]}\n"


def _feature(row: Row, streams: Streams) -> dict[str, object]:
    assert streams.latitude_deg is not None
    assert streams.longitude_deg is not None
    altitudes = streams.altitude_m
    line = []
    for at in known_positions(streams):
        point = [round(float(streams.longitude_deg[at]), 7), round(float(streams.latitude_deg[at]), 7)]
        if altitudes is not None and math.isfinite(altitudes[at]):
            point.append(round(float(altitudes[at]), 2))
        line.append(point)
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": {"type": "LineString", "coordinates": line},
        "properties": {name: value for name, value in row.items() if value is not None and name != "id"},
    }
