"""Activities and their parts: laps, splits, efforts, comments, zones, streams, uploads."""

from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import field

from paceport.api.models.athlete import Gear
from paceport.api.models.decoding import ApiStruct, Int64, LeftOut, decode
from paceport.api.models.segment import PolylineMap, Reference, Segment

# A privacy setting shows a hidden start time as one second past local midnight (changelog of 2024-07-03).
_HIDDEN_START = (0, 0, 1)


class HasLocalStart:
    """What has a start by the clock of the place: decoded once and here."""

    __slots__ = ()

    start_local_false_utc: datetime | None

    @property
    def start_local(self) -> datetime | None:
        """The wall clock when it began, naive. The wire adds a Z to it, which is false: it is not UTC."""
        local = self.start_local_false_utc
        return None if local is None else local.replace(tzinfo=None)

    @property
    def is_start_hidden(self) -> bool:
        """Whether the time of day looks hidden by the athlete's settings."""
        local = self.start_local
        return local is not None and (local.hour, local.minute, local.second) == _HIDDEN_START


class MayHaveStart(HasLocalStart):
    """A part of an activity, which in odd answers has no start."""

    __slots__ = ()

    start_utc: datetime | None

    @property
    def start(self) -> datetime | None:
        """When it began, aware, in UTC; None where the answer does not tell."""
        return None if self.start_utc is None else _in_utc(self.start_utc)


class SummaryActivity(HasLocalStart, ApiStruct, frozen=True, kw_only=True, gc=False):
    """A row of the list of activities.

    Metres, seconds, metres per second, beats and (one foot's) steps per minute, watts, kilojoules, degrees Celsius.
    None is "not recorded" or "not sent". Sport and visibility are open sets of words.
    """

    # In the order of the wire, with the fields nobody wants: the decoder looks for a key where it expects the next one,
    # and searches all of them for a key it does not find there. Measured: 0.49 against 0.35 ms for a page of 200.
    resource_state: Int64 | None = None
    athlete: Reference | None = None
    name: str = ""
    distance_m: float | None = field(name="distance", default=None)
    moving_time_s: Int64 | None = field(name="moving_time", default=None)
    elapsed_time_s: Int64 | None = field(name="elapsed_time", default=None)
    elevation_gain_m: float | None = field(name="total_elevation_gain", default=None)
    type: str | None = None
    sport_type: str | None = None
    workout_type: Int64 | None = None
    device_name: str | None = None
    id: Int64
    start_utc: datetime = field(name="start_date")
    start_local_false_utc: datetime | None = field(name="start_date_local", default=None)
    timezone_text: str | None = field(name="timezone", default=None)
    utc_offset_s: float | None = field(name="utc_offset", default=None)
    location_city: str | None = None
    location_state: str | None = None
    location_country: str | None = None
    achievement_count: Int64 | None = None
    kudos_count: Int64 | None = None
    comment_count: Int64 | None = None
    athlete_count: Int64 | None = None
    photo_count: Int64 | None = None
    map: PolylineMap | None = None
    trainer: bool | None = None
    commute: bool | None = None
    manual: bool | None = None
    private: bool | None = None
    visibility: str | None = None
    flagged: bool | None = None
    gear_id: str | None = None
    start_latlng: list[float] | None = None
    end_latlng: list[float] | None = None
    average_speed_mps: float | None = field(name="average_speed", default=None)
    max_speed_mps: float | None = field(name="max_speed", default=None)
    average_cadence_rpm: float | None = field(name="average_cadence", default=None)
    average_temperature_c: float | None = field(name="average_temp", default=None)
    average_power_w: float | None = field(name="average_watts", default=None)
    max_power_w: float | None = field(name="max_watts", default=None)
    weighted_power_w: float | None = field(name="weighted_average_watts", default=None)
    work_kj: float | None = field(name="kilojoules", default=None)
    has_power_meter: bool | None = field(name="device_watts", default=None)
    has_heartrate: bool | None = None
    average_heartrate_bpm: float | None = field(name="average_heartrate", default=None)
    max_heartrate_bpm: float | None = field(name="max_heartrate", default=None)
    heartrate_opt_out: bool | None = None
    display_hide_heartrate_option: bool | None = None
    highest_m: float | None = field(name="elev_high", default=None)
    lowest_m: float | None = field(name="elev_low", default=None)
    upload_id: Int64 | None = None
    upload_id_str: str | None = None
    external_id: str | None = None
    from_accepted_tag: bool | None = None
    pr_count: Int64 | None = None
    total_photo_count: Int64 | None = None
    has_kudoed: bool | None = None
    relative_effort: float | None = field(name="suffer_score", default=None)
    hide_from_home: bool | None = None

    @property
    def start(self) -> datetime:
        """When it began, aware, in UTC."""
        return _in_utc(self.start_utc)

    @property
    def sport(self) -> str:
        """The sport's word: `sport_type`, or the older `type` where an old answer has only that."""
        return self.sport_type or self.type or ""

    @property
    def timezone(self) -> str | None:
        """The IANA name in "(GMT-05:00) America/New_York"; its GMT part is standard time, not this moment's offset."""
        text = self.timezone_text
        return (text.rpartition(") ")[2].strip() or None) if text else None

    @property
    def polyline(self) -> str:
        """The encoded route, precision 5: whole where it was sent, else coarse; "" without positions."""
        return (self.map.polyline or self.map.summary_polyline or "") if self.map else ""


