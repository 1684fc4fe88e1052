"""Tracks as GeoJSON: one file of lines for all runs."""

import json
import math
from pathlib import Path

from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import (
    ExportReport,
    Row,
    check_new_destination,
    exported_runs,
    record_export,
    translate_write_errors,
)
from paceport.logbook.exporting.positions import known_positions, runs_with_positions
from paceport.streams import Streams


def export_geojson(store: Store, place: Path, *, include_cached: bool = False) -> ExportReport:
    """One FeatureCollection (RFC 7946): a LineString for each run that has positions, its figures as properties.

    Raises UsageError if `place` exists.
    """
    rows = exported_runs(store, include_cached=include_cached)
    check_new_destination(place)
    held: list[Row] = []
    with translate_write_errors(place), place.open("x", encoding="utf-8") as stream:
        stream.write('{"type": "FeatureCollection", "features": [')
        for row, streams in runs_with_positions(store, rows):
            stream.write(",\n" if held else "\n")
            stream.write(json.dumps(_feature(row, streams), ensure_ascii=False, allow_nan=False))
            held.append(row)
        stream.write("\n]}\n")
    return record_export(store, place, [place], held, left_out=len(rows) - len(held))


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
