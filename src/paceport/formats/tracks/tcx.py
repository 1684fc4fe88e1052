"""TCX → tracks, one for each Activity element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.errors import FileError
from paceport.formats.tracks.clock_correction import with_clock_set_back
from paceport.formats.tracks.finish_track import finish_samples
from paceport.formats.tracks.points_after_end import without_points_after_end
from paceport.formats.tracks.track import Lap, Pause, Track
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
from paceport.plausible_time import EARLIEST_EPOCH_S
from paceport.sports import sport_of_file_word

if TYPE_CHECKING:
    from paceport.formats.tracks.sample_table import Samples

CHANNELS = {
    "latitudedegrees": "latitude_deg",
    "longitudedegrees": "longitude_deg",
    "altitudemeters": "altitude_m",
    "distancemeters": "distance_m",
    "cadence": "cadence_spm",
    "runcadence": "cadence_spm",
    "speed": "speed_mps",
    "watts": "power_w",
    "heartratebpm": "heartrate_bpm",  # Mi Fitness writes the number without a <Value>
}
PAUSE_MARK = (90.0, -80.0)  # Huawei's HiTrack writes this place where the watch was stopped
WAY = ("distance_m", "latitude_deg")
SHARED_S = 5.0  # devices round the ends of laps
SHORTEST_LAP_S = 1.0  # Movescount ends files with laps of 0.002 s


# Start in Unix seconds, elapsed, timer, metres.
_Lap = tuple[float, float | None, float | None, float | None]


@dataclass(slots=True)
class _LapTotals:
    start_s: float
    first: int
    timer_s: float = NAN
    distance_m: float = NAN
    end: int = -1


@dataclass(slots=True)
class _Reading:
    """What is known of one Activity so far."""

    points: Points
    sport_word: str
    laps: list[_LapTotals] = field(default_factory=list)
    device_name: str = ""
    zoneless: int = 0

    def end_outside(self, name: str, parent: str, text: str) -> None:
        """The end of an element outside points."""
        if name == "lap" and self.laps:
            self.laps[-1].end = len(self.points)
        elif parent == "lap" and self.laps and name == "totaltimeseconds":
            self.laps[-1].timer_s = parse_number(text)
        elif parent == "lap" and self.laps and name == "distancemeters":
            self.laps[-1].distance_m = parse_number(text)
        elif parent == "creator" and name == "name":
            self.device_name = text.strip()

    def add_point(self, values: dict[str, float], time: str) -> None:
        """One point is finished."""
        if (values.get("latitude_deg"), values.get("longitude_deg")) == PAUSE_MARK:
            self.points.begin_piece()
            return
        epoch_s, has_zone = parse_epoch_s(time)
        self.zoneless += not has_zone
        if epoch_s != epoch_s and time.strip():
            self.points.miss_time(time)
        self.points.append(epoch_s, values)


def read_tcx(content: bytes, name: str) -> list[Track]:
    """The activities in a TCX file, in its order. Raises FileError where there is none."""
    notes: list[str] = []
    readings, kinds = _read(content, name, notes)
    candidates = (_track(reading, name, notes) for reading in readings)
    tracks = [track for track in candidates if track is not None]
    if tracks:
        return tracks
    if readings and not notes and not any(len(one.points) or one.points.undated for one in readings):
        raise NoSamples(name)
    raise _no_activity(name, kinds, readings, is_damaged=bool(notes))


def _read(content: bytes, name: str, notes: list[str]) -> tuple[list[_Reading], set[str]]:
    def attempt(text: bytes, said: list[str]) -> _Handler:
        handler = _Handler(name)
        walk(text, start=handler.start, end=handler.end, texts=handler.texts, notes=said)
        return handler

    handler = read_repaired(content, attempt, notes)
    return handler.readings, handler.kinds


class _Handler:
    """Takes the elements of a TCX file. `kinds` are the names of all elements outside points."""

    __slots__ = ("_file_name", "_names", "_path", "_point", "_reading", "_time", "kinds", "readings", "texts")

    def __init__(self, file_name: str) -> None:
        self.readings: list[_Reading] = []
        self.kinds: set[str] = set()
        self.texts: list[str] = []
        self._file_name = file_name
        self._names = LocalNames()
        self._path: list[str] = []
        self._reading: _Reading | None = None
        self._point: dict[str, float] | None = None  # the point being read, and its time
        self._time = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        self.texts.clear()
        name, reading = self._names[tag], self._reading
        self._path.append(name)
        if self._point is not None:
            return
        self.kinds.add(name)
        if name == "activity":
            self._reading = _Reading(Points(self._file_name), _attribute(attributes, "Sport"))
            self.readings.append(self._reading)
        elif reading is None:
            return
        elif name == "trackpoint":
            self._point, self._time = {}, ""
        elif name == "track":
            reading.points.begin_piece()
        elif name == "lap":
            begin_s = parse_epoch_s(_attribute(attributes, "StartTime"))[0]
            reading.laps.append(_LapTotals(start_s=begin_s, first=len(reading.points)))

    def end(self, tag: str) -> None:
        """An element ends; its text is in `texts`."""
        name, reading, point, path = self._names[tag], self._reading, self._point, self._path
        path.pop()
        if point is not None and reading is not None:
            if name == "trackpoint":
                reading.add_point(point, self._time)
                self._point = None
            elif name in CHANNELS:
                text = "".join(self.texts)
                if not _take(point, CHANNELS[name], text) and name != "longitudedegrees":
                    reading.points.miss("positions" if name == "latitudedegrees" else "values", text)
            elif name == "time":
                self._time = "".join(self.texts)
            elif name == "value" and path[-1] == "heartratebpm":
                _take(point, "heartrate_bpm", "".join(self.texts))
        elif name == "activity":
            self._reading = None  # courses may follow, with laps and points of their own
        elif reading is not None:
            reading.end_outside(name, path[-1] if path else "", "".join(self.texts))
        self.texts.clear()


def _attribute(attributes: Attributes, name: str) -> str:
    return attributes.get(name) or attributes.get(name.lower()) or ""


def _take(point: dict[str, float], channel: str, text: str) -> bool:
    """Enter a value, unless one is known already or the text is blank. False for what is no number."""
    value = NAN if text.isspace() else parse_number(text)
    if value == value and not point.get(channel):
        point[channel] = value
    return value == value


def _no_activity(name: str, kinds: set[str], readings: list[_Reading], *, is_damaged: bool) -> FileError:
    if any(reading.points.undated for reading in readings):
        why, fix = "all its times lie before 1990", "correct its times, or leave it out"
    elif unread := [reading.points.unread_time for reading in readings if reading.points.unread_time]:
        return unread_times_error(name, unread[0])
    elif any(len(reading.points) for reading in readings):
        why, fix = "none of its points has a time", "export the activity again with times, or leave it out"
    elif is_damaged:
        why, fix = "its XML is damaged before the first point", "download the file again"
    else:
        held = "a course" if "course" in kinds else "a workout plan" if "workout" in kinds else "nothing"
        why, fix = f"this TCX contains {held}, not a recorded activity", "give it a recorded activity"
    return FileError(path=name, why=why, fix=fix)


def _track(reading: _Reading, name: str, common_notes: list[str]) -> Track | None:
    """The track of one Activity; None if no point and no lap has a time."""
    notes = list(common_notes)
    samples = _samples(reading, notes)
    has_times = bool(np.isfinite(samples.epoch_s).any())
    if has_times:
        reading.laps = [lap for lap in reading.laps if not _is_empty(lap, samples)]
    laps = _laps(reading, samples)
    totals = _laps_that_add_up(reading, samples, laps, notes)
    if not has_times and (not laps or len(samples.epoch_s)):
        return None
    refuse_one_moment(samples, name)
    sport, is_indoor = sport_of_file_word(reading.sport_word)
    if reading.zoneless:
        notes.append("its times have no zone; they were read as UTC")
    notes += reading.points.unread_notes()
    finished = finish_samples(
        samples, sport=sport, said=reading.sport_word, notes=notes, start_s=min((lap[0] for lap in laps), default=None)
    )
    if not len(finished.streams):
        notes.append("it contains no samples, only totals")
    begin_s = finished.start_s
    return Track(
        streams=finished.streams,
        start=datetime.fromtimestamp(begin_s, UTC),
        sport=finished.sport,
        is_sport_guessed=finished.is_sport_guessed,
        is_indoor=is_indoor,
        laps=tuple(
            Lap(start_s=start_s - begin_s, elapsed_s=elapsed_s, timer_s=timer_s, distance_m=distance_m)
            for start_s, elapsed_s, timer_s, distance_m in laps
        ),
        pauses=_pauses(reading, samples, begin_s),
        device_name=reading.device_name,
        has_barometer=True if "with barometer" in reading.device_name.casefold() else None,
        elapsed_s=None if len(finished.streams) else _total([lap.timer_s for lap in totals]),
        timer_s=_total([lap.timer_s for lap in totals]),
        distance_m=_total([lap.distance_m for lap in totals]),
        notes=tuple(notes),
    )


def _samples(reading: _Reading, notes: list[str]) -> Samples:
    """Its points, as the clock should have shown them; the starts of laps move with their first points."""
    recorded = without_points_after_end(reading.points.samples(), notes)
    samples = with_clock_set_back(recorded, notes)
    for lap in reading.laps:
        lap.start_s += sum((samples.epoch_s - recorded.epoch_s)[lap.first : lap.first + 1])
    return samples


def _laps(reading: _Reading, samples: Samples) -> list[_Lap]:
    """Each lap; TotalTimeSeconds is the timer's.

    A lap without a start begins with its first point, else where the one before ends. It lasts until the next begins.
    """
    begun: list[tuple[float, _LapTotals]] = []
    for lap in reading.laps:
        points_s = samples.epoch_s[lap.first : lap.end if lap.end >= 0 else None]
        points_s = points_s[np.isfinite(points_s)]
        if lap.timer_s < SHORTEST_LAP_S and not len(points_s):
            continue  # also where no lap of the file has points
        start_s = lap.start_s if lap.start_s >= EARLIEST_EPOCH_S else NAN
        if not np.isfinite(start_s) and len(points_s):
            start_s = float(points_s[0])
        elif not np.isfinite(start_s) and begun and np.isfinite(begun[-1][1].timer_s):
            start_s = begun[-1][0] + begun[-1][1].timer_s
        if np.isfinite(start_s):
            begun.append((start_s, lap))
    begun.sort(key=lambda pair: pair[0])
    known_s = samples.epoch_s[np.isfinite(samples.epoch_s)]
    last_s = float(known_s.max()) if len(known_s) else NAN
    # What begins behind the last point was left out with the points that stood there.
    begun = [pair for pair in begun if not pair[0] > last_s]
    ends_s = [start_s for start_s, _ in begun[1:]] + [last_s]
    return [
        (start_s, _longer(end_s - start_s, lap.timer_s), _known(lap.timer_s), _known(lap.distance_m))
        for (start_s, lap), end_s in zip(begun, ends_s, strict=False)
    ]


def _laps_that_add_up(
    reading: _Reading, samples: Samples, laps: Sequence[_Lap], notes: list[str]
) -> Sequence[_LapTotals]:
    """All laps, or none where they share time, so that their totals count it twice, and the samples tell the way."""
    spans = [(start_s, start_s + (timer_s or 0.0)) for start_s, _, timer_s, _ in laps]
    has_way = np.isfinite(samples.epoch_s).any() and not samples.channels.keys().isdisjoint(WAY)
    if not has_way or not any(end_s > next_s + SHARED_S for (_, end_s), (next_s, _) in pairwise(spans)):
        return reading.laps
    notes.append("its laps overlap, so that their totals do not add up; its samples are used")
    return ()


def _is_empty(lap: _LapTotals, samples: Samples) -> bool:
    """Whether a lap of a recording has neither points nor metres: Movescount writes a pause so."""
    has_points = np.isfinite(samples.epoch_s[lap.first : lap.end if lap.end >= 0 else None]).any()
    return not has_points and (lap.distance_m == 0 or lap.timer_s < SHORTEST_LAP_S)


def _longer(span_s: float, timer_s: float) -> float | None:
    return _known(float(np.fmax(span_s, timer_s)))


def _pauses(reading: _Reading, samples: Samples, begin_s: float) -> tuple[Pause, ...]:
    """Between two <Track> elements the device stood still, unless time goes on there as within them."""
    edges = [0, *reading.points.borders, len(samples.epoch_s)]
    steps_s = np.diff(samples.epoch_s)
    steps_s = steps_s[steps_s > 0]
    usual_s = 2.0 * float(np.median(steps_s)) if len(steps_s) else 0.0
    breaks = breaks_between([samples.epoch_s[first:end] for first, end in pairwise(edges)])
    return tuple(
        Pause(start_s=left - begin_s, end_s=entered - begin_s)
        for left, entered in breaks
        if entered - left > max(usual_s, 2.0)
    )


def _known(value: float) -> float | None:
    return value if np.isfinite(value) and value >= 0 else None


def _total(values: list[float]) -> float | None:
    known = [value for value in map(_known, values) if value is not None]
    return sum(known) if known and len(known) == len(values) else None
