"""Everything about one run at once: what is computed when it arrives and kept beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from paceport.lazy_dataclass import dataclass
from paceport.streams import DistanceSource, Streams
from paceport.training.metrics.aerobic_efficiency import efficiency
from paceport.training.metrics.believable_efforts import run_efforts
from paceport.training.metrics.best_efforts import STANDARD_SPANS_M
from paceport.training.metrics.best_minute import best_minute_bpm
from paceport.training.metrics.cadence import cadence
from paceport.training.metrics.distance import goes_forward
from paceport.training.metrics.elevation import elevation
from paceport.training.metrics.grade_adjusted_pace import adjusted_speed_mps, adjusted_total_m
from paceport.training.metrics.heart_rate import HeartRateIntervals
from paceport.training.metrics.load_inputs import pace_inputs, power_inputs
from paceport.training.metrics.polyline import encode, simplify
from paceport.training.metrics.prepared_run import PreparedRun, prepare_run
from paceport.training.metrics.results_version import RESULTS_VERSION
from paceport.training.metrics.ride_signs import ride_doubt
from paceport.training.metrics.splits import splits
from paceport.training.metrics.stretches import BestEffort, DoubtfulEffort, Split
from paceport.units import MILE_M

if TYPE_CHECKING:
    from paceport.streams import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResults:
    """The numbers of one run, of plain types throughout. None, and an empty tuple, say "not known".

    None depends on the athlete: `heart` holds the seconds at each heart rate, from which loads and times in zones are
    summed when somebody asks. `doubtful_efforts` are faster than the best ones and do not count; `doubt` says why
    nothing of the run does, "" where it may. `best_minute_bpm` is the highest mean heart rate over a minute. Speeds are
    over moving time. `polyline` is the simplified track in Google's format, precision 5. `load_inputs` are sums that
    loads by power and pace come from. The version is that of the definitions; docs/metrics.md has them all.
    """

    version: int
    samples: int
    elapsed_time_s: float | None
    moving_time_s: float | None
    distance_m: float | None
    is_distance_measured: bool | None
    speed_mps: float | None
    elevation_gain_m: float | None
    elevation_loss_m: float | None
    lowest_m: float | None
    highest_m: float | None
    is_barometric: bool | None
    adjusted_speed_mps: float | None
    adjusted_speed_minetti_mps: float | None
    heartrate_bpm: float | None
    highest_heartrate_bpm: float | None
    heartrate_coverage_ratio: float
    heart: Mapping[str, Any] | None
    efficiency_factor: float | None
    decoupling_percent: float | None
    cadence_spm: float | None
    step_length_m: float | None
    best_efforts: tuple[BestEffort, ...]
    doubtful_efforts: tuple[DoubtfulEffort, ...]
    doubt: str
    best_minute_bpm: float | None
    splits_km: tuple[Split, ...]
    splits_mile: tuple[Split, ...]
    polyline: str | None
    load_inputs: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """The results as dicts, lists and numbers: what `json.dumps` takes."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}


_PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind)) for kind in (BestEffort, DoubtfulEffort, Split)
}