class Lap(MayHaveStart, ApiStruct, frozen=True, kw_only=True, gc=False):
    """A lap as the device or the athlete cut it. `start_index` and `end_index` point into the streams."""

    id: Int64 | None = None
    start_utc: datetime | None = field(name="start_date", default=None)
    start_local_false_utc: datetime | None = field(name="start_date_local", default=None)
    name: str = ""
    distance_m: float | None = field(name="distance", default=None)
    moving_time_s: Int64 | None = field(name="moving_time", default=None)
    elapsed_time_s: Int64 | None = field(name="elapsed_time", default=None)
    lap_index: Int64 | None = None
    split: Int64 | None = None
    start_index: Int64 | None = None
    end_index: Int64 | None = None
    elevation_gain_m: float | None = field(name="total_elevation_gain", default=None)
    average_speed_mps: float | None = field(name="average_speed", default=None)
    max_speed_mps: float | None = field(name="max_speed", default=None)
    average_cadence_rpm: float | None = field(name="average_cadence", default=None)
    average_power_w: float | None = field(name="average_watts", default=None)
    average_heartrate_bpm: float | None = field(name="average_heartrate", default=None)
    max_heartrate_bpm: float | None = field(name="max_heartrate", default=None)
    pace_zone: Int64 | None = None


class Split(ApiStruct, frozen=True, kw_only=True, gc=False):
    """One kilometre or mile of a run, from 1; the last one is shorter."""

    split: Int64 | None = None
    distance_m: float | None = field(name="distance", default=None)
    moving_time_s: Int64 | None = field(name="moving_time", default=None)
    elapsed_time_s: Int64 | None = field(name="elapsed_time", default=None)
    elevation_difference_m: float | None = field(name="elevation_difference", default=None)
    average_speed_mps: float | None = field(name="average_speed", default=None)
    grade_adjusted_speed_mps: float | None = field(name="average_grade_adjusted_speed", default=None)
    average_heartrate_bpm: float | None = field(name="average_heartrate", default=None)
    pace_zone: Int64 | None = None


class Achievement(ApiStruct, frozen=True, kw_only=True, gc=False):
    """A badge of an effort: `type` "overall", "pr", "year_pr" or a word we do not know."""

    type_id: Int64 | None = None
    type: str | None = None
    rank: Int64 | None = None


class SegmentEffort(MayHaveStart, ApiStruct, frozen=True, kw_only=True, gc=False):
    """One passage over a segment, or a best effort over a distance (then `segment` is None)."""

    id: Int64 | None = None
    start_utc: datetime | None = field(name="start_date", default=None)
    start_local_false_utc: datetime | None = field(name="start_date_local", default=None)
    name: str = ""
    distance_m: float | None = field(name="distance", default=None)
    moving_time_s: Int64 | None = field(name="moving_time", default=None)
    elapsed_time_s: Int64 | None = field(name="elapsed_time", default=None)
    activity: Reference | None = None
    athlete: Reference | None = None
    start_index: Int64 | None = None
    end_index: Int64 | None = None
    average_power_w: float | None = field(name="average_watts", default=None)
    average_cadence_rpm: float | None = field(name="average_cadence", default=None)
    average_heartrate_bpm: float | None = field(name="average_heartrate", default=None)
    max_heartrate_bpm: float | None = field(name="max_heartrate", default=None)
    segment: Segment | None = None
    pr_rank: Int64 | None = None
    kom_rank: Int64 | None = None
    achievements: list[Achievement] | None = None
    visibility: str | None = None
    hidden: bool | None = None


