"""What is stored, as values."""

import json
from collections.abc import Mapping
from dataclasses import field, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from paceport.formats.tracks.track import Lap, Pause, Track
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.moments import moment_text, parse_moment
from paceport.streams import DistanceSource
from paceport.time_zones import find_zone

if TYPE_CHECKING:
    from paceport.logbook.database.plot_rows import PlotRow

_Source = Literal["archive", "file", "api"]
_CONVERTED_FIELDS = ("track", "notes", "start")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFacts:
    """What is known of a recording beside its samples: its pauses and own totals, as `tracks.Track` has them."""

    pauses: tuple[Pause, ...] = ()
    elapsed_s: float | None = None
    timer_s: float | None = None
    distance_m: float | None = None
    ascent_m: float | None = None
    utc_offset_s: float | None = None
    has_barometer: bool | None = None
    is_sport_guessed: bool = False
    distance_source: DistanceSource | None = None
    repaired_s: tuple[tuple[float, float], ...] = ()

    @classmethod
    def of(cls, track: Track) -> "TrackFacts":
        """The facts of a track just read."""
        return cls(**{name: getattr(track, name) for name in _FACT_NAMES})

    def on(self, track: Track) -> Track:
        """The track with these facts."""
        return replace(track, **{name: getattr(self, name) for name in _FACT_NAMES})

    def to_json(self) -> str:
        """The text `from_json` reads."""
        values = {name: getattr(self, name) for name in _FACT_NAMES}
        values["pauses"] = [[pause.start_s, pause.end_s] for pause in self.pauses]
        return json.dumps(values)

    @classmethod
    def from_json(cls, text: str) -> "TrackFacts":
        """The facts a row carries; names of a newer version are passed over."""
        values = {name: value for name, value in json.loads(text).items() if name in _FACT_NAMES}
        values["repaired_s"] = tuple((float(start), float(end)) for start, end in values.get("repaired_s", ()))
        values["pauses"] = tuple(Pause(start_s=start, end_s=end) for start, end in values.get("pauses", ()))
        return cls(**values)


# Asking a class for its fields takes longer than reading their values.
_FACT_NAMES = tuple(each.name for each in fields(TrackFacts))


def parse_track_facts(text: object) -> TrackFacts | None:
    """What stands in the column `track`; None for nothing, and for what is no JSON or not of these facts."""
    try:
        return TrackFacts.from_json(text) if isinstance(text, str) and text else None
    except (ValueError, TypeError, AttributeError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRecord:
    """One activity, as a row of either database. The meaning of each is in `schema/own.py`.

    `start` is UTC. `timezone` is an IANA name; None leaves the local columns in UTC and `zone_source` "unknown".
    `content` is a hash over all that the record was drawn from: equal content, equal record.
    """

    id: int
    source: _Source
    sport: str
    start: datetime
    content: str
    name: str = ""
    description: str = ""
    private_note: str = ""
    sport_given: str = ""
    sport_track: str | None = None
    timezone: str | None = None
    zone_source: Literal["position", "setting", "device", "strava", "unknown"] = "unknown"
    distance_m: float | None = None
    moving_time_s: float | None = None
    elapsed_time_s: float | None = None
    elevation_gain_m: float | None = None
    elevation_loss_m: float | None = None
    elevation_low_m: float | None = None
    elevation_high_m: float | None = None
    average_speed_mps: float | None = None
    max_speed_mps: float | None = None
    average_gap_mps: float | None = None
    average_heartrate_bpm: float | None = None
    max_heartrate_bpm: float | None = None
    average_cadence_spm: float | None = None
    max_cadence_spm: float | None = None
    average_power_w: float | None = None
    max_power_w: float | None = None
    temperature_c: float | None = None
    calories_kcal: float | None = None
    relative_effort: float | None = None
    perceived_exertion: float | None = None
    steps: float | None = None
    gear: str = ""
    device_name: str = ""
    start_latitude_deg: float | None = None
    start_longitude_deg: float | None = None
    is_manual: bool = False
    is_indoor: bool = False
    is_commute: bool | None = None
    is_private: bool | None = None
    is_race: bool | None = None
    samples: int = 0
    track: TrackFacts | None = None
    notes: tuple[str, ...] = ()

    def row(self) -> dict[str, object]:
        """Column → value, ready for SQL."""
        values = {name: getattr(self, name) for name in _PLAIN_COLUMNS}
        values["start_utc"] = moment_text(self.start)
        values["local_start"] = local_text(self.start, self.timezone)
        values["track"] = self.track.to_json() if self.track else None
        values["notes"] = json.dumps(self.notes, ensure_ascii=False)
        return values


_PLAIN_COLUMNS = tuple(each.name for each in fields(ActivityRecord) if each.name not in _CONVERTED_FIELDS)


def record_of_stored(row: Mapping[str, object]) -> ActivityRecord:
    """The record whose `row` is stored; columns of others are passed over. ValueError or TypeError for a bad row."""
    values: dict[str, Any] = {}
    for name in _PLAIN_COLUMNS:
        value = row[name]
        values[name] = bool(value) if name.startswith("is_") and value is not None else value
    return ActivityRecord(
        **values,
        start=parse_moment(str(row["start_utc"])),
        track=parse_track_facts(row["track"]),
        notes=tuple(map(str, json.loads(str(row["notes"] or "[]")))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSource:
    """Where an own activity came from. `sha256` and `part` name its file under originals/, `cells` its row verbatim."""

    sha256: str | None = None
    part: int = 0
    filename: str = ""
    header: str | None = None
    cells: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedTrack:
    """The heavy part of a track: encoded channels by name, and laps."""

    blocks: Mapping[str, bytes] = field(default_factory=dict)
    laps: tuple[Lap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRecord:
    """What a run adds to questions about many, as the tables of `measure_schema` hold it.

    `columns` are those of table `measure`; `duration_bests` and `grade_bins` are rows without the activity's id.
    """

    columns: Mapping[str, float | str | bytes | None]
    duration_bests: tuple[tuple[float | None, ...], ...] = ()
    grade_bins: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRecord:
    """What the analysis found in one activity.

    `version` is the analysis', `content` that of the activity it saw. `figures` is all of it, ready for JSON;
    `columns` are those of table `result`; `efforts` are (span_m, elapsed_s, start_s), the best of the run that can be
    believed. `doubtful_efforts` are faster ones, each with a clause on why it is doubted. `doubt` says why nothing of
    the run counts as a record, empty where it may. `best_minute_bpm` is the highest mean heart rate over a minute.
    `plot` is what a plot shows, `heart` the packed seconds at each heart rate, in place of those among the figures.
    """

    activity_id: int
    version: int
    content: str
    figures: Mapping[str, object]
    columns: Mapping[str, float | None] = field(default_factory=dict)
    efforts: tuple[tuple[float, float, float], ...] = ()
    doubtful_efforts: tuple[tuple[float, float, float, str], ...] = ()
    doubt: str = ""
    best_minute_bpm: float | None = None
    measures: MeasureRecord | None = None
    plot: "PlotRow | None" = None
    heart: bytes | None = None


def local_text(moment: datetime, timezone: str | None) -> str:
    """The clock face in a zone, without an offset; UTC's where the zone is not known."""
    return moment.astimezone(find_zone(timezone) or UTC).strftime("%Y-%m-%dT%H:%M:%S")