def _plain(value: object) -> object:
    """A field as `json.loads` would give it back: values of our own as dicts, tuples as lists."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, DoubtfulEffort):
        return {name: _plain(getattr(value, name)) for name in _PARTS[DoubtfulEffort]}
    names = _PARTS.get(type(value))
    return value if names is None else {name: getattr(value, name) for name in names}


def run_results(
    streams: Streams,
    *,
    barometric: bool | None = None,
    distance_source: DistanceSource | None = None,
    spans_m: Sequence[float] = STANDARD_SPANS_M,
    prepared: PreparedRun | None = None,
    repaired_s: Sequence[tuple[float, float]] = (),
) -> RunResults:
    """All numbers of one run. Whatever the streams hold, this returns: what cannot be known is None.

    `prepared` is what `prepare_run` made of these streams, where it was made already. `barometric`: whether the
    altitude comes from a barometer, None if nobody knows. `distance_source`: how the distance in `streams` was found;
    None takes it for the device's. `repaired_s` are the stretches whose distance rests on repaired samples.
    """
    run = prepare_run(streams, barometric=barometric) if prepared is None else prepared
    times = streams.time_s
    if run.course is None or run.course.time_s is not times:
        times = times[goes_forward(times)]
    facts: dict[str, Any] = {
        "version": RESULTS_VERSION,
        "samples": len(streams),
        "elapsed_time_s": float(times[-1] - times[0]) if len(times) > 1 else None,
        "polyline": simplified_polyline(streams),
        **heart_rate_results(run.heart),
        "doubt": ride_doubt(run.course),
        **_distance_results(run, spans_m, repaired_s),
    }
    facts["load_inputs"] |= power_inputs(streams)
    if run.course is not None and distance_source in ("positions", "speed"):
        facts["is_distance_measured"] = False
    return RunResults(**facts)


def _distance_results(
    run: PreparedRun, spans_m: Sequence[float], repaired_s: Sequence[tuple[float, float]]
) -> Mapping[str, Any]:
    way, heart, worth, clock_s = run.course, run.heart, run.adjusted, run.moving_clock
    if way is None or clock_s is None:
        none = dict.fromkeys(("best_efforts", "doubtful_efforts", "splits_km", "splits_mile"), ())
        return {**dict.fromkeys(_NEED_DISTANCE), **none, "load_inputs": {}}
    efforts = run_efforts(way, repaired_s=repaired_s, spans_m=spans_m)
    climbed = elevation(way, run.altitude_m, barometric=run.barometric)
    minetti_m = adjusted_total_m(run.hills.along, run.hills.grades, model="minetti") if run.hills else None
    moving_s = float(clock_s[-1])
    steps = cadence(way, way.align(run.streams.cadence_spm), moving_clock=clock_s)
    aerobic = efficiency(way, heart, worth)

    def cut(unit_m: float) -> tuple[Split, ...]:
        found = splits(way, unit_m, altitude_m=run.altitude_m, adjusted=worth, heart=heart, moving_clock=clock_s)
        return tuple(found)

    return {
        "moving_time_s": moving_s,
        "distance_m": way.total_m,
        "is_distance_measured": way.is_measured,
        "speed_mps": way.total_m / moving_s if moving_s > 0 else None,
        "elevation_gain_m": climbed.gain_m if climbed else None,
        "elevation_loss_m": climbed.loss_m if climbed else None,
        "lowest_m": climbed.lowest_m if climbed else None,
        "highest_m": climbed.highest_m if climbed else None,
        "is_barometric": climbed.is_barometric if climbed else None,
        "adjusted_speed_mps": adjusted_speed_mps(worth, moving_s),
        "adjusted_speed_minetti_mps": minetti_m / moving_s if minetti_m is not None and moving_s > 0 else None,
        "efficiency_factor": aerobic.efficiency_factor if aerobic else None,
        "decoupling_percent": aerobic.decoupling_percent if aerobic else None,
        "cadence_spm": steps.cadence_spm if steps else None,
        "step_length_m": steps.step_length_m if steps else None,
        "best_efforts": efforts.believable,
        "doubtful_efforts": efforts.doubtful,
        "splits_km": cut(1000.0),
        "splits_mile": cut(MILE_M),
        "load_inputs": pace_inputs(run),
    }


_NEED_DISTANCE = (
    *("moving_time_s", "distance_m", "is_distance_measured", "speed_mps", "elevation_gain_m", "elevation_loss_m"),
    *("lowest_m", "highest_m", "is_barometric", "adjusted_speed_mps", "adjusted_speed_minetti_mps"),
    *("efficiency_factor", "decoupling_percent", "cadence_spm", "step_length_m"),
)


def heart_rate_results(heart: HeartRateIntervals | None) -> Mapping[str, Any]:
    """The results that the heart rate gives, by their names in `RunResults`."""
    return {
        "heartrate_bpm": heart.mean_bpm() if heart else None,
        "highest_heartrate_bpm": heart.highest_bpm() if heart else None,
        "heartrate_coverage_ratio": heart.coverage_ratio if heart else 0.0,
        "heart": heart.seconds_at_each_rate() if heart else None,
        "best_minute_bpm": best_minute_bpm(heart),
    }


def simplified_polyline(streams: Streams) -> str | None:
    """The track in Google's format, precision 5, without the points that hardly bend it; None without positions."""
    latitude, longitude = streams.latitude_deg, streams.longitude_deg
    if latitude is None or longitude is None:
        return None
    latitude, longitude = simplify(*_on_the_globe(latitude, longitude))
    return encode(latitude, longitude) if len(latitude) > 1 else None


def _on_the_globe(latitude: Channel, longitude: Channel) -> tuple[Channel, Channel]:
    known = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 360)
    return (latitude, longitude) if known.all() else (latitude[known], longitude[known])
