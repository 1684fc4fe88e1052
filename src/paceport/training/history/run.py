"""One run, or one activity of any sport, as a value: what every table, chart and question is made of."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime

from paceport.lazy_dataclass import dataclass
from paceport.notebook import html_facts, short_repr
from paceport.training.metrics.totals import RunFacts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """One run, or activity of any sport, with or without a track; None is "not known". Speeds are over moving time.

    - `id`: the activity's id; below zero for a file that came without one. `strava_id`: its id at Strava.
    - `source`: "own", "cache" or "both". `expires_at`: until when a run of the API may stay; None for your own.
    - `name`, `gear`, `device_name`: words, as you or the device gave them; "" where there are none.
    - `sport`: Strava's word, such as Run or TrailRun.
    - `start`: UTC. `local_start`: the clock face where it began, without a zone; UTC's where `timezone` is None.
    - `timezone`: the IANA name of the place.
    - `distance_m`, `moving_time_s`, `elapsed_time_s`, `speed_mps`: metres, seconds, metres per second.
    - `adjusted_speed_mps`: adjusted for grade, by our model where there is a track (`is_adjusted_here`), else Strava's.
    - `elevation_gain_m`: metres climbed.
    - `heartrate_bpm`, `highest_heartrate_bpm`: average and highest. `cadence_spm`: average, both feet.
    - `load`: training load on the one scale of all activities. `load_source`: what it was computed from.
    - `trimp`: the load by Banister. `edwards_load`: by Edwards. `heartrate_stress`: hrTSS, with a threshold.
    - `climb_rate_m_per_h`: metres climbed an hour of moving time.
    - `time_in_zones_s`: seconds in each heart rate zone; empty without heart rate or zones.
    - `heartrate_coverage_ratio`: the share of moving time with a heart rate, 0 to 1.
    - `efficiency_factor`: adjusted metres per minute for each heart beat per minute.
    - `decoupling_percent`: how much the efficiency of the second half is below that of the first.
    - `polyline`: the route, encoded with precision 5; None without positions.
    - `is_manual`, `is_indoor`, `is_commute`, `is_private`, `is_race`: as marked, or as the file shows.
    - `race_signs`: why it looks like a race; "" where it does not. What it is marked as goes before that.
    - `doubt`: why it is probably no run, so that its distance and times are in no sum; "" where it is one.
    - `other_recordings`: how many other recordings of this run there are, whose best channels it has.
    - `has_track`: whether samples are there. `is_deleted_at_strava`: it was deleted there; your own data stays.
    """

    id: int
    strava_id: int | None
    source: str
    name: str
    sport: str
    start: datetime
    local_start: datetime
    timezone: str | None
    distance_m: float | None
    moving_time_s: float | None
    elapsed_time_s: float | None
    speed_mps: float | None
    adjusted_speed_mps: float | None
    is_adjusted_here: bool
    elevation_gain_m: float | None
    heartrate_bpm: float | None
    highest_heartrate_bpm: float | None
    cadence_spm: float | None
    load: float | None
    load_source: str | None
    trimp: float | None
    climb_rate_m_per_h: float | None
    edwards_load: float | None
    heartrate_stress: float | None
    time_in_zones_s: tuple[float, ...]
    heartrate_coverage_ratio: float
    efficiency_factor: float | None
    decoupling_percent: float | None
    polyline: str | None
    gear: str
    device_name: str
    is_manual: bool
    is_indoor: bool
    is_commute: bool | None
    is_private: bool | None
    is_race: bool | None
    has_track: bool
    is_deleted_at_strava: bool
    expires_at: datetime | None
    other_recordings: int
    race_signs: str
    doubt: str

    @property
    def day(self) -> date:
        """The local day it began."""
        return self.local_start.date()

    @property
    def is_likely_race(self) -> bool:
        """Whether it was marked as a race or, where nobody said anything, looks like one."""
        return bool(self.race_signs) if self.is_race is None else self.is_race

    def run_facts(self) -> RunFacts:
        """The run as sums take it: what moves like a ride is no running distance."""
        return RunFacts(
            day=self.day,
            distance_m=None if self.doubt else self.distance_m,
            moving_time_s=None if self.doubt else self.moving_time_s,
            elevation_gain_m=None if self.doubt else self.elevation_gain_m,
            load=self.load,
            gear=self.gear or None,
        )

    def to_dict(self) -> dict[str, object]:
        """The fields by name; moments stay datetimes, the times in zones are a list."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in self._fields()}

    def __repr__(self) -> str:
        shown = ("id", "local_start", "name", "sport", "distance_m", "moving_time_s")
        return short_repr("Run", ((name, getattr(self, name)) for name in shown))

    def _repr_html_(self) -> str:
        return html_facts(self._fields())

    def _fields(self) -> list[tuple[str, object]]:
        return [(each.name, getattr(self, each.name)) for each in fields(self)]
