"""Aerobic efficiency: how far a heartbeat carries, and how much less in the second half."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.channels import running_sums, steps_of
from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance
from paceport.training.metrics.heart_rate import HeartRateIntervals
from paceport.training.metrics.values_at import values_at

if TYPE_CHECKING:
    from paceport.streams import Channel

WARM_UP_S = 600.0
SHORTEST_FOR_EFFICIENCY_S = 1200.0
SHORTEST_FOR_DECOUPLING_S = 2400.0
LEAST_COVERAGE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Efficiency:
    """Efficiency factor in metres per minute per beat per minute, and decoupling in %; None where its gate is shut."""

    efficiency_factor: float | None
    decoupling_percent: float | None


def efficiency(
    course: DistanceTrack, heart: HeartRateIntervals | None, adjusted: AdjustedDistance | None
) -> Efficiency | None:
    """Friel's efficiency factor and decoupling of a run; None without a heart rate for 90 % of the recorded time.

    The first 10 minutes of moving time are cut; the factor needs 20 minutes of moving time with a heart rate,
    decoupling 40. Speed is grade-adjusted where it can be. Source: docs/metrics.md#decoupling.
    """
    if heart is None or heart.coverage_ratio < LEAST_COVERAGE:
        return None
    reached_m = values_at(heart.edges_s, course.time_s, course.distance_m)
    worth_m = steps_of(reached_m if adjusted is None else adjusted.adjusted_m_at(reached_m))
    total_s = float(heart.moving_s.sum())
    halves = halves_of_steady_part(worth_m, heart.moving_s, heart.heartrate_bpm)
    if total_s < SHORTEST_FOR_EFFICIENCY_S or halves is None:
        return None
    whole, first, second = halves
    return Efficiency(
        efficiency_factor=whole,
        decoupling_percent=100.0 * (first - second) / first if total_s >= SHORTEST_FOR_DECOUPLING_S and first else None,
    )


def halves_of_steady_part(
    distance_m: Channel, seconds: Channel, heartrate_bpm: Channel, *, warm_up_s: float = WARM_UP_S
) -> tuple[float, float, float] | None:
    """Efficiency factor of all, of the first and of the second half of the time after the warm-up.

    One value per interval; intervals of no seconds (no heart rate, or standing) are left out of everything at once, so
    the halves stay aligned. An interval that a half ends in is divided in proportion. None where no time is left.
    """
    counted = seconds > 0
    seconds = seconds.compress(counted)
    clock = running_sums(seconds)
    total_s = float(clock[-1])
    if total_s <= warm_up_s:
        return None
    metres = distance_m.compress(counted)
    beats = heartrate_bpm.compress(counted)
    beats *= seconds
    beats /= 60.0
    edges = (warm_up_s, (warm_up_s + total_s) / 2)
    (ran, ran_later), (beat, beat_later) = (_between(each, clock, edges) for each in (metres, beats))
    if beat <= 0 or beat_later <= 0:
        return None
    # Metres a minute over beats a minute is metres a beat: the minutes cancel.
    return (ran + ran_later) / (beat + beat_later), ran / beat, ran_later / beat_later


def _between(each: Channel, clock: Channel, edges: tuple[float, float]) -> tuple[float, float]:
    """What the intervals hold from the first to the second edge, and from there to the end.

    `clock` has the times of their n + 1 ends. An interval with an edge in it is divided in proportion.
    """
    first, last = (int(clock.searchsorted(edge, side="right")) - 1 for edge in edges)
    first_part, last_part = (
        float(each[place] * (edge - clock[place]) / (clock[place + 1] - clock[place]))
        for place, edge in zip((first, last), edges, strict=True)
    )
    return float(each[first:last].sum()) - first_part + last_part, float(each[last:].sum()) - last_part
