"""One run, ride or walk simulated from its plan: place, speed and heart rate at each second.

By design. The body is simulated along the route (a node every 5 m): effort, hills, fatigue and noise give the time each
node takes; red lights add time; then the device samples it all. See `activity.Truth` for what can be found back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from paceport.sandbox.athletes.devices import Device
from paceport.sandbox.athletes.physiology import Fitness, drift_bpm, faded, lagged
from paceport.sandbox.athletes.random_streams import Floats, NoiseStream
from paceport.sandbox.athletes.recording import Recording, Whole
from paceport.sandbox.athletes.recording_builder import build_recording
from paceport.sandbox.athletes.routes import NamedRoute
from paceport.sandbox.athletes.terrain import Track
from paceport.sandbox.athletes.training_plan import WorkoutStep

HEART_LAG_S = 28.0
COARSE_S = 10.0
WATTS_PER_KG_MPS = 1.04  # a foot pod's rule of thumb: level running costs about one watt per kilogram and m/s


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """A reflection at a wall: for some samples at a share of the recording the receiver is far aside, and too high."""

    share: float
    samples: int
    east_m: float
    up_m: float

    def span(self, count: int) -> tuple[int, int]:
        """The samples it covers, of so many, from the first up to the second."""
        first = 1 + int(self.share * max(0, count - 8))
        return first, min(count - 1, first + self.samples)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPlan:
    """All that decides a recording; `key` seeds its noise. Without a route it is indoors: no track, no altitude.

    `drift_bpm`, `fade_ratio_per_h`, `hot_ratio` and `tired_ratio` as in Truth. `stops` are (share of the
    distance, seconds standing). `duration_s` is for sports without distance (then `distance_m` is 0).
    """

    key: str
    sport: str
    route: NamedRoute | None
    distance_m: float
    flat_speed_mps: float
    steps: tuple[WorkoutStep, ...] = ()
    fade_ratio_per_h: float = 0.0
    drift_bpm: float = 0.0
    hot_ratio: float = 0.0
    tired_ratio: float = 0.0
    stops: tuple[tuple[float, int], ...] = ()
    fitness: Fitness
    sensor: bool
    device: Device
    temperature_c: float
    weight_kg: float
    duration_s: int = 0
    noise: float = field(default=0.022)
    spikes: tuple[Spike, ...] = ()

    @property
    def recorded_distance_m(self) -> float:
        """What the device will say: a receiver that jumps counts the way there and back."""
        return round(self.distance_m + 2.0 * sum(abs(spike.east_m) for spike in self.spikes), 1)

    def effort_mps(self, flat_speed_mps: float) -> float:
        """The speed that the same effort would give on a cool day with fresh legs: what the heart answers to."""
        return flat_speed_mps / ((1.0 - self.hot_ratio) * (1.0 - self.tired_ratio))


def simulate_recording(plan: RecordingPlan) -> Recording:
    """The recording of a plan, the same each time."""
    noise = NoiseStream(plan.key)
    if plan.distance_m <= 0.0:
        return _indoors_without_distance(plan, noise)
    track = None if plan.route is None else plan.route.track()
    way_m = _way_m(plan, track)
    flat = _flat_speed(plan, way_m, noise)
    steps = np.diff(way_m) * _cost(plan, track) / flat
    clock, place = _with_stops(plan, np.concatenate(([0.0], np.cumsum(steps))), way_m)
    time_s = _sampled(plan, clock, noise)
    seconds = time_s.astype(np.float64)
    gone_m = np.interp(time_s, clock, place)
    speed = np.gradient(gone_m, time_s) if len(time_s) > 2 else np.full(len(time_s), plan.flat_speed_mps)
    altitude: Floats | None = None
    if track is not None:
        drift = noise.smooth_noise(seconds, 700.0, 0.9) if plan.device.barometer else 0.0
        altitude = np.asarray(np.interp(gone_m, way_m, track.altitude_m) + drift)
        if not plan.device.barometer:
            altitude += _during_spikes(plan, len(time_s), [spike.up_m for spike in plan.spikes])
    return build_recording(
        time_s=time_s,
        distance_m=gone_m + _way_of_spikes_m(plan, len(time_s)),
        latlng=None if track is None else _positions(plan, track, way_m, gone_m, time_s, noise),
        altitude_m=altitude,
        heartrate_bpm=_heart(plan, time_s, clock, place, way_m, flat, noise) if plan.sensor else None,
        cadence_rpm=_cadence(plan, speed, noise) if plan.device.cadence else None,
        watts=_watts(plan, speed, np.interp(gone_m, way_m[1:], flat), noise) if plan.device.watts else None,
        temp_c=_temperature(plan, time_s, noise) if plan.device.thermometer else None,
        lap_starts=_lap_starts(plan, gone_m),
    )


def planned_clock(plan: RecordingPlan) -> tuple[Floats, Floats]:
    """Distance and time at each node as the plan has them, without noise and without standing."""
    track = None if plan.route is None else plan.route.track()
    way_m = _way_m(plan, track)
    flat = plan.flat_speed_mps / _level(plan, _planned_pace(plan, way_m), way_m)
    return way_m, np.concatenate(([0.0], np.cumsum(np.diff(way_m) * _cost(plan, track) / flat)))


def _way_m(plan: RecordingPlan, track: Track | None) -> Floats:
    nodes = np.arange(0.0, plan.distance_m + 5.0, 5.0) if track is None else track.distance_m
    return np.asarray(nodes * (plan.distance_m / nodes[-1]))


def _cost(plan: RecordingPlan, track: Track | None) -> Floats | float:
    if track is None:
        return 1.0
    if plan.sport == "Ride":
        # Air resistance evens things out: a grade costs a rider less speed downhill than it costs uphill.
        return np.asarray(np.clip(1.0 + 0.085 * track.grade_percent, 0.62, 3.2))
    return track.grade_cost


def _flat_speed(plan: RecordingPlan, way_m: Floats, noise: NoiseStream) -> Floats:
    """Flat-equivalent speed between each node and the next, its mean (total distance by total time) the plan's."""
    middle = (way_m[1:] + way_m[:-1]) / 2.0
    moods = noise.smooth_noise(middle, 90.0, plan.noise) + noise.smooth_noise(middle, 700.0, plan.noise * 0.6)
    return np.asarray(plan.flat_speed_mps / _level(plan, _planned_pace(plan, way_m) * (1.0 + moods), way_m))


