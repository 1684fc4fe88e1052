"""What is known of a file from elsewhere than our code: what its device, Strava or its maker says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """One run. What nobody says of it is None or empty, and no test asks for it.

    `start` is ISO 8601 in UTC. `samples` counts those that a reader keeps. `distance_m` is the device's total, `way_m`
    lies between its first record and its last. Strides are of one foot, a minute of `timer_s`. Paces are grade-adjusted
    seconds a kilometre over the moving time: as Strava shows it, by Strava's published model, by Minetti's. `effort_s`
    is by span, `climbed_m` by threshold; `gain_m` and `loss_m` are the device's own.
    """

    samples: int
    start: str
    sport: str
    device_name: str
    distance_m: float
    way_m: float | None = None
    elapsed_s: float | None = None
    timer_s: float | None = None
    paused_s: float = 0.0
    lap_count: int = 0
    has_barometer: bool | None = None
    local_date: str = ""
    zone: str | None = None
    moving_time_s: float | None = None
    effort_s: Mapping[float, float] = field(default_factory=dict)
    climbed_m: Mapping[float, int] = field(default_factory=dict)
    gain_m: float | None = None
    loss_m: float | None = None
    strava_pace_s: float | None = None
    model_pace_s: float | None = None
    minetti_pace_s: float | None = None
    mean_bpm: float | None = None
    highest_bpm: float | None = None
    strides_per_minute: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFacts:
    """The one row of an export, whose file's name is not the activity's id, as Strava computed it."""

    id: int
    file: str
    moving_time_s: float
    elapsed_s: float
    distance_m: float
    gain_m: float
    loss_m: float
    lowest_m: float
    highest_m: float
    adjusted_m: float
    average_gap_mps: float
    average_cadence_spm: float
    zone: str
    local_start: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEffort:
    """One best effort of the recorded run: from where to where in the recorded distances, which lie that far apart."""

    name: str
    first: int
    last: int
    elapsed_time_s: int
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedIds:
    """The ids that the recorded requests name, by what they stand for."""

    activity: str
    activity_with_laps: str
    manual_activity: str
    athlete: str
    shoes: str
    bike: str
    upload: str
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known of one set of files: the originals, or their twins."""

    runs: Mapping[str, RunFacts]
    export: ExportFacts
    ids: RecordedIds
    efforts: tuple[RecordedEffort, ...]
    highest_heart_rate_bpm: int
