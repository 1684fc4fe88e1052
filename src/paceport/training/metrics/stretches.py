"""Stretches of a run as values: a kilometre or mile of it, and the fastest of a length. Stored ones need no arrays."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BestEffort:
    """The fastest `span_m` of a run, in elapsed time.

    `start_s` and `end_s` are on the time axis of the streams, `start_m` on their distance; all are interpolated.
    """

    span_m: float
    elapsed_time_s: float
    start_s: float
    end_s: float
    start_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulEffort:
    """An effort that does not count, and why, as a clause to show."""

    effort: BestEffort
    doubt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One kilometre or mile of a run; the last one is what was left. None is "not known".

    `speed_mps` is over moving time. `elevation_difference_m` is the altitude at the end less that at the start.
    """

    number: int
    distance_m: float
    elapsed_time_s: float
    moving_time_s: float
    speed_mps: float | None
    adjusted_speed_mps: float | None
    elevation_difference_m: float | None
    heartrate_bpm: float | None
