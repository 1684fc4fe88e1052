"""One simulated activity: what it is called and who may see it; where its recording comes from; its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from paceport.sandbox.athletes.physiology import drift_bpm, faded
from paceport.sandbox.athletes.recording import Recording, Summary
from paceport.sandbox.athletes.splits import BestEffort
from paceport.sandbox.athletes.sports import is_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a recording was made from, for an analysis to find back.

    `flat_speed_mps` is the mean flat-equivalent speed aimed at over the whole moving distance (hills count by
    `physiology.grade_cost`), `duration_s` the time that takes; with `steady` it is held up hill and down dale (with
    noise of mean zero), fading as `flat_speed_mps_at` says. Heart rate at that speed starts at `heartrate_bpm` and
    drifts as `heartrate_bpm_at` says. Of the speed that the same effort gives a fresh athlete on a cool day,
    `hot_ratio` and `tired_ratio` are missing. `threshold_*` are the athlete's one-hour speed and heart rate on that
    day. `route` names the track that was followed: two activities of one route went the same way; routes of one
    `route_family` begin alike. `route_length_m` is 0 indoors. `standing_s` is the time spent at red lights and the
    like.
    """

    route: str
    route_family: str
    route_length_m: float
    distance_m: float
    steady: bool
    flat_speed_mps: float
    fade_ratio_per_h: float
    duration_s: float
    temperature_c: float
    hot_ratio: float
    tired_ratio: float
    heartrate_bpm: float
    heartrate_drift_bpm: float
    threshold_speed_mps: float
    threshold_heartrate_bpm: float
    resting_heartrate_bpm: float
    standing_s: int

    def heartrate_bpm_at(self, moving_s: float) -> float:
        """The heart rate that the effort asks for after so long."""
        return self.heartrate_bpm + float(drift_bpm(moving_s, self.heartrate_drift_bpm))

    def flat_speed_mps_at(self, moving_s: float) -> float:
        """The flat-equivalent speed aimed at after so long, of a steady run."""
        loss_ratio = self.fade_ratio_per_h * self.duration_s / 3600.0
        return self.flat_speed_mps / float(faded(moving_s / self.duration_s, loss_ratio))


class RecordingSource(Protocol):
    """Where an activity's recording comes from: generated on demand, or kept from an upload."""

    def recording(self) -> Recording | None:
        """The recording, the same each time; None for a manual entry."""

    def summary(self) -> Summary:
        """Its figures (a manual entry: those typed in)."""

    def heartrate_zone_times_s(self, bounds: tuple[int, ...]) -> tuple[int, ...] | None:
        """Moving seconds in the heart rate zones between the bounds; None without heart rate."""

    def distance_m(self) -> float:
        """The distance of the summary, without the work of generating a recording."""

    def best_efforts(self) -> tuple[BestEffort, ...]:
        """The fastest stretch over each standard distance; empty for a manual entry."""

    def may_cover(self, span_m: float, within_s: float) -> bool:
        """Whether a best effort over the span may take less than that, without the work of a recording."""

    def may_pass(self, start_m: float, end_m: float, within_s: float) -> bool:
        """Whether the way between two distances may take less than that, without the work of a recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity, immutable (`dataclasses.replace` makes an edited one that shares the source).

    `start` is UTC; `timezone` an IANA name with `utc_offset_s` as it was then. `visibility` is `everyone`,
    `followers_only` or `only_me`. `map_hidden` hides the whole track.
    `country` is where it was, as older activities say it. Figures and streams come from `source`,
    generated on first use; `activity_parts` computes the rest.
    """

    id: int
    athlete_id: int
    upload_id: int | None
    external_id: str | None
    name: str
    description: str | None
    private_note: str | None
    sport_type: str
    workout_type: int | None
    start: datetime
    timezone: str
    utc_offset_s: int
    visibility: str
    trainer: bool
    commute: bool
    manual: bool
    gear_id: str | None
    device_name: str | None
    hide_from_home: bool
    map_hidden: bool
    perceived_exertion: int | None
    kudos_count: int = 0
    comment_count: int = 0
    photo_count: int = 0
    athlete_count: int
    weight_kg: float
    heartrate_zones_bpm: tuple[int, int, int, int]
    country: str | None = None
    source: RecordingSource = field(repr=False, compare=False)
    truth: Truth | None = field(default=None, repr=False)

    @property
    def recording(self) -> Recording | None:
        """The streams; None for a manual entry."""
        return self.source.recording()

    @property
    def summary(self) -> Summary:
        """The figures a list shows."""
        return self.source.summary()

    @property
    def distance_m(self) -> float:
        """The summary's distance, cheap even before the recording is generated."""
        return self.source.distance_m()

    @property
    def is_run(self) -> bool:
        """Whether splits and best efforts exist for this sport."""
        return is_run(self.sport_type)

    @property
    def heartrate_zone_times_s(self) -> tuple[int, ...] | None:
        """Moving seconds in the athlete's five heart rate zones; None without heart rate."""
        return self.source.heartrate_zone_times_s(self.heartrate_zones_bpm)
