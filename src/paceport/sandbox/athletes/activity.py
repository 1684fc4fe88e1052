"""One simulated activity: what it is called and who may see it; where its recording comes from; its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from paceport.sandbox.athletes import effort, splits
from paceport.sandbox.athletes.polyline import FULL_TOLERANCE_M, encode, thin
from paceport.sandbox.athletes.recording import Recording, Summary, summarize_recording
from paceport.sandbox.athletes.sports import is_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a recording was made from, for an analysis to find back.

    `flat_speed_mps` is the mean flat-equivalent speed aimed at over the whole moving distance; with `steady` it is
    held up hill and down dale (with noise of mean zero), fading by `fade_ratio_per_h` of itself an hour. Heart rate
    at that speed starts at `heartrate_bpm` and drifts by `heartrate_drift_bpm_per_h`. `threshold_*` are the
    athlete's one-hour speed and heart rate on that day. `route` names the track that was followed; two activities of
    one route (same `laps_of_route`) went the same way. `standing_s` is the time spent at red lights and the like.
    """

    route: str
    distance_m: float
    steady: bool
    flat_speed_mps: float
    fade_ratio_per_h: float
    heartrate_bpm: float
    heartrate_drift_bpm_per_h: float
    threshold_speed_mps: float
    threshold_heartrate_bpm: float
    resting_heartrate_bpm: float
    standing_s: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSource:
    """A source that holds what it gives: an upload (`stored_source(recording)`) or a manual entry (no recording)."""

    held: Recording | None
    figures: Summary

    def recording(self) -> Recording | None:
        """What is held."""
        return self.held

    def summary(self) -> Summary:
        """The figures given."""
        return self.figures

    def heartrate_zone_times_s(self, bounds: tuple[int, ...]) -> tuple[int, ...] | None:
        """Moving seconds in the heart rate zones between the bounds."""
        return effort.heartrate_zone_times_s(self.held, bounds)

    def distance_m(self) -> float:
        """The distance of the figures."""
        return self.figures.distance_m


def stored_source(recording: Recording) -> StoredSource:
    """The source of an activity whose recording already exists."""
    return StoredSource(held=recording, figures=summarize_recording(recording))


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity, immutable (`dataclasses.replace` makes an edited one that shares the source).

    `start` is UTC; `timezone` an IANA name with `utc_offset_s` as it was then. `visibility` is `everyone`,
    `followers_only` or `only_me`. `map_hidden` hides the whole track. Figures and streams come from `source`,
    generated on first use; the sequences below are computed on each call.
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
    achievement_count: int = 0
    athlete_count: int
    weight_kg: float
    heartrate_zones_bpm: tuple[int, int, int, int]
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
    def polyline(self) -> str:
        """The full encoded track, `""` without one."""
        recording = self.recording
        if recording is None or recording.latlng is None:
            return ""
        return encode(thin(recording.latlng, FULL_TOLERANCE_M))

    @property
    def splits_metric(self) -> tuple[splits.Split, ...]:
        """Splits by kilometre; empty but for runs."""
        return splits.splits(self.recording) if self.is_run and self.recording is not None else ()

    @property
    def splits_standard(self) -> tuple[splits.Split, ...]:
        """Splits by mile; empty but for runs."""
        return splits.splits(self.recording, splits.MILE_M) if self.is_run and self.recording is not None else ()

    @property
    def laps(self) -> tuple[splits.Lap, ...]:
        """Laps; empty for a manual entry."""
        return () if self.recording is None else splits.laps(self.recording)

    @property
    def best_efforts(self) -> tuple[splits.BestEffort, ...]:
        """Best efforts over the standard distances; empty but for runs."""
        return splits.best_efforts(self.recording) if self.is_run and self.recording is not None else ()

    @property
    def heartrate_zone_times_s(self) -> tuple[int, ...] | None:
        """Moving seconds in the athlete's five heart rate zones; None without heart rate."""
        return self.source.heartrate_zone_times_s(self.heartrate_zones_bpm)

    @property
    def suffer_score(self) -> float | None:
        """Relative effort; None without heart rate."""
        times_s = self.heartrate_zone_times_s
        return None if times_s is None else effort.suffer_score(times_s)

    @property
    def calories(self) -> float:
        """Kilocalories, an estimate from weight, distance and sport."""
        return effort.calories(self.summary, self.sport_type, self.weight_kg)
