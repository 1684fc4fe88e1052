"""Everything about one activity that is no run: what its samples say of distance, time, climbing, heart and power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from paceport.sports import FOOT_SPORTS, sport_group
from paceport.streams import DistanceSource, Streams
from paceport.training.metrics.climb_rate import mean_rate_m_per_h, run_climbs
from paceport.training.metrics.distance import distance_track, goes_forward
from paceport.training.metrics.elevation import elevation
from paceport.training.metrics.heart_rate import heart_rate_intervals
from paceport.training.metrics.load_inputs import power_inputs
from paceport.training.metrics.moving_time import SLOWEST_MPS, moving_time_s
from paceport.training.metrics.results_version import RESULTS_VERSION
from paceport.training.metrics.run_results import heart_rate_results, simplified_polyline

if TYPE_CHECKING:
    from paceport.streams import Channel
    from paceport.training.metrics.distance import DistanceTrack

# A hiker on a steep path and a swimmer are slower than a run may be and still move.
_SLOWEST_MPS = {"ride": SLOWEST_MPS, "walk": 0.3, "hike": 0.2, "swim": 0.2}
_SLOWEST_OF_OTHERS_MPS = 0.3
_WITHOUT_HILLS = frozenset({"swim", "row"})  # water is level: what the altimeter says there is noise


def sport_results(
    streams: Streams, *, sport: str, barometric: bool | None = None, distance_source: DistanceSource | None = None
) -> dict[str, Any]:
    """The numbers of one activity of any sport but running, as dicts, lists and numbers; None is "not known".

    The names are those of `RunResults`; splits and best efforts are not measured. Speeds are over moving time. Moving
    is faster than 0.894 m/s on a bicycle, 0.2 m/s in water and on a hike, 0.3 m/s elsewhere.
    Source: docs/metrics.md#every-sport.
    """
    kind = sport_group(sport)
    course = distance_track(streams)
    slowest_mps = _SLOWEST_MPS.get(kind, _SLOWEST_OF_OTHERS_MPS)
    heart = heart_rate_intervals(streams, course, slowest_mps=slowest_mps)
    times = streams.time_s[goes_forward(streams.time_s)]
    found: dict[str, Any] = {
        "version": RESULTS_VERSION,
        "samples": len(streams),
        "elapsed_time_s": float(times[-1] - times[0]) if len(times) > 1 else None,
        "polyline": simplified_polyline(streams),
        "load_inputs": power_inputs(streams),
        "cadence_spm": _mean_cadence(streams.cadence_spm, is_on_foot=sport in FOOT_SPORTS),
        **heart_rate_results(heart),
    }
    if course is None:
        return found
    moving_s = moving_time_s(course, slowest_mps=slowest_mps)
    found |= {
        "moving_time_s": moving_s,
        "distance_m": course.total_m,
        "is_distance_measured": course.is_measured and distance_source not in ("positions", "speed"),
        "speed_mps": course.total_m / moving_s if moving_s > 0 else None,
    }
    return found if kind in _WITHOUT_HILLS else found | _climbing(streams, course, barometric)


def _climbing(streams: Streams, course: DistanceTrack, barometric: bool | None) -> dict[str, Any]:
    altitude_m = course.align(streams.altitude_m)
    climbed = elevation(course, altitude_m, barometric=barometric)
    if climbed is None:
        return {}
    return {
        "elevation_gain_m": climbed.gain_m,
        "elevation_loss_m": climbed.loss_m,
        "lowest_m": climbed.lowest_m,
        "highest_m": climbed.highest_m,
        "is_barometric": climbed.is_barometric,
        "climb_rate_m_per_h": mean_rate_m_per_h(run_climbs(course, altitude_m, barometric=barometric)),
    }


def _mean_cadence(cadence: Channel | None, *, is_on_foot: bool) -> float | None:
    """The mean of what was counted; zeros are a sensor without anything to count."""
    if cadence is None:
        return None
    counted = cadence[(cadence >= 1) & (cadence < (300.0 if is_on_foot else 200.0))]
    return float(np.mean(counted)) if len(counted) else None
