"""GPX → tracks: segments in order, heart rate and the like from the extensions in use."""

from __future__ import annotations

from dataclasses import field
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.errors import FileError
from paceport.formats.tracks.clock_correction import with_clock_set_back
from paceport.formats.tracks.finish_track import finish_samples
from paceport.formats.tracks.points_after_end import without_points_after_end
from paceport.formats.tracks.read_streams import LONGEST_GAP_S
from paceport.formats.tracks.sample_table import Samples
from paceport.formats.tracks.track import Pause, Track
from paceport.formats.tracks.xml_document import Attributes, LocalNames, read_repaired, walk
from paceport.formats.tracks.xml_points import (
    NAN,
    NoSamples,
    Points,
    breaks_between,
    parse_epoch_s,
    parse_number,
    refuse_one_moment,
    unread_times_error,
)
from paceport.lazy_dataclass import dataclass
from paceport.sports import sport_of_file_word, sport_of_title

if TYPE_CHECKING:
    from paceport.streams import Channel

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
_PLACE_NAMES = {"lat": "lat", "latitude": "lat", "lon": "lon", "lng": "lon", "long": "lon", "longitude": "lon"}
COUNTER_PREFIXES = ("gpxdata", "cluetrust")  # the distance counter of Cluetrust's name space, under its usual prefixes
CLUETRUST = "http://www.cluetrust.com/XML/GPXDATA/1/0"
PAUSE_LATITUDES = (100.0, 200.0)
DAY_BREAK_S = 6 * 3600.0  # a handheld writes a <trk> each day: a longer silence between two begins another activity
SMALLEST_ACTIVITY_S, SMALLEST_ACTIVITY = 60.0, 10  # less than that beyond a long silence is a stray point


@dataclass(slots=True)
class _Trk:
    """One <trk>: its words, and which points it holds."""

    first: int
    sport_word: str = ""
    title: str = ""
    end: int = 0


@dataclass(slots=True)
class _Reading:
    """What is known of the file so far."""

    points: Points
    trks: list[_Trk] = field(default_factory=list)
    creator: str = ""
    zoneless: int = 0
    other_points: int = 0
    counter_tags: set[str] = field(default_factory=set)


def read_gpx(content: bytes, name: str) -> list[Track]:
    """The activities in a GPX file, in its order. Raises FileError.

    Segments follow each other, each after the first with a pause before it. Tracks do too, unless they name different
    sports or more than six hours of silence lie between them.
    """
    notes: list[str] = []
    reading = _read(content, name, notes)
    samples = with_clock_set_back(reading.points.samples(), notes)
    _check(reading, samples, name, notes)
    parts = _parts(reading, samples.epoch_s)
    if len(parts) > 1:
        notes.append(f"the file holds {len(parts)} activities")
    return [_track(reading, trk, samples, pieces, notes) for trk, pieces in parts]


def _read(content: bytes, name: str, notes: list[str]) -> _Reading:
    def attempt(text: bytes, said: list[str]) -> _Reading:
        handler = _Handler(_Reading(Points(name)))
        walk(text, start=handler.start, end=handler.end, texts=handler.texts, notes=said)
        return handler.reading

    reading = read_repaired(content, attempt, notes)
    # Points outside of every <trk> stand in damaged files only; they go with the track beside them.
    edges = [0, *(trk.first for trk in reading.trks[1:]), len(reading.points)]
    for trk, edge in zip(reading.trks, pairwise(edges), strict=False):
        trk.first, trk.end = edge
    return reading


