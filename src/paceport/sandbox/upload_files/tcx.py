"""TCX version 2: laps and track points with the extensions for cadence and watts, read by defusedxml."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from paceport.sandbox.upload_files.file_content import EMPTY, MALFORMED, FileContent, Sample, UnreadableFile

# Documented: these five and no others.
_SPORTS = {"biking": "Ride", "running": "Run", "hiking": "Hike", "walking": "Walk", "swimming": "Swim"}
_READINGS = {
    "distance_m": ("DistanceMeters",),
    "altitude_m": ("AltitudeMeters",),
    "heartrate_bpm": ("HeartRateBpm/Value",),
    "cadence_rpm": ("Extensions/TPX/RunCadence", "Cadence"),
    "watts": ("Extensions/TPX/Watts",),
}


def read_tcx(content: bytes) -> FileContent:
    """The content of a TCX file's first activity. Raises UnreadableFile, also where a point has no time."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(MALFORMED) from error
    activity = _find(root, "Activities/Activity")
    if activity is None:
        raise UnreadableFile(EMPTY if _name(root) == "TrainingCenterDatabase" else MALFORMED)
    laps = _all(activity, "Lap")
    points = [point for lap in laps for track in _all(lap, "Track") for point in _all(track, "Trackpoint")]
    starts = [_time(lap.get("StartTime", "")) for lap in laps]
    return FileContent(
        samples=[_sample(point) for point in points],
        laps=starts[1:] and starts,
        sport=_SPORTS.get(activity.get("Sport", "").lower()),
        device_name=_text(activity, "Creator/Name"),
    )


def _sample(point: Element) -> Sample:
    latitude = _number(_text(point, "Position/LatitudeDegrees"))
    longitude = _number(_text(point, "Position/LongitudeDegrees"))
    return Sample(
        time=_time(_text(point, "Time") or ""),
        place=None if latitude is None or longitude is None else (latitude, longitude),
        readings={
            name: next((value for path in paths if (value := _number(_text(point, path))) is not None), None)
            for name, paths in _READINGS.items()
        },
    )


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text.strip())
        return time.astimezone(UTC) if time.tzinfo is not None else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableFile(MALFORMED) from error


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _text(element: Element, path: str) -> str | None:
    found = _find(element, path)
    return None if found is None or found.text is None else found.text.strip()


def _find(element: Element, path: str) -> Element | None:
    """The first element down a path of names, whatever their namespaces: files disagree about those."""
    found: Element | None = element
    for name in path.split("/"):
        if found is None:
            return None
        found = next((child for child in found if _name(child) == name), None)
    return found


def _all(element: Element, name: str) -> list[Element]:
    return [child for child in element if _name(child) == name]


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
