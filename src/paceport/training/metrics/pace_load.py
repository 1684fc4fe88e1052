"""The load of a run from its pace, where no heart rate was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.grade_adjusted_pace import AdjustedDistance
from paceport.training.metrics.moving_time import moving_clock_s

if TYPE_CHECKING:
    from paceport.streams import Channel

_SMOOTHED_S = 30.0


def stress_of_speeds(speed_mps: Channel, seconds: Channel, *, threshold_mps: float) -> float | None:
    """100/3600 · sum(seconds · (speed / threshold speed)²) over the moving time; None without any.

    The speeds are those of `MovingWay.smoothed_mps`. One hour at the threshold is 100. Source:
    docs/metrics.md#pace-stress.
    """
    return float(seconds @ (speed_mps / threshold_mps) ** 2) / 36.0 if len(seconds) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MovingWay:
    """The moving intervals of a run put together: the seconds of each, and the clock and the metres at their edges."""

    seconds: Channel
    clock_s: Channel
    reached_m: Channel

    def smoothed_mps(self) -> Channel:
        """The mean speed over the 30 s round the middle of each interval; the window is cut at both ends."""
        seconds, clock_s, reached_m = self.seconds, self.clock_s, self.reached_m
        if len(seconds) > _SMOOTHED_S and (seconds == 1.0).all():
            return self._smoothed_by_the_second()
        middle_s = (clock_s[1:] + clock_s[:-1]) / 2
        # An interval longer than the window is not cut: its own speed is all that is known.
        half_s = np.maximum(_SMOOTHED_S, seconds) / 2
        first_s, last_s = np.maximum(middle_s - half_s, 0.0), np.minimum(middle_s + half_s, clock_s[-1])
        return np.asarray(
            (np.interp(last_s, clock_s, reached_m) - np.interp(first_s, clock_s, reached_m)) / (last_s - first_s)
        )

    def _smoothed_by_the_second(self) -> Channel:
        """The same where each interval lasts a second: a window then begins and ends in the middle of one."""
        half, count = int(_SMOOTHED_S / 2), len(self.seconds)
        middle_m = steps_of(self.reached_m)
        middle_m *= 0.5
        middle_m += self.reached_m[:-1]
        speed_mps = np.empty(count)
        speed_mps[: count - half] = middle_m[half:]
        speed_mps[count - half :] = self.reached_m[-1]
        speed_mps[:half] -= self.reached_m[0]
        speed_mps[half:] -= middle_m[: count - half]
        cut_s = np.arange(half + 0.5, 2 * half)
        speed_mps[:half] /= cut_s
        speed_mps[half : count - half] /= _SMOOTHED_S
        speed_mps[count - half :] /= cut_s[::-1]
        return speed_mps


def moving_way(
    course: DistanceTrack, adjusted: AdjustedDistance | None, *, moving_clock: Channel | None = None
) -> MovingWay | None:
    """The moving intervals of a run, None without any; the metres are grade-adjusted where they can be."""
    clock_s = moving_clock_s(course) if moving_clock is None else moving_clock
    metres = course.distance_m if adjusted is None else adjusted.adjusted_m_at(course.distance_m)
    seconds = steps_of(clock_s)
    moving = seconds > 0
    if moving.all():
        return MovingWay(seconds=seconds, clock_s=clock_s, reached_m=metres - metres[0])
    seconds = seconds.compress(moving)
    if not len(seconds):
        return None
    return MovingWay(
        seconds=seconds,
        clock_s=np.concatenate((clock_s[:1], clock_s[1:].compress(moving))),
        reached_m=running_sums(steps_of(metres).compress(moving)),
    )