class _Handler:
    """Takes the elements of a GPX file; called some dozen times a point, so it does little."""

    __slots__ = ("_names", "_path", "_point", "_time", "reading", "texts")

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self._names = LocalNames()
        self._path: list[str] = []
        self._point: dict[str, float] | None = None  # the point being read, and its time
        self._time = ""
        self.texts: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        self.texts.clear()
        if self._point is not None and tag != "trkpt":
            return
        name = self._names[tag]
        if name == "trkpt":
            self._time = ""
            if "lat" not in attributes or "lon" not in attributes:
                attributes = {_PLACE_NAMES.get(key.lower(), key): value for key, value in attributes.items()}
            latitude, longitude = parse_number(attributes.get("lat")), parse_number(attributes.get("lon"))
            if latitude != latitude and self.reading.points.miss("positions", attributes.get("lat", "")):
                longitude = NAN  # else it would be missed once more, as a half of a position
            self._point = {"latitude_deg": latitude, "longitude_deg": longitude}
        else:
            self._path.append(name)
            _start_outside(self.reading, name, attributes)

    def end(self, tag: str) -> None:
        """An element ends; its text is in `texts`."""
        name, point, texts = self._names[tag], self._point, self.texts
        if point is not None and name in CHANNELS:
            if len(texts) == 1 and (channel := CHANNELS[name]) not in point:
                # Nearly always so; said here, because a call takes longer than the rest.
                try:
                    point[channel] = float(texts[0])
                except ValueError:
                    _take(self.reading.points, point, channel, texts[0])
            else:
                _take(self.reading.points, point, CHANNELS[name], "".join(texts))
        elif point is None:
            path = self._path
            path.pop()
            _end_outside(self.reading, name, path[-1] if path else "", "".join(texts).strip())
        elif name == "time":
            self._time = "".join(texts)
        elif name == "trkpt":
            _add_point(self.reading, point, self._time)
            self._point = None
        elif name == "distance" and tag in self.reading.counter_tags:
            _take(self.reading.points, point, "distance_m", "".join(texts))
        texts.clear()


def _take(points: Points, point: dict[str, float], channel: str, text: str) -> None:
    """Enter a value; of several the first that says something stays."""
    value = parse_number(text)
    if value != value:
        points.miss("values", text)
    known = point.get(channel)
    if known is None or known != known or (known == 0 and channel == "heartrate_bpm"):
        point[channel] = value


def _start_outside(reading: _Reading, name: str, attributes: Attributes) -> None:
    if name == "trk":
        reading.points.begin_piece()
        reading.trks.append(_Trk(len(reading.points)))
    elif name == "trkseg":
        reading.points.begin_piece()
    elif name == "gpx":
        reading.creator = attributes.get("creator", "")
        reading.counter_tags.update(f"{prefix}:distance" for prefix in COUNTER_PREFIXES)
        for key, value in attributes.items():
            if key.startswith("xmlns:") and value.rstrip("/") == CLUETRUST:
                reading.counter_tags.add(f"{key.removeprefix('xmlns:')}:distance")
        if attributes.get("version") == "1.0":
            reading.counter_tags.add("distance")  # COROS's old app; GPX 1.1 has no such element


def _end_outside(reading: _Reading, name: str, parent: str, text: str) -> None:
    if parent == "trk" and reading.trks and name in {"type", "name"}:
        trk = reading.trks[-1]
        if name == "type":
            trk.sport_word = trk.sport_word or text
        else:
            trk.title = trk.title or text
    elif name in {"rtept", "wpt"}:
        reading.other_points += 1


def _add_point(reading: _Reading, point: dict[str, float], time: str) -> None:
    if point["latitude_deg"] in PAUSE_LATITUDES:
        reading.points.begin_piece()  # MyTracks marked where it paused and went on by latitude 100 and 200
        return
    epoch_s, has_zone = parse_epoch_s(time)
    reading.zoneless += not has_zone
    if epoch_s != epoch_s and time.strip():
        reading.points.miss_time(time)
    reading.points.append(epoch_s, point)


def _check(reading: _Reading, samples: Samples, name: str, notes: list[str]) -> None:
    if not len(samples.epoch_s):
        if notes:
            raise FileError(path=name, why="its XML is damaged before the first point", fix="download the file again")
        if reading.trks and not reading.other_points:
            raise NoSamples(name)
        held = "a planned route or waypoints" if reading.other_points else "no point"
        raise FileError(
            path=name, why=f"this GPX contains {held}, not a recorded track", fix="give it a recorded activity"
        )
    if not np.isfinite(samples.epoch_s).any():
        if reading.points.undated:
            raise FileError(
                path=name,
                why="all its times lie before 1990, so its date is unknown",
                fix="correct its times, or leave it out",
            )
        if reading.points.unread_time:
            raise unread_times_error(name, reading.points.unread_time)
        raise FileError(
            path=name,
            why="this GPX has no times: a drawn or planned route, or an export without them",
            fix="export the activity again with times, or leave it out",
        )
    refuse_one_moment(samples, name)


