"""What a device recorded of one activity, and the figures that a list of activities shows of it: the two values.

Documented: the streams and their units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """The streams of one activity: read-only arrays of one length and one index, rounded as Strava prints them.

    `time_s` counts from the start (first 0, strictly increasing; gaps are automatic pauses). `distance_m` is
    cumulative; without any measured distance (`has_distance` false: weight training) it, `velocity_mps` and
    `grade_percent` are zeros that no answer should show. `latlng` has the shape (n, 2), degrees. `cadence_rpm` counts
    one foot. `moving` says of each sample whether the time since the one before counts as moving. A channel that was
    not recorded is None. `lap_starts` are the samples where laps begin: the first is 0, and none stands for
    automatic laps.
    """

    time_s: Whole
    distance_m: Floats
    latlng: Floats | None
    altitude_m: Floats | None
    velocity_mps: Floats
    heartrate_bpm: Whole | None
    cadence_rpm: Whole | None
    watts: Whole | None
    temp_c: Whole | None
    moving: Flags
    grade_percent: Floats
    has_distance: bool
    lap_starts: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.time_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of one activity that a list shows: metres, whole seconds, m/s, beats and revolutions a minute.

    None where nothing was recorded. `average_cadence_rpm` counts one foot. Without a track the polyline is empty.
    """

    distance_m: float
    moving_time_s: int
    elapsed_time_s: int
    elevation_gain_m: float
    elevation_high_m: float | None = None
    elevation_low_m: float | None = None
    average_speed_mps: float
    max_speed_mps: float
    average_heartrate_bpm: float | None = None
    max_heartrate_bpm: float | None = None
    average_cadence_rpm: float | None = None
    average_watts: float | None = None
    max_watts: int | None = None
    weighted_average_watts: int | None = None
    kilojoules: float | None = None
    average_temp_c: int | None = None
    start_latlng: tuple[float, float] | None = None
    end_latlng: tuple[float, float] | None = None
    summary_polyline: str = ""