class DetailedActivity(SummaryActivity, frozen=True, kw_only=True, gc=False):
    """One activity with all its parts. What Strava did not compute for it is None (manual ones have no laps)."""

    description: str | None = None
    calories_kcal: float | None = field(name="calories", default=None)
    perceived_exertion: float | None = None
    segment_efforts: list[SegmentEffort] | None = None
    splits_metric: list[Split] | None = None
    splits_standard: list[Split] | None = None
    laps: list[Lap] | None = None
    best_efforts: list[SegmentEffort] | None = None
    gear: Gear | None = None
    embed_token: str | None = None
    private_note: str | None = None
    available_zones: list[str] | None = None


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:  # an offset that leaves the years 1 to 9999
        return moment.replace(tzinfo=UTC)


class ZoneBucket(ApiStruct, frozen=True, kw_only=True, gc=False):
    """Seconds spent between two bounds (beats per minute, metres per second or watts); `max` -1 is open."""

    min: float
    max: float
    time_s: float = field(name="time")


class ActivityZone(ApiStruct, frozen=True, kw_only=True, gc=False):
    """Time in zones: `type` "heartrate", "pace", "power" or a word we do not know."""

    type: str
    buckets: list[ZoneBucket] = field(name="distribution_buckets", default_factory=list)
    score: float | None = None
    sensor_based: bool | None = None
    custom_zones: bool | None = None


class OtherAthlete(ApiStruct, frozen=True, kw_only=True, gc=False):
    """Somebody else, as the service shows them: first name and initial, no id."""

    firstname: str = ""
    lastname: str = ""


class Comment(ApiStruct, frozen=True, kw_only=True, gc=False):
    """A comment. `cursor` is what the next page is asked with; None where pages were counted instead."""

    id: Int64
    text: str = ""
    activity_id: Int64 | None = None
    created_at: datetime | None = None
    athlete: OtherAthlete | None = None
    cursor: str | None = None
    reaction_count: Int64 | None = None
    has_reacted: bool | None = None


class Photo(ApiStruct, frozen=True, kw_only=True, gc=False):
    """A photo of an activity (undocumented). `urls` and `sizes` are keyed by pixel size."""

    unique_id: str
    activity_id: Int64 | None = None
    caption: str | None = None
    created_at: datetime | None = None
    uploaded_at: datetime | None = None
    urls: dict[str, str] | None = None
    sizes: dict[str, list[int]] | None = None
    location: list[float] | None = None
    default_photo: bool | None = None


class Stream(ApiStruct, frozen=True, kw_only=True, gc=False):
    """One channel as sent: numbers, booleans or [latitude, longitude] pairs; None at gaps, where the wire has null."""

    samples: list[float | bool | list[float] | None] = field(name="data")
    series_type: str | None = None
    original_size: Int64 | None = None
    resolution: str | None = None
    type: str | None = None


class Upload(ApiStruct, frozen=True, kw_only=True, gc=False):
    """Where an upload stands: `activity_id` when done, `error` when refused, neither while it is worked on."""

    id: Int64
    status: str = ""
    error: str | None = None
    activity_id: Int64 | None = None
    external_id: str | None = None


class _TypedStream(Stream, frozen=True, kw_only=True, gc=False):
    type: str


def streams_by_key(body: bytes, *, left_out: Callable[[LeftOut], None] | None = None) -> dict[str, Stream]:
    """The channels of an answer by key, from either of its two shapes: an object by key, or an array with types.

    A channel or a sample that cannot be read is left out (a sample is then None) and given to `left_out`. Raises
    UnexpectedAnswer if it is neither shape.
    """
    if body.lstrip()[:1] == b"[":
        return {stream.type: stream for stream in decode(list[_TypedStream], body, left_out=left_out)}
    return decode(dict[str, Stream], body, left_out=left_out)