# Pieces are (first point, point after the last).
_Pieces = list[tuple[int, int]]


def _parts(reading: _Reading, epoch_s: Channel) -> list[tuple[_Trk, _Pieces]]:
    """The activities: of each its <trk> and its pieces."""
    parts: list[tuple[_Trk, _Pieces]] = []
    for trk in reading.trks or [_Trk(0, end=len(epoch_s))]:
        silences = trk.first + 1 + np.flatnonzero(np.diff(epoch_s[trk.first : trk.end]) > LONGEST_GAP_S)
        borders = {*reading.points.borders, *silences.tolist()}
        edges = [trk.first, *sorted(at for at in borders if trk.first < at < trk.end), trk.end]
        for number, piece in enumerate(pairwise(edges)):
            if not np.isfinite(epoch_s[slice(*piece)]).any():
                continue
            if parts and not _is_new_activity(parts[-1], trk, piece, epoch_s, is_new_trk=number == 0):
                parts[-1][1].append(piece)
                continue
            parts.append((trk, [piece]))
    return parts


def _is_new_activity(
    before: tuple[_Trk, _Pieces], trk: _Trk, piece: tuple[int, int], epoch_s: Channel, *, is_new_trk: bool
) -> bool:
    """Whether a piece begins another activity instead of going on with the one before."""
    sports = [sport_of_file_word(each.sport_word)[0] for each in (before[0], trk)]
    if is_new_trk and None not in sports and sports[0] != sports[1]:
        return True
    left, entered = epoch_s[slice(*before[1][-1])], epoch_s[slice(*piece)]
    silence_s = float(np.nanmin(entered) - np.nanmax(left))
    if silence_s <= (DAY_BREAK_S if is_new_trk else LONGEST_GAP_S):
        return False
    earlier = epoch_s[before[1][0][0] : before[1][-1][1]]
    return all(
        np.isfinite(part).sum() >= SMALLEST_ACTIVITY and np.nanmax(part) - np.nanmin(part) >= SMALLEST_ACTIVITY_S
        for part in (earlier, entered)
    )


def _track(reading: _Reading, trk: _Trk, samples: Samples, pieces: _Pieces, common_notes: list[str]) -> Track:
    notes = list(common_notes)
    if reading.zoneless:
        notes.append("its times have no zone; they were read as UTC")
    notes += reading.points.unread_notes()
    if reading.points.undated:
        notes.append(f"{reading.points.undated} points dated before 1990 were left out")
    if "komoot" in reading.creator.casefold():
        notes.append("komoot writes computed times into planned tours: remove it if it was one")
    sport, is_indoor = sport_of_file_word(trk.sport_word)
    said = trk.sport_word
    if sport is None:
        sport = sport_of_title(trk.title)
    places = np.concatenate([np.arange(first, end) for first, end in pieces])
    recorded = without_points_after_end(samples.select(places), notes)
    finished = finish_samples(recorded, sport=sport, said=said, notes=notes)
    end_s = float(np.nanmax(recorded.epoch_s))
    breaks = breaks_between([each[each <= end_s] for each in (samples.epoch_s[first:end] for first, end in pieces)])
    return Track(
        streams=finished.streams,
        start=datetime.fromtimestamp(finished.start_s, UTC),
        sport=finished.sport,
        is_sport_guessed=finished.is_sport_guessed,
        is_indoor=is_indoor,
        name=trk.title,
        pauses=tuple(
            Pause(start_s=left - finished.start_s, end_s=entered - finished.start_s) for left, entered in breaks
        ),
        device_name=reading.creator,
        has_barometer=_has_barometer(reading.creator),
        notes=tuple(notes),
    )


def _has_barometer(creator: str) -> bool | None:
    """What the creator says: Strava has altitudes trusted that come from "… with barometer", and writes the same."""
    if "with barometer" in creator.casefold():
        return True
    return False if creator.casefold().startswith("stravagpx") else None
