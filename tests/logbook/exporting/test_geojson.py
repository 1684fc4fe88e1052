"""GeoJSON by the standard: RFC 7946, and the same bytes as release 0.1.0 wrote wherever nothing has changed."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.gpx_writer import write_gpx
from makers.track_point import TrackPoint
from paceport.clock import ManualClock
from paceport.formats.stream_codec import decode_streams, encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.logbook.exporting.document import export_file
from paceport.logbook.exporting.geojson import cut_at_antimeridian
from paceport.logbook.importing.import_paths import import_paths
from paceport.streams import Streams

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def exported(store: Store, folder: Path, places: Sequence[tuple[float, float, float | None]]) -> dict[str, Any]:
    """The GeoJSON of one recording of these places (longitude, latitude, altitude), a point every ten seconds."""
    points = [
        TrackPoint(
            time=START.replace(minute=at // 6, second=at % 6 * 10), position=(f"{lat}", f"{lon}"), altitude_m=altitude
        )
        for at, (lon, lat, altitude) in enumerate(places)
    ]
    (folder / "run.gpx").write_bytes(write_gpx(points, kind="running"))
    import_paths([folder / "run.gpx"], store=store, clock=ManualClock(START.replace(year=2027)))
    export_file(store, "geojson", folder / "out.geojson")
    found: dict[str, Any] = json.loads((folder / "out.geojson").read_text(encoding="utf-8"))
    return found


def lines_of(geometry: dict[str, Any]) -> list[list[list[float]]]:
    coordinates: Any = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "LineString" else coordinates


def faults(collection: dict[str, Any]) -> list[str]:
    """What RFC 7946 does not allow in a collection of lines."""
    found = [f"unknown member {name}" for name in collection if name not in ("type", "features")]
    found += [] if collection["type"] == "FeatureCollection" else ["no FeatureCollection"]
    for feature in collection["features"]:
        if set(feature) != {"type", "id", "geometry", "properties"} or feature["type"] != "Feature":
            found.append("no feature with all its members and no other, such as crs (section 4)")
        if not isinstance(feature["id"], int | str) or not isinstance(feature["properties"], dict):
            found.append("an id or properties of another type")
        for line in lines_of(feature["geometry"]):
            if len(line) < 2:
                found.append("a line of less than two positions")
            for lon, lat, *height in line:
                if not (-180 <= lon <= 180 and -90 <= lat <= 90 and len(height) < 2):
                    found.append(f"{lon}, {lat} is no position of longitude and latitude")
            if any(abs(after[0] - before[0]) > 180 for before, after in pairwise(line)):
                found.append("a line across the antimeridian (section 3.1.9)")
    return found


def test_a_track_reads_back_and_is_valid(store: Store, tmp_path: Path) -> None:
    places = [(11.5 + at / 3000, 48.1 + at / 4000, 500.0 + at) for at in range(60)]

    collection = exported(store, tmp_path, places)

    assert faults(collection) == []
    (feature,) = collection["features"]
    assert feature["geometry"]["type"] == "LineString"
    assert np.array(feature["geometry"]["coordinates"]) == pytest.approx(np.array(places), abs=1e-6)


@pytest.mark.parametrize("sign", [1, -1], ids=["eastward", "westward"])
def test_a_track_across_the_antimeridian_is_cut_there_and_reads_back(store: Store, tmp_path: Path, sign: int) -> None:
    way = [179.99 + at / 3000 for at in range(60)]
    places = [
        (round(sign * (lon if lon < 180 else lon - 360), 6), round(-17.0 + at / 4000, 6), 10.0)
        for at, lon in enumerate(way)
    ]

    collection = exported(store, tmp_path, places)

    assert faults(collection) == []
    (feature,) = collection["features"]
    east, west = lines_of(feature["geometry"])
    assert (east[-1][0], west[0][0]) == (180 * sign, -180 * sign)
    assert east[-1][1:] == west[0][1:]
    joined = [point for point in [*east, *west] if abs(point[0]) != 180]
    assert np.array(joined) == pytest.approx(np.array([place for place in places if abs(place[0]) != 180]), abs=1e-6)


@given(
    st.lists(
        st.tuples(st.integers(-1800, 1800), st.integers(-90, 90)).map(lambda one: [one[0] / 10, float(one[1])]),
        min_size=2,
        max_size=12,
    )
)
@settings(max_examples=100, deadline=None)
def test_no_part_crosses_the_antimeridian_and_no_point_is_lost(line: list[list[float]]) -> None:
    parts = cut_at_antimeridian(line)

    assert all(abs(after[0] - before[0]) <= 180 for part in parts for before, after in pairwise(part))
    assert all(len(part) > 1 for part in parts)
    kept = [point for part in parts for point in part if abs(point[0]) < 180]
    assert kept == [point for point in line if abs(point[0]) < 180]


def as_0_1_0_wrote(streams: Streams) -> list[list[float]]:
    """The coordinates of a track as release 0.1.0 made them, one value at a time."""
    assert streams.latitude_deg is not None
    assert streams.longitude_deg is not None
    points = []
    for at in range(len(streams.latitude_deg)):
        if math.isfinite(streams.latitude_deg[at]) and math.isfinite(streams.longitude_deg[at]):
            point = [round(float(streams.longitude_deg[at]), 7), round(float(streams.latitude_deg[at]), 7)]
            if streams.altitude_m is not None and math.isfinite(streams.altitude_m[at]):
                point.append(round(float(streams.altitude_m[at]), 2))
            points.append(point)
    return points


@pytest.mark.parametrize("grid_deg", [1e-6, 1e-7, 180 / 2**31], ids=["six digits", "seven digits", "half circles"])
@pytest.mark.parametrize("has_gaps", [False, True])
def test_a_track_has_the_bytes_that_release_0_1_0_wrote(
    tmp_path: Path, store: Store, grid_deg: float, has_gaps: bool
) -> None:
    rng = np.random.default_rng(7)
    count = 2000
    walk = np.cumsum(rng.integers(-30, 31, (2, count)), axis=1)
    latitude, longitude = (np.round(at / grid_deg + way) * grid_deg for at, way in zip((48.1, 11.5), walk, strict=True))
    altitude = np.round(rng.uniform(-400, 4000, count), 1)
    if has_gaps:
        latitude[::50], longitude[::50], altitude[::7] = np.nan, np.nan, np.nan
    streams = Streams(
        time_s=np.arange(float(count)), latitude_deg=latitude, longitude_deg=longitude, altitude_m=altitude
    )
    blocks = encode_streams(streams)
    made = ActivityRecord(id=5, source="archive", sport="Run", start=START, content="c", samples=count)
    store.own.save(made, ImportSource(), EncodedTrack(blocks=blocks))

    export_file(store, "geojson", tmp_path / "out.geojson")

    wanted = {"type": "LineString", "coordinates": as_0_1_0_wrote(decode_streams(blocks))}
    assert f'"geometry": {json.dumps(wanted)}, "properties"'.encode() in (tmp_path / "out.geojson").read_bytes()