def _planned_pace(plan: RecordingPlan, way_m: Floats) -> Floats:
    """Multiples of the plan's pace between each node and the next: its steps, and how it fades."""
    middle = (way_m[1:] + way_m[:-1]) / 2.0
    pace = np.ones(len(middle))
    if plan.steps:
        ends = np.cumsum([step.distance_m for step in plan.steps])
        which = np.minimum(np.searchsorted(ends, middle), len(plan.steps) - 1)
        pace = 1.0 / np.array([step.pace for step in plan.steps])[which]
    hours = plan.distance_m / plan.flat_speed_mps / 3600.0
    return np.asarray(pace * faded(middle / plan.distance_m, plan.fade_ratio_per_h * hours))


def _level(plan: RecordingPlan, pace: Floats, way_m: Floats) -> Floats:
    """Paces whose mean over the whole way is 1; those of a workout as they are."""
    return pace if plan.steps else np.asarray(pace / float(np.average(pace, weights=np.diff(way_m))))


def _with_stops(plan: RecordingPlan, clock: Floats, way_m: Floats) -> tuple[Floats, Floats]:
    """Time and place with the standing in them: two nodes at one place each."""
    for share, seconds in sorted(plan.stops):
        at = min(max(1, int(np.searchsorted(way_m, share * plan.distance_m))), len(way_m) - 2)
        clock = np.concatenate((clock[: at + 1], clock[at:] + seconds))
        way_m = np.concatenate((way_m[: at + 1], way_m[at:]))
    return clock, way_m


def _sampled(plan: RecordingPlan, clock: Floats, noise: NoiseStream) -> Whole:
    """When the device wrote a sample: seconds from 0 to the end, without those it paused through."""
    end = max(2, round(float(clock[-1]) + 0.49))
    time_s = np.arange(end + 1)
    if plan.device.spacing_s > 1:
        raw = np.frombuffer(noise.random.randbytes(end + 1), dtype=np.uint8)
        uneven = np.cumsum(1 + raw % plan.device.spacing_s)
        time_s = np.concatenate(([0], uneven[uneven < end], [end]))
    if plan.device.pauses:
        standing = np.flatnonzero(np.diff(clock) >= 10.0)
        for node in standing.tolist():
            begin, until = clock[node] + 4.0, clock[node + 1]
            time_s = time_s[(time_s <= begin) | (time_s >= until)]
    return np.asarray(time_s, dtype=np.int64)


def _positions(
    plan: RecordingPlan, track: Track, way_m: Floats, gone_m: Floats, time_s: Whole, noise: NoiseStream
) -> Floats:
    """Where the receiver thought it was: some two metres off, wandering, the side of the street another each day."""
    seconds = time_s.astype(np.float64)
    aside = noise.random.uniform(-2.0, 2.0), noise.random.uniform(-2.0, 2.0)
    east = np.interp(gone_m, way_m, track.east_m) + noise.smooth_noise(seconds, 25.0, 1.4) + aside[0]
    north = np.interp(gone_m, way_m, track.north_m) + noise.smooth_noise(seconds, 25.0, 1.4) + aside[1]
    east += _during_spikes(plan, len(time_s), [spike.east_m for spike in plan.spikes])
    return track.place.latlng(east, north)


def _during_spikes(plan: RecordingPlan, count: int, sizes: list[float]) -> Floats:
    """At each sample the sum of the sizes of the spikes that cover it."""
    found = np.zeros(count)
    for spike, size in zip(plan.spikes, sizes, strict=True):
        first, last = spike.span(count)
        found[first:last] += size
    return found


