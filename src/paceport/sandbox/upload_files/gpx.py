"""GPX 1.1 with the extensions of Garmin and Cluetrust and the plain tags, read by gpxpy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import gpxpy
import gpxpy.gpx
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from paceport.sandbox.upload_files.file_content import MALFORMED, FileContent, Sample, UnreadableFile

_TAGS = {
    "hr": "heartrate_bpm",
    "heartrate": "heartrate_bpm",
    "cad": "cadence_rpm",
    "cadence": "cadence_rpm",
    "power": "watts",
    "watts": "watts",
    "atemp": "temp_c",
    "temp": "temp_c",
    "distance": "distance_m",
}
# Number codes are what Strava's own app writes.
_SPORTS = {
    "1": "Ride",
    "cycling": "Ride",
    "biking": "Ride",
    "ride": "Ride",
    "4": "Hike",
    "hiking": "Hike",
    "hike": "Hike",
    "9": "Run",
    "running": "Run",
    "run": "Run",
    "trail_running": "TrailRun",
    "10": "Walk",
    "walking": "Walk",
    "walk": "Walk",
    "16": "Swim",
    "swimming": "Swim",
    "swim": "Swim",
}


def read_gpx(content: bytes) -> FileContent:
    """The content of a GPX file. Raises UnreadableFile, also where a point has no time."""
    try:
        # gpxpy trusts its input: nothing reaches it that declares a document type.
        fromstring(content, forbid_dtd=True)
        found = gpxpy.parse(content)
        points = [point for track in found.tracks for segment in track.segments for point in segment.points]
        samples = [_sample(point) for point in points]
    except (gpxpy.gpx.GPXException, DefusedXmlException, ParseError, ValueError, OverflowError, LookupError) as error:
        raise UnreadableFile(MALFORMED) from error
    except (TypeError, AttributeError) as error:
        # gpxpy meets an element where it does not expect one.
        raise UnreadableFile(MALFORMED) from error
    track = found.tracks[0] if found.tracks else None
    return FileContent(
        samples=samples,
        sport=None if track is None else _SPORTS.get(str(track.type).strip().lower()),
        device_name=found.creator or None,
        name=None if track is None else track.name or None,
    )


def _sample(point: gpxpy.gpx.GPXTrackPoint) -> Sample:
    if point.time is None:
        raise UnreadableFile(MALFORMED)
    readings: dict[str, float | None] = {"altitude_m": point.elevation}
    for tag, text in _leaves(point.extensions):
        if tag in _TAGS:
            readings[_TAGS[tag]] = _number(text)
    time = point.time if point.time.tzinfo is not None else point.time.replace(tzinfo=UTC)
    return Sample(time=time, place=(point.latitude, point.longitude), readings=readings)


def _leaves(elements: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # elements of whichever library gpxpy found
    for element in elements:
        if isinstance(element.tag, str):
            yield element.tag.rpartition("}")[2].lower(), element.text or ""
        yield from _leaves(element)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
