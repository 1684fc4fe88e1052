"""Cadence, and the length of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.channels import steps_of
from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.distance import DistanceTrack
from paceport.training.metrics.moving_time import moving_intervals

if TYPE_CHECKING:
    from paceport.streams import Channel

_HIGHEST_SPM = 300.0
_LONGEST_INTERVAL_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """Steps per minute of both feet, metres per step, and the share of the moving time they are known for."""

    cadence_spm: float
    step_length_m: float
    coverage_ratio: float


def cadence(
    course: DistanceTrack, cadence_spm: Channel | None, *, moving_clock: Channel | None = None
) -> Cadence | None:
    """Mean cadence and step length over the moving time in which steps were counted; None where none were.

    `cadence_spm` is aligned with the course. A cadence below 1 is a sensor that sees no steps and counts as missing, as
    does anything from 300 up. The step length is the metres covered in that time over the steps made in it.
    `moving_clock` is that of the course, where it is known already. Source: docs/metrics.md#cadence.
    """
    if cadence_spm is None:
        return None
    intervals_s = steps_of(course.time_s)
    if moving_clock is None:
        moving = moving_intervals(course.time_s, course.distance_m, course.gaps)
    else:
        moving = steps_of(moving_clock) > 0
    rate = cadence_spm[1:]
    known = moving & (rate >= 1) & (rate < _HIGHEST_SPM) & (intervals_s <= _LONGEST_INTERVAL_S)
    if not known.any():
        return None
    known_s = intervals_s.compress(known)
    seconds = float(known_s.sum())
    steps = float(rate.compress(known) @ known_s) / 60.0
    return Cadence(
        cadence_spm=60.0 * steps / seconds,
        step_length_m=float(steps_of(course.distance_m).compress(known).sum()) / steps,
        coverage_ratio=seconds / float(intervals_s.compress(moving).sum()),
    )