def _way_of_spikes_m(plan: RecordingPlan, count: int) -> Floats:
    """How far the receiver jumped so far, at each sample: out at the beginning of a spike, back at its end."""
    steps = np.zeros(count)
    for spike in plan.spikes:
        for sample in spike.span(count):
            steps[sample] += abs(spike.east_m)
    return np.asarray(np.cumsum(steps))


def _heart(
    plan: RecordingPlan, time_s: Whole, clock: Floats, place: Floats, way_m: Floats, flat: Floats, noise: NoiseStream
) -> Floats:
    """Follows the effort with a lag, drifts upwards with time, never above the maximum."""
    fitness = plan.fitness
    coarse = np.arange(0.0, float(time_s[-1]) + COARSE_S, COARSE_S)
    where = np.interp(coarse, clock, place)
    stands = np.diff(where, append=where[-1] + 10.0) < 5.0
    effort = np.where(stands, 0.35 * plan.flat_speed_mps, np.interp(where, way_m[1:], flat))
    reserve = fitness.threshold_heartrate_bpm - fitness.resting_heartrate_bpm
    target = fitness.resting_heartrate_bpm + reserve * effort * plan.effort_mps(1.0) / fitness.threshold_speed_mps
    beats = np.asarray(lagged(target.tolist(), fitness.resting_heartrate_bpm + 28.0, COARSE_S, HEART_LAG_S))
    beats += drift_bpm(coarse, plan.drift_bpm) + noise.smooth_noise(coarse, 45.0, 1.1)
    beats = np.interp(time_s, coarse, beats)
    return np.asarray(np.clip(beats, fitness.resting_heartrate_bpm + 8.0, fitness.max_heartrate_bpm - 1.0))


def _cadence(plan: RecordingPlan, speed: Floats, noise: NoiseStream) -> Floats:
    jitter = noise.white_noise(len(speed), 0.8)
    if plan.sport == "Ride":
        return np.where(speed < 1.5, 0.0, np.clip(68.0 + 2.2 * speed + 4.0 * jitter, 0.0, 110.0))
    if plan.sport == "Walk":
        return np.where(speed < 0.4, 0.0, np.clip(48.0 + 6.0 * speed + jitter, 40.0, 66.0))
    # Half of the steps: about 82 at an easy 2.8 m/s, 89 at 4.5.
    return np.where(speed < 0.6, 0.0, np.clip(70.5 + 4.1 * speed + jitter, 68.0, 98.0))


def _watts(plan: RecordingPlan, speed: Floats, flat: Floats, noise: NoiseStream) -> Floats:
    if plan.sport == "Ride":
        level = 0.19 * flat**3 + 3.4 * flat
        return np.where(speed < 0.8, 0.0, np.clip(level * (1.0 + noise.white_noise(len(speed), 0.12)), 0.0, 900.0))
    level = WATTS_PER_KG_MPS * plan.weight_kg * flat
    return np.where(speed < 0.4, 0.0, np.clip(level * (1.0 + noise.white_noise(len(speed), 0.03)), 0.0, 700.0))


def _temperature(plan: RecordingPlan, time_s: Whole, noise: NoiseStream) -> Floats:
    """A sensor that leaves a warm wrist: six degrees too much at first, less as the wind cools it."""
    minutes = np.asarray(time_s / 60.0)
    return np.asarray(plan.temperature_c + 6.0 * np.exp(-minutes / 8.0) + noise.smooth_noise(minutes, 15.0, 0.5))


def _lap_starts(plan: RecordingPlan, gone_m: Floats) -> tuple[int, ...]:
    if not plan.steps:
        return ()
    ends = np.cumsum([step.distance_m for step in plan.steps])[:-1]
    starts = np.searchsorted(gone_m, ends).tolist()
    return tuple(dict.fromkeys([0, *(start for start in starts if start < len(gone_m) - 1)]))


def _indoors_without_distance(plan: RecordingPlan, noise: NoiseStream) -> Recording:
    """Weights and the like: time, heart rate in sets, no distance."""
    time_s = np.arange(plan.duration_s + 1, dtype=np.int64)
    coarse = np.arange(0.0, plan.duration_s + COARSE_S, COARSE_S)
    lift = np.where((coarse % 180.0) < 60.0, 0.68, 0.42) * plan.fitness.threshold_heartrate_bpm
    beats = np.asarray(lagged(lift.tolist(), plan.fitness.resting_heartrate_bpm + 20.0, COARSE_S, 40.0))
    beats += noise.smooth_noise(coarse, 60.0, 2.0)
    return build_recording(
        time_s=time_s,
        distance_m=None,
        latlng=None,
        altitude_m=None,
        heartrate_bpm=np.interp(time_s, coarse, beats) if plan.sensor else None,
        cadence_rpm=None,
        watts=None,
        temp_c=_temperature(plan, time_s, noise) if plan.device.thermometer else None,
        lap_starts=(),
    )
