"""TCX → tracks, one for each Activity element."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import numpy as np

from paceport.errors import FileError
from paceport.logbook.tracks.points import Points, epoch, number, steps_per_minute
from paceport.logbook.tracks.samples import read_streams
from paceport.logbook.tracks.sports import is_on_foot, sport_of_word
from paceport.logbook.tracks.track import Lap, Track
from paceport.logbook.tracks.xml_events import elements, local_name

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
        self.laps: list[tuple[float, float, float]] = []  # start, elapsed seconds, metres
        self.device_name = ""
        self.zoneless = 0
        self.short_names: dict[str, str] = {}

    def end(self, element: Element, parent: str) -> None:
        match local_name(element), parent:
            case "trackpoint", _:
                self._point(element)
            case "lap", _:
                self._lap(element)
            case "name", "creator":
                self.device_name = (element.text or "").strip()

    def _lap(self, element: Element) -> None:
        texts = {local_name(part): part.text for part in element}
        self.laps.append(
            (
                epoch(element.get("StartTime"))[0],
                number(texts.get("totaltimeseconds")),
                number(texts.get("distancemeters")),
            )
        )

    def _point(self, element: Element) -> None:
        values: dict[str, float] = {}
        time = None
        inside_heart_rate = False
        for part in element.iter():
            short = self.short_names.get(part.tag)
            if short is None:
                plain = local_name(part)
                short = self.short_names[part.tag] = CHANNELS.get(plain, plain)
            if short == "time":
                time = part.text
            elif short == "heartratebpm":
                inside_heart_rate = True
            elif short == "value" and inside_heart_rate:
                values["heartrate_bpm"] = number(part.text)
                inside_heart_rate = False
            elif "_" in short:
                values[short] = number(part.text)
        epoch_s, has_zone = epoch(time)
        self.zoneless += not has_zone
        self.points.append(epoch_s, values)


def read_tcx(content: bytes, name: str) -> list[Track]:
    """The activities in a TCX file, in its order. Raises FileError where there is none."""
    notes: list[str] = []
    readings: list[_Reading] = []
    path: list[Element] = []
    kinds = set()
    for event, element in elements(content, notes):
        if event == "start":
            path.append(element)
            kinds.add(local_name(element))
            if local_name(element) == "activity":
                readings.append(_Reading(name, element.get("Sport", "")))
            continue
        path.pop()
        parent = local_name(path[-1]) if path else ""
        if readings:
            readings[-1].end(element, parent)
        if parent in {"track", "activity", "activities", "course", "trainingcenterdatabase"}:
            del path[-1][:]  # what has been read need not stay in memory
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
    lap_starts = [start for start, *_ in reading.laps if np.isfinite(start)]
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
            Lap(start_s=start - start_s, elapsed_s=_known(elapsed), distance_m=_known(distance))
            for start, elapsed, distance in reading.laps
            if np.isfinite(start)
        ),
        device_name=reading.device_name,
        has_barometer=True if "with barometer" in reading.device_name.casefold() else None,
        elapsed_s=_total([elapsed for _, elapsed, _ in reading.laps]),
        distance_m=_total([distance for *_, distance in reading.laps]),
        notes=(*notes, *repairs),
    )


def _known(value: float) -> float | None:
    return value if np.isfinite(value) and value >= 0 else None


def _total(values: list[float]) -> float | None:
    known = [value for value in map(_known, values) if value is not None]
    return sum(known) if known and len(known) == len(values) else None
