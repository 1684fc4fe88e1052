"""Power where it was recorded: mean, work, normalised power, best by duration, and the load of a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.lazy_dataclass import dataclass
from paceport.streams import Streams
from paceport.training.metrics.best_by_duration import STANDARD_DURATIONS_S, BestMean, best_means
from paceport.training.metrics.distance import goes_forward

if TYPE_CHECKING:
    from paceport.streams import Channel

_LONGEST_INTERVAL_S = 30.0
_MOST_W = 3000.0  # beyond it a sensor is broken
_SMOOTHED_S = 30.0
_SHORTEST_NORMALISED_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PowerIntervals:
    """The intervals between samples, each with the power read at its end.

    `known_s` is 0 where the power is missing or impossible, or nothing was recorded for more than 30 s; `power_w` is 0
    there. `clock_s` has one value more: the edges of the intervals. `recorded_s` is all time without such pauses.
    """

    clock_s: Channel
    power_w: Channel
    known_s: Channel
    recorded_s: float

    @property
    def coverage_ratio(self) -> float:
        """Known seconds as a share of the recorded ones."""
        return float(self.known_s.sum()) / self.recorded_s if self.recorded_s > 0 else 0.0

    def mean_w(self) -> float:
        """Mean over the known seconds; zeros count."""
        return float(self.power_w @ self.known_s) / float(self.known_s.sum())

    def work_kj(self) -> float:
        """Work over the known seconds."""
        return float(self.power_w @ self.known_s) / 1000.0

    def normalised_w(self) -> float | None:
        """Normalised power: the fourth root of the mean fourth power of a trailing mean over 30 s.

        Taken over the known seconds put together, from the thirtieth on. None with less than a minute.
        Source: Coggan; docs/metrics.md#power-stress.
        """
        passed_s = np.concatenate(([0.0], np.cumsum(self.known_s)))
        if passed_s[-1] < _SHORTEST_NORMALISED_S:
            return None
        joules = np.concatenate(([0.0], np.cumsum(self.power_w * self.known_s)))
        ends_s = np.arange(_SMOOTHED_S, passed_s[-1] + 1e-9)
        starts_s = ends_s - _SMOOTHED_S
        smoothed_w = (np.interp(ends_s, passed_s, joules) - np.interp(starts_s, passed_s, joules)) / _SMOOTHED_S
        return float(np.mean(smoothed_w**4) ** 0.25)

    def bests_w(self, durations_s: Sequence[float] = STANDARD_DURATIONS_S) -> list[BestMean]:
        """The best mean power (W, `mean_per_s`) over each duration of which every second is known."""
        joules = np.concatenate(([0.0], np.cumsum(self.power_w * self.known_s)))
        return best_means(self.clock_s, joules, durations_s=durations_s, gaps=self.known_s <= 0)


def power_intervals(streams: Streams) -> PowerIntervals | None:
    """The activity's power, ready to be summed; None where none was recorded, or nothing but zeros.

    Source: docs/metrics.md#power.
    """
    if streams.power_w is None:
        return None
    samples = np.flatnonzero(goes_forward(streams.time_s))
    time_s, power_w = streams.time_s[samples], streams.power_w[samples][1:]
    intervals_s = steps_of(time_s)
    short = intervals_s <= _LONGEST_INTERVAL_S
    known = short & (power_w >= 0) & (power_w <= _MOST_W)
    if not (power_w[known] > 0).any():
        return None
    return PowerIntervals(
        clock_s=time_s,
        power_w=np.where(known, power_w, 0.0),
        known_s=np.where(known, intervals_s, 0.0),
        recorded_s=float(intervals_s[short].sum()),
    )


def power_stress(power: PowerIntervals, *, threshold_w: float) -> float | None:
    """Training stress (TSS): 100 · hours · (normalised power / threshold)²; None where either is not known.

    One hour at the threshold is 100. Source: docs/metrics.md#power-stress.
    """
    normalised_w = power.normalised_w()
    if normalised_w is None or not threshold_w > 0:
        return None
    return 100.0 * float(power.known_s.sum()) / 3600.0 * (normalised_w / threshold_w) ** 2
