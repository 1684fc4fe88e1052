"""The figures that a list of activities shows of a recording.

They are computed from the rounded streams, so that a client adding up the streams finds the same figures. By design, as
the real procedure is unpublished: the smoothing widths.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from paceport.sandbox.athletes import polyline
from paceport.sandbox.athletes.climb import climb_m
from paceport.sandbox.athletes.recording import Floats, Recording, Summary, Whole
from paceport.sandbox.athletes.smoothing import centred_mean


def summarize_recording(recording: Recording) -> Summary:
    """The list's figures of a recording; averages weigh each sample by the moving time since the one before."""
    steps = np.diff(recording.time_s, prepend=0) * recording.moving
    moving_time_s = int(steps.sum())
    distance_m = float(recording.distance_m[-1])
    altitude, heartrate, watts = recording.altitude_m, recording.heartrate_bpm, recording.watts
    made = Summary(
        distance_m=distance_m,
        moving_time_s=moving_time_s,
        elapsed_time_s=int(recording.time_s[-1]),
        elevation_gain_m=0.0 if altitude is None else climb_m(altitude),
        elevation_high_m=None if altitude is None else float(altitude.max()),
        elevation_low_m=None if altitude is None else float(altitude.min()),
        average_speed_mps=round(distance_m / moving_time_s, 3) if moving_time_s else 0.0,
        max_speed_mps=float(recording.velocity_mps.max()),
        average_heartrate_bpm=_average(heartrate, steps),
        max_heartrate_bpm=None if heartrate is None else float(heartrate.max()),
        average_cadence_rpm=_average(recording.cadence_rpm, steps * (recording.cadence_rpm != 0)),
        average_temp_c=None if recording.temp_c is None else round(float(recording.temp_c.mean())),
    )
    return _with_track(_with_power(made, watts, steps), recording.latlng)


def _average(channel: Whole | None, weights: Whole) -> float | None:
    if channel is None:
        return None
    total = float(weights.sum())
    return round(float(channel @ weights) / total, 1) if total else round(float(channel.mean()), 1)


def _with_power(made: Summary, watts: Whole | None, steps: Whole) -> Summary:
    """What a power meter adds: mean, maximum, work, and the fourth-power mean of half-minute means."""
    if watts is None:
        return made
    weighted = float(np.mean(centred_mean(watts.astype(np.float64), 31) ** 4) ** 0.25)
    return replace(
        made,
        average_watts=_average(watts, steps),
        max_watts=int(watts.max()),
        weighted_average_watts=round(weighted),
        kilojoules=round(float(watts @ steps) / 1000.0, 1),
    )


def _with_track(made: Summary, track: Floats | None) -> Summary:
    if track is None:
        return made
    return replace(
        made,
        start_latlng=(float(track[0, 0]), float(track[0, 1])),
        end_latlng=(float(track[-1, 0]), float(track[-1, 1])),
        summary_polyline=polyline.encode(polyline.summary(track)),
    )
