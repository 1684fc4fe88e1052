"""The parts of a recording: splits, laps, best efforts.

Parts share their boundary samples, so that distances, elapsed and moving times add up to the whole. Documented: the
fields, the standard distances, that best efforts go by elapsed time, that splits and efforts end on samples. By
design: the grade adjustment (see physiology.cost), and that neighbouring laps share a sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from paceport.sandbox.athletes.climb import climb_m
from paceport.sandbox.athletes.grade_adjustment import grade_factor
from paceport.sandbox.athletes.recording import Recording, Whole

KILOMETRE_M = 1000.0
MILE_M = 1609.344
BEST_EFFORTS = (
    ("400m", 400.0),
    ("1/2 mile", 804.672),
    ("1K", 1000.0),
    ("1 mile", MILE_M),
    ("2 mile", 2 * MILE_M),
    ("5K", 5000.0),
    ("10K", 10000.0),
    ("15K", 15000.0),
    ("10 mile", 10 * MILE_M),
    ("20K", 20000.0),
    ("Half-Marathon", 21097.5),
    ("30K", 30000.0),
    ("Marathon", 42195.0),
    ("50K", 50000.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One kilometre or mile (the last one partial), numbered from 1.

    `elevation_difference_m` is end less start, None without altitude; `grade_adjusted_speed_mps` is over moving time.
    """

    split: int
    distance_m: float
    elapsed_time_s: int
    moving_time_s: int
    elevation_difference_m: float | None
    average_speed_mps: float
    grade_adjusted_speed_mps: float
    average_heartrate_bpm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """One lap, numbered from 1, from sample `start_index` to `end_index`, both included; neighbours share one."""

    lap_index: int
    start_index: int
    end_index: int
    start_s: int
    distance_m: float
    elapsed_time_s: int
    moving_time_s: int
    elevation_gain_m: float
    average_speed_mps: float
    max_speed_mps: float
    average_heartrate_bpm: float | None
    max_heartrate_bpm: float | None
    average_cadence_rpm: float | None
    average_watts: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BestEffort:
    """The fastest stretch between two samples that covers a standard distance; `start_s` is since the start."""

    name: str
    distance_m: float
    elapsed_time_s: int
    moving_time_s: int
    start_index: int
    end_index: int
    start_s: int


def splits(recording: Recording, unit_m: float = KILOMETRE_M) -> tuple[Split, ...]:
    """The splits of a recording: each ends at the first sample at or past its mark. Empty without distance."""
    if not recording.has_distance or recording.distance_m[-1] <= 0:
        return ()
    adjusted = np.diff(recording.distance_m, prepend=0.0) * grade_factor(recording.grade_percent)
    steps = np.diff(recording.time_s, prepend=0) * recording.moving
    return tuple(
        _split(recording, number, first, last, steps, float((adjusted * recording.moving)[first + 1 : last + 1].sum()))
        for number, (first, last) in enumerate(_spans(_marks(recording, unit_m)), start=1)
    )


def laps(recording: Recording, unit_m: float = KILOMETRE_M) -> tuple[Lap, ...]:
    """The laps: those the athlete pressed, else one each `unit_m`, else one; together they cover the whole."""
    last = len(recording) - 1
    marks = [*recording.lap_starts, last] if recording.lap_starts else _marks(recording, unit_m)
    steps = np.diff(recording.time_s, prepend=0) * recording.moving
    return tuple(_lap(recording, number, *span, steps) for number, span in enumerate(_spans(marks), start=1))


def best_efforts(recording: Recording) -> tuple[BestEffort, ...]:
    """The best effort over each standard distance that the recording covers, shortest first."""
    total = float(recording.distance_m[-1])
    return tuple(_best(recording, name, span_m) for name, span_m in BEST_EFFORTS if total >= span_m)


def _marks(recording: Recording, unit_m: float) -> list[int]:
    distance_m = recording.distance_m
    goals = np.arange(unit_m, float(distance_m[-1]) + unit_m, unit_m)
    inside = goals[goals < float(distance_m[-1])]
    return [0, *np.searchsorted(distance_m, inside).tolist(), len(recording) - 1]


def _spans(marks: Sequence[int]) -> list[tuple[int, int]]:
    return [(first, last) for first, last in pairwise(marks) if last > first]


def _split(recording: Recording, number: int, first: int, last: int, steps: Whole, adjusted_m: float) -> Split:
    moving_time_s = int(steps[first + 1 : last + 1].sum())
    distance_m = round(float(recording.distance_m[last] - recording.distance_m[first]), 1)
    altitude = recording.altitude_m
    return Split(
        split=number,
        distance_m=distance_m,
        elapsed_time_s=int(recording.time_s[last] - recording.time_s[first]),
        moving_time_s=moving_time_s,
        elevation_difference_m=None if altitude is None else round(float(altitude[last] - altitude[first]), 1),
        average_speed_mps=_speed(distance_m, moving_time_s),
        grade_adjusted_speed_mps=_speed(adjusted_m, moving_time_s),
        average_heartrate_bpm=_mean(recording.heartrate_bpm, first, last),
    )


def _lap(recording: Recording, number: int, first: int, last: int, steps: Whole) -> Lap:
    moving_time_s = int(steps[first + 1 : last + 1].sum())
    distance_m = round(float(recording.distance_m[last] - recording.distance_m[first]), 1)
    altitude, heartrate = recording.altitude_m, recording.heartrate_bpm
    return Lap(
        lap_index=number,
        start_index=first,
        end_index=last,
        start_s=int(recording.time_s[first]),
        distance_m=distance_m,
        elapsed_time_s=int(recording.time_s[last] - recording.time_s[first]),
        moving_time_s=moving_time_s,
        elevation_gain_m=0.0 if altitude is None else climb_m(altitude[first : last + 1]),
        average_speed_mps=_speed(distance_m, moving_time_s),
        max_speed_mps=float(recording.velocity_mps[first : last + 1].max()),
        average_heartrate_bpm=_mean(heartrate, first, last),
        max_heartrate_bpm=None if heartrate is None else float(heartrate[first : last + 1].max()),
        average_cadence_rpm=_mean(recording.cadence_rpm, first, last),
        average_watts=_mean(recording.watts, first, last),
    )


def _best(recording: Recording, name: str, span_m: float) -> BestEffort:
    """Between samples, never interpolated, as the recorded answers are: the end is the first sample past the span."""
    time_s, distance_m = recording.time_s, recording.distance_m
    starts = int(np.searchsorted(distance_m, distance_m[-1] - span_m, side="right"))
    # 1e-6: 0.1 m steps are not exact in binary, and an exact kilometre must count as one.
    ends = np.searchsorted(distance_m, distance_m[:starts] + span_m - 1e-6)
    elapsed = time_s[ends] - time_s[:starts]
    first = int(elapsed.argmin())
    return BestEffort(
        name=name,
        distance_m=float(round(span_m)),
        elapsed_time_s=int(elapsed[first]),
        moving_time_s=int(elapsed[first]),
        start_index=first,
        end_index=int(ends[first]),
        start_s=int(time_s[first]),
    )


def _speed(distance_m: float, time_s: int) -> float:
    return round(distance_m / time_s, 3) if time_s else 0.0


def _mean(channel: Whole | None, first: int, last: int) -> float | None:
    return None if channel is None else round(float(channel[first : last + 1].mean()), 1)
