"""Saved routes as JSON, and one as a GPX or TCX file."""

from __future__ import annotations

from datetime import timedelta
from xml.etree.ElementTree import Element, SubElement, tostring  # it writes here and reads nothing

import numpy as np

from paceport.sandbox.athletes import polyline
from paceport.sandbox.athletes.geometry import along_track_m
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.saved_routes import SavedRoute
from paceport.sandbox.json.athlete import summary_athlete
from paceport.sandbox.json.clubs import map_urls
from paceport.sandbox.json.scalars import Json, utc_timestamp, zero_as_integer


def route(one: SavedRoute, person: Person, site: str, segments: list[Json] | None = None) -> Json:
    """A saved route; `segments` and the full polyline only where it stands alone (recorded)."""
    points = np.asarray(one.points)
    value: Json = {
        "athlete": summary_athlete(person, site),
        "description": one.description,
        "distance": one.distance_m,
        "elevation_gain": zero_as_integer(one.elevation_gain_m),
        "id": one.id,
        "id_str": str(one.id),
        "map": {
            "id": f"r{one.id}",
            **({} if segments is None else {"polyline": polyline.encode(points)}),
            "summary_polyline": polyline.encode(polyline.summary(points)),
            "resource_state": 2 if segments is None else 3,
        },
        "map_urls": map_urls(one.id, site),
        "name": one.name,
        "private": one.private,
        "resource_state": 2 if segments is None else 3,
        "starred": one.starred,
        "sub_type": one.sub_type,
        "type": one.type,
        "created_at": utc_timestamp(one.created_at),
        "updated_at": utc_timestamp(one.created_at),
        "timestamp": int(one.created_at.timestamp()),
        "estimated_moving_time": one.estimated_moving_time_s,
        "waypoints": [],
    }
    if segments is not None:
        value["segments"] = segments
    return value


def streams(one: SavedRoute) -> dict[str, Json]:
    """The three channels along a route."""
    points = np.asarray(one.points)
    channels: dict[str, list[object]] = {
        "latlng": points.tolist(),
        "distance": _distances(one).tolist(),
        "altitude": list(one.altitudes_m),
    }
    return {
        key: {"data": values, "series_type": "distance", "original_size": len(values), "resolution": "high"}
        for key, values in channels.items()
    }


def gpx(one: SavedRoute) -> bytes:
    """The route as a GPX 1.1 track without times."""
    root = Element("gpx", {"creator": "Strava sandbox", "version": "1.1", "xmlns": "http://www.topografix.com/GPX/1/1"})
    SubElement(SubElement(root, "metadata"), "name").text = one.name
    track = SubElement(root, "trk")
    SubElement(track, "name").text = one.name
    segment = SubElement(track, "trkseg")
    for (latitude, longitude), altitude in zip(one.points, one.altitudes_m, strict=True):
        point = SubElement(segment, "trkpt", {"lat": str(latitude), "lon": str(longitude)})
        SubElement(point, "ele").text = str(altitude)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def tcx(one: SavedRoute) -> bytes:
    """The route as a TCX course, run at the estimated speed."""
    root = Element("TrainingCenterDatabase", {"xmlns": "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"})
    course = SubElement(SubElement(root, "Courses"), "Course")
    SubElement(course, "Name").text = one.name[:15]
    lap = SubElement(course, "Lap")
    SubElement(lap, "TotalTimeSeconds").text = str(one.estimated_moving_time_s)
    SubElement(lap, "DistanceMeters").text = str(one.distance_m)
    _position(lap, "BeginPosition", one.points[0])
    _position(lap, "EndPosition", one.points[-1])
    SubElement(lap, "Intensity").text = "Active"
    track = SubElement(course, "Track")
    for place, altitude, distance_m in zip(one.points, one.altitudes_m, _distances(one).tolist(), strict=True):
        at = one.created_at + timedelta(seconds=round(one.estimated_moving_time_s * distance_m / one.distance_m))
        point = SubElement(track, "Trackpoint")
        SubElement(point, "Time").text = utc_timestamp(at)
        _position(point, "Position", place)
        SubElement(point, "AltitudeMeters").text = str(altitude)
        SubElement(point, "DistanceMeters").text = str(round(distance_m, 1))
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _distances(one: SavedRoute) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    along = along_track_m(np.asarray(one.points))
    return np.asarray(along * (one.distance_m / along[-1]))


def _position(parent: Element, name: str, place: tuple[float, float]) -> None:
    position = SubElement(parent, name)
    SubElement(position, "LatitudeDegrees").text = str(place[0])
    SubElement(position, "LongitudeDegrees").text = str(place[1])
