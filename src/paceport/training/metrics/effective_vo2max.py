"""What a steady run says about the maximal oxygen uptake. No arrays here."""

from __future__ import annotations

import math

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.unknown import Unknown

_LEAST_MOVING_S = 1200.0
_MOST_STOPPED_RATIO = 0.15
_LEAST_COVERAGE = 0.9
_MOST_SPREAD_RATIO = 0.15
_HEART_RATE_RATIOS = (0.63, 1.0)  # 40 to 98 % of the maximal uptake: where the line was fitted


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyRun:
    """A run as it matters here. Means are over moving time with a known heart rate.

    `adjusted_speed_mps` is grade-adjusted. `speed_spread_ratio` is the standard deviation of its one-minute means over
    their mean, None where it is not known.
    """

    adjusted_speed_mps: float
    heartrate_bpm: float
    moving_time_s: float
    elapsed_time_s: float
    heartrate_coverage_ratio: float = 1.0
    speed_spread_ratio: float | None = None


def oxygen_cost_ml(speed_mps: float) -> float:
    """Oxygen to run at a speed on the flat, in ml per kg and minute: Daniels and Gilbert 1979."""
    speed = 60.0 * speed_mps
    return -4.60 + 0.182258 * speed + 0.000104 * speed**2


def share_of_vo2max(heartrate_ratio: float) -> float:
    """The share of the maximal oxygen uptake at a share of the maximum heart rate: (100 · ratio - 37) / 64.

    Source: Swain et al., Med Sci Sports Exerc 26:112, 1994.
    """
    return (100.0 * heartrate_ratio - 37.0) / 64.0


def effective_vo2max(run: SteadyRun, *, max_bpm: float | None) -> float | Unknown:
    """The maximal oxygen uptake, in ml per kg and minute, that explains this speed at this heart rate.

    Needs 20 minutes of moving time, less than 15 % of stops, one-minute speeds within 15 % (standard deviation), a
    heart rate for 90 % of the time and between 63 and 100 % of the maximum. A maximum that is too low makes every value
    too low: it moves with `max_bpm`. Source: docs/metrics.md#effective-oxygen-uptake.
    """
    reason = _why_not(run, max_bpm)
    if reason is not None or max_bpm is None:
        return Unknown(reason=reason or "the maximum heart rate is not known")
    return oxygen_cost_ml(run.adjusted_speed_mps) / share_of_vo2max(run.heartrate_bpm / max_bpm)


def _why_not(run: SteadyRun, max_bpm: float | None) -> str | None:
    if max_bpm is None or not max_bpm > 0:
        return "the maximum heart rate is not known"
    if not run.moving_time_s >= _LEAST_MOVING_S:
        return "it is shorter than 20 minutes"
    if not run.elapsed_time_s - run.moving_time_s < _MOST_STOPPED_RATIO * run.elapsed_time_s:
        return "it stands still for 15 % of the time or more"
    if not run.heartrate_coverage_ratio >= _LEAST_COVERAGE:
        return "the heart rate is known for less than 90 % of the time"
    if run.speed_spread_ratio is not None and not run.speed_spread_ratio <= _MOST_SPREAD_RATIO:
        return "its pace is not steady"
    least, most = _HEART_RATE_RATIOS
    if not least <= run.heartrate_bpm / max_bpm <= most:
        return "its heart rate is outside 63 to 100 % of the maximum"
    if not (run.adjusted_speed_mps < math.inf and oxygen_cost_ml(run.adjusted_speed_mps) > 0):
        return "its speed costs no oxygen by the formula"
    return None
