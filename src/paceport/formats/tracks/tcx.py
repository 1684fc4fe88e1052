"""TCX → tracks, one for each Activity element."""

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import numpy as np

from paceport.errors import FileError
from paceport.formats.tracks.samples import read_streams
from paceport.formats.tracks.track import Lap, Track
from paceport.formats.tracks.xml_events import elements
from paceport.formats.tracks.xml_points import NAN, Points, parse_epoch_s, parse_number, steps_per_minute
from paceport.sports import is_on_foot, sport_of_word

CHANNELS = {
    "latitudedegrees": "latitude_deg",
    "longitudedegrees": "longitude_deg",
    "altitudemeters": "altitude_m",
    "distancemeters": "distance_m",
    "cadence": "cadence_spm",
    "runcadence": "cadence_spm",
    "speed": "speed_mps",
    "watts": "power_w",
}


class _Reading:
    """What is known of one Activity so far."""

    def __init__(self, name: str, sport_word: str) -> None:
        self.points = Points(name)
        self.sport_word = sport_word
        self.laps: list[_LapTotals] = []
        self.device_name = ""
        self.zoneless = 0
        self.point: dict[str, float] | None = None  # the point being read, and its time
        self.time: str | None = None

    def start(self, name: str, element: Element) -> None:
        if name == "trackpoint":
            self.point, self.time = {}, None
        elif name == "lap":
            self.laps.append(_LapTotals(start_s=parse_epoch_s(element.get("StartTime"))[0]))

    def end(self, name: str, parent: str, element: Element) -> None:
        if self.point is not None:
            self._in_point(self.point, name, parent, element)
        elif parent == "lap" and name == "totaltimeseconds" and self.laps:
            self.laps[-1].elapsed_s = parse_number(element.text)
        elif parent == "lap" and name == "distancemeters" and self.laps:
            self.laps[-1].distance_m = parse_number(element.text)
        elif parent == "creator" and name == "name":
            self.device_name = (element.text or "").strip()

    def _in_point(self, point: dict[str, float], name: str, parent: str, element: Element) -> None:
        if name in CHANNELS:
            point[CHANNELS[name]] = parse_number(element.text)
        elif name == "time":
            self.time = element.text
        elif name == "value" and parent == "heartratebpm":
            point["heartrate_bpm"] = parse_number(element.text)
        elif name == "trackpoint":
            epoch_s, has_zone = parse_epoch_s(self.time)
            self.zoneless += not has_zone
            self.points.append(epoch_s, point)
            self.point = None


@dataclass(slots=True)
class _LapTotals:
    start_s: float
    elapsed_s: float = NAN
    distance_m: float = NAN


def read_tcx(content: bytes, name: str) -> list[Track]:
    """The activities in a TCX file, in its order. Raises FileError where there is none."""
    notes: list[str] = []
    readings: list[_Reading] = []
    kinds = set()
    reading: _Reading | None = None
    for event, tag, parent, element in elements(content, notes):
        if event == "start":
            kinds.add(tag)
            if tag == "activity":
                reading = _Reading(name, element.get("Sport", ""))
                readings.append(reading)
            elif reading:
                reading.start(tag, element)
        elif tag == "activity":
            reading = None  # courses may follow, with laps and points of their own
        elif reading:
            reading.end(tag, parent, element)
    candidates = (_track(reading, notes) for reading in readings)
    tracks = [track for track in candidates if track is not None]
    if tracks:
        return tracks
    raise _no_activity(name, kinds, readings, is_damaged=bool(notes))


def _no_activity(name: str, kinds: set[str], readings: list[_Reading], *, is_damaged: bool) -> FileError:
    if any(len(reading.points) for reading in readings):
        why, fix = "none of its points has a time", "export the activity again with times, or leave it out"
    elif is_damaged:
        why, fix = "its XML is damaged before the first point", "fetch the file anew"
    else:
        held = "a course" if "course" in kinds else "a workout plan" if "workout" in kinds else "nothing"
        why, fix = f"this TCX holds {held}, no recorded activity", "give it a recorded activity"
    return FileError(path=name, why=why, fix=fix)


def _track(reading: _Reading, common_notes: list[str]) -> Track | None:
    """The track of one Activity; None if no point and no lap has a time."""
    notes = list(common_notes)
    samples = reading.points.samples()
    laps = [lap for lap in reading.laps if np.isfinite(lap.start_s)]
    lap_starts = [lap.start_s for lap in laps]
    if not np.isfinite(samples.epoch_s).any() and not (lap_starts and not len(samples.epoch_s)):
        return None
    sport, is_indoor = sport_of_word(reading.sport_word)
    if sport is None:
        notes.append(f"its sport '{reading.sport_word[:40]}' does not name one")
    if reading.zoneless:
        notes.append("its times name no zone; they were taken for UTC")
    cadence = samples.channels.get("cadence_spm")
    if cadence is not None and is_on_foot(sport):
        samples.channels["cadence_spm"] = steps_per_minute(cadence, notes)
    start_s, streams, repairs = read_streams(samples, start_s=min(lap_starts, default=None))
    if not len(streams):
        repairs.append("it holds no samples, only totals")
    return Track(
        streams=streams,
        start=datetime.fromtimestamp(start_s, UTC),
        sport=sport,
        is_indoor=is_indoor,
        laps=tuple(
            Lap(start_s=lap.start_s - start_s, elapsed_s=_known(lap.elapsed_s), distance_m=_known(lap.distance_m))
            for lap in laps
        ),
        device_name=reading.device_name,
        has_barometer=True if "with barometer" in reading.device_name.casefold() else None,
        elapsed_s=_total([lap.elapsed_s for lap in reading.laps]),
        distance_m=_total([lap.distance_m for lap in reading.laps]),
        notes=(*notes, *repairs),
    )


def _known(value: float) -> float | None:
    return value if np.isfinite(value) and value >= 0 else None


def _total(values: list[float]) -> float | None:
    known = [value for value in map(_known, values) if value is not None]
    return sum(known) if known and len(known) == len(values) else None
