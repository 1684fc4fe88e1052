"""GPX → a track: all its segments in order, heart rate and the like from the extensions in use."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import numpy as np

from paceport.errors import FileError
from paceport.formats.tracks.samples import Samples, read_streams
from paceport.formats.tracks.track import Track
from paceport.formats.tracks.xml_events import elements
from paceport.formats.tracks.xml_points import Points, parse_epoch_s, parse_number, steps_per_minute
from paceport.sports import is_on_foot, sport_of_word

# Local names: GPX 1.0 and 1.1, Garmin TrackPointExtension 1 and 2, Cluetrust gpxdata, and plain tags of some apps.
CHANNELS = {
    "ele": "altitude_m",
    "hr": "heartrate_bpm",
    "heartrate": "heartrate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "atemp": "temperature_c",
    "temp": "temperature_c",
    "temperature": "temperature_c",
    "power": "power_w",
    "watts": "power_w",
    "powerinwatts": "power_w",
    "speed": "speed_mps",
}
CLUETRUST_DISTANCE = "{http://www.cluetrust.com/XML/GPXDATA/1/0}distance"


class _Reading:
    """What is known of the file so far."""

    def __init__(self, name: str) -> None:
        self.points = Points(name)
        self.creator = ""
        self.sport_word = ""
        self.title = ""
        self.zoneless = 0
        self.other_points = 0
        self.point: dict[str, float] | None = None  # the point being read, and its time
        self.time: str | None = None

    def start(self, name: str, element: Element) -> None:
        if name == "trkpt":
            self.point = {
                "latitude_deg": parse_number(element.get("lat")),
                "longitude_deg": parse_number(element.get("lon")),
            }
            self.time = None
        elif name == "gpx":
            self.creator = element.get("creator", "")

    def end(self, name: str, parent: str, element: Element) -> None:
        if self.point is not None:
            self._in_point(self.point, name, element)
        elif parent == "trk" and name == "type":
            self.sport_word = self.sport_word or element.text or ""
        elif parent == "trk" and name == "name":
            self.title = self.title or (element.text or "").strip()
        elif name in {"rtept", "wpt"}:
            self.other_points += 1

    def _in_point(self, point: dict[str, float], name: str, element: Element) -> None:
        if name in CHANNELS:
            point[CHANNELS[name]] = parse_number(element.text)
        elif name == "time":
            self.time = element.text
        elif name == "trkpt":
            epoch_s, has_zone = parse_epoch_s(self.time)
            self.zoneless += not has_zone
            self.points.append(epoch_s, point)
            self.point = None
        elif element.tag == CLUETRUST_DISTANCE:
            point["distance_m"] = parse_number(element.text)


def read_gpx(content: bytes, name: str) -> Track:
    """The activity in a GPX file; its tracks and segments follow each other as one. Raises FileError."""
    notes: list[str] = []
    reading = _Reading(name)
    for event, tag, parent, element in elements(content, notes):
        if event == "start":
            reading.start(tag, element)
        else:
            reading.end(tag, parent, element)
    samples = reading.points.samples()
    _check(reading, samples, name, notes)
    return _track(reading, samples, notes)


def _check(reading: _Reading, samples: Samples, name: str, notes: list[str]) -> None:
    if not len(samples.epoch_s):
        if notes:
            raise FileError(path=name, why="its XML is damaged before the first point", fix="fetch the file anew")
        held = "a planned route or waypoints" if reading.other_points else "no point"
        raise FileError(path=name, why=f"this GPX holds {held}, no recorded track", fix="give it a recorded activity")
    if not np.isfinite(samples.epoch_s).any():
        raise FileError(
            path=name,
            why="this GPX has no times: a drawn or planned route, or an export without them",
            fix="export the activity again with times, or leave it out",
        )


def _track(reading: _Reading, samples: Samples, notes: list[str]) -> Track:
    sport, is_indoor = sport_of_word(reading.sport_word)
    if sport is None:
        said = f"its sport '{reading.sport_word.strip()[:40]}' is not known" if reading.sport_word.strip() else ""
        notes.append(said or "it does not say which sport it is")
    if reading.zoneless:
        notes.append("its times name no zone; they were taken for UTC")
    cadence = samples.channels.get("cadence_spm")
    if cadence is not None and is_on_foot(sport):
        samples.channels["cadence_spm"] = steps_per_minute(cadence, notes)
    start_s, streams, repairs = read_streams(samples)
    return Track(
        streams=streams,
        start=datetime.fromtimestamp(start_s, UTC),
        sport=sport,
        is_indoor=is_indoor,
        name=reading.title,
        device_name=reading.creator,
        has_barometer=_has_barometer(reading.creator),
        notes=(*notes, *repairs),
    )


def _has_barometer(creator: str) -> bool | None:
    """What the creator says: Strava has altitudes trusted that come from "… with barometer", and writes the same."""
    if "with barometer" in creator.casefold():
        return True
    return False if creator.casefold().startswith("stravagpx") else None
