"""From the samples of a device or file to a recording: gaps filled, streams rounded, speed, grade, moving computed.

Documented: a run moves above a 30-minute mile; stretches below it count as stopped only when they last more than 15 s.
By design, as the real procedure is unpublished: smoothing widths, how gaps are filled.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from paceport.sandbox.athletes.geometry import along_track_m
from paceport.sandbox.athletes.recording import Flags, Floats, Recording, Whole
from paceport.sandbox.athletes.smoothing import centred_mean

Samples = Sequence[float | None] | Floats | Whole

SLOWEST_MOVING_MPS = 0.894
LONGEST_SHORT_STOP_S = 15


def recording_from_samples(
    *,
    time_s: Samples,
    distance_m: Samples | None = None,
    latlng: Sequence[tuple[float, float] | None] | Floats | None = None,
    altitude_m: Samples | None = None,
    heartrate_bpm: Samples | None = None,
    cadence_rpm: Samples | None = None,
    watts: Samples | None = None,
    temp_c: Samples | None = None,
    lap_times_s: Sequence[float] = (),
) -> Recording:
    """A recording from what a device or file holds: streams rounded, gaps filled, speed, grade and moving computed.

    Samples are aligned with `time_s` (any origin); a missing one is None or NaN and takes the value before it (the
    first known one at the beginning); a channel without any is left out. Samples that do not advance the time by a
    whole second are dropped. Distance, where absent, is measured along the track. `lap_times_s`, on the same clock,
    are where laps begin. Raises ValueError for no samples or channels of unequal lengths.
    """
    clock = _known(time_s, len(time_s))
    if clock is None:
        raise ValueError("a recording needs samples with times")
    whole = np.rint(clock - clock[0]).astype(np.int64)
    use = np.flatnonzero(np.diff(np.maximum.accumulate(whole), prepend=-1) > 0)
    count = len(clock)
    names = ("altitude_m", "heartrate_bpm", "cadence_rpm", "watts", "temp_c")
    channels = (altitude_m, heartrate_bpm, cadence_rpm, watts, temp_c)
    known = {name: _known(channel, count) for name, channel in zip(names, channels, strict=True)}
    track = _track(latlng, count)
    measured = _known(distance_m, count)
    if measured is None and track is not None:
        measured = along_track_m(track)
    return build_recording(
        time_s=whole[use],
        distance_m=None if measured is None else measured[use] - measured[use[0]],
        latlng=None if track is None else track[use],
        **{name: None if channel is None else channel[use] for name, channel in known.items()},
        lap_starts=_lap_starts(whole[use], np.asarray(lap_times_s, dtype=np.float64) - clock[0]),
    )


def build_recording(
    *,
    time_s: Whole,
    distance_m: Floats | None,
    latlng: Floats | None,
    altitude_m: Floats | None,
    heartrate_bpm: Floats | None,
    cadence_rpm: Floats | None,
    watts: Floats | None,
    temp_c: Floats | None,
    lap_starts: tuple[int, ...],
) -> Recording:
    """A recording from complete channels of one length: rounds them, then computes speed, grade and moving."""
    distance: Floats = np.zeros(len(time_s))
    if distance_m is not None:
        distance = np.asarray(np.round(np.maximum.accumulate(distance_m), 1))
    altitude = None if altitude_m is None else np.round(np.rint(altitude_m * 5.0) / 5.0, 1)
    moving = np.ones(len(time_s), dtype=np.bool_) if distance_m is None else _moving(time_s, distance)
    made = Recording(
        time_s=time_s,
        distance_m=distance,
        latlng=None if latlng is None else np.round(latlng, 6),
        altitude_m=altitude,
        velocity_mps=_velocity(time_s, distance),
        heartrate_bpm=_rounded(heartrate_bpm),
        cadence_rpm=_rounded(cadence_rpm),
        watts=_rounded(watts),
        temp_c=_rounded(temp_c),
        moving=moving,
        grade_percent=_grade(distance, altitude),
        has_distance=distance_m is not None,
        lap_starts=lap_starts,
    )
    for name in ("time_s", "distance_m", "latlng", "altitude_m", "velocity_mps", "heartrate_bpm", "cadence_rpm"):
        _freeze(getattr(made, name))
    for name in ("watts", "temp_c", "moving", "grade_percent"):
        _freeze(getattr(made, name))
    return made


def _moving(time_s: Whole, distance_m: Floats) -> Flags:
    """Whether the time since the sample before counts: not inside a slow stretch of more than 15 s."""
    steps = np.diff(time_s)
    slow = np.diff(distance_m) < SLOWEST_MOVING_MPS * steps
    edges = np.flatnonzero(np.diff(np.concatenate(([False], slow, [False])).astype(np.int8)))
    moving = np.ones(len(time_s), dtype=np.bool_)
    for first, last in zip(edges[0::2].tolist(), edges[1::2].tolist(), strict=True):
        if time_s[last] - time_s[first] > LONGEST_SHORT_STOP_S:
            moving[first + 1 : last + 1] = False
    return moving


def _velocity(time_s: Whole, distance_m: Floats) -> Floats:
    """Speed over about five seconds round each sample, m/s to 0.001."""
    count = len(time_s)
    index = np.arange(count)
    before, after = np.maximum(index - 2, 0), np.minimum(index + 2, count - 1)
    spans = np.maximum(time_s[after] - time_s[before], 1)
    return np.asarray(np.round((distance_m[after] - distance_m[before]) / spans, 3))


def _grade(distance_m: Floats, altitude_m: Floats | None) -> Floats:
    """Grade in percent over some 30 m round each sample, to 0.1, within ±45."""
    if altitude_m is None or len(distance_m) < 3:
        return np.zeros(len(distance_m))
    count = len(distance_m)
    index = np.arange(count)
    before, after = np.maximum(index - 6, 0), np.minimum(index + 6, count - 1)
    smooth = centred_mean(altitude_m, 7)
    rise, run = smooth[after] - smooth[before], distance_m[after] - distance_m[before]
    # Standing still, a drifting barometer would make walls of it.
    grade = np.where(run > 12.0, 100.0 * rise / np.maximum(run, 12.0), 0.0)
    return np.asarray(np.round(np.clip(grade, -45.0, 45.0), 1) + 0.0)


def _known(channel: Samples | None, count: int) -> Floats | None:
    """A channel without gaps, or None where nothing was measured."""
    if channel is None or count == 0:
        return None
    values = np.array(channel, dtype=np.float64)
    if len(values) != count:
        raise ValueError(f"a channel has {len(values)} samples where the time has {count}")
    measured = np.isfinite(values)
    if not measured.any():
        return None
    last = np.maximum.accumulate(np.where(measured, np.arange(count), -1))
    return np.asarray(values[np.where(last < 0, int(measured.argmax()), last)])


def _lap_starts(time_s: Whole, begin_s: Floats) -> tuple[int, ...]:
    """The samples where laps begin: the first, and those at the times given; none for no times."""
    if len(begin_s) == 0:
        return ()
    starts = np.searchsorted(time_s, np.rint(begin_s)).tolist()
    return tuple(sorted({0, *(start for start in starts if start < len(time_s))}))


def _track(latlng: Sequence[tuple[float, float] | None] | Floats | None, count: int) -> Floats | None:
    if latlng is None:
        return None
    pairs = np.array([(np.nan, np.nan) if pair is None else tuple(pair) for pair in latlng], dtype=np.float64)
    if len(pairs) == 0:
        return None
    latitude, longitude = _known(pairs[:, 0], count), _known(pairs[:, 1], count)
    return None if latitude is None or longitude is None else np.column_stack((latitude, longitude))


def _rounded(channel: Floats | None) -> Whole | None:
    return None if channel is None else np.rint(channel).astype(np.int64)


def _freeze(channel: npt.NDArray[np.generic] | None) -> None:
    if channel is not None:
        channel.flags.writeable = False
